import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type BreakLine, readBreaks } from "../api/calls/finance";
import type { Column } from "../shared/columns";
import { Asked, Empty } from "../shared/Empty";
import { Count } from "../shared/Money";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { selected, useTable } from "../shared/table";
import { At, Difference } from "./Said";
import { shopColumn } from "./shopColumn";

const RULES = ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "I5"] as const;
const OWNERS = ["operations", "finance"] as const;
const STATUSES = ["open", "answered"] as const;

/** The breaks of all shops that stop a close. */
export function Breaks() {
  const { t } = useTranslation("finance");
  const control = useTable();
  const wanted = selected(control);
  const breaks = useQuery({
    queryKey: ["finance", "breaks", wanted],
    queryFn: () => readBreaks(wanted),
    placeholderData: keepPreviousData,
  });
  const columns: Column<BreakLine>[] = [
    shopColumn(t("column.tenant")),
    {
      key: "rule",
      title: t("column.rule"),
      show: (one) => `${one.rule} ${t(`rule.${one.rule as "R0"}`)}`,
      raw: (one) => one.rule,
      sorts: true,
      filter: RULES.map((value) => ({ value, label: `${value} ${t(`rule.${value}`)}` })),
    },
    {
      key: "difference",
      title: t("column.difference"),
      show: (one) => <Difference of={one.difference} rule={one.rule} />,
      raw: (one) => one.difference,
      number: true,
      sorts: true,
    },
    {
      key: "cause",
      title: t("column.cause"),
      show: (one) => t(`cause.${one.cause as "missed"}`),
      raw: (one) => one.cause,
      sorts: true,
    },
    {
      key: "status",
      title: t("column.status"),
      show: (one) => t(`status.${one.status as "open"}`),
      raw: (one) => one.status,
      sorts: true,
      filter: STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
    },
    {
      key: "owner",
      title: t("column.owner"),
      show: (one) => t(`owner.${one.owner as "finance"}`),
      raw: (one) => one.owner,
      sorts: true,
      filter: OWNERS.map((value) => ({ value, label: t(`owner.${value}`) })),
    },
    {
      key: "since",
      title: t("column.since"),
      show: (one) => <At of={one.since} />,
      raw: (one) => one.since,
      sorts: true,
    },
    {
      key: "days",
      title: t("column.days"),
      show: (one) => <Count of={one.days} />,
      raw: (one) => one.days,
      number: true,
      sorts: true,
      filter: "number",
    },
  ];
  return (
    <div className={shared.page}>
      <h1>{t("breaks.title")}</h1>
      <p className={shared.lead}>{t("breaks.lead")}</p>
      <Asked of={breaks}>
        {(found) => (
          <Table
            caption={t("breaks.all")}
            columns={columns}
            rows={found.breaks}
            keyOf={(one) => one.tenant + one.id}
            link={(one) => ({
              to: "/finance/breaks/$tenant/$id",
              params: { tenant: one.tenant, id: one.id },
            })}
            control={control}
            total={found.total}
            busy={breaks.isPlaceholderData}
            {...(control.where.length === 0 && { empty: <Empty title={t("breaks.none")} icon="check" /> })}
          />
        )}
      </Asked>
    </div>
  );
}
