import { Button } from "@mantine/core";
import { Link, Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { confirmMail, sendAgain, signIn, signUp } from "../api/calls/door";
import { accept, session } from "../api/session";
import { homeOf } from "../app/homes";
import { usePerson, useRenewed } from "../app/Signed";
import { Loading } from "../shared/Empty";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { useStore } from "../shared/store";
import { useUrl } from "../shared/url";
import { Card, Wrong } from "./Card";
import { Found } from "./Found";
import { CodeField, MailField, NewPasswordField } from "./fields";
import { useSubmit } from "./submit";

/** From a mail address to a shop: account, code, and the shop itself; who is signed in goes on where they are. */
export function SignUp() {
  const { t } = useTranslation("door");
  useRenewed();
  const { state } = useStore(session);
  const person = usePerson();
  const [url] = useUrl();
  const [mail, setMail] = useState("");
  const [password, setPassword] = useState("");
  // A shop that is founded here is set up next; one that was there before is opened.
  const [founding, setFounding] = useState(false);
  const known = { mail, setMail, password, setPassword };
  if (person?.tenant && founding) return <Navigate to="/set-up/{-$step}" params={{}} replace />;
  if (person && (person.kind !== "owner" || person.tenant)) return <Navigate to={homeOf(person)} replace />;
  if (person) return <Found begin={() => setFounding(true)} />;
  if (state === "unknown") {
    return (
      <Card title={t("account.title")}>
        <Loading />
      </Card>
    );
  }
  return url.step === "code" ? <Code {...known} /> : <NewAccount {...known} />;
}

interface Known {
  mail: string;
  setMail: (mail: string) => void;
  password: string;
  setPassword: (password: string) => void;
}

function NewAccount({ mail, setMail, password, setPassword }: Known) {
  const { t } = useTranslation("door");
  const [, change] = useUrl();
  const form = useSubmit(async () => {
    await signUp(mail.trim(), password);
    change({ step: "code" });
  });
  return (
    <Card title={t("account.title")} lead={t("account.lead")}>
      <form className={page.form} onSubmit={form.run}>
        <MailField value={mail} onChange={setMail} wrong={form.code === "invalid_mail" ? form.wrong : ""} />
        <NewPasswordField
          value={password}
          onChange={setPassword}
          wrong={form.code === "weak_password" ? form.wrong : ""}
        />
        <Wrong text={["invalid_mail", "weak_password"].includes(form.code) ? "" : form.wrong} />
        <Button type="submit" size="md" loading={form.busy}>
          {t("account.send")}
        </Button>
      </form>
      <p className={page.muted}>
        {t("account.have")} <Link to="/sign-in">{t("account.signIn")}</Link>
      </p>
    </Card>
  );
}

/** The code of the mail; who opened this page anew says mail and password again. */
function Code({ mail, setMail, password, setPassword }: Known) {
  const { t } = useTranslation("door");
  const [, change] = useUrl();
  const [asks] = useState(() => !mail || !password);
  const [code, setCode] = useState("");
  const form = useSubmit(async () => {
    const address = mail.trim();
    await confirmMail({ mail: address, code: code.replaceAll(/\D/g, ""), password });
    accept(await signIn(address, password));
  });
  const again = useSubmit(async () => {
    await sendAgain(mail.trim());
    notify(t("code.sentAgain"));
  });
  return (
    <Card title={t("code.title")} lead={asks ? t("code.leadAgain") : t("code.lead", { mail })}>
      <form className={page.form} onSubmit={form.run}>
        {asks && (
          <>
            <MailField value={mail} onChange={setMail} />
            <NewPasswordField value={password} onChange={setPassword} />
          </>
        )}
        <CodeField value={code} onChange={setCode} wrong={form.code === "wrong_code" ? form.wrong : ""} />
        <Wrong text={form.code === "wrong_code" ? again.wrong : form.wrong || again.wrong} />
        <Button type="submit" size="md" loading={form.busy}>
          {t("code.confirm")}
        </Button>
      </form>
      <p className={page.muted}>{t("code.none")}</p>
      <div className={page.actions}>
        <Button variant="default" disabled={!mail} loading={again.busy} onClick={() => again.run()}>
          {t("code.again")}
        </Button>
        <Button variant="subtle" onClick={() => change({ step: "" })}>
          {t("code.otherMail")}
        </Button>
      </div>
    </Card>
  );
}
