import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Intent } from "../../api/types";
import { Asked } from "../../shared/Empty";
import { ChoicesField } from "../../shared/Field";
import { useNames } from "../../shared/names";
import { StepForm } from "./StepForm";
import { type Held, saveSection, useReport, useSection } from "./sections";
import type { StepProps } from "./Wizard";

export const INTENTS: readonly Intent[] = [
  "delivery",
  "presale",
  "return",
  "exchange",
  "payment",
  "defect",
  "warranty",
  "shipping_fee",
  "complaint",
  "system",
  "other",
];

export function Scope({ tenant, next }: StepProps) {
  const asked = useSection(tenant, "scope");
  return <Asked of={asked}>{(held) => <Form {...{ tenant, next, held }} />}</Asked>;
}

function Form({ tenant, next, held }: StepProps & { held: Held<"scope"> }) {
  const { t } = useTranslation("wizard");
  const named = useNames();
  const report = useReport(tenant).data;
  const [inHouse, setInHouse] = useState<Intent[]>(held.body.in_house);
  const share = (intent: Intent) => report?.intents.find((one) => one.intent === intent)?.percent;
  return (
    <StepForm
      title={t("scope.title")}
      lead={t("scope.lead")}
      chosen={held.version > 0 || inHouse.length > 0}
      save={() => {
        const bot = (held.body.bot ?? []).filter((one) => !inHouse.includes(one));
        return saveSection(tenant, "scope", { in_house: inHouse, bot }, held.version);
      }}
      next={next}
    >
      <ChoicesField
        label={t("scope.inHouse")}
        help={t("scope.inHouseHelp")}
        value={inHouse}
        onChange={setInHouse}
        options={INTENTS.map((intent) => {
          const percent = share(intent);
          const name = named.intent(intent);
          return { value: intent, label: percent === undefined ? name : t("scope.share", { name, percent }) };
        })}
      />
    </StepForm>
  );
}
