import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rehearse } from "../../api/calls/door";
import type { Intent, Rehearsal } from "../../api/types";
import { query } from "../../app/query";
import { settings } from "../../app/settings";
import { AreaField } from "../../shared/Field";
import { Won } from "../../shared/Money";
import { useNames } from "../../shared/names";
import page from "../../shared/page.module.css";
import { useStore } from "../../shared/store";
import { Wrong } from "../Card";
import { useSubmit } from "../submit";
import { Heading } from "./StepForm";
import { useSection } from "./sections";
import type { StepProps } from "./Wizard";
import { setupKey } from "./Wizard";
import classes from "./Wizard.module.css";

/** A contact of the shop's own, all the way: the first moment in which one sees what one gets. */
export function Rehearse({ tenant, next }: StepProps) {
  const { t } = useTranslation("wizard");
  const [text, setText] = useState(() => t("rehearsal.sample"));
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [found, setFound] = useState<Rehearsal | null>(null);
  const scope = useSection(tenant, "scope").data?.body;
  const form = useSubmit(async () => {
    setFound(await rehearse(tenant, text.trim(), key));
    setKey(crypto.randomUUID());
    await query.invalidateQueries({ queryKey: setupKey(tenant) });
  });
  return (
    <>
      <Heading title={t("rehearsal.title")} lead={t("rehearsal.lead")} />
      <form className={page.form} onSubmit={form.run}>
        <AreaField
          label={t("rehearsal.question")}
          help={t("rehearsal.limit")}
          rows={3}
          value={text}
          onChange={setText}
        />
        <Wrong text={form.wrong} />
        <div className={classes.buttons}>
          <Button
            type="submit"
            size="md"
            variant={found ? "default" : "filled"}
            loading={form.busy}
            disabled={!text.trim()}
          >
            {found ? t("rehearsal.again") : t("rehearsal.send")}
          </Button>
          <Button size="md" variant={found ? "filled" : "subtle"} onClick={next}>
            {found ? t("next") : t("later")}
          </Button>
        </div>
      </form>
      {found && <Told found={found} inHouse={scope?.in_house.includes(found.intent as Intent) ?? false} />}
    </>
  );
}

function Told({ found, inHouse }: { found: Rehearsal; inHouse: boolean }) {
  const { t } = useTranslation("wizard");
  const named = useNames();
  const { language } = useStore(settings);
  return (
    <section className={page.panel} aria-label={t("rehearsal.result")}>
      <h2>
        {t("rehearsal.result")} <span className={classes.tag}>{t("rehearsal.test")}</span>
      </h2>
      {inHouse && <p role="status">{t("rehearsal.inHouse")}</p>}
      <div className={classes.talk}>
        <p className={classes.asked}>{found.question}</p>
        <p className={page.muted}>
          {found.by}
          {found.intent && ` · ${t("rehearsal.intent", { intent: named.intent(found.intent as Intent) })}`}
        </p>
        <p className={classes.told}>{found.answer}</p>
      </div>
      <h3>{t("rehearsal.bill")}</h3>
      <ul className={classes.kept}>
        {found.lines.map((line) => (
          <li key={`${line.reason} ${line.delta}`}>
            <span>{line.why[language]}</span>
            <strong>
              <Won of={line.won} change />
            </strong>
          </li>
        ))}
        <li>
          <strong>{t("rehearsal.cost")}</strong>
          <strong>
            <Won of={found.cost_won} />
          </strong>
        </li>
      </ul>
      <p className={page.muted}>
        {t("rehearsal.list")} <Won of={found.list_won} />
      </p>
    </section>
  );
}
