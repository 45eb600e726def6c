import type { Language } from "../shared/dates";
import { createKeptStore } from "../shared/store";

/** What a person has chosen in this browser; `public/first-paint.js` reads it too. */
export interface Settings {
  language: Language;
  scheme: "auto" | "light" | "dark";
  /** Whether single letters act outside of text fields. */
  letters: boolean;
  /** Whether Enter alone sends. */
  enterSends: boolean;
  /** Whether a screen reader hears how many wait. */
  announceQueue: boolean;
}

export const settings = createKeptStore<Settings>("duredesk.settings", {
  language: "ko",
  scheme: "auto",
  letters: true,
  enterSends: false,
  announceQueue: true,
});

export function choose(change: Partial<Settings>): void {
  settings.set((now) => ({ ...now, ...change }));
}
