import { expect, it } from "vitest";
import { counted, grouped, won } from "./Money";

it.each([
  [12300, "12,300원", "₩12,300"],
  [0, "0원", "₩0"],
  [-1234567, "-1,234,567원", "-₩1,234,567"],
  [12.5, "12.5원", "₩12.5"],
])("%s won", (amount, korean, english) => {
  expect([won(amount, "ko"), won(amount, "en")]).toEqual([korean, english]);
});

it("a change has its sign, and nothing has none", () => {
  expect([1200, -1200, 0].map((amount) => won(amount, "en", { change: true }))).toEqual([
    "+₩1,200",
    "-₩1,200",
    "₩0",
  ]);
  expect(grouped(50000)).toBe("50,000");
});

it.each([
  [26, "건", "26건"],
  [1_260, "contacts", "1,260\u00a0contacts"],
  [3, "", "3"],
])("%d %s is counted as people write it", (of, unit, told) => {
  expect(counted(of, unit)).toBe(told);
});
