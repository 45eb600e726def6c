// The public API as a visitor's browser calls it. Nothing here throws: no network is an answer too.
export interface Answer<T> {
  /** The status, or 0 if no answer came. */
  status: number;
  body?: T;
  code?: string;
  etag?: string;
  /** Seconds. */
  retryAfter?: number;
}

export interface Shop {
  name: string;
  name_en?: string;
  colour?: string;
  greeting?: string;
  language?: string;
  open_now?: boolean;
  /** ISO 8601 UTC, of a shop that is closed. */
  opens_at?: string | null;
  expected_wait_seconds?: number | null;
  bot?: boolean;
  /** What the desk says of an incident that is on now. */
  notice?: { text: string; text_en: string } | null;
}

export interface SharedFile {
  id: string;
  name: string;
  /** The message that it went with. */
  message?: string;
}

export interface Said {
  id: string;
  author: "customer" | "agent" | "staff" | "bot" | "house";
  name: string;
  text: string;
  /** ISO 8601 UTC. */
  at: string;
}

export interface Story {
  contact: { status: string; version: number; episode: number };
  messages: Said[];
}

export interface Opened {
  tenant: string;
  contact: string;
  token: string;
  expires_at: string;
}

export interface Upload {
  file: string;
  upload: { url: string; fields: Record<string, string> };
}

export interface Ask {
  body?: unknown;
  /** The Idempotency-Key: the same for every attempt at the same thing. */
  once?: string;
  token?: string;
  etag?: string;
}

export type Api = <T>(method: string, path: string, ask?: Ask) => Promise<Answer<T>>;

const TIMEOUT_MS = 20_000;

/** Return what calls the API at `base` with the shop's publishable key, or with a visitor's token where one is given. */
export function api(base: string, key: string): Api {
  return async <T>(method: string, path: string, ask: Ask = {}): Promise<Answer<T>> => {
    const headers: Record<string, string> = ask.token
      ? { Authorization: `Bearer ${ask.token}` }
      : { "X-Widget-Key": key };
    if (ask.body !== undefined) headers["Content-Type"] = "application/json";
    if (ask.once) headers["Idempotency-Key"] = ask.once;
    if (ask.etag) headers["If-None-Match"] = ask.etag;
    try {
      const answer = await fetch(base + path, {
        method,
        headers,
        body: ask.body === undefined ? null : JSON.stringify(ask.body),
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const said = await answer.json().catch(() => undefined);
      return {
        status: answer.status,
        body: said,
        code: said?.error?.code,
        etag: answer.headers.get("ETag") ?? "",
        retryAfter: Number(answer.headers.get("Retry-After")) || 0,
      };
    } catch {
      return { status: 0 };
    }
  };
}
