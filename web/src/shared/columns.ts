import type { ReactNode } from "react";

/** A column of a table. */
export interface Column<R> {
  key: string;
  title: string;
  show: (row: R) => ReactNode;
  /** What is copied: an integer, an ISO date, a bare text. A column without it is not copied. */
  raw?: (row: R) => string | number;
  number?: boolean;
  sorts?: boolean;
  /** How it is filtered: by a part of a text, by bounds of a number, or by one of a few values. */
  filter?: "text" | "number" | readonly { value: string; label: string }[];
  /** What stands below it: of the whole filter, as the answer says. */
  sum?: ReactNode;
}
