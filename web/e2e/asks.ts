// What customers, agents and shops do beside the pages that a spec looks at: asked of the API, as their own pages ask.
import { type Browser, expect, type Page } from "@playwright/test";
import { leave, world } from "./world";

/** What was signed in with on a page that asks the API by itself, or when it is loaded. */
export async function bearerOf(page: Page): Promise<string> {
  const asked = page.waitForRequest((one) => one.url().includes("/v1/") && !!one.headers().authorization);
  await page.reload();
  return (await asked).headers().authorization ?? "";
}

/** Ask the API; the answer's body, once it says yes. */
export async function ask<T>(method: string, path: string, bearer: string, body?: object): Promise<T> {
  let found: T | undefined;
  // However often it is asked for, it is done once.
  const key = crypto.randomUUID();
  await expect(async () => {
    const answer = await fetch(world.pages + path, {
      method,
      headers: {
        Authorization: bearer,
        ...(method === "POST" && { "Idempotency-Key": key }),
        ...(body && { "Content-Type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    found = answer.status === 204 ? undefined : await answer.json();
  }).toPass({ timeout: 60_000 });
  return found as T;
}

/** A customer's question to a shop, in a contact of its own; returns the contact. */
export async function question(
  text: string,
  customer: string,
  shop = world.shop,
  bearer = `Bearer ${world.server}`,
): Promise<string> {
  const body = { channel: "chat", customer: { id: customer }, text };
  return (await ask<{ id: string }>("POST", `/v1/tenants/${shop}/contacts`, bearer, body)).id;
}

/** What an agent does with a contact: takes it out of turn, answers it, closes it. */
export class Agent {
  constructor(readonly bearer: string) {}

  #on<T>(contact: string, action: string, body?: object, shop = world.shop): Promise<T> {
    return ask("POST", `/v1/tenants/${shop}/contacts/${contact}/${action}`, this.bearer, body);
  }

  async take(contact: string, shop?: string): Promise<void> {
    await this.#on(contact, "claim", undefined, shop);
  }

  async answer(contact: string, text: string): Promise<void> {
    await this.#on(contact, "replies", { text });
  }

  async raiseHand(contact: string, reason: string): Promise<void> {
    await this.#on(contact, "hand", { reason });
  }

  async pause(kind: string): Promise<void> {
    await ask("POST", "/v1/agents/me/break", this.bearer, { kind });
  }
}

/** Close every page, and have what agents held there go back to the queue: whoever signs in next holds nothing. */
export async function cleared({ browser }: { browser: Browser }): Promise<void> {
  await leave({ browser });
  await fetch(`${world.errands}/lapse`, { method: "POST" });
}
