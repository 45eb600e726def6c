import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type AgingLine, readAging } from "../api/calls/finance";
import type { Column } from "../shared/columns";
import { Asked, Empty } from "../shared/Empty";
import { TextField } from "../shared/Field";
import { Amount, Won } from "../shared/Money";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { selected, useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import classes from "./finance.module.css";
import { searching } from "./search";
import { shopColumn } from "./shopColumn";

const BUCKETS = ["current", "1-30", "31-60", "61-90", "90+"] as const;

/** What shops owe, by how many days it is overdue. */
export function Aging() {
  const { t } = useTranslation("finance");
  const [url, change] = useUrl();
  const control = useTable();
  const wanted = { ...selected(control), ...(url.at && { at: url.at }) };
  const aging = useQuery({
    queryKey: ["finance", "aging", wanted],
    queryFn: () => readAging(wanted),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={shared.page}>
      <h1>{t("aging.title")}</h1>
      <Asked of={aging}>
        {(found) => {
          const columns: Column<AgingLine>[] = [
            shopColumn(t("column.tenant")),
            ...BUCKETS.map((bucket) => ({
              key: bucket,
              title: t(`bucket.${bucket}`),
              show: (one: AgingLine) => <Amount of={one.buckets[bucket] ?? 0} />,
              raw: (one: AgingLine) => one.buckets[bucket] ?? 0,
              number: true,
              sum: <Amount of={found.buckets[bucket] ?? 0} />,
            })),
            {
              key: "total",
              title: t("aging.total"),
              show: (one) => <Amount of={one.total} />,
              raw: (one) => one.total,
              number: true,
              sorts: true,
              filter: "number",
              sum: <Amount of={found.total} />,
            },
          ];
          return (
            <>
              <div className={classes.bar}>
                <TextField
                  label={t("aging.at")}
                  type="date"
                  value={url.at ?? found.as_of}
                  onChange={(at) => change({ at }, { replace: true })}
                />
                <p>
                  {t("aging.sum")} <Won of={found.total} />
                </p>
              </div>
              <Table
                caption={t("aging.caption", { at: found.as_of })}
                columns={columns}
                rows={found.shops}
                keyOf={(one) => one.tenant}
                link={(one) => ({
                  to: "/finance/registers",
                  search: searching({ register: "ar_aging", tenant: one.tenant }),
                })}
                control={control}
                total={found.shops.length}
                busy={aging.isPlaceholderData}
                {...(control.where.length === 0 && { empty: <Empty title={t("aging.none")} icon="check" /> })}
              />
            </>
          );
        }}
      </Asked>
    </div>
  );
}
