/** What an agent does with contacts: asks the server, shows what came of it, and how to take it back. */
import i18next from "i18next";
import * as calls from "../api/calls";
import { mayPass, Refused, refusal } from "../api/errors";
import type { BreakKind, Contact, LaterKind, Ref, StopReason, Story } from "../api/types";
import { refOf } from "../api/types";
import { query } from "../app/query";
import { open, opened } from "../app/router";
import { settings } from "../app/settings";
import { why } from "../i18n";
import { day, time } from "../shared/dates";
import { announce, notify } from "../shared/notices";
import { createKeptStore, createStore } from "../shared/store";
import { desk, place, refreshDesk, settledVersion } from "./desk";
import * as drafts from "./drafts";
import { type Item, Outbox, type Resolution } from "./outbox";
import { keepContact, keepSaid, keepStory, reread, story } from "./story";

export type Dialog =
  | { kind: "later"; what: LaterKind; ref: Ref }
  | { kind: "transfer" | "merge" | "hand" | "stop" | "rest"; ref: Ref }
  | { kind: "steps"; ref: Ref; missing: string; next: boolean }
  | { kind: "past"; ref: Ref; other: string }
  | { kind: "help" | "palette" | "settings" | "figures" };

export const dialog = createStore<Dialog | null>(null);
/** What is wrong with a text that was refused, by its contact, until it is changed. */
export const faults = createStore<Partial<Record<Ref, Refused>>>({});
/** Asks the writing field to take the focus, as a reply or as a note. */
export const focusAsk = createStore<{ id: number; what: "reply" | "note" | "answers" | "heading" }>({
  id: 0,
  what: "heading",
});
export const taking = createStore(false);

const t = i18next.t.bind(i18next);

export function focusOn(what: "reply" | "note" | "answers" | "heading"): void {
  focusAsk.set((now) => ({ id: now.id + 1, what }));
}

export const outbox = new Outbox(createKeptStore<Item[]>("duredesk.outbox", []), {
  reply: (item) => calls.sendReply(item.ref, { ...item.body, ...ids(item) }, item.key, item.version),
  note: (item) => calls.addNote(item.ref, { text: item.body.text, ...whisper(item) }, item.key),
  resolve: (ref, then, version) => calls.resolve(ref, { steps: then.steps, sure: then.sure }, version),
  said(item, said) {
    keepSaid(item.ref, said);
    if (item.files?.length) void query.invalidateQueries({ queryKey: ["files", item.ref] });
    announce(item.mode === "note" ? t("done.noted") : t("talk.sent"));
  },
  resolved: (item, contact) => void finished(contact, item.resolution?.next ?? false),
  refused: (item, error, sent) => {
    if (sent) notResolved(item, error);
    else giveBack(item, error);
  },
});

/** Take the next contact, and let the screen become its shop. */
export async function takeNext(): Promise<boolean> {
  if (taking.get()) return false;
  taking.set(true);
  try {
    return await pull();
  } catch (error) {
    return await lateNews(error);
  } finally {
    taking.set(false);
  }
}

async function pull(): Promise<boolean> {
  const found = await calls.takeNext(await settledVersion());
  if (found) enter(found);
  else notify(t("done.nothing"));
  return found !== null;
}

/** What is held may have changed without this page: an answer to an earlier pull was lost, or a lead handed it over. */
async function lateNews(error: unknown): Promise<boolean> {
  if (!refusal(error, "version_mismatch")) return told(error);
  const known = new Set(desk()?.held.map(refOf));
  await refreshDesk();
  const fresh = desk()?.held.find((one) => !known.has(refOf(one)));
  if (!fresh) return pull().catch((again) => told(again));
  show(refOf(fresh));
  return true;
}

function told(error: unknown): false {
  notify(why(error), { bad: true });
  return false;
}

function enter(found: Story): void {
  const ref = keepStory(found);
  place(found.contact, true);
  show(ref);
  announce(t("done.taken", { shop: found.shop?.name ?? found.contact.tenant }));
}

export function show(ref: Ref | null): void {
  open(ref);
  focusOn("heading");
}

/** The contact before or after the one that is open. */
export function step(by: 1 | -1): void {
  const refs = ordered().map(refOf);
  if (!refs.length) return;
  const at = refs.indexOf(opened() ?? ("" as Ref));
  show(refs[at < 0 ? 0 : (at + by + refs.length) % refs.length] ?? null);
}

/** What is held, in the order in which it came. */
export function ordered() {
  return [...(desk()?.held ?? [])].sort((one, other) => (one.opened_at < other.opened_at ? -1 : 1));
}

