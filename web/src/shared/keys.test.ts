import { describe, expect, it } from "vitest";
import { COMMANDS, commandOf, isChord, label, takesText } from "./keys";

const key = (given: Partial<KeyboardEvent>) => ({
  key: "",
  code: "",
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
  ...given,
});

describe("single keys", () => {
  it.each([
    ["Latin", { key: "n", code: "KeyN" }, "next"],
    ["Hangul on", { key: "ㅜ", code: "KeyN" }, "next"],
    ["an input method at work", { key: "Process", code: "KeyE", keyCode: 229 }, "resolve"],
    ["Caps Lock", { key: "N", code: "KeyN" }, "next"],
    ["Dvorak, where another place has the letter", { key: "n", code: "KeyL" }, "next"],
    ["with Shift", { key: "E", code: "KeyE", shiftKey: true }, "resolveStay"],
    ["with Shift and Hangul on", { key: "ㄸ", code: "KeyE", shiftKey: true }, "resolveStay"],
    ["by what is produced", { key: "?", code: "Minus", shiftKey: true }, "help"],
    ["by what is produced", { key: "!", code: "Digit1", shiftKey: true }, "spam"],
    ["while repeating", { key: "j", code: "KeyJ", repeat: true }, "down"],
  ])("%s", (_, given, wanted) => {
    expect(commandOf(key(given))).toBe(wanted);
  });

  it.each([
    ["with Ctrl", { key: "n", code: "KeyN", ctrlKey: true }],
    ["with Command", { key: "e", code: "KeyE", metaKey: true }],
    ["with Alt", { key: "e", code: "KeyE", altKey: true }],
    ["while a syllable is open", { key: "n", code: "KeyN", isComposing: true }],
    ["held down", { key: "e", code: "KeyE", repeat: true }],
    ["with Shift where there is none", { key: "N", code: "KeyN", shiftKey: true }],
    ["of no meaning", { key: "q", code: "KeyQ" }],
  ])("nothing %s", (_, given) => {
    expect(commandOf(key(given))).toBeNull();
  });

  it("are each of one command", () => {
    const labels = (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).map(label);
    expect(new Set(labels).size).toBe(labels.length);
  });
});

it("knows Ctrl+K and Command+K, with Hangul on too", () => {
  expect(isChord(key({ key: "k", code: "KeyK", ctrlKey: true }), "k")).toBe(true);
  expect(isChord(key({ key: "ㅏ", code: "KeyK", metaKey: true }), "k")).toBe(true);
  expect(isChord(key({ key: "k", code: "KeyK" }), "k")).toBe(false);
});

it("leaves text fields alone", () => {
  document.body.innerHTML = `<textarea></textarea><input type="text"><input type="checkbox"><button></button>
    <div contenteditable="true"><b></b></div><select></select>`;
  const found = (selector: string) => takesText(document.querySelector(selector));
  expect(["textarea", "input[type=text]", "b", "select"].map(found)).toEqual([true, true, true, true]);
  expect(["input[type=checkbox]", "button", "body"].map(found)).toEqual([false, false, false]);
});
