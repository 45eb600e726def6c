/** What a page shows is in its address: every value there is a plain text. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type UrlState = Readonly<Record<string, string>>;

export function parseSearch(text: string): UrlState {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(values: Record<string, unknown>): string {
  const said = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** The values in the address, and how to change some of them; "" takes one away. */
export function useUrl(): [UrlState, (change: Record<string, string>, options?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as UrlState;
  const navigate = useNavigate();
  const change = useCallback(
    (values: Record<string, string>, { replace = false } = {}) =>
      void navigate({
        to: ".",
        search: (before: object) =>
          Object.fromEntries(Object.entries({ ...before, ...values }).filter(([, value]) => value !== "")),
        replace,
        resetScroll: false,
      } as Parameters<typeof navigate>[0]),
    [navigate],
  );
  return [search, change];
}
