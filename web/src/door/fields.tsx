import { useTranslation } from "react-i18next";
import { TextField } from "../shared/Field";

interface Given {
  value: string;
  onChange: (value: string) => void;
  wrong?: string;
}

/** The mail address by which somebody signs in; browsers keep it with the password. */
export function MailField(given: Given) {
  const { t } = useTranslation("door");
  return <TextField label={t("mail")} type="email" name="username" autoComplete="username" required {...given} />;
}

/** A password that is chosen here. */
export function NewPasswordField({ label, ...given }: Given & { label?: string }) {
  const { t } = useTranslation("door");
  return (
    <TextField
      label={label ?? t("password")}
      help={t("passwordHelp")}
      type="password"
      name="password"
      autoComplete="new-password"
      required
      {...given}
    />
  );
}

/** The code of a mail. */
export function CodeField(given: Given) {
  const { t } = useTranslation("door");
  return <TextField label={t("code.code")} inputMode="numeric" autoComplete="one-time-code" required {...given} />;
}
