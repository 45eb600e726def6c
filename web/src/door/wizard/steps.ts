/** The steps of setting a shop up, and what of the checklist each of them settles. */
import type { Setup } from "../../api/types";

export const STEPS = [
  "past",
  "goals",
  "scope",
  "hours",
  "voice",
  "answers",
  "channels",
  "team",
  "plan",
  "rehearsal",
  "live",
] as const;

export type Step = (typeof STEPS)[number];

export const ITEMS: Record<Step, readonly string[]> = {
  past: ["diagnosis"],
  goals: ["goals"],
  scope: ["scope"],
  hours: ["hours"],
  voice: ["voice"],
  answers: ["answers"],
  channels: ["channels", "widget"],
  team: ["team"],
  plan: ["plan"],
  rehearsal: ["rehearsal"],
  live: [],
};

export function isDone(setup: Setup, step: Step): boolean {
  if (step === "live") return setup.stage === "live";
  return ITEMS[step].every((id) => setup.items.some((item) => item.id === id && item.done));
}

/** Where to go on: with the past of the shop at first, since it proposes the rest, then with what is asked for next. */
export function nextOf(setup: Setup): Step {
  if (setup.may_go_live || setup.stage === "live") return "live";
  const begun = STEPS.some((step) => isDone(setup, step));
  if (!begun) return "past";
  return STEPS.find((step) => ITEMS[step].includes(setup.next ?? "")) ?? "live";
}
