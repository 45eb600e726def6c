/** Everything that a key, the palette or a menu does. */
import type { Ref } from "../api/types";
import type { Command } from "../shared/keys";
import { createStore } from "../shared/store";
import { dialog, focusOn, release, resolve, spam, step, takeNext, toggleHand } from "./actions";
import { panelOpen } from "./panelOpen";
import { story } from "./story";

export const presenceOpen = createStore(false);

/** Those that act on a contact which the agent holds. */
const HOLDING: Partial<Record<Command, (ref: Ref) => void>> = {
  reply: () => focusOn("reply"),
  note: () => focusOn("note"),
  answers: () => focusOn("answers"),
  resolve: (ref) => void resolve(ref, { next: true }),
  resolveStay: (ref) => void resolve(ref, { next: false }),
  transfer: (ref) => dialog.set({ kind: "transfer", ref }),
  callback: (ref) => dialog.set({ kind: "later", what: "callback", ref }),
  snooze: (ref) => dialog.set({ kind: "later", what: "snooze", ref }),
  sendLater: (ref) => dialog.set({ kind: "later", what: "send", ref }),
  release: (ref) => void release(ref),
  merge: (ref) => dialog.set({ kind: "merge", ref }),
  spam: (ref) => void spam(ref),
  hand: (ref) => (story(ref)?.contact.hand_at ? void toggleHand(ref) : dialog.set({ kind: "hand", ref })),
  stop: (ref) => dialog.set({ kind: "stop", ref }),
  panel: () => panelOpen.set((now) => !now),
};

const ALWAYS: Partial<Record<Command, () => void>> = {
  next: () => void takeNext(),
  down: () => step(1),
  up: () => step(-1),
  pause: () => presenceOpen.set(true),
  figures: () => dialog.set({ kind: "figures" }),
  settings: () => dialog.set({ kind: "settings" }),
  help: () => dialog.set({ kind: "help" }),
};

export function isPossible(command: Command, mine: boolean): boolean {
  return mine || !(command in HOLDING);
}

export function run(command: Command, ref: Ref | null, mine: boolean): void {
  ALWAYS[command]?.();
  if (ref && mine) HOLDING[command]?.(ref);
  else if (ref && (command === "note" || command === "reply")) focusOn("note");
}
