import { Button, Center, Text, Title } from "@mantine/core";
import i18next from "i18next";
import { Component, type ReactNode } from "react";

/** What is shown when drawing fails; nothing that was typed is lost with it. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Center component="main" h="100dvh" p="md">
        <div role="alert">
          <Title order={1} size="h3">
            {i18next.t("app.broken")}
          </Title>
          <Text my="md">{i18next.t("app.brokenHelp")}</Text>
          <Button onClick={() => location.reload()}>{i18next.t("app.reload")}</Button>
        </div>
      </Center>
    );
  }
}
