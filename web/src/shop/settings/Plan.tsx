import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, chooseCap, choosePlan, readOffers, readPlan } from "../../api/calls/shop";
import { Confirm, Dialog } from "../../shared/Confirm";
import { Asked } from "../../shared/Empty";
import { NumberField, RadioField } from "../../shared/Field";
import { won } from "../../shared/Money";
import { notify } from "../../shared/notices";
import page from "../../shared/page.module.css";
import { useLanguage, useMonthName, useSaying, useWho } from "../who";
import { anew } from "./Editor";

interface OfOne {
  title: string;
  choice: Choice;
  close: () => void;
}

/** Plan and cap are saved against the version of the whole profile, which the plan tells. */
function useTerms(tenant: string) {
  return useQuery({ queryKey: [tenant, "plan"], queryFn: () => readPlan(tenant), staleTime: 0 });
}

export function PlanEditor({ title, close }: OfOne) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const saying = useSaying();
  const name = useMonthName();
  const language = useLanguage();
  const terms = useTerms(tenant);
  const offers = useQuery({ queryKey: ["plans"], queryFn: readOffers });
  const coming = offers.data?.offers.at(-1);
  const [plan, setPlan] = useState("");
  async function save(): Promise<void> {
    if (!coming || !terms.data) return;
    await choosePlan(tenant, plan, coming.month, terms.data.version);
    await anew(tenant);
    notify(t("settings.saved", { section: title }));
  }
  if (!coming || !terms.data) {
    return (
      <Dialog title={title} close={close}>
        <Asked of={offers}>{() => null}</Asked>
        <Asked of={terms}>{() => null}</Asked>
      </Dialog>
    );
  }
  return (
    <Confirm title={title} verb={t("plan.choose")} ready={plan !== ""} act={save} close={close}>
      <div className={page.form}>
        <p>{t("plan.help", { now: saying(terms.data.now.plan.name), month: name(coming.month) })}</p>
        <RadioField
          wide
          label={t("plan.which")}
          value={plan}
          onChange={setPlan}
          options={coming.plans.map((one) => ({
            value: one.version,
            label: saying(one.name),
            help: t("plan.base", { won: won(one.base_won, language) }),
          }))}
        />
      </div>
    </Confirm>
  );
}

export function CapEditor({ title, choice, close }: OfOne) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const before = choice.body as unknown as { cap_won: number; cap: "hard" | "soft" };
  const terms = useTerms(tenant);
  const [most, setMost] = useState<number | null>(before.cap_won);
  const [kind, setKind] = useState(before.cap);
  async function save(): Promise<void> {
    if (most === null || !terms.data) return;
    await chooseCap(tenant, { won: most, cap: kind }, terms.data.version);
    await anew(tenant);
    notify(t("settings.saved", { section: title }));
  }
  return (
    <Confirm
      title={title}
      verb={t("settings.save")}
      ready={most !== null && terms.data !== undefined}
      act={save}
      close={close}
    >
      <div className={page.form}>
        <NumberField
          label={t("plan.cap")}
          help={t("plan.capHelp")}
          unit={t("won")}
          min={0}
          required
          value={most}
          onChange={setMost}
        />
        <RadioField
          wide
          label={t("plan.capKind")}
          value={kind}
          onChange={setKind}
          options={[
            { value: "soft", label: t("capKind.soft"), help: t("plan.softHelp") },
            { value: "hard", label: t("capKind.hard"), help: t("plan.hardHelp") },
          ]}
        />
      </div>
    </Confirm>
  );
}
