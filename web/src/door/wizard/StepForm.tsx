import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import page from "../../shared/page.module.css";
import { Wrong } from "../Card";
import { useSubmit } from "../submit";
import classes from "./Wizard.module.css";

interface StepFormProps {
  title: string;
  lead: ReactNode;
  children: ReactNode;
  /** Whether something of it was chosen before; then it is changed, and not taken as it stands. */
  chosen?: boolean;
  ready?: boolean;
  verb?: string;
  /** 2 for a part of a step. */
  level?: 1 | 2;
  save: () => Promise<unknown>;
  next: () => void;
}

/** A step: what is chosen in it, one button that saves it and goes on, and one that puts it off. */
export function StepForm({ title, lead, children, chosen, ready = true, verb, level, save, next }: StepFormProps) {
  const { t } = useTranslation("wizard");
  const form = useSubmit(async () => {
    await save();
    next();
  });
  return (
    <form className={page.form} onSubmit={form.run}>
      <Heading title={title} lead={lead} level={level ?? 1} />
      {children}
      <Wrong text={form.wrong} />
      <div className={classes.buttons}>
        <Button type="submit" size="md" loading={form.busy} disabled={!ready}>
          {verb ?? (chosen ? t("saveNext") : t("saveAsIs"))}
        </Button>
        <Button variant="subtle" size="md" onClick={next}>
          {t("later")}
        </Button>
      </div>
    </form>
  );
}

export function Heading({ title, lead, level = 1 }: { title: string; lead: ReactNode; level?: 1 | 2 }) {
  return (
    <div>
      {level === 1 ? <h1>{title}</h1> : <h2>{title}</h2>}
      <p className={page.lead}>{lead}</p>
    </div>
  );
}
