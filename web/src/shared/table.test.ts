import { describe, expect, it } from "vitest";
import { whole } from "./Field";
import { asked, nextSort, read, tsv } from "./table";
import { parseSearch, stringifySearch } from "./url";

describe("a table's state in the address", () => {
  const where = [{ column: "won", op: "gte" as const, value: 1000 }];

  it("comes back as it went, also where a value looks like a number or JSON", () => {
    const state = { sort: "-won", where: JSON.stringify(where), cursor: "20" };
    const back = parseSearch(stringifySearch(state));
    expect(back).toEqual(state);
    expect(read(back as Record<string, string>)).toEqual({ sort: "-won", where, cursor: "20" });
  });

  it.each(["{", "null", "7", '[{"column":1}]', '[["won"]]', "[null]"])("filters by nothing with %s", (text) => {
    expect(read({ where: text }).where).toEqual([]);
  });

  it("asks the API for nothing that says nothing", () => {
    expect(asked({ sort: "", where: [], cursor: "" })).toEqual({});
    expect(asked({ sort: "at", where, cursor: "" })).toEqual({ sort: "at", where: JSON.stringify(where) });
  });

  it("sorts up, down, and as it came", () => {
    expect([nextSort("", "at"), nextSort("at", "at"), nextSort("-at", "at"), nextSort("won", "at")]).toEqual([
      "at",
      "-at",
      "",
      "at",
    ]);
  });
});

describe("rows for a spreadsheet", () => {
  it.each([
    ["raw numbers", [[-1234567, 0]], "-1234567\t0"],
    ["texts of one line", [["단비\n옷장", "a\tb"]], "단비 옷장\ta b"],
    ["no formula", [["=1+1", "@sum", "+82 10", "-3.5"]], "'=1+1\t'@sum\t'+82 10\t-3.5"],
  ])("are %s", (_, rows, wanted) => {
    expect(tsv(rows)).toBe(wanted);
  });
});

it.each([
  ["12,300원", 12300],
  ["₩ 1 000", 1000],
  ["\\5000", 5000],
  ["１２", 12],
  ["-3", -3],
  ["1.5", null],
  ["", null],
  ["많이", null],
  ["1e5", null],
])("%s is read as %s", (text, wanted) => {
  expect(whole(text)).toBe(wanted);
});
