// One visitor's conversation: what was said, what waits to be sent, and the calls that keep both true.
import type { Answer, Api, Opened, Said, SharedFile, Shop, Story } from "./api";
import type { Box, Pending, Visit } from "./box";
import { backoff, pause } from "./pace";

const RENEW_MS = 12 * 3_600_000;
const SHOP_MS = 60_000;
/** Refusals of one text; every other refusal is of the conversation, and the text opens another one. */
const OF_TEXT = new Set([400, 413]);

export interface State {
  shop?: Shop | undefined;
  messages: Said[];
  files: SharedFile[];
  outbox: Pending[];
  status: string;
  episode: number;
  online: boolean;
  open: boolean;
  /** Messages of the shop's side that the visitor has not had before their eyes. */
  unread: number;
  rated: boolean;
}

/** What a panel asks of the conversation that it shows. */
export type Talk = Pick<Chat, "draft" | "say" | "withdraw" | "setOpen" | "touch" | "rate" | "about" | "look">;

export class Chat {
  state: State = {
    messages: [],
    files: [],
    outbox: [],
    status: "",
    episode: 0,
    online: navigator.onLine,
    open: false,
    unread: 0,
    rated: false,
  };
  readonly #api: Api;
  readonly #box: Box;
  readonly #lock: string;
  readonly #shown: (state: State) => void;
  #etag = "";
  #contact = "";
  /** When to ask for the shop again, and how often in a row that failed. */
  #shopDue = 0;
  #shopRetry = 0;
  #missed = 0;
  #unheard = 0;
  #active = Date.now();
  #failures = 0;
  #poll = 0;
  #retry = 0;
  #sending: Promise<void> | undefined;

  constructor(api: Api, box: Box, lock: string, shown: (state: State) => void) {
    this.#api = api;
    this.#box = box;
    this.#lock = lock;
    this.#shown = shown;
  }

  /** Begin where the last page, or another tab, has left off. */
  async start(): Promise<void> {
    this.state.open = this.#box.get<boolean>("open") ?? false;
    this.#box.watch((name) => (/^(visit|out:.*|)$/.test(name) ? this.#changed() : this.#show()));
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#show({ online: false }));
    document.addEventListener("visibilitychange", () => this.wake());
    await this.#askShop();
    this.#changed();
  }

  /** Keep what the visitor wrote, and send it; it is sent once however often the network fails. */
  say(text: string, id: string = uuid()): void {
    this.#box.put({ id, text, at: Date.now() });
    this.touch();
    this.#show();
    void this.#send();
  }

  /** Take back what was refused, to be written anew. */
  withdraw(id: string): void {
    this.#box.drop(id);
    this.#show();
  }

  setOpen(open: boolean): void {
    this.#box.set("open", open || undefined);
    this.state.open = open;
    this.touch();
    if (open) void this.#askShop();
    this.#changed();
  }

  /** The visitor does something: look more often for a while. */
  touch(): void {
    const slept = Date.now() - this.#active > 10_000;
    this.#active = Date.now();
    if (slept) this.#schedule();
  }

