import { describe, expect, it } from "vitest";
import type { Said } from "./api";
import type { State } from "./chat";
import { luminance, paint } from "./colour";
import { isSendKey } from "./dom";
import { speaker } from "./log";
import { backoff, pause } from "./pace";
import { status } from "./panel";
import { TEXTS } from "./texts";
import { clock, moment } from "./time";

const NOON = Date.UTC(2026, 10, 21, 3, 0);

describe("times in Seoul", () => {
  it.each([
    [Date.UTC(2026, 10, 20, 15, 0), "오전 12:00", "12:00 am"],
    [NOON, "오후 12:00", "12:00 pm"],
    [Date.UTC(2026, 10, 21, 6, 5), "오후 3:05", "3:05 pm"],
    [Date.UTC(2026, 10, 21, 14, 59), "오후 11:59", "11:59 pm"],
  ])("clock of %d", (at, ko, en) => {
    expect(clock(at, "ko")).toBe(ko);
    expect(clock(at, "en")).toBe(en);
  });

  it.each([
    [0, "오후 12:00", "12:00 pm"],
    [86_400_000, "내일 오후 12:00", "tomorrow 12:00 pm"],
    [-86_400_000, "어제 오후 12:00", "yesterday 12:00 pm"],
    [2 * 86_400_000, "11월 23일 (월) 오후 12:00", "Mon 23 Nov 12:00 pm"],
  ])("%d ms away", (away, ko, en) => {
    expect(moment(NOON + away, NOON, "ko")).toBe(ko);
    expect(moment(NOON + away, NOON, "en")).toBe(en);
  });
});

describe("colour", () => {
  it("has an ink of at least 4.5 to 1 on any colour", () => {
    for (let step = 0; step < 0x1000000; step += 4099) {
      const { paper, ink } = paint(`#${step.toString(16).padStart(6, "0")}`);
      const [dark, light] = [luminance(paper), luminance(ink)].sort((one, other) => one - other);
      expect(((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("is ours where the shop has none", () => {
    expect(paint(undefined)).toEqual(paint("red; background: url(x)"));
    expect(paint("#ffee00")).toEqual({ paper: "#ffee00", ink: "#000000" });
  });
});

describe("Enter", () => {
  const enter = (more: object) =>
    Object.assign(new KeyboardEvent("keydown", { key: "Enter", ...more }), more) as KeyboardEvent;

  it("sends outside of a composition alone", () => {
    expect(isSendKey(enter({ keyCode: 13 }))).toBe(true);
    expect(isSendKey(enter({ keyCode: 13, shiftKey: true }))).toBe(false);
    expect(isSendKey(enter({ keyCode: 229, isComposing: true }))).toBe(false);
    expect(isSendKey(enter({ keyCode: 229, isComposing: false }))).toBe(false);
    expect(isSendKey(enter({ key: "a", keyCode: 65 }))).toBe(false);
  });
});

describe("pace", () => {
  const looking = { visible: true, open: true, idle: 0, over: false };
  it.each([
    [looking, 2_000],
    [{ ...looking, idle: 10 * 60_000 }, 8_000],
    [{ ...looking, open: false }, 15_000],
    [{ ...looking, over: true }, 60_000],
    [{ ...looking, visible: false }, undefined],
  ])("of %o", (attention, wait) => expect(pause(attention)).toBe(wait));

  it("slows down after failures, and never below what the server asks for", () => {
    expect([1, 2, 3, 10].map((failures) => backoff(failures))).toEqual([1_000, 2_000, 4_000, 30_000]);
    expect(backoff(1, 45)).toBe(45_000);
  });
});

describe("words", () => {
  const said = (author: Said["author"]): Said => ({ id: "1", author, name: "단비", text: "", at: "" });
  it("never calls a machine a person", () => {
    expect(speaker(said("bot"), "단비옷장", TEXTS.ko)).toBe("챗봇 · 자동 응답");
    expect(speaker(said("agent"), "단비옷장", TEXTS.ko)).toBe("상담원 단비");
    expect(speaker(said("agent"), "Danbi Closet", TEXTS.en)).toBe("단비, human agent");
    expect(speaker(said("house"), "단비옷장", TEXTS.ko)).toBe("상담 센터 안내");
    expect(speaker(said("customer"), "단비옷장", TEXTS.ko)).toBe("나");
  });

  const state = (status: string, shop: object) =>
    ({ status, shop: { name: "단비옷장", ...shop } }) as unknown as State;
  it.each([
    ["", { open_now: true, expected_wait_seconds: 130 }, "지금 상담하고 있어요 · 보통 3분 안에 답해요"],
    ["", { open_now: true }, "지금 상담하고 있어요"],
    ["", { open_now: false }, TEXTS.ko.closed],
    ["waiting", { open_now: true, expected_wait_seconds: 60 }, "받았어요. 1분쯤 뒤에 답해 드려요."],
    ["claimed", { open_now: false }, "상담원이 읽고 있어요"],
    ["resolved", {}, "상담이 끝났어요"],
  ])("for %s and %o", (is, shop, text) => expect(status(state(is, shop), TEXTS.ko, "ko")).toBe(text));

  it("tells when a shop opens", () => {
    const soon = new Date(Date.now() + 10 * 86_400_000).toISOString();
    expect(status(state("waiting", { open_now: false, opens_at: soon }), TEXTS.ko, "ko")).toMatch(
      /^받았어요.*부터 답해/,
    );
    expect(status(state("", { open_now: false, opens_at: soon }), TEXTS.ko, "ko")).toMatch(
      /월 .*\) 오[전후] .*부터 답해/,
    );
  });
});
