import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { compareCosts } from "../api/calls/landing";
import type { Comparison as Found, Workload } from "../api/types";
import { settings } from "../app/settings";
import { Bars } from "../shared/Bars";
import { Asked } from "../shared/Empty";
import { NumberField } from "../shared/Field";
import { grouped, Won } from "../shared/Money";
import { useStore } from "../shared/store";
import classes from "./Landing.module.css";

const FIELDS = [
  ["usual", 20, 0, 100_000],
  ["promotion", 80, 0, 100_000],
  ["promotion_days", 4, 0, 31],
  ["handling_minutes", 6, 1, 240],
  ["hours_open", 9, 1, 24],
  ["days_open", 30, 1, 31],
  // Left empty, it is the minimum wage, which the API knows.
  ["wage", null, 1, 1_000_000],
] as const;
const BEGIN = Object.fromEntries(FIELDS.map(([name, value]) => [name, value])) as Typed;
const PAUSE = 400;

type Name = (typeof FIELDS)[number][0];
type Typed = Record<Name, number | null>;

/** A shop's own numbers, and what each way to have them answered costs; all figures are one answer of the API's. */
export function Comparison() {
  const { t } = useTranslation("landing");
  const [typed, setTyped] = useState<Typed>(BEGIN);
  const load = useLater(typed);
  const asked = useQuery({
    queryKey: ["comparison", load],
    queryFn: () => compareCosts(load as Workload),
    enabled: load !== null,
    placeholderData: keepPreviousData,
  });
  return (
    <div className={classes.comparison}>
      <form className={classes.form} onSubmit={(event) => event.preventDefault()}>
        {FIELDS.map(([name, , min, max]) => (
          <NumberField
            key={name}
            label={t(`compare.${name}`)}
            help={name === "wage" ? t("compare.wageHelp") : undefined}
            unit={t(`compare.${name}Unit`)}
            wrong={name === "promotion_days" && isBeyond(typed) ? t("compare.beyond") : undefined}
            value={typed[name]}
            min={min}
            max={max}
            onChange={(value) => setTyped((now) => ({ ...now, [name]: value }))}
          />
        ))}
      </form>
      <div aria-live="polite" aria-busy={asked.isFetching}>
        {complete(typed) === null && <p role="status">{t("compare.before")}</p>}
        <Asked of={asked}>{(found) => <Result found={found} />}</Asked>
      </div>
    </div>
  );
}

function Result({ found }: { found: Found }) {
  const { t } = useTranslation("landing");
  const { language } = useStore(settings);
  return (
    <div className={classes.result}>
      <p className={classes.verdict} data-fits={found.verdict.fits}>
        {found.verdict.fits ? t("compare.fits") : t("compare.fitsNot")}
      </p>
      {found.verdict.reasons.length > 0 && (
        <ul className={classes.reasons}>
          {found.verdict.reasons.map((reason) => (
            <li key={reason.en}>{reason[language]}</li>
          ))}
        </ul>
      )}
      <p>{t("compare.month", { contacts: grouped(found.contacts) })}</p>
      <Bars
        label={t("compare.title")}
        bars={found.ways.map((way) => ({
          key: way.key,
          label: way.name[language],
          value: <Won of={way.won} />,
          percent: way.share_percent,
          strong: way.key === "shared",
        }))}
      />
      <details className={classes.details}>
        <summary>{t("compare.how")}</summary>
        {found.ways.map((way) => (
          <div key={way.key}>
            <h3>{way.name[language]}</h3>
            <dl>
              {way.steps.map((step) => (
                <div key={step.label.en}>
                  <dt>
                    {step.label[language]} <span>{step.how}</span>
                  </dt>
                  <dd>
                    <Won of={step.won} />
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
        <h3>{t("compare.aws")}</h3>
        <dl>
          <div>
            <dt>
              {found.aws.label[language]} <span>{found.aws.how}</span>
            </dt>
            <dd>
              <Won of={found.aws.won} />
            </dd>
          </div>
        </dl>
      </details>
      <details className={classes.details}>
        <summary>{t("compare.sources")}</summary>
        <dl>
          {found.figures.map((figure) => (
            <div key={figure.name.en}>
              <dt>
                {figure.name[language]}
                <span>
                  {figure.assumed ? t("compare.assumed") : figure.source} · {figure.year}
                </span>
              </dt>
              <dd>{new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 4 }).format(figure.value)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p className={classes.small}>{t("compare.note")}</p>
    </div>
  );
}

/** What was typed, once it has rested and can be reckoned with; until then what was before. */
function useLater(typed: Typed): Workload | null {
  const [load, setLoad] = useState<Workload | null>(() => complete(BEGIN));
  useEffect(() => {
    const timer = setTimeout(() => {
      const found = complete(typed);
      if (found) setLoad(found);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return load;
}

function complete(typed: Typed): Workload | null {
  for (const [name, , min, max] of FIELDS) {
    const value = typed[name];
    if (value === null && name === "wage") continue;
    if (value === null || value < min || value > max) return null;
  }
  const { wage, ...asked } = typed as Record<Name, number>;
  return !isBeyond(typed) ? { ...asked, ...(wage ? { wage } : {}) } : null;
}

/** Whether there are more days of promotions than days. */
function isBeyond({ promotion_days, days_open }: Typed): boolean {
  return promotion_days !== null && days_open !== null && promotion_days > days_open;
}
