import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type PeriodLine, type PeriodState, readPeriods } from "../api/calls/finance";
import type { Column } from "../shared/columns";
import { Asked } from "../shared/Empty";
import { Amount, Count, Won } from "../shared/Money";
import { MonthField } from "../shared/MonthField";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { selected, useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import classes from "./finance.module.css";
import { thisMonth } from "./Said";
import { shopColumn } from "./shopColumn";

export const STATES: readonly PeriodState[] = ["open", "closing", "reconciled", "invoiced", "locked"];

/** All shops' months: how far each is, and what stands in its way. */
export function Months() {
  const { t } = useTranslation("finance");
  const [url] = useUrl();
  const month = url.month ?? thisMonth();
  const control = useTable();
  const wanted = { month, ...selected(control) };
  const periods = useQuery({
    queryKey: ["finance", "periods", wanted],
    queryFn: () => readPeriods(wanted),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={shared.page}>
      <h1>{t("months.title")}</h1>
      <div className={classes.bar}>
        <MonthField label={t("month")} value={month} />
      </div>
      <Asked of={periods}>
        {(found) => {
          const counted = found.states.open !== found.shops;
          const columns: Column<PeriodLine>[] = [
            shopColumn(t("column.tenant")),
            {
              key: "state",
              title: t("column.state"),
              show: (one) => t(`state.${one.state}`),
              raw: (one) => one.state,
              sorts: true,
              filter: STATES.map((value) => ({ value, label: t(`state.${value}`) })),
            },
            {
              key: "contacts",
              title: t("column.contacts"),
              show: (one) => (one.state === "open" ? t("months.notYet") : <Count of={one.contacts} />),
              raw: (one) => one.contacts,
              number: true,
              sorts: true,
              sum: counted ? <Count of={found.contacts} /> : t("months.notYet"),
            },
            {
              key: "won",
              title: t("column.won"),
              show: (one) => (one.state === "open" ? t("months.notYet") : <Amount of={one.won} />),
              raw: (one) => one.won,
              number: true,
              sorts: true,
              filter: "number",
              sum: counted ? <Amount of={found.won} /> : t("months.notYet"),
            },
            {
              key: "breaks",
              title: t("breaks.title"),
              show: (one) => <Count of={one.breaks} />,
              raw: (one) => one.breaks,
              number: true,
              sorts: true,
              sum: <Count of={found.breaks} />,
            },
          ];
          return (
            <>
              <dl className={classes.figures}>
                {STATES.map((state) => (
                  <div key={state}>
                    <dt>{t(`state.${state}`)}</dt>
                    <dd>
                      <Count of={found.states[state] ?? 0} />
                    </dd>
                  </div>
                ))}
                <div>
                  <dt>{t("months.sum")}</dt>
                  <dd>{counted ? <Won of={found.won} /> : t("months.notYet")}</dd>
                </div>
              </dl>
              <Table
                caption={t("months.caption", { month: found.month })}
                columns={columns}
                rows={found.periods}
                keyOf={(one) => one.tenant}
                link={(one) => ({
                  to: "/finance/months/$tenant/$month",
                  params: { tenant: one.tenant, month: found.month },
                })}
                control={control}
                total={found.shops}
                busy={periods.isPlaceholderData}
              />
            </>
          );
        }}
      </Asked>
    </div>
  );
}
