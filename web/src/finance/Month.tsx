import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Move, type Period, type Place, readMonthBreaks, readPeriod } from "../api/calls/finance";
import type { Column } from "../shared/columns";
import { Asked } from "../shared/Empty";
import { Icon } from "../shared/icons";
import { Amount, Count, Won } from "../shared/Money";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { BreaksTable } from "./BreaksTable";
import classes from "./finance.module.css";
import { MonthActions } from "./MonthActions";
import { STATES } from "./Months";
import { At, By, Why } from "./Said";
import { searching } from "./search";

/** A shop's month: how far it is, what stands in its way, and how it came there. */
export function Month() {
  const { t } = useTranslation("finance");
  const { tenant, month } = useParams({ from: "/signed/finance/months/$tenant/$month" });
  const place = { tenant, month };
  const period = useQuery({ queryKey: ["finance", "period", place], queryFn: () => readPeriod(place) });
  return (
    <div className={shared.page}>
      <div>
        <Link to="/finance" search={searching({ month })}>
          {t("months.title")}
        </Link>
        <h1>{t("month_.title", { tenant, month })}</h1>
      </div>
      <Asked of={period}>{(found) => <Shown period={found} place={place} />}</Asked>
    </div>
  );
}

function Shown({ period, place }: { period: Period; place: Place }) {
  const { t } = useTranslation("finance");
  const client = useQueryClient();
  const breaks = useQuery({
    queryKey: ["finance", "breaks of", place],
    queryFn: () => readMonthBreaks(place),
  });
  const now = STATES.indexOf(period.state);
  const counted = period.state !== "open";
  async function moved(after?: Period): Promise<void> {
    if (after) client.setQueryData(["finance", "period", place], after);
    await client.invalidateQueries({ queryKey: ["finance"] });
  }
  return (
    <>
      <section className={shared.panel} aria-label={t("month_.progress")}>
        <ol className={classes.steps}>
          {STATES.map((state, step) => (
            <li key={state} data-past={step < now || undefined} aria-current={step === now ? "step" : undefined}>
              {step < now && <Icon name="check" size={14} />}
              {t(`state.${state}`)}
            </li>
          ))}
        </ol>
        <dl className={classes.figures}>
          <Figure title={t("month_.contacts")}>
            {counted ? <Count of={period.contacts} unit={t("unit.contacts")} /> : t("month_.counted")}
          </Figure>
          <Figure title={t("month_.won")}>{counted ? <Won of={period.won} /> : t("month_.counted")}</Figure>
          <Figure title={t("breaks.title")}>
            <Count of={period.breaks} unit={t("unit.breaks")} />
          </Figure>
        </dl>
        <dl className={`${classes.figures} ${classes.small}`}>
          {period.plan && <Figure title={t("month_.plan")}>{period.plan}</Figure>}
          {period.invoice && (
            <Figure title={t("month_.invoice")}>
              {period.invoice === "none" ? t("month_.noInvoice") : period.invoice}
            </Figure>
          )}
          {period.seal && <Figure title={t("month_.seal")}>{period.seal}</Figure>}
        </dl>
        <MonthActions period={period} place={place} moved={moved}>
          {period.invoice && period.invoice !== "none" && (
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/finance/corrections"
                  search={searching({ ask: "1", tenant: place.tenant, invoice: period.invoice })}
                />
              )}
            >
              {t("corrections.ask")}
            </Button>
          )}
        </MonthActions>
      </section>
      <section className={shared.panel}>
        <p aria-hidden className={classes.sub}>
          {t("breaks.title")}
        </p>
        <Asked of={breaks}>
          {(found) => (
            <BreaksTable
              caption={t("breaks.caption", { ...place })}
              rows={found.breaks}
              tenant={place.tenant}
              empty={t("breaks.noneHere")}
            />
          )}
        </Asked>
      </section>
      <section className={shared.panel}>
        <p aria-hidden className={classes.sub}>
          {t("month_.history")}
        </p>
        <History moves={period.history} />
      </section>
    </>
  );
}

function History({ moves }: { moves: Move[] }) {
  const { t } = useTranslation("finance");
  const columns: Column<Move>[] = [
    { key: "at", title: t("column.at"), show: (one) => <At of={one.at} />, raw: (one) => one.at },
    {
      key: "state",
      title: t("column.state"),
      show: (one) => t(`state.${one.state}`),
      raw: (one) => one.state,
    },
    { key: "by", title: t("column.by"), show: (one) => <By of={one.by} />, raw: (one) => one.by },
    {
      key: "why",
      title: t("column.why"),
      show: (one) => <Why of={one.why} />,
      raw: (one) => one.why,
    },
    {
      key: "contacts",
      title: t("column.contacts"),
      show: (one) => <Count of={one.contacts} />,
      raw: (one) => one.contacts,
      number: true,
    },
    {
      key: "won",
      title: t("column.won"),
      show: (one) => <Amount of={one.won} />,
      raw: (one) => one.won,
      number: true,
    },
  ];
  return (
    <Table caption={t("month_.history")} columns={columns} rows={moves} keyOf={(one) => one.at + one.state} />
  );
}

function Figure({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
