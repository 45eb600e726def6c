import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type AccountLine, readJournal } from "../api/calls/finance";
import type { Column } from "../shared/columns";
import { Asked } from "../shared/Empty";
import { Amount } from "../shared/Money";
import { MonthField } from "../shared/MonthField";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useUrl } from "../shared/url";
import classes from "./finance.module.css";
import { thisMonth } from "./Said";
import { searching } from "./search";

/** The balances of the entries that come from a month, account by account. */
export function Journal() {
  const { t } = useTranslation("finance");
  const [url] = useUrl();
  const month = url.month ?? thisMonth();
  const journal = useQuery({
    queryKey: ["finance", "journal", month],
    queryFn: () => readJournal(month),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={shared.page}>
      <h1>{t("journal.title")}</h1>
      <div className={classes.bar}>
        <MonthField label={t("month")} value={month} />
        <Link to="/finance/registers" search={searching({ register: "journal", month })}>
          {t("journal.entries")}
        </Link>
      </div>
      <Asked of={journal}>
        {(found) => {
          const columns: Column<AccountLine>[] = [
            {
              key: "period",
              title: t("journal.period"),
              show: (one) => one.period,
              raw: (one) => one.period,
            },
            { key: "account", title: t("cell.account"), show: (one) => one.account, raw: (one) => one.account },
            {
              key: "debit",
              title: t("cell.debit_krw"),
              show: (one) => <Amount of={one.debit} />,
              raw: (one) => one.debit,
              number: true,
              sum: <Amount of={found.debit} />,
            },
            {
              key: "credit",
              title: t("cell.credit_krw"),
              show: (one) => <Amount of={one.credit} />,
              raw: (one) => one.credit,
              number: true,
              sum: <Amount of={found.credit} />,
            },
            {
              key: "balance",
              title: t("journal.balance"),
              show: (one) => <Amount of={one.balance} />,
              raw: (one) => one.balance,
              number: true,
            },
          ];
          return (
            <Table
              caption={t("journal.caption", { month: found.month })}
              columns={columns}
              rows={found.accounts}
              keyOf={(one) => one.period + one.account}
              busy={journal.isPlaceholderData}
            />
          );
        }}
      </Asked>
    </div>
  );
}
