import { expect, test } from "vitest";
import { finance as en } from "../i18n/en/finance";
import { finance as ko } from "../i18n/ko/finance";
import { CODED, codesOf } from "./registerColumns";

test("every code that a register holds has a word in both languages", () => {
  for (const columns of Object.values(CODED))
    for (const [column, codes] of Object.entries(columns))
      for (const words of [ko, en])
        expect(Object.keys((words as unknown as Record<string, object>)[column] ?? {})).toEqual(
          expect.arrayContaining([...codes]),
        );
});

test("what is no code of ours stands as it is", () => {
  expect(codesOf("period_register", "state")).toContain("locked");
  expect(codesOf("period_register", "tenant_id")).toEqual([]);
  expect(codesOf("journal", "state")).toEqual([]);
});
