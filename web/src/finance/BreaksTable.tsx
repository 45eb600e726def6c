import { useTranslation } from "react-i18next";
import type { Break } from "../api/calls/finance";
import type { Column } from "../shared/columns";
import { Empty } from "../shared/Empty";
import { Table } from "../shared/Table";
import { Difference, Item } from "./Said";

/** The breaks of one shop's month; each leads to its page. */
export function BreaksTable(props: { caption: string; rows: Break[]; tenant: string; empty: string }) {
  const { t } = useTranslation("finance");
  const columns: Column<Break>[] = [
    {
      key: "rule",
      title: t("column.rule"),
      show: (one) => `${one.rule} ${t(`rule.${one.rule}`)}`,
      raw: (one) => one.rule,
    },
    {
      key: "item",
      title: t("column.item"),
      show: (one) => <Item of={one.item} />,
      raw: (one) => one.item,
    },
    {
      key: "difference",
      title: t("column.difference"),
      show: (one) => <Difference of={one.difference} rule={one.rule} />,
      raw: (one) => one.difference,
      number: true,
    },
    {
      key: "cause",
      title: t("column.cause"),
      show: (one) => t(`cause.${one.cause}`),
      raw: (one) => one.cause,
    },
    {
      key: "status",
      title: t("column.status"),
      show: (one) => t(`status.${one.status}`),
      raw: (one) => one.status,
    },
    {
      key: "owner",
      title: t("column.owner"),
      show: (one) => t(`owner.${one.owner as "finance"}`),
      raw: (one) => one.owner,
    },
  ];
  return (
    <Table
      caption={props.caption}
      columns={columns}
      rows={props.rows}
      keyOf={(one) => one.id}
      link={(one) => ({ to: "/finance/breaks/$tenant/$id", params: { tenant: props.tenant, id: one.id } })}
      empty={<Empty title={props.empty} icon="check" />}
    />
  );
}
