import { expect, it } from "vitest";
import type { Contact, Desk } from "../api/types";
import { isUnread, pace } from "./desk";

const desk = (...channels: Contact["channel"][]) =>
  ({ held: channels.map((channel) => ({ channel })) }) as unknown as Desk;

it.each([
  ["a chat is held", desk("email", "chat"), false, 2_000],
  ["no chat is held", desk("email"), false, 5_000],
  ["nothing is known yet", undefined, false, 5_000],
  ["the page is hidden", desk("chat"), true, 30_000],
])("asks as often as it must when %s", (_, held, hidden, wanted) => {
  expect(pace(held, hidden)).toBe(wanted);
});

it("is unread while there is a version that was not seen", () => {
  const held = { tenant: "danbi", id: "c1", version: 4 } as Contact;
  expect(isUnread(held, {})).toBe(true);
  expect(isUnread(held, { "danbi/c1": 3 })).toBe(true);
  expect(isUnread(held, { "danbi/c1": 4 })).toBe(false);
});
