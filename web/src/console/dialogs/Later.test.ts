import { expect, it } from "vitest";
import { presets } from "./Later";

const named = (now: string) =>
  Object.fromEntries(presets(new Date(now)).map((one) => [one.name, one.at.toISOString()]));

it("offers times of Seoul, wherever the browser is", () => {
  // Saturday, 23:30 there.
  expect(named("2026-11-21T14:30:00Z")).toEqual({
    in30: "2026-11-21T15:00:00.000Z",
    in2h: "2026-11-21T16:30:00.000Z",
    tomorrow: "2026-11-22T00:00:00.000Z",
    tomorrow13: "2026-11-22T04:00:00.000Z",
    monday: "2026-11-23T00:00:00.000Z",
  });
});

it("means the Monday after on a Monday, and five o'clock while it is to come", () => {
  const found = named("2026-11-23T01:00:00Z");
  expect(found.monday).toBe("2026-11-30T00:00:00.000Z");
  expect(found.at17).toBe("2026-11-23T08:00:00.000Z");
});

it("offers no time twice: on a Sunday Monday is tomorrow", () => {
  expect(Object.keys(named("2026-11-22T03:00:00Z"))).toEqual(["in30", "in2h", "at17", "tomorrow", "tomorrow13"]);
});
