import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hear, now } from "./now";

const AT = Date.parse("2026-11-22T03:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
});

afterEach(() => {
  hear(answered("Sun, 22 Nov 2026 03:00:00 GMT"));
  vi.useRealTimers();
});

function answered(date?: string): Response {
  return new Response(null, { headers: date ? { Date: date } : {} });
}

test("the house's clock counts, and goes on", () => {
  hear(answered("Tue, 01 Dec 2026 03:00:00 GMT"));
  expect(now().toISOString()).toBe("2026-12-01T03:00:00.000Z");
  vi.advanceTimersByTime(5_000);
  expect(now().toISOString()).toBe("2026-12-01T03:00:05.000Z");
});

test("an answer's way and whole seconds are no difference", () => {
  hear(answered("Sun, 22 Nov 2026 02:59:45 GMT"));
  expect(now().getTime()).toBe(AT);
});

test.each([undefined, "yesterday"])("an answer that tells no time (%s) changes nothing", (date) => {
  hear(answered("Tue, 01 Dec 2026 03:00:00 GMT"));
  hear(answered(date));
  expect(now().toISOString()).toBe("2026-12-01T03:00:00.000Z");
});