/** Send what is written. Returns whether there was something to send. */
export function send(
  ref: Ref,
  mode: drafts.Mode,
  options: { resolution?: Resolution; sure?: boolean; whisper?: boolean } = {},
) {
  const { text, answer, files } = drafts.writing(ref, mode);
  if (!text.trim() && !files?.length) return false;
  const version = story(ref)?.contact.version;
  const body = {
    text: text.trim(),
    ...(answer ? { answer } : {}),
    ...(options.sure ? { sure: true } : {}),
    ...(options.whisper ? { whisper: true } : {}),
  };
  setFault(ref, null);
  drafts.clear(ref, mode);
  const crossing = mode === "reply" && version !== undefined ? { version } : {};
  void outbox.send({
    ref,
    mode,
    body,
    ...(files?.length ? { files } : {}),
    ...crossing,
    ...(options.resolution ? { resolution: options.resolution } : {}),
  });
  return true;
}

export function setFault(ref: Ref, fault: Refused | null): void {
  faults.set(({ [ref]: _, ...others }) => (fault ? { ...others, [ref]: fault } : others));
}

export async function resolve(ref: Ref, options: { next: boolean; sure?: boolean }): Promise<void> {
  const steps = drafts.writing(ref, "reply").steps ?? [];
  try {
    const contact = await calls.resolve(ref, { steps, sure: options.sure ?? false }, story(ref)?.contact.version);
    await finished(contact, options.next);
  } catch (error) {
    const missing = refusal(error, "script_step_missing");
    if (missing) dialog.set({ kind: "steps", ref, missing: missing.detail("what"), next: options.next });
    else await failed(ref, error);
  }
}

async function finished(contact: Contact, next: boolean): Promise<void> {
  const ref = refOf(contact);
  const shop = story(ref)?.shop?.name ?? contact.tenant;
  gone(contact);
  drafts.drop(ref, "reply");
  notify(t("done.resolved", { shop }), { undo: () => takeBack(ref, "reopen") });
  if (opened() !== ref && opened() !== null) return;
  if (!next) show(ref);
  else if (!(await takeNext())) show(firstHeld());
}

/** Ways back are two steps: out of the state that it went into, and out of the queue. */
async function takeBack(ref: Ref, by: "reopen" | "undo-spam" | "wake" | null): Promise<void> {
  try {
    if (by) keepContact(await calls.act(ref, by));
    const contact = by === "wake" ? story(ref)?.contact : undefined;
    if (contact?.status !== "claimed") await claim(ref);
    else back(contact);
    announce(t("done.undone"));
  } catch (error) {
    await failed(ref, error);
  }
}

export async function claim(ref: Ref): Promise<void> {
  back(await calls.act(ref, "claim"));
}

export async function claimOrTell(ref: Ref): Promise<void> {
  await attempt(ref, () => claim(ref));
}

export async function reopen(ref: Ref): Promise<void> {
  await takeBack(ref, "reopen");
}

export async function wakeUp(ref: Ref): Promise<void> {
  await takeBack(ref, "wake");
}

function back(contact: Contact): void {
  keepContact(contact);
  place(contact, true);
  show(refOf(contact));
  void reread(refOf(contact));
}

export async function release(ref: Ref): Promise<void> {
  await leaving(
    ref,
    () => calls.act(ref, "release", seenVersion(ref)),
    t("done.released"),
    () => takeBack(ref, null),
  );
}

export async function spam(ref: Ref): Promise<void> {
  await leaving(
    ref,
    () => calls.act(ref, "spam", seenVersion(ref)),
    t("done.spam"),
    () => takeBack(ref, "undo-spam"),
  );
}

export async function transfer(ref: Ref, to: string, note: string): Promise<boolean> {
  const body = { to, ...(note.trim() ? { note: note.trim() } : {}) };
  const handOver = () => calls.transfer(ref, body, seenVersion(ref)).catch(aboutColleague);
  return leaving(ref, handOver, t("done.transferred", { to }));
}

/** What would stop this agent from taking a contact stops the colleague here. */
function aboutColleague(error: unknown): never {
  if (error instanceof Refused && (error.code === "on_break" || error.code === "capacity_exceeded"))
    throw new Refused(error.status, `colleague_${error.code}`, {});
  throw error;
}

export async function merge(ref: Ref, into: string): Promise<boolean> {
  return leaving(ref, () => calls.merge(ref, into, seenVersion(ref)), t("done.merged"));
}

