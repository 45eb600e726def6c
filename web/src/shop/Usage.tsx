import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askUsage, type Usage as Ledger, type UsageLine } from "../api/calls/shop";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { Amount, Count, Won } from "../shared/Money";
import { MonthField } from "../shared/MonthField";
import page from "../shared/page.module.css";
import { usePoll } from "../shared/poll";
import { Table } from "../shared/Table";
import { useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import { Disputing } from "./Disputing";
import classes from "./shop.module.css";
import { useLanguage, useMonthName, useSaying, useWho } from "./who";

/** The first page is asked for often, since a line is there seconds after the reply that made it. */
const [OFTEN, SELDOM] = [2_000, 60_000];

/** What a month's bill is made of, line by line, the newest first. */
export function Usage() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const name = useMonthName();
  const [url] = useUrl();
  const control = useTable();
  const month = url.month ?? "";
  const asked = { ...(month && { month }), ...(control.cursor && { cursor: control.cursor }) };
  const ledger = usePoll(
    [tenant, "usage", month, control.cursor],
    (headers) => askUsage(tenant, asked, headers),
    control.cursor ? SELDOM : OFTEN,
  );
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("place.usage")}</h1>
        <MonthField label={t("month")} value={month || (ledger.data?.month ?? "")} />
      </div>
      <p className={page.lead}>{t("usage.lead")}</p>
      <Asked of={ledger}>
        {(found) => (
          <>
            <Sums ledger={found} name={name(found.month)} />
            <Lines ledger={found} />
          </>
        )}
      </Asked>
    </div>
  );
}

function Sums({ ledger, name }: { ledger: Ledger; name: string }) {
  const { t } = useTranslation("shop");
  return (
    <section className={page.panel} aria-label={t("usage.sums")}>
      <dl className={classes.rows}>
        <div>
          <dt>{t("usage.own", { month: name })}</dt>
          <dd>
            <Count of={ledger.billable} unit={t("usage.unit")} /> · <Won of={ledger.won} />
          </dd>
        </div>
        {ledger.adjusted !== 0 && (
          <div>
            <dt>{t("usage.adjusted")}</dt>
            <dd>
              <Count of={ledger.adjusted} unit={t("usage.unit")} /> · <Won of={ledger.adjusted_won} change />
            </dd>
          </div>
        )}
      </dl>
      <p className={page.muted}>{t("usage.noVat")}</p>
    </section>
  );
}

/** The lines of a ledger; the first cell leads to the message that proves it. */
export function Lines({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation("shop");
  const { acts } = useWho();
  const language = useLanguage();
  const saying = useSaying();
  const control = useTable();
  const [disputed, setDisputed] = useState<UsageLine | null>(null);
  const columns: Column<UsageLine>[] = [
    {
      key: "occurred_at",
      title: t("usage.at"),
      show: (line) => full(new Date(line.occurred_at), language),
      raw: (line) => line.occurred_at,
    },
    {
      key: "why",
      title: t("usage.why"),
      show: (line) => saying(line.why),
      raw: (line) => saying(line.why),
    },
    {
      key: "contact",
      title: t("usage.contact"),
      show: (line) => <code className={classes.mono}>{line.contact.slice(0, 8)}</code>,
      raw: (line) => line.contact,
    },
    {
      key: "delta",
      title: t("usage.count"),
      number: true,
      show: (line) => <Amount of={line.delta} change />,
      raw: (line) => line.delta,
    },
    {
      key: "unit_won",
      title: t("usage.price"),
      number: true,
      show: (line) => <Amount of={line.unit_won} />,
      raw: (line) => line.unit_won,
    },
    {
      key: "won",
      title: t("usage.won"),
      number: true,
      show: (line) => <Amount of={line.won} change />,
      raw: (line) => line.won,
    },
    {
      key: "running_won",
      title: t("usage.running"),
      number: true,
      show: (line) => <Amount of={line.running_won} />,
      raw: (line) => line.running_won,
    },
    {
      key: "dispute",
      title: t("usage.dispute"),
      show: (line) => <DisputeOf line={line} dispute={acts ? () => setDisputed(line) : undefined} />,
    },
  ];
  return (
    <>
      <Table
        caption={t("usage.lines")}
        columns={columns}
        rows={ledger.entries}
        keyOf={keyOf}
        link={(line) => ({
          to: "/shop/usage/$contact",
          params: { contact: line.contact },
          search: { at: line.evidence, month: ledger.month } as never,
        })}
        control={control}
        next={ledger.cursor}
        empty={<Empty icon="lines" title={t("usage.none")} help={t("usage.noneHelp")} />}
      />
      {disputed && <Disputing line={disputed} close={() => setDisputed(null)} />}
    </>
  );
}

function keyOf(line: UsageLine): string {
  return [line.contact, line.episode, line.reason, line.booked_at, line.evidence].join("/");
}

/** What became of a line's dispute, or how to open one: lines that take nothing from the shop have none. */
export function DisputeOf({ line, dispute }: { line: UsageLine; dispute: (() => void) | undefined }) {
  const { t } = useTranslation("shop");
  if (line.dispute) {
    const tone = { open: "warn", upheld: "good", rejected: "plain" }[line.dispute.state];
    return (
      <Link to="/shop/invoices" hash="disputes" className={classes.tag} data-tone={tone}>
        {t(`verdict.${line.dispute.state}`)}
      </Link>
    );
  }
  if (!dispute || line.delta < 1) return null;
  return (
    <Button variant="default" size="compact-sm" onClick={dispute}>
      {t("usage.object")}
    </Button>
  );
}
