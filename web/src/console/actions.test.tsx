import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../api/session";
import type { Contact, Desk, Person } from "../api/types";
import { query } from "../app/query";
import { open } from "../app/router";
import { ready } from "../i18n";
import { notices } from "../shared/notices";
import { resolve, takeNext } from "./actions";
import { desk, place, refreshDesk, useDesk } from "./desk";

const contact = (id: string) => ({ tenant: "danbi", id, version: 3, channel: "chat", opened_at: id }) as Contact;

/** A server that counts what its one agent takes and gives back, and answers what was so when it was asked. */
class House {
  version = 7;
  held = ["c1"];
  waiting = ["c2", "c3"];
  pulls: [expected: string | null, status: number][] = [];
  delays: number[] = [];

  answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/desk")) return this.desk(request);
    if (pathname.endsWith("/queue/next")) return this.next(request.headers.get("If-Match"));
    if (pathname.endsWith("/resolve")) {
      const [, id = ""] = /contacts\/(\w+)\/resolve/.exec(pathname) ?? [];
      this.change(this.held.filter((one) => one !== id));
      return json(contact(id));
    }
    return json({ contact: contact("c1"), messages: [], events: [] });
  };

  change(held: string[]): void {
    this.held = held;
    this.version += 1;
  }

  private async desk(request: Request): Promise<Response> {
    const tag = `"${this.version}"`;
    const same = request.headers.get("If-None-Match") === tag;
    const now = new Date().toISOString();
    const agent = { id: "mina", version: this.version, present_until: now };
    const body = { agent, held: this.held.map(contact), waiting: this.waiting.length, hands: 0, now };
    await new Promise((done) => setTimeout(done, this.delays.shift() ?? 10));
    return same ? new Response(null, { status: 304 }) : json(body, 200, { ETag: tag });
  }

  private next(expected: string | null): Response {
    const stale = expected !== null && expected !== `${this.version}`;
    this.pulls.push([expected, stale ? 412 : 200]);
    if (stale) return json({ error: { code: "version_mismatch" } }, 412);
    const id = this.waiting.shift();
    if (!id) return new Response(null, { status: 204 });
    this.change([...this.held, id]);
    return json({ contact: contact(id), messages: [], events: [] });
  }
}

function json(body: unknown, status = 200, headers = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

const held = () => desk()?.held.map(({ id }) => id);
const passing = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe("the next contact", () => {
  let house: House;

  beforeEach(async () => {
    await ready;
    vi.useFakeTimers();
    house = new House();
    vi.stubGlobal("fetch", house.answer);
    session.set({ state: "in", token: "t", until: Date.now() + 1e9, person: {} as Person });
    renderHook(() => useDesk(), {
      wrapper: ({ children }) => <QueryClientProvider client={query}>{children}</QueryClientProvider>,
    });
    open(null);
    await passing(50);
  });
  afterEach(() => {
    cleanup();
    query.clear();
    notices.set([]);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is taken at the first try after a resolution, again and again", async () => {
    for (const id of ["c1", "c2"] as const) {
      void resolve(`danbi/${id}`, { next: true });
      await passing(100);
    }
    expect(house.pulls).toEqual([
      ["8", 200],
      ["10", 200],
    ]);
    expect(held()).toEqual(["c3"]);
  });

  it("is taken at the first try when something was handed over meanwhile", async () => {
    house.change(["c1", "c9"]);
    void resolve("danbi/c1", { next: true });
    await passing(100);
    expect(house.pulls).toEqual([["9", 200]]);
    expect(held()).toEqual(["c9", "c2"]);
  });

  it("is not taken twice when the answer to a pull was lost", async () => {
    house.change(["c1", "c2"]);
    void takeNext();
    await passing(100);
    expect(house.pulls).toEqual([["7", 412]]);
    expect(held()).toEqual(["c1", "c2"]);
  });

  it("is not hidden by an answer that came too late", async () => {
    house.delays = [300, 500];
    house.change(["c1", "c9"]);
    void refreshDesk();
    place(contact("c1"), true);
    await passing(350);
    void refreshDesk();
    await passing(100);
    expect(query.getQueryData<Desk>(["desk"])?.agent.version).toBe(8);
    expect(held()).toEqual(["c1", "c9"]);
  });
});
