/** The one way to the API: signed in, in time, and with refusals as errors. */
import createClient from "openapi-fetch";
import { hear } from "../shared/now";
import { createStore } from "../shared/store";
import { Refused, Unreachable } from "./errors";
import type { paths } from "./schema";
import { renew, session, token } from "./session";

const PATIENCE = 15_000;

/** Whether the last request that was sent reached anybody. */
export const online = createStore(true);

/** A client whose types are made from the API's own description: what changes there breaks the build here. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: signed });

/** Return what the API answered; throw `Refused` or `Unreachable`. */
export async function answer<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  return answered(await asked);
}

/** Return the body of an answer that is there; throw `Refused`. */
export function answered<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (!response.ok) throw refused(response.status, error);
  return data as T;
}

/** Send a request as who is signed in; once more with a new token if the old one had ended. */
export async function signed(request: Request): Promise<Response> {
  const again = request.clone();
  const first = await sent(request, await token());
  if (first.status !== 401 || session.get().state !== "in") return first;
  await renew();
  return sent(again, await token());
}

function refused(status: number, body: unknown): Refused {
  const error = (body as { error?: Record<string, unknown> } | undefined)?.error ?? {};
  return new Refused(status, typeof error.code === "string" ? error.code : "unavailable", error);
}

async function sent(request: Request, bearer: string): Promise<Response> {
  if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    hear(response);
    online.set(response.status !== 502 && response.status !== 504);
    return response;
  } catch {
    online.set(false);
    throw new Unreachable();
  }
}
