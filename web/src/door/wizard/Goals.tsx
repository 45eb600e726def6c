import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked } from "../../shared/Empty";
import { NumberField } from "../../shared/Field";
import page from "../../shared/page.module.css";
import { StepForm } from "./StepForm";
import { type Held, saveSection, useSection } from "./sections";
import type { StepProps } from "./Wizard";

const FIELDS = [
  ["first_reply_seconds", 1, 86_400],
  ["wait_seconds", 1, 86_400],
  ["resolved_percent", 0, 100],
  ["satisfied_percent", 0, 100],
] as const;

type Name = (typeof FIELDS)[number][0];

export function Goals({ tenant, next }: StepProps) {
  const asked = useSection(tenant, "goals");
  return <Asked of={asked}>{(held) => <Form {...{ tenant, next, held }} />}</Asked>;
}

function Form({ tenant, next, held }: StepProps & { held: Held<"goals"> }) {
  const { t } = useTranslation("wizard");
  const [typed, setTyped] = useState<Record<Name, number | null>>(held.body);
  const ready = FIELDS.every(([name, min, max]) => {
    const value = typed[name];
    return value !== null && value >= min && value <= max;
  });
  return (
    <StepForm
      title={t("goals.title")}
      lead={t("goals.lead")}
      chosen={held.version > 0}
      ready={ready}
      save={() => saveSection(tenant, "goals", { ...held.body, ...(typed as Record<Name, number>) }, held.version)}
      next={next}
    >
      <div className={page.grid}>
        {FIELDS.map(([name, min, max]) => (
          <NumberField
            key={name}
            label={t(`goals.${name}`)}
            help={t(`goals.${name}Help`)}
            unit={name.endsWith("seconds") ? t("seconds") : "%"}
            min={min}
            max={max}
            value={typed[name]}
            onChange={(value) => setTyped((now) => ({ ...now, [name]: value }))}
          />
        ))}
      </div>
      <p className={page.muted}>{t("goals.bot")}</p>
    </StepForm>
  );
}
