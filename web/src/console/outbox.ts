/**
 * What was sent and is not confirmed yet. Each text has one Idempotency-Key from the moment it was sent until the
 * server confirms or refuses it, over failures of the network and reloads of the page: so it arrives once.
 */
import { mayPass, Refused } from "../api/errors";
import type { Contact, FileShown, Ref, Reply, Said } from "../api/types";
import type { Store } from "../shared/store";

export interface Resolution {
  steps: string[];
  sure: boolean;
  next: boolean;
}

export interface Item {
  key: string;
  ref: Ref;
  mode: "reply" | "note";
  body: Omit<Reply, "files"> & { whisper?: boolean };
  /** What goes along; shown again if the text comes back. */
  files?: FileShown[];
  at: number;
  /** The version that the agent had seen; none for notes, which nothing can cross. */
  version?: number;
  /** What to do once the text is confirmed. */
  resolution?: Resolution;
  state: "sending" | "waiting" | "resolving";
}

/** The API, as far as sending goes, and who is told what came of it. */
export interface Ways {
  reply(item: Item): Promise<Said>;
  note(item: Item): Promise<Said>;
  resolve(ref: Ref, resolution: Resolution, version?: number): Promise<Contact>;
  said(item: Item, said: Said): void;
  resolved(item: Item, contact: Contact): void;
  /** A refusal is final: the text goes back to its author. `sent` tells whether the text itself was taken. */
  refused(item: Item, error: Refused, sent: boolean): void;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;

export class Outbox {
  private running = new Set<string>();
  private pause = FIRST_PAUSE;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly items: Store<Item[]>,
    private readonly ways: Ways,
  ) {}

  /** Send a text; it is kept first. */
  send(item: Omit<Item, "state" | "key" | "at">): Promise<void> {
    const made: Item = { ...item, key: crypto.randomUUID(), at: Date.now(), state: "sending" };
    this.items.set((items) => [...items, made]);
    return this.flush();
  }

  /** Try all that is not confirmed, those of one contact in their order. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const refs = new Set(this.items.get().map((item) => item.ref));
    await Promise.all([...refs].map((ref) => this.flushOne(ref)));
    if (this.items.get().length) {
      this.timer = setTimeout(() => void this.flush(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    } else {
      this.pause = FIRST_PAUSE;
    }
  }

  private async flushOne(ref: Ref): Promise<void> {
    if (this.running.has(ref)) return;
    this.running.add(ref);
    try {
      for (;;) {
        const item = this.items.get().find((one) => one.ref === ref);
        if (!item || !(await this.deliver(item))) return;
      }
    } finally {
      this.running.delete(ref);
    }
  }

  /** Returns whether this item is done with. */
  private async deliver(item: Item): Promise<boolean> {
    const texted = item.state === "resolving";
    try {
      if (!texted) {
        this.mark(item, "sending");
        const said = await (item.mode === "note" ? this.ways.note(item) : this.ways.reply(item));
        this.ways.said(item, said);
        if (!item.resolution) return this.drop(item);
        this.mark(item, "resolving");
      }
      return await this.finish(item);
    } catch (error) {
      const sent = this.items.get().find((one) => one.key === item.key)?.state === "resolving";
      if (mayPass(error)) {
        if (!sent) this.mark(item, "waiting");
        return false;
      }
      this.drop(item);
      this.ways.refused(item, error instanceof Refused ? error : new Refused(0, "unavailable"), sent);
      return true;
    }
  }

  private async finish(item: Item): Promise<boolean> {
    if (!item.resolution) return this.drop(item);
    // What the reply itself did is seen; what the customer wrote meanwhile is not.
    const version = item.version === undefined ? undefined : item.version + 1;
    const contact = await this.ways.resolve(item.ref, item.resolution, version);
    this.drop(item);
    this.ways.resolved(item, contact);
    return true;
  }

  private mark(item: Item, state: Item["state"]): void {
    this.items.set((items) => items.map((one) => (one.key === item.key ? { ...one, state } : one)));
  }

  private drop(item: Item): true {
    this.items.set((items) => items.filter((one) => one.key !== item.key));
    return true;
  }
}