  /** The network or the visitor is back: try at once. */
  wake(): void {
    this.#failures = this.#unheard = 0;
    clearTimeout(this.#retry);
    if (!this.state.shop) this.#shopDue = 0;
    this.#changed();
  }

  /** What was typed and not sent yet. */
  get draft(): string {
    return this.#box.get<string>("draft") ?? "";
  }

  set draft(text: string) {
    this.#box.set("draft", text || undefined);
  }

  async rate(score: number, comment: string): Promise<boolean> {
    const visit = this.#box.visit;
    if (!visit) return false;
    const body = comment ? { score, comment } : { score };
    const once = `rating-${visit.contact}-${this.state.episode}`;
    const { status } = await this.#api("POST", `${path(visit)}/rating`, { body, once, token: visit.token });
    const done = status === 409 || (status >= 200 && status < 300);
    if (done) this.#box.set("rated", `${visit.contact}/${this.state.episode}`);
    this.#show();
    return done;
  }

  /** Call about this conversation; `undefined` before there is one. */
  async about<T>(method: string, rest: string, body?: unknown, once?: string): Promise<Answer<T> | undefined> {
    const visit = this.#box.visit;
    if (!visit) return undefined;
    const ask = { token: visit.token, ...(body === undefined ? {} : { body }), ...(once ? { once } : {}) };
    return this.#api<T>(method, path(visit) + rest, ask);
  }

  /** Ask for news now. */
  async look(): Promise<void> {
    clearTimeout(this.#poll);
    const visit = await this.#fresh();
    // What is to be expected changes while somebody waits.
    if (visit && this.state.open) void this.#askShop();
    if (visit)
      this.#heard(visit, await this.#api<Story>("GET", path(visit), { token: visit.token, etag: this.#etag }));
    this.#schedule();
  }

  #heard(visit: Visit, answer: Answer<Story>): void {
    if (this.#box.visit?.contact !== visit.contact) return;
    this.#unheard = isPassing(answer.status) ? this.#unheard + 1 : 0;
    if (answer.status === 401 || answer.status === 404) this.#forget(visit);
    else if (answer.status === 200 && answer.body) this.#learn(answer.body, answer.etag ?? "");
    else this.#show({ online: answer.status !== 0 });
  }

  #learn({ contact, messages }: Story, etag: string): void {
    const known = this.state.messages;
    if (messages.length > known.length) this.#active = Date.now();
    if (messages.some(({ id }) => known.every((one) => one.id !== id))) void this.#askFiles();
    this.#etag = etag;
    // A look that began before a text was taken does not know it yet; nothing that was said is ever unsaid.
    const later = known.filter((one) => messages.every(({ id }) => id !== one.id));
    const all = [...messages, ...later].sort((one, other) => one.at.localeCompare(other.at));
    this.#show({ online: true, messages: all, status: contact.status, episode: contact.episode });
  }

  /** Return the visit with a token that lasts. */
  async #fresh(): Promise<Visit | undefined> {
    const visit = this.#box.visit;
    if (!visit || visit.expires - Date.now() > RENEW_MS) return visit;
    const { status, body } = await this.#api<Opened>("POST", "/v1/widget/renew", { token: visit.token });
    if (body && status === 200) this.#keep(body);
    return this.#box.visit;
  }

