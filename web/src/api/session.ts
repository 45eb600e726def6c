/** Who is signed in. The token lives in memory alone; what renews it is a cookie that no script can read. */
import { hear } from "../shared/now";
import { createStore } from "../shared/store";
import { Refused, Unreachable } from "./errors";
import type { Person, Session } from "./types";

export type SignedIn =
  | { state: "unknown" }
  | { state: "out"; ended?: boolean }
  | { state: "in"; token: string; until: number; person: Person };

export const session = createStore<SignedIn>({ state: "unknown" });

/** Renewed this long before it ends, so that no request meets an ended token. */
const EARLY = 60_000;

let renewing: Promise<void> | null = null;

/** Take what a sign-in answered; a challenge changes nothing yet. */
export function accept(answered: Session): void {
  if (!answered.token || !answered.person) return;
  const until = Date.now() + (answered.expires_in ?? 0) * 1000;
  session.set({ state: "in", token: answered.token, until, person: answered.person });
}

/** Renew the token by the cookie; at most one renewal runs at a time. */
export function renew(): Promise<void> {
  renewing ??= renewed().finally(() => {
    renewing = null;
  });
  return renewing;
}

/** A token that is still good, renewed if need be; "" for nobody. */
export async function token(): Promise<string> {
  const now = session.get();
  if (now.state === "in" && now.until - EARLY > Date.now()) return now.token;
  if (now.state !== "out") await renew();
  const found = session.get();
  return found.state === "in" ? found.token : "";
}

export async function signOut(): Promise<void> {
  await post("/v1/session/end").catch(() => undefined);
  session.set({ state: "out" });
}

async function renewed(): Promise<void> {
  const answered = await post("/v1/session/refresh");
  if (answered.ok) accept((await answered.json()) as Session);
  else if (answered.status < 500 && answered.status !== 429) {
    session.set((now) => ({ state: "out", ended: now.state === "in" }));
  } else throw new Refused(answered.status, "unavailable");
}

async function post(path: string): Promise<Response> {
  try {
    const answered = await fetch(path, {
      method: "POST",
      headers: { "X-Duredesk": "1" },
      signal: AbortSignal.timeout(15_000),
    });
    hear(answered);
    return answered;
  } catch {
    throw new Unreachable();
  }
}
