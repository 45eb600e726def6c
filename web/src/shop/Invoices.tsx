import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Dispute, type MonthBill, readBills, readDisputes } from "../api/calls/shop";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { Amount, Won } from "../shared/Money";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import { BillingIdentity } from "./BillingIdentity";
import { Paying } from "./Paying";
import classes from "./shop.module.css";
import { useLanguage, useMonthName, useSaying, useWho } from "./who";

/** What the months cost, to whom that is billed, and what was objected to. */
export function Invoices() {
  const { t } = useTranslation("shop");
  const { tenant, owns } = useWho();
  const control = useTable();
  useCardRegistered();
  const bills = useQuery({
    queryKey: [tenant, "bills", control.cursor],
    queryFn: () => readBills(tenant, control.cursor),
  });
  const disputes = useQuery({ queryKey: [tenant, "disputes"], queryFn: () => readDisputes(tenant, "") });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("place.invoices")}</h1>
        {owns && <Paying />}
      </div>
      <Asked of={bills}>{(found) => <Months bills={found.bills} next={found.cursor} />}</Asked>
      <section className={page.panel} id="disputes" aria-labelledby="disputes-title">
        <h2 id="disputes-title">{t("invoices.disputes")}</h2>
        <Asked of={disputes}>{(found) => <Disputes disputes={found.disputes} />}</Asked>
      </section>
      {owns && <BillingIdentity />}
    </div>
  );
}

/** Tell who comes back from the payment provider's page that a card was left there, once. */
function useCardRegistered(): void {
  const { t } = useTranslation("shop");
  const [{ card }, change] = useUrl();
  useEffect(() => {
    if (card !== "registered") return;
    notify(t("invoices.cardRegistered"));
    change({ card: "" }, { replace: true });
  }, [card, change, t]);
}

const PAID = { draft: undefined, open: "warn", paid: "good", uncollectible: "bad", void: undefined } as const;

/** Where an invoice stands. */
export function InvoiceState({ bill }: { bill: Pick<MonthBill, "invoice"> }) {
  const { t } = useTranslation("shop");
  if (!bill.invoice) return "–";
  return (
    <span className={classes.tag} data-tone={PAID[bill.invoice.status]}>
      {t(`invoice.${bill.invoice.status}`)}
    </span>
  );
}

function Months({ bills, next }: { bills: MonthBill[]; next: string | null | undefined }) {
  const { t } = useTranslation("shop");
  const name = useMonthName();
  const saying = useSaying();
  const columns: Column<MonthBill>[] = [
    { key: "month", title: t("month"), show: (one) => name(one.month), raw: (one) => one.month },
    {
      key: "state",
      title: t("invoices.state"),
      show: (one) => saying(one.period.text),
      raw: (one) => one.period.state,
    },
    {
      key: "subtotal",
      title: t("invoices.subtotal"),
      number: true,
      show: (one) => <Amount of={one.subtotal_won} />,
      raw: (one) => one.subtotal_won,
    },
    {
      key: "vat",
      title: t("invoices.vat"),
      number: true,
      show: (one) => <Amount of={one.vat_won} />,
      raw: (one) => one.vat_won,
    },
    {
      key: "total",
      title: t("invoices.total"),
      number: true,
      show: (one) => <Amount of={one.total_won} />,
      raw: (one) => one.total_won,
    },
    {
      key: "invoice",
      title: t("invoices.invoice"),
      show: (one) => <InvoiceState bill={one} />,
      raw: (one) => one.invoice?.status ?? "",
    },
  ];
  return (
    <Table
      caption={t("invoices.months")}
      columns={columns}
      rows={bills}
      keyOf={(one) => one.month}
      link={(one) => ({ to: "/shop/invoices/$month", params: { month: one.month } })}
      control={useTable()}
      next={next}
      empty={<Empty icon="receipt" title={t("invoices.none")} help={t("invoices.noneHelp")} />}
    />
  );
}

const DECIDED = { open: "warn", upheld: "good", rejected: undefined } as const;

function Disputes({ disputes }: { disputes: Dispute[] }) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  if (disputes.length === 0) return <p className={page.muted}>{t("invoices.noDisputes")}</p>;
  return (
    <ul className={classes.list}>
      {disputes.map((one) => (
        <li key={one.id} className={classes.item}>
          <span className={classes.grow}>
            <Link to="/shop/contacts/$contact" params={{ contact: one.contact }}>
              {full(new Date(one.opened_at), language)}
            </Link>{" "}
            {one.reason}
            {one.answer && <span className={page.muted}> → {one.answer}</span>}
          </span>
          <span className={classes.tag} data-tone={DECIDED[one.state]}>
            {t(`verdict.${one.state}`)}
          </span>
          {one.state === "upheld" && <Won of={one.won ?? 0} />}
        </li>
      ))}
    </ul>
  );
}
