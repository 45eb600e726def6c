/** What the console asks of the API, one function for each. `version` is the one that the agent has seen. */
import { answer, api, signed } from "./client";
import { Refused } from "./errors";
import {
  type BreakKind,
  type Contact,
  type Desk,
  type Drafts,
  type FileShown,
  type Later,
  partsOf,
  type Ref,
  type Reply,
  type Resolved,
  type Said,
  type StopReason,
  type Story,
  type Unmasked,
} from "./types";

const CONTACT = "/v1/tenants/{tenant}/contacts/{contact}";

const at = (ref: Ref) => ({ path: partsOf(ref) });
const seen = (ref: Ref, version?: number) => ({ path: partsOf(ref), header: expecting(version) });
const keyed = (ref: Ref, key: string, version?: number) => ({
  path: partsOf(ref),
  header: { "Idempotency-Key": key, ...expecting(version) },
});

function expecting(version?: number): { "If-Match"?: string } {
  return version === undefined ? {} : { "If-Match": String(version) };
}

export const takeNext = async (version?: number): Promise<Story | null> =>
  (await answer(api.POST("/v1/queue/next", { params: { header: expecting(version) } }))) || null;

export const readStory = (ref: Ref): Promise<Story> => answer(api.GET(CONTACT, { params: at(ref) }));

export const sendReply = (ref: Ref, body: Reply, key: string, version?: number): Promise<Said> =>
  answer(api.POST(`${CONTACT}/replies`, { params: keyed(ref, key, version), body }));

export const addNote = (ref: Ref, body: { text: string; whisper?: boolean }, key: string): Promise<Said> =>
  answer(api.POST(`${CONTACT}/notes`, { params: keyed(ref, key), body }));

export const resolve = (ref: Ref, body: Resolved, version?: number): Promise<Contact> =>
  answer(api.POST(`${CONTACT}/resolve`, { params: seen(ref, version), body }));

/** What needs nothing but the contact. */
export const act = (
  ref: Ref,
  what: "claim" | "release" | "reopen" | "spam" | "undo-spam" | "wake" | "lower-hand",
  version?: number,
): Promise<Contact> => answer(api.POST(`${CONTACT}/${what}`, { params: seen(ref, version) }));

export const transfer = (ref: Ref, body: { to: string; note?: string }, version?: number): Promise<Contact> =>
  answer(api.POST(`${CONTACT}/transfer`, { params: seen(ref, version), body }));

export const merge = (ref: Ref, into: string, version?: number): Promise<Contact> =>
  answer(api.POST(`${CONTACT}/merge`, { params: seen(ref, version), body: { into } }));

export const putOff = (ref: Ref, body: Later, version?: number): Promise<Contact> =>
  answer(api.POST(`${CONTACT}/later`, { params: seen(ref, version), body }));

export const raiseHand = (ref: Ref, reason: string, version?: number): Promise<Contact> =>
  answer(api.POST(`${CONTACT}/hand`, { params: seen(ref, version), body: { reason } }));

export const stop = (ref: Ref, reason: StopReason, version?: number): Promise<Contact> =>
  answer(api.POST(`${CONTACT}/stop`, { params: seen(ref, version), body: { reason } }));

export const unmask = (ref: Ref, field: Unmasked["field"], reason: string): Promise<Unmasked> =>
  answer(api.POST(`${CONTACT}/unmask`, { params: at(ref), body: { field, reason } }));

export const check = (ref: Ref, body: { text: string; answer?: string }) =>
  answer(api.POST(`${CONTACT}/check`, { params: at(ref), body }));

export const fill = (ref: Ref, canned: string) =>
  answer(api.POST(`${CONTACT}/fill`, { params: at(ref), body: { answer: canned } }));

export const readDrafts = (ref: Ref): Promise<Drafts> => answer(api.GET(`${CONTACT}/drafts`, { params: at(ref) }));

export const keepDraft = (
  ref: Ref,
  mode: "reply" | "note",
  body: { text: string; steps?: string[]; answer?: string },
) => answer(api.PUT(`${CONTACT}/drafts/${mode}`, { params: at(ref), body }));

export const readPanel = (ref: Ref) => answer(api.GET(`${CONTACT}/customer`, { params: at(ref) }));

export const readPast = (ref: Ref, other: string): Promise<Story> =>
  answer(api.GET(`${CONTACT}/past/{other}`, { params: { path: { ...partsOf(ref), other } } }));

export const readFiles = async (ref: Ref): Promise<FileShown[]> =>
  (await answer(api.GET(`${CONTACT}/files`, { params: at(ref) }))).files;

export const announceFile = (ref: Ref, body: { name: string; size: number; type: string }, key: string) =>
  answer(api.POST(`${CONTACT}/files`, { params: keyed(ref, key), body }));

export const makeFileReady = (ref: Ref, file: string): Promise<FileShown> =>
  answer(api.POST(`${CONTACT}/files/{file}/ready`, { params: { path: { ...partsOf(ref), file } } }));

export const linkFile = (ref: Ref, file: string) =>
  answer(api.GET(`${CONTACT}/files/{file}`, { params: { path: { ...partsOf(ref), file } } }));

export const readAnswers = (tenant: string) =>
  answer(api.GET("/v1/tenants/{tenant}/answers", { params: { path: { tenant } } }));

export const heartbeat = (looking: Ref[]) => answer(api.POST("/v1/agents/me/heartbeat", { body: { looking } }));

export const leave = () => answer(api.POST("/v1/agents/me/leave"));

export const goOnBreak = (kind: BreakKind) => answer(api.POST("/v1/agents/me/break", { body: { kind } }));

export const comeBack = () => answer(api.POST("/v1/agents/me/back"));

export const readFigures = () => answer(api.GET("/v1/agents/me/figures"));

export const readColleagues = () => answer(api.GET("/v1/agents/me/colleagues"));

export const readHands = () => answer(api.GET("/v1/floor/hands"));

/** The desk as it stands, or null while it is what `tag` names. */
export async function readDesk(tag: string): Promise<{ desk: Desk; tag: string } | null> {
  const headers: Record<string, string> = tag ? { "If-None-Match": tag } : {};
  const response = await signed(
    new Request(`${location.origin}/v1/agents/me/desk`, { headers, cache: "no-store" }),
  );
  if (response.status === 304) return null;
  const body = (await response.json().catch(() => ({}))) as Desk & { error?: { code: string } };
  if (!response.ok) throw new Refused(response.status, body.error?.code ?? "unavailable", body.error ?? {});
  return { desk: body, tag: response.headers.get("ETag") ?? "" };
}
