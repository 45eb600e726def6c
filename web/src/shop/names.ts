/** What there is to choose from, in the order in which it is offered. */
import type { Channel, ContactStatus, HookEvent, Intent, Role, Sections } from "../api/calls/shop";

export const STATUSES: readonly ContactStatus[] = [
  "waiting",
  "claimed",
  "shop",
  "overflow",
  "later",
  "resolved",
  "spam",
  "merged",
];
export const INTENTS: readonly Intent[] = [
  "presale",
  "delivery",
  "exchange",
  "return",
  "payment",
  "defect",
  "warranty",
  "shipping_fee",
  "system",
  "complaint",
  "other",
];
export const CHANNELS: readonly Channel[] = [
  "chat",
  "kakao",
  "talktalk",
  "board",
  "email",
  "phone",
  "sms",
  "visit",
  "api",
];
export const ROLES: readonly Role[] = ["owner", "staff", "viewer"];
export const EVENTS: readonly HookEvent[] = [
  "contact.resolved",
  "contact.for_shop",
  "alert.reached",
  "invoice.finalized",
  "dispute.decided",
];
export const TRADES: readonly Sections["about"]["kind"][] = [
  "fashion",
  "cosmetics",
  "farm_fruit",
  "electronics",
  "pet_food",
  "furniture",
];
