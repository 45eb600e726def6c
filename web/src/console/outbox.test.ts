import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import type { Contact, Said } from "../api/types";
import { createKeptStore, createStore } from "../shared/store";
import { type Item, Outbox, type Ways } from "./outbox";

/** A server that stores each key once, behind a network that can be cut before or after it has listened. */
class Server {
  stored = new Map<string, string>();
  attempts: string[] = [];
  resolutions: (number | undefined)[] = [];
  cut: "no" | "before" | "after" = "no";
  refuses: Refused | null = null;
  refusesResolving: Refused | null = null;
  told: string[] = [];

  private async take(item: Item): Promise<Said> {
    this.attempts.push(item.key);
    if (this.cut === "before") throw new Unreachable();
    if (this.refuses) throw this.refuses;
    this.stored.set(item.key, item.body.text);
    if (this.cut === "after") throw new Unreachable();
    return { id: item.key, text: item.body.text } as Said;
  }

  ways: Ways = {
    reply: (item) => this.take(item),
    note: (item) => this.take(item),
    resolve: async (_, __, version) => {
      if (this.cut !== "no") throw new Unreachable();
      if (this.refusesResolving) throw this.refusesResolving;
      this.resolutions.push(version);
      return {} as Contact;
    },
    said: (item) => this.told.push(`said ${item.body.text}`),
    resolved: (item) => this.told.push(`resolved ${item.ref}`),
    refused: (item, error, sent) => this.told.push(`refused ${item.body.text} ${error.code} ${sent}`),
  };
}

const REPLY = { ref: "danbi/c1", mode: "reply", body: { text: "네" }, version: 4 } as const;
const AND_RESOLVE = { ...REPLY, resolution: { steps: [], sure: false, next: true } };

describe("a text that was sent", () => {
  let server: Server;
  let box: Outbox;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    box = new Outbox(createStore<Item[]>([]), server.ways);
  });
  afterEach(() => vi.useRealTimers());

  it("arrives", async () => {
    await box.send(REPLY);
    expect([...server.stored.values()]).toEqual(["네"]);
    expect(box.items.get()).toEqual([]);
    expect(server.told).toEqual(["said 네"]);
  });

  it.each(["before", "after"] as const)(
    "arrives once when the network was cut %s the server heard it",
    async (cut) => {
      server.cut = cut;
      await box.send(REPLY);
      expect(box.items.get().map((item) => item.state)).toEqual(["waiting"]);
      await vi.advanceTimersByTimeAsync(5_000);
      server.cut = "no";
      await vi.advanceTimersByTimeAsync(20_000);
      expect([...server.stored.values()]).toEqual(["네"]);
      expect(new Set(server.attempts).size).toBe(1);
      expect(server.attempts.length).toBeGreaterThan(2);
      expect(server.told).toEqual(["said 네"]);
    },
  );

  it("is not tried twice at once", async () => {
    await Promise.all([box.send(REPLY), box.flush(), box.flush()]);
    expect(server.attempts).toHaveLength(1);
  });

  it("keeps its place before what was sent later", async () => {
    server.cut = "before";
    await box.send(REPLY);
    await box.send({ ...REPLY, body: { text: "둘째" } });
    server.cut = "no";
    await box.flush();
    expect([...server.stored.values()]).toEqual(["네", "둘째"]);
  });

  it("survives a reload under its key", async () => {
    server.cut = "after";
    const name = "outbox.test";
    await new Outbox(createKeptStore<Item[]>(name, []), server.ways).send(REPLY);
    server.cut = "no";
    const reloaded = new Outbox(createKeptStore<Item[]>(name, []), server.ways);
    await reloaded.flush();
    expect([...server.stored.values()]).toEqual(["네"]);
    expect(reloaded.items.get()).toEqual([]);
  });

  it("goes back to its author when it is refused, and is not tried again", async () => {
    server.refuses = new Refused(409, "wrong_shop");
    await box.send(REPLY);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.told).toEqual(["refused 네 wrong_shop false"]);
    expect(server.attempts).toHaveLength(1);
  });

  it("waits out what passes", async () => {
    server.refuses = new Refused(503, "unavailable");
    await box.send(REPLY);
    server.refuses = null;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.told).toEqual(["said 네"]);
  });
});

describe("a text that resolves", () => {
  it("resolves what the agent has seen, and no more", async () => {
    const server = new Server();
    const box = new Outbox(createStore<Item[]>([]), server.ways);
    await box.send(AND_RESOLVE);
    expect(server.resolutions).toEqual([5]);
    expect(server.told).toEqual(["said 네", "resolved danbi/c1"]);
  });

  it("is not sent again when only the resolution is refused", async () => {
    const server = new Server();
    const box = new Outbox(createStore<Item[]>([]), server.ways);
    server.refusesResolving = new Refused(412, "version_mismatch");
    await box.send(AND_RESOLVE);
    await box.flush();
    expect(server.attempts).toHaveLength(1);
    expect(server.told).toEqual(["said 네", "refused 네 version_mismatch true"]);
    expect(box.items.get()).toEqual([]);
  });
});
