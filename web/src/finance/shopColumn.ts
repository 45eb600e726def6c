import type { Column } from "../shared/columns";

/** The first column of what is listed shop by shop. */
export function shopColumn<R extends { tenant: string }>(title: string): Column<R> {
  return {
    key: "tenant",
    title,
    show: (one) => one.tenant,
    raw: (one) => one.tenant,
    sorts: true,
    filter: "text",
  };
}
