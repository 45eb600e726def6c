import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ready } from "../i18n";
import type { Column } from "./columns";
import { Table } from "./Table";
import type { TableControl } from "./table";

interface Row {
  name: string;
}

const columns: Column<Row>[] = [
  { key: "name", title: "이름", show: (one) => one.name, raw: (one) => one.name },
  { key: "won", title: "금액", show: () => "0", number: true, filter: "number" },
];
const rows = (...names: string[]): Row[] => names.map((name) => ({ name }));
const gone: string[] = [];
const filtered: unknown[] = [];

function control(table: string): TableControl {
  const nothing = () => undefined;
  const go = (cursor: string) => void gone.push(`${table} ${cursor}`);
  return {
    sort: "",
    where: [],
    cursor: "",
    sortBy: nothing,
    filter: (_, filters) => void filtered.push(filters),
    go,
    back: nothing,
    hasBack: false,
    clear: nothing,
  };
}

beforeEach(async () => {
  await ready;
  gone.length = filtered.length = 0;
  Element.prototype.scrollIntoView = () => undefined;
  render(
    <MantineProvider env="test">
      {(["하나", "둘"] as const).map((name) => (
        <Table
          key={name}
          caption={name}
          columns={columns}
          rows={rows(`${name}-1`, `${name}-2`)}
          keyOf={(one) => one.name}
          control={control(name)}
          next="2"
        />
      ))}
    </MantineProvider>,
  );
});
afterEach(cleanup);

const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focused = () => (document.activeElement as HTMLElement).dataset.row;

it("has its keys act on the first of two tables as long as neither has the focus", () => {
  press("j");
  expect(focused()).toBe("하나-1");
  press("j");
  expect(focused()).toBe("하나-2");
  press("]");
  expect(gone).toEqual(["하나 2"]);
});

it("has its keys act on the table that has the focus", () => {
  screen.getByRole("region", { name: "둘" }).focus();
  press("j");
  expect(focused()).toBe("둘-1");
  press("k");
  expect(focused()).toBe("둘-1");
  press("]");
  expect(gone).toEqual(["둘 2"]);
  press("?");
  expect(screen.getAllByRole("dialog", { hidden: true })).toHaveLength(1);
});

it("filters by a number however it is written, and by nothing else", () => {
  const [box] = screen.getAllByRole("searchbox");
  if (!box) throw new Error("there is no filter");
  const enter = (value: string) => {
    fireEvent.change(box, { target: { value } });
    fireEvent.keyDown(box, { key: "Enter" });
  };
  enter("구백");
  expect(box.getAttribute("aria-invalid")).toBe("true");
  expect(filtered).toEqual([]);
  enter("９００");
  expect(box.getAttribute("aria-invalid")).toBeNull();
  expect(filtered).toEqual([[{ column: "won", op: "gte", value: 900 }]]);
});
