import { Button } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "./columns";
import { isChord } from "./keys";
import { announce } from "./notices";
import classes from "./Table.module.css";
import { TableTools } from "./TableTools";
import { nextSort, type TableControl, tsv } from "./table";
import { TableKeys, useTableKeys } from "./tableKeys";

interface TableProps<R> {
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** Where a row leads; its first cell is the link. */
  link?: (row: R) => LinkProps;
  control?: TableControl;
  /** Where the next page begins, as the answer says; nothing for the last one. */
  next?: string | null | undefined;
  /** How many rows there are in the whole filter, if the answer says it. */
  total?: number | undefined;
  /** While other rows are on their way. */
  busy?: boolean;
  /** What stands there instead of rows. */
  empty?: ReactNode;
}

/** The one table there is: its order, filter and page are in the address, and its rows are links. */
export function Table<R>(props: TableProps<R>) {
  const { t } = useTranslation("shared");
  const { caption, columns, rows, keyOf, control, total, busy = false } = props;
  const id = useId();
  const box = useRef<HTMLElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [help, setHelp] = useState(false);
  const narrow = useNarrow();
  const said = total === undefined ? t("rows", { count: rows.length }) : t("rowsOf", { count: total });
  useEffect(() => {
    if (!busy) announce(said);
  }, [busy, said]);
  useTableKeys(box, control, props.next, () => setHelp(true));

  function toggle(key: string): void {
    setChosen((now) => {
      const after = new Set(now);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }

  async function copy(focused: string | undefined): Promise<void> {
    const some = rows.filter((row) => (chosen.size ? chosen.has(keyOf(row)) : keyOf(row) === focused));
    const copied = columns.filter((column) => column.raw);
    const values = some.map((row) => copied.map((column) => column.raw?.(row) ?? ""));
    await navigator.clipboard.writeText(tsv([copied.map((column) => column.title), ...values]));
    announce(t("copiedRows", { count: some.length }));
  }

  function pressed(event: KeyboardEvent<HTMLElement>): void {
    const row = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
    if (isChord(event.nativeEvent, "c") && row && !getSelection()?.toString()) {
      event.preventDefault();
      void copy(row);
    } else if (row && event.key === " ") {
      event.preventDefault();
      toggle(row);
    } else if (row && event.key === "Enter" && event.target instanceof HTMLElement) {
      // Else the same press would also be one on whatever has the focus by then: a dialog's first button.
      event.preventDefault();
      event.target.querySelector<HTMLElement>("a")?.click();
    }
  }

  const shared = { ...props, chosen };
  return (
    <div className={classes.whole} data-table>
      {control && <TableTools columns={columns} control={control} narrow={narrow} help={() => setHelp(true)} />}
      <section
        ref={box}
        className={classes.box}
        aria-labelledby={id}
        aria-busy={busy}
        tabIndex={narrow ? undefined : 0}
        onKeyDown={pressed}
      >
        <h2 id={id} className="spoken">
          {caption}
        </h2>
        {rows.length === 0 ? (
          (props.empty ?? <p className={classes.none}>{control?.where.length ? t("noneFiltered") : t("none")}</p>)
        ) : narrow ? (
          <Cards {...shared} />
        ) : (
          <Plain {...shared} />
        )}
      </section>
      <Pages said={said} control={control} next={props.next} chosen={chosen.size} />
      {help && <TableKeys close={() => setHelp(false)} />}
    </div>
  );
}

function Plain<R>({
  columns,
  rows,
  keyOf,
  link,
  control,
  caption,
  chosen,
  total,
}: TableProps<R> & { chosen: ReadonlySet<string> }) {
  const { t } = useTranslation("shared");
  const sums = columns.some((column) => column.sum !== undefined);
  return (
    <table className={classes.table}>
      <caption className="spoken">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.key} column={column} control={control} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = keyOf(row);
          return (
            <tr
              key={key}
              data-row={key}
              data-links={link ? true : undefined}
              data-chosen={chosen.has(key) || undefined}
              tabIndex={-1}
              onClick={follow}
            >
              {columns.map((column, place) =>
                place === 0 ? (
                  <th key={column.key} scope="row" data-number={column.number || undefined}>
                    {link ? <Link {...link(row)}>{column.show(row)}</Link> : column.show(row)}
                    {chosen.has(key) && <span className="spoken"> {t("chosen")}</span>}
                  </th>
                ) : (
                  <td key={column.key} data-number={column.number || undefined}>
                    {column.show(row)}
                  </td>
                ),
              )}
            </tr>
          );
        })}
      </tbody>
      {sums && (
        <tfoot>
          <tr>
            {columns.map((column, place) =>
              place === 0 ? (
                <th key={column.key} scope="row">
                  {t("sum", { count: total ?? rows.length })}
                </th>
              ) : (
                <td key={column.key} data-number={column.number || undefined}>
                  {column.sum}
                </td>
              ),
            )}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** On a narrow screen each row is a card, and each cell says what it is. */
function Cards<R>({ columns, rows, keyOf, link, chosen, total }: TableProps<R> & { chosen: ReadonlySet<string> }) {
  const { t } = useTranslation("shared");
  const sums = columns.filter((column) => column.sum !== undefined);
  return (
    <>
      <ul className={classes.cards}>
        {rows.map((row) => {
          const key = keyOf(row);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the link inside is what keys press
            <li key={key} data-row={key} data-chosen={chosen.has(key) || undefined} tabIndex={-1} onClick={follow}>
              <dl>
                {columns.map((column, place) => (
                  <div key={column.key} data-first={place === 0 || undefined}>
                    <dt>{column.title}</dt>
                    <dd>
                      {place === 0 && link ? <Link {...link(row)}>{column.show(row)}</Link> : column.show(row)}
                    </dd>
                  </div>
                ))}
              </dl>
            </li>
          );
        })}
      </ul>
      {sums.length > 0 && (
        <dl className={classes.sums}>
          <div>
            <dt>{t("sum", { count: total ?? rows.length })}</dt>
            <dd />
          </div>
          {sums.map((column) => (
            <div key={column.key}>
              <dt>{column.title}</dt>
              <dd>{column.sum}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

/** A click anywhere in a row is one on its link, unless it selects text or hits something of its own. */
function follow(event: React.MouseEvent<HTMLElement>): void {
  const { target, currentTarget } = event;
  if (!(target instanceof Element) || target.closest("a, button, input, select, summary, label")) return;
  if (getSelection()?.toString()) return;
  currentTarget.querySelector<HTMLElement>("a")?.click();
}

function Head<R>({ column, control }: { column: Column<R>; control: TableControl | undefined }) {
  const { t } = useTranslation("shared");
  const way =
    control?.sort === column.key ? "ascending" : control?.sort === `-${column.key}` ? "descending" : undefined;
  return (
    <th scope="col" aria-sort={way} data-number={column.number || undefined}>
      {column.sorts && control ? (
        <button
          type="button"
          className={classes.sort}
          title={t("sortBy", { column: column.title })}
          onClick={() => control.sortBy(nextSort(control.sort, column.key))}
        >
          {column.title}
          <span aria-hidden data-on={way}>
            {way === "ascending" ? "▲" : way === "descending" ? "▼" : "↕"}
          </span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

function Pages(props: {
  said: string;
  control: TableControl | undefined;
  next: string | null | undefined;
  chosen: number;
}) {
  const { t } = useTranslation("shared");
  const { control, next } = props;
  // Rows that are all there need not be counted for who sees them.
  if (!control && props.chosen === 0) return null;
  return (
    <div className={classes.pages}>
      <span>
        {props.said}
        {props.chosen > 0 && ` · ${t("chosenRows", { count: props.chosen })}`}
      </span>
      {control && (control.hasBack || next) && (
        <span>
          <Button variant="default" size="sm" disabled={!control.hasBack} onClick={control.back}>
            {t("before")}
          </Button>
          <Button variant="default" size="sm" disabled={!next} onClick={() => next && control.go(next)}>
            {t("after")}
          </Button>
        </span>
      )}
    </div>
  );
}

/** Where the places stand beside a table, a tablet held upright has no room for its columns. */
const NARROW = "(max-width: 899px)";

function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(NARROW);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(NARROW).matches,
  );
}