export async function putOff(ref: Ref, kind: LaterKind, until: Date): Promise<boolean> {
  const written = drafts.writing(ref, "reply");
  const text = kind === "send" ? written.text.trim() : "";
  const { answer } = written;
  const body = {
    until: until.toISOString(),
    kind,
    ...(text ? { text } : {}),
    ...(text && answer ? { answer } : {}),
  };
  const { language } = settings.get();
  const at = `${day(until, language)} ${time(until, language)}`;
  const told = {
    snooze: t("done.put_snooze", { at }),
    callback: t("done.put_callback", { at }),
    send: t("done.put_send", { at }),
  };
  const undo = async () => {
    await takeBack(ref, "wake");
    if (text) drafts.write(ref, "reply", { text, answer });
  };
  const done = await leaving(ref, () => calls.putOff(ref, body, seenVersion(ref)), told[kind], undo);
  if (done && text) settleReply(ref, written);
  return done;
}

/** A text that is sent later goes without files: they stay where they are. */
function settleReply(ref: Ref, { files }: drafts.Writing): void {
  if (files?.length) drafts.clear(ref, "reply", { files });
  else drafts.drop(ref, "reply");
}

export async function toggleHand(ref: Ref, reason = ""): Promise<boolean> {
  const up = !!story(ref)?.contact.hand_at;
  return attempt(ref, async () => {
    const version = seenVersion(ref);
    const contact = up ? await calls.act(ref, "lower-hand", version) : await calls.raiseHand(ref, reason, version);
    keepContact(contact);
    place(contact, true);
    notify(up ? t("done.handDown") : t("done.handUp"));
    void reread(ref);
  });
}

export async function stop(ref: Ref, reason: StopReason): Promise<boolean> {
  const done = await leaving(ref, () => calls.stop(ref, reason, seenVersion(ref)), t("done.stopped"));
  if (done) dialog.set({ kind: "rest", ref });
  return done;
}

export async function rest(kind: BreakKind): Promise<void> {
  await attempt(null, () => calls.goOnBreak(kind));
  await refreshDesk();
}

export async function comeBack(): Promise<void> {
  if (await attempt(null, calls.comeBack)) notify(t("presence.came"));
  await refreshDesk();
}

export async function goHome(): Promise<boolean> {
  const done = await attempt(null, calls.leave);
  if (done) notify(t("presence.left"));
  return done;
}

/** Do what ends the holding of a contact, and go on to another one. */
async function leaving(
  ref: Ref,
  act: () => Promise<Contact>,
  told: string,
  undo?: () => Promise<void>,
): Promise<boolean> {
  return attempt(ref, async () => {
    gone(await act());
    notify(told, { undo });
    if (opened() === ref) show(firstHeld());
  });
}

function gone(contact: Contact): void {
  keepContact(contact);
  place(contact, false);
}

function firstHeld(): Ref | null {
  const [first] = ordered();
  return first ? refOf(first) : null;
}

async function attempt(ref: Ref | null, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    await failed(ref, error);
    return false;
  }
}

async function failed(ref: Ref | null, error: unknown): Promise<void> {
  notify(why(error), { bad: true });
  if (ref && !mayPass(error)) {
    await Promise.all([reread(ref), refreshDesk()]);
  }
}

/** The text is not the customer's: it goes back into the field, with the reason beside it. */
function giveBack(item: Item, error: Refused): void {
  const here = drafts.writing(item.ref, item.mode);
  const text = here.text.trim() ? `${item.body.text}\n\n${here.text}` : item.body.text;
  const files = [...(item.files ?? []), ...(here.files ?? [])];
  drafts.write(item.ref, item.mode, { text, answer: item.body.answer ?? undefined, files });
  setFault(item.ref, error);
  void Promise.all([reread(item.ref), refreshDesk()]);
}

function notResolved(item: Item, error: Refused): void {
  if (error.code === "script_step_missing") {
    dialog.set({
      kind: "steps",
      ref: item.ref,
      missing: error.detail("what"),
      next: item.resolution?.next ?? false,
    });
    return;
  }
  notify(error.code === "version_mismatch" ? t("moved.resolve") : why(error), { bad: true });
  void Promise.all([reread(item.ref), refreshDesk()]);
}

function ids({ files }: Item): { files?: string[] } {
  return files?.length ? { files: files.map((file) => file.id) } : {};
}

function whisper(item: Item): { whisper?: true } {
  return item.body.whisper ? { whisper: true } : {};
}

function seenVersion(ref: Ref): number | undefined {
  return story(ref)?.contact.version;
}

/** Leave nothing of anybody behind. */
export function forgetAll(): void {
  drafts.forget();
  outbox.items.set([]);
  query.clear();
}
