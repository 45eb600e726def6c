import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "./columns";
import { whole } from "./Field";
import { Icon } from "./icons";
import classes from "./Table.module.css";
import type { Filter, Op, TableControl } from "./table";

/** What is above a table: its filters and its order. */
export function TableTools<R>(props: {
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

/** A filter takes hold when it is entered or left, so that half a word asks for nothing.
 *  What is no number takes none: it is marked as wrong. */
function Typed(props: { value: string; put: (text: string) => void; number?: boolean; label?: string }) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const wrong = props.number && text.trim() !== "" && whole(text) === null;
  const done = () => {
    if (!wrong && text.trim() !== props.value) props.put(text.trim());
  };
  return (
    <input
      data-filter
      data-number={props.number || undefined}
      type="search"
      inputMode={props.number ? "numeric" : "search"}
      aria-label={props.label}
      aria-invalid={wrong || undefined}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) done();
      }}
    />
  );
}
