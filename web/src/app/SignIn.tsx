import {
  Alert,
  Anchor,
  Button,
  Code,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { accept, session } from "../api/session";
import type { Session } from "../api/types";
import { useAttempt } from "../shared/attempt";
import { useStore } from "../shared/store";
import { Account } from "./Account";
import classes from "./SignIn.module.css";

/** Mail and password, then whatever the house still asks for. */
export function SignIn() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Session | null>(null);
  const signed = useStore(session);
  const [told, setTold] = useState(() => (signed.state === "out" && signed.ended ? t("signIn.ended") : ""));
  const { busy, wrong, attempt } = useAttempt();

  function take(found: Session): void {
    setTold("");
    if (found.challenge) setAsked(found);
    else accept(found);
  }

  const start = (mail: string, password: string) =>
    attempt(async () => take(await answer(api.POST("/v1/session/start", { body: { mail, password } }))));

  const go = (given: string) =>
    attempt(async () => {
      const ticket = asked?.ticket ?? "";
      if (asked?.challenge === "enroll_totp") {
        await answer(api.POST("/v1/session/totp", { body: { ticket, code: given } }));
        setAsked(null);
        setTold(t("signIn.enrolled"));
        return;
      }
      const body = asked?.challenge === "totp" ? { ticket, code: given } : { ticket, new_password: given };
      take(await answer(api.POST("/v1/session/answer", { body })));
    });

  return (
    <div className={classes.page}>
      <header className={classes.top}>
        <Link to="/" className={classes.name}>
          {t("app.name")}
        </Link>
        <Account />
      </header>
      <Paper component="main" className={classes.card} withBorder radius="lg" p="xl">
        <Title order={1} size="h3">
          {t("signIn.submit")}
        </Title>
        <Text c="dimmed" size="sm" mb="lg">
          {asked?.challenge === "new_password" ? t("signIn.newPasswordLead") : t("signIn.lead")}
        </Text>
        {told && (
          <Alert color="blue" mb="md" role="status">
            {told}
          </Alert>
        )}
        {asked?.challenge ? (
          <Challenge
            key={asked.ticket}
            asked={asked}
            busy={busy}
            wrong={wrong}
            give={go}
            again={() => setAsked(null)}
          />
        ) : (
          <>
            <First busy={busy} wrong={wrong} start={start} />
            <Group justify="space-between" mt="md">
              <Anchor component={Link} to="/password" size="sm">
                {t("signIn.forgot")}
              </Anchor>
              <Anchor component={Link} to="/sign-up" size="sm">
                {t("signIn.signUp")}
              </Anchor>
            </Group>
          </>
        )}
      </Paper>
    </div>
  );
}

function First(props: {
  busy: boolean;
  wrong: string;
  start: (mail: string, password: string) => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const [mail, setMail] = useState("");
  const [password, setPassword] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    void props.start(mail.trim(), password);
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("signIn.mail")}
          type="email"
          name="username"
          autoComplete="username"
          required
          withAsterisk={false}
          value={mail}
          onChange={(event) => setMail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("signIn.password")}
          name="password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }}
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Wrong text={props.wrong} />
        <Button type="submit" loading={props.busy} size="md">
          {t("signIn.submit")}
        </Button>
      </Stack>
    </form>
  );
}

function Challenge(props: {
  asked: Session;
  busy: boolean;
  wrong: string;
  give: (given: string) => Promise<unknown>;
  again: () => void;
}) {
  const { t } = useTranslation();
  const [given, setGiven] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { challenge, secret } = props.asked;
  const password = challenge === "new_password";
  const shared = {
    ref: field,
    required: true,
    withAsterisk: false,
    value: given,
    onChange: (event: { currentTarget: HTMLInputElement }) => setGiven(event.currentTarget.value),
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void props.give(password ? given : given.replaceAll(/\s/g, ""));
      }}
    >
      <Stack>
        {challenge === "enroll_totp" && (
          <>
            <Title order={2} size="h5">
              {t("signIn.enroll")}
            </Title>
            <Text size="sm">{t("signIn.enrollHelp")}</Text>
            <Code block aria-label={t("signIn.secret")}>
              {secret}
            </Code>
          </>
        )}
        {password ? (
          <PasswordInput
            {...shared}
            label={t("signIn.newPassword")}
            description={t("signIn.newPasswordHelp")}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }}
            minLength={10}
          />
        ) : (
          <TextInput
            {...shared}
            label={t("signIn.code")}
            description={t("signIn.codeHelp")}
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]*"
          />
        )}
        <Wrong text={props.wrong} />
        <Button type="submit" loading={props.busy} size="md">
          {t("signIn.confirm")}
        </Button>
        <Button variant="subtle" onClick={props.again}>
          {t("signIn.again")}
        </Button>
      </Stack>
    </form>
  );
}

function Wrong({ text }: { text: string }) {
  return (
    <Text role="alert" c="var(--mantine-color-error)" size="sm">
      {text}
    </Text>
  );
}
