/** What the agent holds and how many wait, asked for again and again; an unchanged desk costs an empty answer. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { heartbeat, readDesk, readStory } from "../api/calls";
import { online } from "../api/client";
import type { Contact, Desk, Ref, Story } from "../api/types";
import { refOf } from "../api/types";
import { query } from "../app/query";
import { createKeptStore, createStore } from "../shared/store";
import { isMet, met } from "./shops";

const KEY = ["desk"];
const CHATTING = 2_000;
const WORKING = 5_000;
const HIDDEN = 30_000;
const BEAT = 30_000;
const AT_ONCE = 6;

/** By how much the server's clock is ahead of this one, in milliseconds. */
export const skew = createStore(0);
/** When the lease ends as far as is known here, in milliseconds of the server's clock. */
export const leaseEnd = createStore(0);
/** Up to which version each contact was read. */
export const seen = createKeptStore<Record<Ref, number>>("duredesk.seen", {});

let tag = "";
let settling: Promise<unknown> = Promise.resolve();

export function serverNow(): number {
  return Date.now() + skew.get();
}

/** How soon to ask again. */
export function pace(desk: Desk | undefined, hidden: boolean): number {
  if (hidden) return HIDDEN;
  return desk?.held.some((one) => one.channel === "chat") ? CHATTING : WORKING;
}

export function useDesk() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => fetchDesk(signal),
    refetchInterval: (asked) => pace(asked.state.data, document.hidden),
    refetchIntervalInBackground: true,
    retry: false,
    structuralSharing: true,
  });
}

export function desk(): Desk | undefined {
  return query.getQueryData<Desk>(KEY);
}

/** Whether the agent holds a contact, as far as is known here. */
export function holds(ref: Ref): boolean {
  return desk()?.held.some((one) => refOf(one) === ref) ?? true;
}

export function refreshDesk(): Promise<unknown> {
  settling = query.refetchQueries({ queryKey: KEY });
  return settling;
}

/** The version of what the agent holds, once the server has said what the last change here made of it. */
export async function settledVersion(): Promise<number | undefined> {
  await settling;
  return desk()?.agent.version;
}

/** Put a contact on the desk, or take it off, and ask the server for the rest of what that changed. */
export function place(contact: Contact, mine: boolean): void {
  tag = "";
  query.setQueryData<Desk>(KEY, (now) => {
    if (!now) return now;
    const others = now.held.filter((one) => refOf(one) !== refOf(contact));
    return { ...now, held: mine ? [...others, contact] : others };
  });
  void refreshDesk();
}

/** Whether something was said or done there that was not read yet. */
export function isUnread(held: Contact, read: Record<Ref, number>): boolean {
  return held.version > (read[refOf(held)] ?? 0);
}

export function markSeen(ref: Ref, version: number): void {
  if (version > (seen.get()[ref] ?? 0)) seen.set((now) => ({ ...now, [ref]: version }));
}

/** Keep the lease while the page is open. */
export function useHeartbeat(looking: Ref[], working: boolean): void {
  const shown = looking.join(" ");
  useEffect(() => {
    if (!working) return;
    const beat = () => void keepLease(shown ? (shown.split(" ") as Ref[]) : []).catch(() => undefined);
    beat();
    const timer = setInterval(beat, BEAT);
    const back = online.subscribe(() => online.get() && beat());
    return () => {
      clearInterval(timer);
      back();
    };
  }, [shown, working]);
}

async function keepLease(looking: Ref[]): Promise<void> {
  leaseEnd.set(Date.parse((await heartbeat(looking)).present_until));
}

async function fetchDesk(signal: AbortSignal): Promise<Desk> {
  const found = await readDesk(desk() ? tag : "");
  // Of an answer that came too late, the tag must not be kept either: nothing newer would be sent.
  signal.throwIfAborted();
  const now = found?.desk ?? desk();
  if (!now) throw new Error("an empty desk was said to be unchanged");
  if (found) {
    tag = found.tag;
    skew.set(Date.parse(now.now) - Date.now());
    for (const held of now.held) catchUp(held);
    forgetLost(desk()?.held ?? [], now.held);
    meetShops(now.held);
  }
  leaseEnd.set(Math.max(leaseEnd.get(), Date.parse(now.agent.present_until)));
  return now;
}

/** A shop that this browser never met is known by the first of its contacts that is read. */
function meetShops(held: Contact[]): void {
  const unmet = new Map(held.filter((one) => !isMet(one.tenant)).map((one) => [one.tenant, refOf(one)]));
  for (const ref of [...unmet.values()].slice(0, AT_ONCE)) {
    void query.prefetchQuery({ queryKey: ["story", ref], queryFn: async () => met(await readStory(ref)) });
  }
}

/** What went without this page's doing is read anew, to say where it is. */
function forgetLost(before: Contact[], now: Contact[]): void {
  const kept = new Set(now.map(refOf));
  for (const one of before) {
    if (!kept.has(refOf(one))) void query.invalidateQueries({ queryKey: ["story", refOf(one)] });
  }
}

/** A story of another version than the desk names has missed something: it is read anew. */
function catchUp(held: Contact): void {
  const key = ["story", refOf(held)];
  const story = query.getQueryData<Story>(key);
  if (story && (story.contact.version !== held.version || story.withheld)) {
    void query.invalidateQueries({ queryKey: key });
  }
}
