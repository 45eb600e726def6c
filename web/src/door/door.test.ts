import { describe, expect, it } from "vitest";
import { hyphened, idOf } from "./Found";

describe("a shop's id", () => {
  it.each([
    ["Danbi Closet", "danbicloset"],
    ["Café Éclair 24", "cafeeclair24"],
    ["단비", ""],
    ["A".repeat(40), "a".repeat(32)],
  ])("that %s suggests", (name, wanted) => {
    expect(idOf(name)).toBe(wanted);
  });
});

it.each([
  ["1208147521", "120-81-47521"],
  ["120-81-47521", "120-81-47521"],
  ["120 81 47521", "120-81-47521"],
  ["１２０８１４７５２１", "120-81-47521"],
  ["12081", "12081"],
  ["열자리", "열자리"],
])("%s is shown as %s", (typed, shown) => {
  expect(hyphened(typed)).toBe(shown);
});
