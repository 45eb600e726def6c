import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Bill, readBill } from "../api/calls/shop";
import { full } from "../shared/dates";
import { Asked } from "../shared/Empty";
import { Count, Won } from "../shared/Money";
import page from "../shared/page.module.css";
import { InvoiceState } from "./Invoices";
import { Paying } from "./Paying";
import classes from "./shop.module.css";
import { useLanguage, useMonthName, useSaying, useWho, When } from "./who";

/** The bill of a month: the lines that the invoice is made of. */
export function Invoice() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const name = useMonthName();
  const { month = "" } = useParams({ strict: false });
  const bill = useQuery({ queryKey: [tenant, "bill", month], queryFn: () => readBill(tenant, month) });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("invoices.one", { month: name(month) })}</h1>
        <Link to="/shop/invoices">{t("invoices.back")}</Link>
      </div>
      <Asked of={bill}>{(found) => <One bill={found} />}</Asked>
    </div>
  );
}

function One({ bill }: { bill: Bill }) {
  const { t } = useTranslation("shop");
  const saying = useSaying();
  const { owns } = useWho();
  const language = useLanguage();
  const { invoice } = bill;
  return (
    <>
      <section className={page.panel} aria-labelledby="lines">
        <div className={page.head}>
          <h2 id="lines">{saying(bill.plan.name)}</h2>
          <span className={page.muted}>{saying(bill.period.text)}</span>
        </div>
        <dl className={classes.rows}>
          {bill.lines.map((line) => (
            <div key={`${line.item}${line.month ?? ""}${line.label.ko}`}>
              <dt>
                {saying(line.label)} · <Count of={line.quantity} unit={saying(line.unit)} />
              </dt>
              <dd>
                <Won of={line.won} />
              </dd>
            </div>
          ))}
          <div>
            <dt>{t("invoices.sum")}</dt>
            <dd>
              <Won of={bill.subtotal_won} />
            </dd>
          </div>
          <div>
            <dt>{t("invoices.tax")}</dt>
            <dd>
              <Won of={bill.vat_won} />
            </dd>
          </div>
          <div>
            <dt data-total>{t("invoices.whole")}</dt>
            <dd data-total>
              <Won of={bill.total_won} />
            </dd>
          </div>
        </dl>
        <p className={page.muted}>{t("invoices.asOf", { at: full(new Date(bill.as_of), language) })}</p>
        <Link to="/shop/usage" search={{ month: bill.month } as never}>
          {t("home.toUsage")}
        </Link>
      </section>
      {invoice && (
        <section className={page.panel} aria-labelledby="invoice">
          <div className={page.head}>
            <h2 id="invoice">
              {t("invoices.invoice")} {invoice.number}
            </h2>
            <InvoiceState bill={bill} />
          </div>
          <dl className={classes.rows}>
            <div>
              <dt>{t("invoices.whole")}</dt>
              <dd>
                <Won of={invoice.total_won} />
              </dd>
            </div>
            {invoice.credited_won > 0 && (
              <div>
                <dt>{t("invoices.credited")}</dt>
                <dd>
                  <Won of={invoice.credited_won} />
                </dd>
              </div>
            )}
            <div>
              <dt>{t("invoices.paid")}</dt>
              <dd>
                <Won of={invoice.paid_won} />
              </dd>
            </div>
            <div>
              <dt data-total>{t("invoices.remaining")}</dt>
              <dd data-total>
                <Won of={invoice.remaining_won} />
              </dd>
            </div>
            {invoice.due_at && (
              <div>
                <dt>{t("invoices.due")}</dt>
                <dd>
                  <When at={invoice.due_at} dayOnly />
                </dd>
              </div>
            )}
          </dl>
          {owns && <Paying />}
        </section>
      )}
    </>
  );
}