  #keep(opened: Opened): void {
    const { tenant, contact, token } = opened;
    this.#box.set("visit", { tenant, contact, token, expires: Date.parse(opened.expires_at) });
  }

  #forget(visit: Visit): void {
    if (this.#box.visit?.contact === visit.contact) this.#box.set("visit", undefined);
    this.#changed();
  }

  /** Something was written, here or in another tab. */
  #changed(): void {
    const contact = this.#box.visit?.contact ?? "";
    if (contact !== this.#contact) {
      this.#contact = contact;
      this.#etag = "";
      Object.assign(this.state, { messages: [], files: [], status: "", episode: 0 });
    }
    this.#show();
    if (document.visibilityState === "hidden") return;
    if (this.#box.outbox.some((one) => !one.refused)) void this.#send();
    void this.look();
  }

  /** Send what waits, oldest first; tabs take turns, and the server knows what it has had already. */
  #send(): Promise<void> {
    this.#sending ??= inTurn(this.#lock, async () => {
      for (let next = this.#next(); next; next = this.#next()) if (!(await this.#deliver(next))) break;
    }).finally(() => {
      this.#sending = undefined;
      if (this.#next() && !this.#failures) void this.#send();
    });
    return this.#sending;
  }

  #next(): Pending | undefined {
    return this.#box.outbox.find((one) => !one.refused);
  }

  /** Send one text and return whether to go on with the next. */
  async #deliver(pending: Pending): Promise<boolean> {
    const visit = await this.#fresh();
    const answer = await (visit ? this.#add(visit, pending) : this.#begin(pending));
    if (isPassing(answer.status)) return this.#again(answer);
    this.#failures = 0;
    if (answer.status === 200 || answer.status === 201) this.#box.drop(pending.id);
    else if (visit && !OF_TEXT.has(answer.status)) this.#forget(visit);
    else this.#box.put({ ...pending, refused: answer.code ?? "refused" });
    this.#show({ online: true });
    return true;
  }

  async #add(visit: Visit, { id, text }: Pending): Promise<Answer<Said>> {
    const ask = { body: { text }, once: id, token: visit.token };
    const answer = await this.#api<Said>("POST", `${path(visit)}/messages`, ask);
    if (answer.status === 201 && answer.body) this.#append(answer.body);
    // What is written after the end opens the conversation again.
    if (this.state.status === "resolved") void this.look();
    return answer;
  }

  async #begin({ id, text, at }: Pending): Promise<Answer<Opened>> {
    const answer = await this.#api<Opened>("POST", "/v1/widget/contacts", { body: { text }, once: id });
    if (answer.status === 201 && answer.body) {
      this.#keep(answer.body);
      this.#contact = answer.body.contact;
      this.#append({
        id: this.#contact,
        author: "customer",
        name: "",
        text,
        at: new Date(at).toISOString(),
      });
      this.state.status ||= "waiting";
      void this.look();
    }
    return answer;
  }

  #append(said: Said): void {
    if (!this.state.messages.some((one) => one.id === said.id))
      this.state.messages = [...this.state.messages, said];
  }

  #again({ status, retryAfter }: Answer<unknown>): false {
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#changed(), backoff(this.#failures, retryAfter));
    this.#show({ online: status !== 0 });
    return false;
  }

  async #askFiles(): Promise<void> {
    const answer = await this.about<{ files: SharedFile[] }>("GET", "/files");
    if (answer?.status === 200 && answer.body) this.#show({ files: answer.body.files });
  }

  async #askShop(): Promise<void> {
    if (Date.now() < this.#shopDue) return;
    this.#shopDue = Number.POSITIVE_INFINITY;
    clearTimeout(this.#shopRetry);
    const { status, body, retryAfter } = await this.#api<Shop>("GET", "/v1/widget/shop");
    this.#missed = isPassing(status) ? this.#missed + 1 : 0;
    const wait = this.#missed ? backoff(this.#missed, retryAfter) : SHOP_MS;
    this.#shopDue = Date.now() + wait;
    if (status === 200 && body) this.#show({ shop: body });
    else if (!this.state.shop && this.#missed)
      this.#shopRetry = window.setTimeout(() => void this.#askShop(), wait);
  }

  #schedule(): void {
    clearTimeout(this.#poll);
    const wait = pause({
      visible: document.visibilityState === "visible",
      open: this.state.open,
      idle: Date.now() - this.#active,
      over: this.state.status === "resolved",
    });
    const later = this.#unheard ? backoff(this.#unheard) : 0;
    if (wait && this.#box.visit) this.#poll = window.setTimeout(() => void this.look(), Math.max(wait, later));
  }

  #show(change: Partial<State> = {}): void {
    Object.assign(this.state, change);
    const { state } = this;
    const theirs = state.messages.filter((one) => one.author !== "customer");
    const seen = this.#box.get<string>("seen") ?? "";
    const newest = theirs.at(-1)?.at ?? "";
    if (state.open && newest > seen && document.visibilityState === "visible") this.#box.set("seen", newest);
    state.unread = state.open ? 0 : theirs.filter((one) => one.at > seen).length;
    state.outbox = this.#box.outbox;
    state.rated = this.#box.get("rated") === `${this.#contact}/${state.episode}`;
    this.#shown(state);
  }
}

/** Whether the same request may well be answered later. */
function isPassing(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}

function path({ tenant, contact }: Visit): string {
  return `/v1/tenants/${tenant}/contacts/${contact}`;
}

/** Do it when no other tab does; browsers without locks rely on the server alone, which answers a repeat alike. */
async function inTurn(name: string, work: () => Promise<void>): Promise<void> {
  await (navigator.locks ? navigator.locks.request(name, work) : work());
}

export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
