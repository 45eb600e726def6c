import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fileRegister, type Register, readRegister } from "../api/calls/finance";
import { useAttempt } from "../shared/attempt";
import type { Column } from "../shared/columns";
import { Asked } from "../shared/Empty";
import { SelectField, TextField } from "../shared/Field";
import { Amount, Count } from "../shared/Money";
import { MonthField } from "../shared/MonthField";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { asked, type TableControl, useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import classes from "./finance.module.css";
import { codesOf, FILTERED, OWN, REGISTERS, type RegisterName } from "./registerColumns";
import { thisMonth } from "./Said";

type Row = Register["rows"][number];

/** Any of the registers, of all shops or one, with the sums of the whole filter, and as a file. */
export function Registers() {
  const { t } = useTranslation("finance");
  const [url, change] = useUrl();
  const name = REGISTERS.find((one) => one === url.register) ?? REGISTERS[0];
  const control = useTable();
  const month = url.month ?? thisMonth();
  const of = { month, ...(url.tenant && { tenant: url.tenant }) };
  const wanted = { ...of, ...asked(control) };
  const register = useQuery({
    queryKey: ["finance", "register", name, wanted],
    queryFn: () => readRegister(name, wanted),
    placeholderData: keepPreviousData,
  });
  const fresh = { sort: "", where: "", cursor: "" };
  return (
    <div className={shared.page}>
      <h1>{t("registers.title")}</h1>
      <div className={classes.bar}>
        <SelectField
          label={t("registers.which")}
          value={name}
          onChange={(register) => change({ ...fresh, register })}
          options={REGISTERS.map((value) => ({ value, label: t(`register.${value}`) }))}
        />
        <MonthField label={t("month")} value={month} />
        <Shop value={url.tenant ?? ""} change={(tenant) => change({ cursor: "", tenant })} />
        <AsFile name={name} wanted={wanted} />
      </div>
      <Asked of={register}>
        {(found) => (
          <Table
            caption={t("registers.caption", { register: t(`register.${name}`), month: found.month })}
            columns={columnsOf(found, name, control, t)}
            rows={found.register === name ? found.rows : []}
            keyOf={(row) => keyOf(row, name)}
            control={control}
            next={found.cursor}
            total={found.sums.rows}
            busy={register.isPlaceholderData}
          />
        )}
      </Asked>
    </div>
  );
}

/** The shop is asked for when it is entered or left: half a name is none. */
function Shop({ value, change }: { value: string; change: (tenant: string) => void }) {
  const { t } = useTranslation("finance");
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change(text.trim());
      }}
    >
      <TextField
        label={t("registers.shop")}
        placeholder={t("registers.allShops")}
        value={text}
        onChange={setText}
        onBlur={() => text.trim() !== value && change(text.trim())}
      />
    </form>
  );
}

function AsFile({ name, wanted }: { name: RegisterName; wanted: Parameters<typeof fileRegister>[1] }) {
  const { t } = useTranslation("finance");
  const { busy, wrong, attempt } = useAttempt();
  async function make(): Promise<void> {
    const { month, tenant, sort, where } = wanted;
    const made = await fileRegister(name, {
      month,
      ...(tenant && { tenant }),
      ...(sort && { sort }),
      ...(where && { where }),
    });
    location.assign(made.url);
  }
  return (
    <div>
      <Button variant="default" loading={busy} onClick={() => void attempt(make)}>
        {t("registers.file")}
      </Button>
      {wrong && (
        <p role="alert" className={shared.wrong}>
          {wrong}
        </p>
      )}
    </div>
  );
}

/** A column of the answer: what it holds says how it is shown, sorted and filtered. */
function columnsOf(
  found: Register,
  name: RegisterName,
  control: TableControl,
  t: ReturnType<typeof useTranslation<"finance">>["t"],
): Column<Row>[] {
  const kinds = found.register === name ? found.columns : {};
  return Object.entries(kinds).map(([key, kind]) => {
    const text = kind === "text";
    const sum = found.sums[key];
    const codes = codesOf(name, key).map((value) => ({ value, label: t(`${key as "state"}.${value as "open"}`) }));
    const labels = new Map(codes.map((one) => [one.value, one.label]));
    const shown = FILTERED[name].includes(key) || control.where.some((one) => one.column === key);
    return {
      key,
      title: t(`cell.${key as "tenant_id"}`),
      show: (row) => show(labels.get(String(row[key])) ?? row[key] ?? "", kind),
      raw: (row) => row[key] ?? "",
      number: !text,
      sorts: true,
      ...(shown && { filter: filterOf(text, codes) }),
      ...(sum !== undefined && { sum: show(sum, kind) }),
    };
  });
}

function filterOf(text: boolean, codes: { value: string; label: string }[]): NonNullable<Column<Row>["filter"]> {
  if (codes.length > 0) return codes;
  return text ? "text" : "number";
}

function show(cell: string | number, kind: string): React.ReactNode {
  if (typeof cell === "string")
    return <span className={cell.length > LONG ? classes.hash : classes.short}>{cell}</span>;
  return kind === "won" ? <Amount of={cell} /> : <Count of={cell} />;
}

const LONG = 40;

function keyOf(row: Row, name: RegisterName): string {
  const own = OWN[name].length ? OWN[name].map((key) => row[key]) : Object.values(row);
  return own.join(" ");
}
