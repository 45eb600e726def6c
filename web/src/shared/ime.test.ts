import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SendOnce } from "./ime";

/** The keys and ends of composition that browsers report for "안녕" and then the key that sends, in their order. */
const RECORDED = {
  "Chrome on Windows: the key comes while the syllable is open": [{ isComposing: true, keyCode: 229 }, "end"],
  "Chrome on Windows repeats the key after the composition": [
    { isComposing: true, keyCode: 229 },
    "end",
    { isComposing: false, keyCode: 13 },
  ],
  "Safari: the composition ends first, and the key has the code 229": [
    "end",
    { isComposing: false, keyCode: 229 },
  ],
  "a method that closes the syllable first, and puts it into the text after the key": [
    { isComposing: false, keyCode: 229 },
    "end",
  ],
  "Firefox: the key alone, once the syllable is closed": ["end", { isComposing: false, keyCode: 13 }],
  "no input method": [{ isComposing: false, keyCode: 13 }],
} as const;

describe("a key that sends", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each(Object.entries(RECORDED))("sends once, with the last syllable in it: %s", (_, events) => {
    const once = new SendOnce();
    const sent: string[] = [];
    let text = events.some((event) => event === "end") ? "안" : "안녕";
    const send = () => sent.push(text);
    for (const event of events) {
      if (event === "end") {
        once.ended();
        text = "안녕";
      } else if (once.key(event, send)) {
        send();
      }
    }
    vi.runAllTimers();
    expect(sent).toEqual(["안녕"]);
  });

  it("sends again for the next message", () => {
    const once = new SendOnce();
    let sent = 0;
    for (const _ of [1, 2]) {
      once.key({ isComposing: true, keyCode: 229 }, () => sent++);
      once.ended();
      vi.runAllTimers();
    }
    expect(sent).toBe(2);
  });

  it("sends nothing when a composition ends without it", () => {
    const once = new SendOnce();
    once.ended();
    vi.runAllTimers();
    expect(once.key({ isComposing: false, keyCode: 13 }, () => undefined)).toBe(true);
  });
});
