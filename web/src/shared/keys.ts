/** Which key does what. Single letters act outside of text fields alone, and can be turned off. */
import { composing } from "./ime";

export const COMMANDS = {
  next: { letter: "n" },
  down: { letter: "j", repeats: true },
  up: { letter: "k", repeats: true },
  reply: { letter: "r" },
  note: { letter: "m" },
  answers: { produced: ";" },
  resolve: { letter: "e" },
  resolveStay: { letter: "e", shift: true },
  transfer: { letter: "t" },
  callback: { letter: "c" },
  snooze: { letter: "b" },
  sendLater: { letter: "l" },
  release: { letter: "u" },
  merge: { letter: "g" },
  spam: { produced: "!" },
  hand: { letter: "h" },
  stop: { letter: "x" },
  pause: { letter: "p" },
  figures: { letter: "f" },
  panel: { letter: "d" },
  undo: { letter: "z" },
  settings: { produced: "," },
  help: { produced: "?" },
} as const satisfies Record<string, Binding>;

interface Binding {
  letter?: string;
  produced?: string;
  shift?: boolean;
  repeats?: boolean;
}

export type Command = keyof typeof COMMANDS;

type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "keyCode" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat" | "isComposing"
>;

/** The command of a key that was pressed outside of text fields, or null. */
export function commandOf(event: Pressed): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const letter = letterOf(event);
  for (const [name, binding] of Object.entries(COMMANDS) as [Command, Binding][]) {
    if (event.repeat && !binding.repeats) continue;
    if (
      binding.produced
        ? binding.produced === event.key
        : binding.letter === letter && event.shiftKey === !!binding.shift
    )
      return name;
  }
  return null;
}

/** How a key is written on the page: "N", "Shift+E", "?". */
export function label(command: Command): string {
  const binding: Binding = COMMANDS[command];
  return binding.produced ?? `${binding.shift ? "Shift+" : ""}${binding.letter?.toUpperCase()}`;
}

/** The letter of a key wherever Hangul is on: what it produces if that is Latin, else where it lies. */
function letterOf(event: Pressed): string | null {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : null;
}

export function isMod(event: Pick<KeyboardEvent, "ctrlKey" | "metaKey">): boolean {
  return event.ctrlKey || event.metaKey;
}

/** Whether Ctrl or Command with a letter was pressed, wherever Hangul is on. */
export function isChord(event: Pressed, letter: string): boolean {
  return isMod(event) && !event.altKey && letterOf(event) === letter && !composing({ ...event, keyCode: 0 });
}

const TYPED_IN =
  "textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";
const BUTTON_LIKE = new Set(["button", "checkbox", "radio", "submit", "reset", "file", "range", "color"]);

/** Whether keys pressed there are text. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement) return !BUTTON_LIKE.has(target.type);
  return target.closest(TYPED_IN) !== null;
}
