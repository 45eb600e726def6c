import { Anchor, Center, Loader } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Announcer, Notices } from "./Notices";

export function Root() {
  return (
    <>
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      <Notices />
      <Announcer />
    </>
  );
}

export function Waiting() {
  const { t } = useTranslation();
  return (
    <Center h="100dvh" role="status" aria-label={t("app.loading")}>
      <Loader type="dots" />
    </Center>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <Center component="main" h="100dvh" p="md">
      <div>
        <h1>{t("app.notFound")}</h1>
        <Anchor component={Link} to="/sign-in">
          {t("app.toStart")}
        </Anchor>
      </div>
    </Center>
  );
}
