import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { forgot, resetPassword } from "../api/calls/door";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { Card, Wrong } from "./Card";
import { CodeField, MailField, NewPasswordField } from "./fields";
import { useSubmit } from "./submit";

/** A new password by a code that is mailed. */
export function Forgot() {
  const { t } = useTranslation("door");
  const navigate = useNavigate();
  const [mail, setMail] = useState("");
  const [sent, setSent] = useState(false);
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const ask = useSubmit(async () => {
    await forgot(mail.trim());
    setSent(true);
  });
  const reset = useSubmit(async () => {
    await resetPassword({ mail: mail.trim(), code: code.replaceAll(/\D/g, ""), new_password: password });
    notify(t("forgot.done"));
    await navigate({ to: "/sign-in" });
  });
  return (
    <Card title={t("forgot.title")} lead={sent ? t("forgot.sent", { mail }) : t("forgot.lead")}>
      {sent ? (
        <form className={page.form} onSubmit={reset.run}>
          <CodeField value={code} onChange={setCode} />
          <NewPasswordField label={t("forgot.password")} value={password} onChange={setPassword} />
          <Wrong text={reset.wrong} />
          <Button type="submit" size="md" loading={reset.busy}>
            {t("forgot.set")}
          </Button>
        </form>
      ) : (
        <form className={page.form} onSubmit={ask.run}>
          <MailField value={mail} onChange={setMail} />
          <Wrong text={ask.wrong} />
          <Button type="submit" size="md" loading={ask.busy}>
            {t("forgot.send")}
          </Button>
        </form>
      )}
      <p className={page.muted}>
        <Link to="/sign-in">{t("forgot.back")}</Link>
      </p>
    </Card>
  );
}
