/** What is being written: kept in this browser at once, and by the server as soon as there is a pause. */
import { keepDraft } from "../api/calls";
import { mayPass } from "../api/errors";
import type { FileShown, Ref } from "../api/types";
import { createKeptStore, createStore } from "../shared/store";
import { holds } from "./desk";

export type Mode = "reply" | "note";

export interface Writing {
  text: string;
  answer?: string | undefined;
  steps?: string[] | undefined;
  files?: FileShown[] | undefined;
  /** Whether the server has this text. */
  saved: boolean;
}

export const BLANK: Writing = { text: "", saved: true };
const PAUSE = 600;
const AGAIN = 5_000;

export const writings = createKeptStore<Record<string, Writing>>("duredesk.drafts", {});
/** Those that the server could not be told of, for the time being. */
export const unsaved = createStore<ReadonlySet<string>>(new Set());

const timers = new Map<string, ReturnType<typeof setTimeout>>();

const place = (ref: Ref, mode: Mode) => `${ref}:${mode}`;

export function writing(ref: Ref, mode: Mode): Writing {
  return writings.get()[place(ref, mode)] ?? BLANK;
}

/** Change what is being written, and tell the server after a pause. */
export function write(ref: Ref, mode: Mode, change: Partial<Writing>): void {
  const key = place(ref, mode);
  writings.set((now) => ({ ...now, [key]: { ...(now[key] ?? BLANK), ...change, saved: false } }));
  later(ref, mode, PAUSE);
}

/** Take what the server has, unless something newer is here. */
export function adopt(ref: Ref, mode: Mode, found: { text: string; steps?: string[]; answer?: string }): void {
  const here = writing(ref, mode);
  if (!here.saved || here.text || !found.text) return;
  const { text, steps, answer } = found;
  writings.set((now) => ({ ...now, [place(ref, mode)]: { ...here, text, steps, answer, saved: true } }));
}

/** Empty the field: its text is on its way. The server drops its copy by itself with the reply. */
export function clear(ref: Ref, mode: Mode, kept: Pick<Writing, "files"> = {}): void {
  write(ref, mode, { text: "", answer: undefined, files: kept.files });
}

/** Let go of a reply that nobody will send: its contact is done with. */
export function drop(ref: Ref, mode: Mode): void {
  const key = place(ref, mode);
  clearTimeout(timers.get(key));
  writings.set(({ [key]: _, ...others }) => others);
}

/** What was begun in this browser and is not empty. */
export function isBegun(all: Record<string, Writing>, ref: Ref): boolean {
  return (["reply", "note"] as const).some((mode) => {
    const one = all[place(ref, mode)];
    return !!one?.text.trim() || !!one?.files?.length;
  });
}

/** Tell the server of all that it has not got, as after a lost connection. */
export function saveAll(): void {
  for (const [key, one] of Object.entries(writings.get())) {
    const [ref, mode] = key.split(":") as [Ref, Mode];
    if (!one.saved) later(ref, mode, PAUSE);
  }
}

/** Leave nothing behind on a machine that others use. */
export function forget(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  writings.set({});
}

function later(ref: Ref, mode: Mode, pause: number): void {
  const key = place(ref, mode);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void save(ref, mode), pause),
  );
}

async function save(ref: Ref, mode: Mode): Promise<void> {
  const key = place(ref, mode);
  const sent = writing(ref, mode);
  // Only holders have drafts on the server; what a lead whispers, or what outlived a lease, is kept here.
  if (!holds(ref)) return;
  try {
    const { text, steps, answer } = sent;
    await keepDraft(ref, mode, { text, ...(steps ? { steps } : {}), ...(answer ? { answer } : {}) });
    mark(key, false);
    writings.set((now) => (now[key] === sent ? settled(now, key) : now));
  } catch (error) {
    mark(key, true);
    // What is no longer this agent's stays here alone.
    if (mayPass(error)) later(ref, mode, AGAIN);
  }
}

function settled(now: Record<string, Writing>, key: string): Record<string, Writing> {
  const { [key]: one = BLANK, ...others } = now;
  return one.text || one.steps?.length || one.files?.length ? { ...now, [key]: { ...one, saved: true } } : others;
}

function mark(key: string, failed: boolean): void {
  unsaved.set((now) => {
    if (now.has(key) === failed) return now;
    const made = new Set(now);
    if (failed) made.add(key);
    else made.delete(key);
    return made;
  });
}
