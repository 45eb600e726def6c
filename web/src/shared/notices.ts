/** What the page tells: notices that can be undone for a while, and what a screen reader hears. */
import { createStore } from "./store";

export interface Notice {
  id: number;
  text: string;
  tone: "plain" | "bad";
  undo?: (() => Promise<void>) | undefined;
}

export const notices = createStore<Notice[]>([]);
export const spoken = createStore<{ id: number; text: string }>({ id: 0, text: "" });

/** Long enough to be read and undone without haste. */
export const NOTICE_MILLIS = 12_000;
const KEPT = 4;

let count = 0;

export function notify(
  text: string,
  options: { undo?: (() => Promise<void>) | undefined; bad?: boolean } = {},
): void {
  const made: Notice = { id: ++count, text, tone: options.bad ? "bad" : "plain", undo: options.undo };
  notices.set((now) => [...now.filter((one) => one.text !== text || one.undo), made].slice(-KEPT));
}

export function dismiss(id: number): void {
  notices.set((now) => now.filter((one) => one.id !== id));
}

/** Tell a screen reader, once, without moving the focus. */
export function announce(text: string): void {
  spoken.set({ id: ++count, text });
}

/** Undo the last thing whose notice is still there. Returns whether there was one. */
export function undoLast(): boolean {
  const last = notices.get().findLast((one) => one.undo);
  if (!last?.undo) return false;
  dismiss(last.id);
  void last.undo();
  return true;
}
