import { describe, expect, it } from "vitest";
import { colourOf, contrast, initials, inkOn, readableOn } from "./colour";

const GROUNDS = ["#ffffff", "#f8f9fa", "#242424", "#2e2e2e"];

/** A spread over all colours that an owner might pick. */
const PICKED = Array.from({ length: 9 ** 3 }, (_, i) => [i % 9, Math.floor(i / 9) % 9, Math.floor(i / 81)])
  .map((steps) =>
    steps.map((step) =>
      Math.round((step * 255) / 8)
        .toString(16)
        .padStart(2, "0"),
    ),
  )
  .map((parts) => `#${parts.join("")}`);

describe("contrast", () => {
  it.each([
    ["#ffffff", "#000000", 21],
    ["#ffffff", "#ffffff", 1],
    ["#868e96", "#ffffff", 3.32],
    ["#1971c2", "#ffffff", 5.02],
    ["#191919", "#fee500", 13.75],
  ])("of %s and %s is %d", (one, other, wanted) => {
    expect(contrast(one, other)).toBeCloseTo(wanted, 1);
  });
});

describe("a shop's colour", () => {
  it("has letters that can be read on it, whatever it is", () => {
    for (const picked of PICKED) expect(contrast(inkOn(picked), picked)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(GROUNDS)("can be read as text on %s, whatever it is", (ground) => {
    for (const picked of PICKED) expect(contrast(readableOn(picked, ground), ground)).toBeGreaterThanOrEqual(4.5);
  });

  it("stays as chosen where it can be read", () => {
    expect(readableOn("#a61e4d", "#ffffff")).toBe("#a61e4d");
  });

  it("is the chosen one, or one of ours", () => {
    expect(colourOf("danbi", "#FF00AA")).toBe("#ff00aa");
    expect(colourOf("danbi", "red; }")).toBe(colourOf("danbi"));
  });
});

it.each([
  ["단비옷장", "단비"],
  ["Danbi Closet", "DC"],
  ["ON YU", "OY"],
  ["멍", "멍"],
])("%s is %s for short", (name, short) => {
  expect(initials(name)).toBe(short);
});
