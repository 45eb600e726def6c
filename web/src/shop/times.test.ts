import { describe, expect, it } from "vitest";
import { atSeoul, dayFrom, seconds } from "./times";

describe("waits to the second", () => {
  it.each([
    [0, "0초", "0 s"],
    [59, "59초", "59 s"],
    [60, "1분", "1 min"],
    [151, "2분 31초", "2 min 31 s"],
    [3_599, "59분 59초", "59 min 59 s"],
    [3_660, "1시간 1분", "1 h 1 min"],
  ])("%d", (value, ko, en) => {
    expect([seconds(value, "ko"), seconds(value, "en")]).toEqual([ko, en]);
  });
});

it("days and times are those of Seoul", () => {
  const night = new Date("2026-11-22T15:30:00Z");
  expect(dayFrom(night, 0)).toBe("2026-11-23");
  expect(dayFrom(night, -29)).toBe("2026-10-25");
  expect(atSeoul("2026-11-27", "10:00")).toBe("2026-11-27T10:00+09:00");
});
