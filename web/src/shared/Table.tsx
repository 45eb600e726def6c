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
import { Dialog } from "./Confirm";
import { whole } from "./Field";
import { Icon } from "./icons";
import { isChord, takesText } from "./keys";
import { announce } from "./notices";
import classes from "./Table.module.css";
import { type Filter, nextSort, type Op, type TableControl, tsv } from "./table";

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
      {control && <Tools columns={columns} control={control} narrow={narrow} help={() => setHelp(true)} />}
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
      {help && <Keys close={() => setHelp(false)} />}
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

function Tools<R>(props: {
  columns: readonly Column<R>[];
  control: TableControl;
  narrow: boolean;
  help: () => void;
}) {
  const { t } = useTranslation("shared");
  const { columns, control } = props;
  const filtered = columns.filter((column) => column.filter);
  const sorted = columns.filter((column) => column.sorts);
  if (!filtered.length && !sorted.length) return null;
  return (
    <search className={classes.tools}>
      {filtered.map((column) => (
        <FilterField key={column.key} column={column} control={control} />
      ))}
      {sorted.length > 0 && (
        <label className={classes.tool}>
          {t("sort")}
          <select data-sort value={control.sort} onChange={(event) => control.sortBy(event.currentTarget.value)}>
            <option value="">{t("sortOwn")}</option>
            {sorted.map((column) => [
              <option key={column.key} value={column.key}>
                {t("sortUp", { column: column.title })}
              </option>,
              <option key={`-${column.key}`} value={`-${column.key}`}>
                {t("sortDown", { column: column.title })}
              </option>,
            ])}
          </select>
        </label>
      )}
      {control.where.length > 0 && (
        <Button variant="subtle" size="sm" onClick={control.clear}>
          {t("clear")}
        </Button>
      )}
      {!props.narrow && (
        <button
          type="button"
          className={classes.help}
          aria-label={t("keys")}
          title={t("keys")}
          onClick={props.help}
        >
          <Icon name="help" />
        </button>
      )}
    </search>
  );
}

function FilterField<R>({ column, control }: { column: Column<R>; control: TableControl }) {
  const { t } = useTranslation("shared");
  const mine = control.where.filter((one) => one.column === column.key);
  const of = (op: Op) => mine.find((one) => one.op === op)?.value ?? "";
  const put = (op: Op, value: string | number | null) => {
    const others = mine.filter((one) => one.op !== op);
    const made: Filter[] = value === null || value === "" ? [] : [{ column: column.key, op, value }];
    control.filter(column.key, [...others, ...made]);
  };
  if (column.filter === "text") {
    return (
      <div className={classes.tool}>
        <span aria-hidden>{column.title}</span>
        <Typed value={String(of("has"))} label={column.title} put={(text) => put("has", text)} />
      </div>
    );
  }
  if (column.filter === "number") {
    return (
      <fieldset className={classes.tool}>
        <legend>{column.title}</legend>
        <span className={classes.bounds}>
          <Typed number value={String(of("gte"))} label={t("from")} put={(text) => put("gte", whole(text))} />
          ~
          <Typed number value={String(of("lte"))} label={t("till")} put={(text) => put("lte", whole(text))} />
        </span>
      </fieldset>
    );
  }
  return (
    <label className={classes.tool}>
      {column.title}
      <select value={String(of("eq"))} onChange={(event) => put("eq", event.currentTarget.value)}>
        <option value="">{t("all")}</option>
        {(column.filter ?? []).map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A filter takes hold when it is entered or left, so that half a word asks for nothing. */
function Typed(props: { value: string; put: (text: string) => void; number?: boolean; label?: string }) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const done = () => {
    if (text.trim() !== props.value) props.put(text.trim());
  };
  return (
    <input
      data-filter
      data-number={props.number || undefined}
      type="search"
      inputMode={props.number ? "numeric" : "search"}
      aria-label={props.label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) done();
      }}
    />
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

const KEYS = [
  ["J K", "keyRows"],
  ["Enter", "keyOpen"],
  ["Space", "keyChoose"],
  ["Ctrl+C", "keyCopy"],
  ["/", "keyFilter"],
  ["S", "keySort"],
  ["[ ]", "keyPages"],
] as const;

function Keys({ close }: { close: () => void }) {
  const { t } = useTranslation("shared");
  return (
    <Dialog title={t("keys")} close={close}>
      <dl className={classes.keys}>
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Button variant="default" onClick={close}>
        {t("close")}
      </Button>
    </Dialog>
  );
}

/** Single keys act outside of fields and dialogs alone, wherever Hangul is on: on the table that has the focus, else on the first one. */
function useTableKeys(
  box: React.RefObject<HTMLElement | null>,
  control: TableControl | undefined,
  next: string | null | undefined,
  help: () => void,
): void {
  useEffect(() => {
    function pressed(event: globalThis.KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || takesText(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const key = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
      const whole = box.current?.parentElement;
      const meant = document.activeElement?.closest("[data-table]") ?? document.querySelector("[data-table]");
      if (meant !== whole) return;
      const act: Record<string, (() => void) | undefined> = {
        j: () => step(box.current, 1),
        k: () => step(box.current, -1),
        "/": () => whole?.querySelector<HTMLElement>("[data-filter]")?.focus(),
        s: () => whole?.querySelector<HTMLElement>("[data-sort]")?.focus(),
        "[": control?.hasBack ? control.back : undefined,
        "]": next ? () => control?.go(next) : undefined,
        "?": help,
      };
      const found = act[key];
      if (!found) return;
      event.preventDefault();
      found();
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [box, control, next, help]);
}

function step(box: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(box?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const to = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
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
