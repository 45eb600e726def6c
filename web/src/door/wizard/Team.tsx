import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invite, readPeople } from "../../api/calls/door";
import type { Person } from "../../api/types";
import { query } from "../../app/query";
import { Asked } from "../../shared/Empty";
import { RadioField, TextField } from "../../shared/Field";
import page from "../../shared/page.module.css";
import { withInvited } from "../../shared/people";
import { useSubmit } from "../submit";
import { Heading } from "./StepForm";
import type { StepProps } from "./Wizard";
import classes from "./Wizard.module.css";

const KINDS = ["staff", "viewer", "owner"] as const;

export function Team({ tenant, next }: StepProps) {
  const { t } = useTranslation("wizard");
  const { t: say } = useTranslation();
  const [mail, setMail] = useState("");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("staff");
  const people = useQuery({ queryKey: ["people", tenant], queryFn: () => readPeople(tenant), staleTime: 0 });
  const form = useSubmit(async () => {
    const invited = await invite(tenant, { mail: mail.trim(), kind }, crypto.randomUUID());
    query.setQueryData<Person[]>(["people", tenant], (known) =>
      withInvited(known, { ...invited, mail: mail.trim() }),
    );
    setMail("");
  });
  return (
    <>
      <Heading title={t("team.title")} lead={t("team.lead")} />
      <Asked of={people}>
        {(found) => (
          <ul className={classes.kept} aria-label={t("team.people")}>
            {found.map((one) => (
              <li key={one.id}>
                <strong>{one.mail || say(`kind.${one.kind as "owner"}`)}</strong>
                <span className={page.muted}>{say(`kind.${one.kind as "owner"}`)}</span>
              </li>
            ))}
          </ul>
        )}
      </Asked>
      <form className={page.form} onSubmit={form.run}>
        <TextField
          label={t("team.mail")}
          help={t("team.mailHelp")}
          type="email"
          value={mail}
          onChange={setMail}
          wrong={form.wrong}
        />
        <RadioField
          wide
          label={t("team.kind")}
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: say(`kind.${value}`), help: t(`team.${value}`) }))}
        />
        <div className={classes.buttons}>
          <Button type="submit" variant="default" size="md" loading={form.busy} disabled={!mail.includes("@")}>
            {t("team.invite")}
          </Button>
          <Button size="md" onClick={next}>
            {t("next")}
          </Button>
        </div>
      </form>
    </>
  );
}
