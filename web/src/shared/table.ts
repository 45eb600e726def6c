/** What a table shows of a list, kept in the address: its order, its filters, its page. */
import { useUrl } from "./url";

export type Op = "eq" | "ne" | "gte" | "lte" | "has";

export interface Filter {
  column: string;
  op: Op;
  value: string | number;
}

export interface TableState {
  /** A column, or `-` and a column for the greatest first; "" for the list's own order. */
  sort: string;
  where: Filter[];
  /** Where the page begins; "" for the first one. */
  cursor: string;
}

export interface TableControl extends TableState {
  sortBy: (sort: string) => void;
  filter: (column: string, filters: Filter[]) => void;
  go: (cursor: string) => void;
  back: () => void;
  /** Whether a page before this one is known. */
  hasBack: boolean;
  clear: () => void;
}

/** The state in the address, and how to change it; another order or filter begins at the first page. */
export function useTable(): TableControl {
  const [url, change] = useUrl();
  const state = read(url);
  return {
    ...state,
    sortBy: (sort) => change({ sort, cursor: "" }),
    filter: (column, filters) => {
      const where = [...state.where.filter((one) => one.column !== column), ...filters];
      change({ where: where.length ? JSON.stringify(where) : "", cursor: "" }, { replace: true });
    },
    go: (cursor) => change({ cursor }),
    back: () => history.back(),
    hasBack: state.cursor !== "",
    clear: () => change({ where: "", cursor: "" }),
  };
}

/** What an address says, as far as it can be read. */
export function read(url: Readonly<Record<string, string>>): TableState {
  return { sort: url.sort ?? "", where: filters(url.where ?? ""), cursor: url.cursor ?? "" };
}

/** Order and filter as the API takes them, without those that say nothing. */
export function selected(state: TableState): { sort?: string; where?: string } {
  return {
    ...(state.sort && { sort: state.sort }),
    ...(state.where.length && { where: JSON.stringify(state.where) }),
  };
}

/** What is asked of a list that comes in pages. */
export function asked(state: TableState): { sort?: string; where?: string; cursor?: string } {
  return { ...selected(state), ...(state.cursor && { cursor: state.cursor }) };
}

function filters(text: string): Filter[] {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isFilter) : [];
  } catch {
    return [];
  }
}

function isFilter(one: unknown): one is Filter {
  const { column, op, value } = (one ?? {}) as Partial<Filter>;
  return typeof column === "string" && typeof op === "string" && ["string", "number"].includes(typeof value);
}

/** What the sort button of a column asks for next: up, down, the list's own order. */
export function nextSort(now: string, column: string): string {
  if (now === column) return `-${column}`;
  return now === `-${column}` ? "" : column;
}

/** Rows for a spreadsheet: raw values, apart by tabs; what a cell holds is never read as a formula or a new row. */
export function tsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const plain = value.replaceAll(/\s+/g, " ").trim();
  return /^[=+\-@]/.test(plain) && !/^[+-]?\d[\d,.]*$/.test(plain) ? `'${plain}` : plain;
}
