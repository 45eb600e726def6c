import { describe, expect, it } from "vitest";
import { ago, countdown, day, duration, full, isoDay, month, seoulInstant, shortDay, time } from "./dates";

describe("times of day in Seoul", () => {
  it.each([
    ["2026-11-20T15:00:00Z", "오전 12:00", "12:00 AM"],
    ["2026-11-20T15:05:00Z", "오전 12:05", "12:05 AM"],
    ["2026-11-20T20:05:00Z", "오전 5:05", "5:05 AM"],
    ["2026-11-21T02:59:59Z", "오전 11:59", "11:59 AM"],
    ["2026-11-21T03:00:00Z", "오후 12:00", "12:00 PM"],
    ["2026-11-21T06:05:00Z", "오후 3:05", "3:05 PM"],
    ["2026-11-21T14:59:00Z", "오후 11:59", "11:59 PM"],
  ])("%s is %s", (at, korean, english) => {
    expect(time(new Date(at), "ko")).toBe(korean);
    expect(time(new Date(at), "en")).toBe(english);
  });
});

describe("days in Seoul", () => {
  const midnight = new Date("2026-11-20T15:00:00Z");
  const before = new Date("2026-11-20T14:59:59Z");

  it("changes at midnight there, wherever the browser is", () => {
    expect(day(midnight, "ko")).toBe("11월 21일 (토)");
    expect(day(before, "ko")).toBe("11월 20일 (금)");
    expect(day(midnight, "en")).toBe("Sat, Nov 21");
    expect(shortDay(midnight, "ko")).toBe("11. 21.");
    expect(shortDay(before, "en")).toBe("Nov 20");
    expect(isoDay(midnight)).toBe("2026-11-21");
    expect(isoDay(before)).toBe("2026-11-20");
  });

  it("is written out in full", () => {
    expect(full(midnight, "ko")).toBe("2026. 11. 21. 오전 12:00");
    expect(full(midnight, "en")).toBe("Nov 21, 2026, 12:00 AM");
  });

  it("finds the instant of an hour of another day, over the end of a month", () => {
    expect(seoulInstant(midnight, 0, 17).toISOString()).toBe("2026-11-21T08:00:00.000Z");
    expect(seoulInstant(midnight, 10, 9, 30).toISOString()).toBe("2026-12-01T00:30:00.000Z");
    expect(seoulInstant(before, 1, 0).toISOString()).toBe(midnight.toISOString());
  });
});

describe("relative times", () => {
  const now = new Date("2026-11-21T06:00:00Z");

  it.each([
    ["2026-11-21T05:59:30Z", "방금", "just now"],
    ["2026-11-21T05:57:00Z", "3분 전", "3 minutes ago"],
    ["2026-11-21T03:30:00Z", "2시간 전", "2 hours ago"],
    ["2026-11-21T08:00:00Z", "2시간 후", "in 2 hours"],
    ["2026-11-20T05:00:00Z", "11월 20일 (금) 오후 2:00", "Fri, Nov 20 2:00 PM"],
  ])("%s is %s", (at, korean, english) => {
    expect(ago(new Date(at), now, "ko")).toBe(korean);
    expect(ago(new Date(at), now, "en")).toBe(english);
  });
});

it("counts down to zero and not below", () => {
  expect([65_000, 60_000, 59_001, 999, 0, -5_000].map(countdown)).toEqual([
    "1:05",
    "1:00",
    "1:00",
    "0:01",
    "0:00",
    "0:00",
  ]);
});

it("says durations in words", () => {
  expect(duration(3_900, "ko")).toBe("1시간 5분");
  expect(duration(300, "en")).toBe("5 min");
});

it.each([
  ["2026-11", "2026년 11월", "November 2026"],
  ["2027-01", "2027년 1월", "January 2027"],
])("names the month %s", (text, korean, english) => {
  expect(month(text, "ko")).toBe(korean);
  expect(month(text, "en")).toBe(english);
});
