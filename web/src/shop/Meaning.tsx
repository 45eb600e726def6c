import { useTranslation } from "react-i18next";
import type { Preview, Promotion, Staffing } from "../api/calls/shop";
import { Columns } from "../shared/Bars";
import { day, time } from "../shared/dates";
import { Count, Won } from "../shared/Money";
import page from "../shared/page.module.css";
import classes from "./shop.module.css";
import { useLanguage, useMonthName } from "./who";

type Expected = Pick<Preview | Promotion, "contacts" | "price" | "staffing" | "basis" | "basis_en">;

/** What a promotion means: how many write, what that costs, and who answers them. */
export function Meaning({ of }: { of: Expected }) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  return (
    <>
      <div className={page.grid}>
        <section className={page.panel} aria-labelledby="contacts">
          <h2 id="contacts">{t("promotions.contactsTitle")}</h2>
          <p className={classes.figure}>
            <Count of={of.contacts.expected} unit={t("usage.unit")} />
          </p>
          <p>
            <Count of={of.contacts.low} /> – <Count of={of.contacts.high} unit={t("usage.unit")} />
          </p>
        </section>
        <section className={page.panel} aria-labelledby="price">
          <h2 id="price">{t("promotions.priceTitle")}</h2>
          <p className={classes.figure}>
            <Won of={of.price.expected} />
          </p>
          <p>
            <Won of={of.price.low} /> – <Won of={of.price.high} />
          </p>
          <p className={page.muted}>{t("usage.noVat")}</p>
        </section>
        <section className={page.panel} aria-labelledby="agents">
          <h2 id="agents">{t("promotions.agentsTitle")}</h2>
          <p className={classes.figure}>{t("promotions.agentsOf", { count: of.staffing.agents })}</p>
          <p className={page.muted}>
            {t("promotions.answered", {
              percent: of.staffing.answered_percent,
              seconds: of.staffing.within_seconds,
            })}
          </p>
        </section>
      </div>
      {of.staffing.shifts.length > 0 && <Shifts staffing={of.staffing} />}
      <p className={page.muted}>{language === "ko" ? of.basis : of.basis_en}</p>
    </>
  );
}

function Shifts({ staffing }: { staffing: Staffing }) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  return (
    <section className={page.panel} aria-labelledby="shifts">
      <h2 id="shifts">{t("promotions.shifts")}</h2>
      <Columns
        label={t("promotions.shifts")}
        max={staffing.agents}
        head={[t("promotions.hour"), t("promotions.shiftAgents")]}
        points={staffing.shifts.map((one) => {
          const at = new Date(one.starts_at);
          return {
            key: one.starts_at,
            label: `${day(at, language)} ${time(at, language)}`,
            short: time(at, language),
            value: one.agents,
            text: t("promotions.shift", { agents: one.agents, contacts: one.contacts }),
          };
        })}
      />
    </section>
  );
}

/** What changes: the contract for the time of the promotion, and the bill of its month. */
export function Difference({ preview }: { preview: Preview }) {
  const { t } = useTranslation("shop");
  const name = useMonthName();
  const { contract_before: before, contract_after: after, month } = preview;
  return (
    <section className={page.panel} aria-labelledby="change">
      <h2 id="change">{t("promotions.changes")}</h2>
      <div className={classes.change}>
        <div>
          <p className={page.muted}>{t("promotions.contract")}</p>
          <p>
            <b>
              {t("promotions.perHour", { count: before.rate_per_hour })} →{" "}
              {t("promotions.perHour", { count: after.rate_per_hour })}
            </b>
          </p>
          <p className={page.muted}>{t("promotions.burst", { before: before.burst, after: after.burst })}</p>
        </div>
        {month ? (
          <div>
            <p className={page.muted}>{t("promotions.monthBill", { month: name(month.month) })}</p>
            <p>
              <b>
                <Won of={month.before.total_won} /> → <Won of={month.after.total_won} />
              </b>
            </p>
            <p className={page.muted}>{t("promotions.vatIn")}</p>
          </div>
        ) : (
          <p className={page.muted}>{t("promotions.noMonth")}</p>
        )}
        <div>
          <p className={page.muted}>{t("promotions.added")}</p>
          <p>
            <b>
              <Count of={preview.added} unit={t("usage.unit")} />
            </b>
          </p>
        </div>
      </div>
    </section>
  );
}
