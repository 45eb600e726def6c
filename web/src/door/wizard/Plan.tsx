import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { chooseCap, choosePlan, readChoices, readPlan } from "../../api/calls/door";
import { readOffers } from "../../api/calls/landing";
import { settings } from "../../app/settings";
import { month } from "../../shared/dates";
import { Asked } from "../../shared/Empty";
import { NumberField, RadioField } from "../../shared/Field";
import { won } from "../../shared/Money";
import page from "../../shared/page.module.css";
import { useStore } from "../../shared/store";
import { StepForm } from "./StepForm";
import { chosenAnew, useReport } from "./sections";
import type { StepProps } from "./Wizard";

const CAP = 300_000;

export function PlanStep({ tenant, next }: StepProps) {
  const report = useReport(tenant);
  const asked = useQuery({
    queryKey: ["plan-set-up", tenant],
    queryFn: async () => {
      const [terms, offers, choices] = await Promise.all([readPlan(tenant), readOffers(), readChoices(tenant)]);
      return { terms, offers, chosen: capIn(choices) };
    },
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Asked of={asked}>
      {({ terms, offers, chosen }) =>
        report.isPending ? null : (
          <Form {...{ tenant, next, terms, offers, chosen, report: report.data ?? null }} />
        )
      }
    </Asked>
  );
}

interface Cap {
  cap_won: number;
  cap: "soft" | "hard";
}

/** The cap that somebody chose, or null. */
function capIn(choices: Awaited<ReturnType<typeof readChoices>>): Cap | null {
  const found = choices.find((one) => one.section === "cap" && one.version > 0);
  return found ? (found.body as unknown as Cap) : null;
}

interface FormProps extends StepProps {
  terms: Awaited<ReturnType<typeof readPlan>>;
  offers: Awaited<ReturnType<typeof readOffers>>;
  chosen: Cap | null;
  report: ReturnType<typeof useReport>["data"];
}

function Form({ tenant, next, terms, offers, chosen, report }: FormProps) {
  const { t } = useTranslation("wizard");
  const { language } = useStore(settings);
  const coming = terms.next.at(-1);
  const plans = offers.offers.at(-1)?.plans ?? [];
  const proposed = report?.proposal.plans ?? [];
  const planned = coming?.plan.version ?? terms.now.plan.version;
  // The step saves both: whoever chose a cap chose the plan beside it.
  const proposal = chosen ? undefined : plans.find((one) => one.version === proposed[0]?.plan);
  const [plan, setPlan] = useState(proposal?.version ?? planned);
  const [cap, setCap] = useState<number | null>(chosen?.cap_won ?? report?.proposal.cap_won ?? CAP);
  const [kind, setKind] = useState(chosen?.cap ?? "soft");
  async function save(): Promise<void> {
    let { version } = terms;
    try {
      if (coming?.since && plan !== planned) {
        version = (await choosePlan(tenant, { plan, since: coming.since }, version)).version;
      }
      await chooseCap(tenant, { won: cap ?? 0, cap: kind }, version);
    } finally {
      await chosenAnew(tenant);
    }
  }
  const cost = (version: string) => proposed.find((one) => one.plan === version)?.won;
  return (
    <StepForm
      title={t("plan.title")}
      lead={
        coming?.since
          ? t("plan.leadTrial", { plan: terms.now.plan.name[language], since: month(coming.since, language) })
          : t("plan.lead", { plan: terms.now.plan.name[language] })
      }
      ready={cap !== null && cap >= 0}
      save={save}
      next={next}
    >
      {coming?.since && (
        <RadioField
          wide
          label={t("plan.after", { since: month(coming.since, language) })}
          value={plan}
          onChange={setPlan}
          options={plans.map((one) => {
            const expected = cost(one.version);
            const base = one.base_won ? t("plan.base", { won: won(one.base_won, language) }) : t("plan.noBase");
            const help =
              expected === undefined ? base : `${base} · ${t("plan.expected", { won: won(expected, language) })}`;
            return { value: one.version, label: one.name[language], help };
          })}
        />
      )}
      <NumberField
        label={t("plan.cap")}
        help={t("plan.capHelp")}
        unit={t("won")}
        value={cap}
        max={1_000_000_000}
        onChange={setCap}
      />
      <RadioField
        wide
        label={t("plan.reached")}
        value={kind}
        onChange={setKind}
        options={[
          { value: "soft", label: t("plan.soft"), help: t("plan.softHelp") },
          { value: "hard", label: t("plan.hard"), help: t("plan.hardHelp") },
        ]}
      />
      <p className={page.muted}>{t("plan.card")}</p>
    </StepForm>
  );
}
