import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/types";
import { settings } from "../../app/settings";
import { Bars } from "../../shared/Bars";
import { Heat } from "../../shared/Heat";
import { grouped, Won } from "../../shared/Money";
import { useNames } from "../../shared/names";
import page from "../../shared/page.module.css";
import { useStore } from "../../shared/store";
import classes from "./Wizard.module.css";

/** What past contacts tell, and what is proposed from it; the next steps begin with it. */
export function ReportView({ report, next }: { report: Report; next: () => void }) {
  const { t } = useTranslation("wizard");
  const named = useNames();
  const { language } = useStore(settings);
  const { proposal } = report;
  const plan = proposal.plans[0];
  return (
    <section className={page.page} aria-label={t("report.title")}>
      <h2>{t("report.title")}</h2>
      <dl className={classes.figures}>
        <div>
          <dt>{t("report.contacts")}</dt>
          <dd>{t("report.count", { contacts: grouped(report.contacts) })}</dd>
          <dd className={page.muted}>
            <span>{report.first} ~</span> <span>{report.last}</span>
          </dd>
        </div>
        <div>
          <dt>{t("report.perDay")}</dt>
          <dd>{t("report.count", { contacts: grouped(report.per_day) })}</dd>
        </div>
        <div>
          <dt>{t("report.perMonth")}</dt>
          <dd>{t("report.count", { contacts: grouped(report.per_month) })}</dd>
        </div>
        {report.closed_hours_percent !== null && (
          <div>
            <dt>{t("report.closed")}</dt>
            <dd>{report.closed_hours_percent}%</dd>
          </div>
        )}
      </dl>
      <div className={classes.pair}>
        <div className={page.panel}>
          <h3>{t("report.intents")}</h3>
          <Bars
            label={t("report.intents")}
            bars={report.intents.map((one) => ({
              key: one.intent,
              label: named.intent(one.intent),
              value: `${grouped(one.count)} · ${one.percent}%`,
              percent: one.percent,
            }))}
          />
          <p className={page.muted}>{t("report.byWords")}</p>
        </div>
        <div className={page.panel}>
          <h3>{t("report.proposal")}</h3>
          <dl className={classes.proposal}>
            {plan && (
              <div>
                <dt>{t("report.plan")}</dt>
                <dd>
                  {language === "ko" ? plan.name : plan.name_en} · <Won of={plan.won} />
                </dd>
              </div>
            )}
            <div>
              <dt>{t("report.cap")}</dt>
              <dd>
                <Won of={proposal.cap_won} />
              </dd>
            </div>
            <div>
              <dt>{t("report.channels")}</dt>
              <dd>{proposal.channels.map((one) => named.channel(one.channel)).join(", ")}</dd>
            </div>
            <div>
              <dt>{t("report.agents")}</dt>
              <dd>{t("report.agentsText", { usual: proposal.agents_usual, peak: proposal.agents_peak })}</dd>
            </div>
          </dl>
          {report.peaks.length > 0 && (
            <>
              <h3>{t("report.peaks")}</h3>
              <ul className={classes.plain}>
                {report.peaks.map((one) => (
                  <li key={one.date}>
                    {t("report.peak", { date: one.date, count: one.count, multiple: one.multiple })}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
      {report.hours.known > 0 && (
        <div className={page.panel}>
          <h3>{t("report.hours")}</h3>
          <Heat counts={report.hours.counts} max={report.hours.max} label={t("report.hours")} />
        </div>
      )}
      <div className={classes.buttons}>
        <Button size="md" onClick={next}>
          {t("report.take")}
        </Button>
      </div>
    </section>
  );
}
