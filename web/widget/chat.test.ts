import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, Api, Ask } from "./api";
import { Box, memoryShelf, type Shelf } from "./box";
import { Chat, type State } from "./chat";

interface Asked extends Ask {
  what: string;
}

/** A server that keeps what it takes, once for each Idempotency-Key, and can be cut off before or behind its work. */
class Server {
  asked: Asked[] = [];
  said: { id: string; author: string; name: string; text: string; at: string }[] = [];
  opened = 0;
  status = "waiting";
  cut: "" | "before" | "behind" = "";
  refuse = new Map<string, Answer<unknown>>();
  #taken = new Map<string, string>();

  api: Api = async <T>(method: string, path: string, ask: Ask = {}) => {
    const what = `${method} ${path.replace(/.*\/contacts\/c\d+/, "C")}`;
    this.asked.push({ what, ...ask });
    if (this.cut === "before") return { status: 0 };
    const answer = this.refuse.get(what) ?? this.#answer(what, path, ask);
    return (this.cut === "behind" ? { status: 0 } : answer) as Answer<T>;
  };

  #answer(what: string, path: string, ask: Ask): Answer<unknown> {
    if (what === "GET /v1/widget/shop") return { status: 200, body: { name: "단비옷장" } };
    if (what === "POST /v1/widget/contacts") {
      const id = this.#take(ask);
      const expires_at = new Date(Date.now() + 86_400_000).toISOString();
      return {
        status: 201,
        body: { tenant: "danbi", contact: id, token: `ddv.${id}`, expires_at },
      };
    }
    if (what === "POST C/messages") {
      const id = this.#take(ask);
      return { status: 201, body: this.said.find((one) => one.id === id) };
    }
    if (what === "GET C") {
      const contact = { status: this.status, version: this.said.length, episode: 1 };
      return { status: 200, body: { contact, messages: this.said } };
    }
    return { status: 201, body: { path } };
  }

  #take(ask: Ask): string {
    const once = ask.once ?? "";
    const former = this.#taken.get(once);
    if (former) return former;
    this.opened += 1;
    // The first message of a contact has the contact's own id.
    const id = `c${this.opened}`;
    this.#taken.set(once, id);
    const { text } = ask.body as { text: string };
    this.said.push({
      id,
      author: "customer",
      name: "",
      text,
      at: new Date(Date.now() + this.opened).toISOString(),
    });
    return id;
  }

  texts = () => this.said.map(({ text }) => text);
  count = (what: string) => this.asked.filter((one) => one.what === what).length;
}

let server: Server;
let shelf: Shelf;
let shown: State;

async function tab(): Promise<Chat> {
  const chat = new Chat(server.api, new Box("k", shelf), "lock", (state) => {
    shown = { ...state };
  });
  await chat.start();
  return chat;
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  shelf = memoryShelf();
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

describe("a server that does not answer", () => {
  it("is asked less and less often, by one timer each", async () => {
    const chat = await tab();
    chat.setOpen(true);
    chat.say("배송 언제 와요?");
    await settle(10);
    server.cut = "before";
    server.asked = [];
    await settle(120_000);
    expect(server.count("GET C")).toBeLessThan(12);
    expect(server.count("GET /v1/widget/shop")).toBeLessThan(12);
    server.cut = "";
    await settle(31_000);
    expect(shown.online).toBe(true);
  });

  it("is asked for the shop of a page by one timer, whatever else goes on", async () => {
    server.cut = "before";
    const chat = await tab();
    for (let times = 0; times < 20; times++) chat.setOpen(times % 2 === 0);
    await settle(60_000);
    expect(server.count("GET /v1/widget/shop")).toBeLessThan(10);
    server.cut = "";
    await settle(31_000);
    expect(shown.shop?.name).toBe("단비옷장");
  });
});

describe("a conversation", () => {
  it("opens with the first text and goes on with the next", async () => {
    const chat = await tab();
    chat.say("배송 언제 와요?", "a".repeat(32));
    await settle(10);
    chat.say("주문은 어제 했어요", "b".repeat(32));
    await settle(10);
    expect(server.texts()).toEqual(["배송 언제 와요?", "주문은 어제 했어요"]);
    expect(server.count("POST /v1/widget/contacts")).toBe(1);
    expect(shown.messages.map(({ text }) => text)).toEqual(server.texts());
    expect(shown.outbox).toEqual([]);
  });

  it.each(["before", "behind"] as const)(
    "is sent once when the network is cut %s the server's work",
    async (cut) => {
      const chat = await tab();
      server.cut = cut;
      chat.say("한 번만", "a".repeat(32));
      await settle(5_000);
      expect(shown).toMatchObject({ online: false, outbox: [{ text: "한 번만" }] });
      expect(server.count("POST /v1/widget/contacts")).toBeGreaterThan(1);
      server.cut = "";
      await settle(60_000);
      expect(server.texts()).toEqual(["한 번만"]);
      expect(shown).toMatchObject({ online: true, outbox: [] });
      expect(new Set(server.asked.filter(({ once }) => once).map(({ once }) => once)).size).toBe(1);
    },
  );

  it("outlives a reload with a text that was not sent", async () => {
    server.cut = "before";
    const first = await tab();
    first.say("기억해 줘", "a".repeat(32));
    first.draft = "쓰다 만 글";
    await settle(10);
    server.cut = "";
    const second = await tab();
    await settle(40_000);
    expect(server.texts()).toEqual(["기억해 줘"]);
    expect(second.draft).toBe("쓰다 만 글");
  });

  it("keeps the order, and waits as long as the server asks", async () => {
    const chat = await tab();
    server.refuse.set("POST /v1/widget/contacts", { status: 429, retryAfter: 20 });
    chat.say("하나", "a".repeat(32));
    await settle(1);
    chat.say("둘", "b".repeat(32));
    await settle(15_000);
    expect(server.count("POST /v1/widget/contacts")).toBeLessThanOrEqual(2);
    server.refuse.clear();
    await settle(30_000);
    expect(server.texts()).toEqual(["하나", "둘"]);
  });

  it("gives a refused text back and sends the others", async () => {
    const chat = await tab();
    chat.say("안녕하세요", "a".repeat(32));
    await settle(10);
    server.refuse.set("POST C/messages", { status: 400, code: "text_too_long" });
    chat.say("너무 긴 글", "b".repeat(32));
    await settle(10);
    expect(shown.outbox).toMatchObject([{ text: "너무 긴 글", refused: "text_too_long" }]);
    server.refuse.clear();
    chat.say("짧은 글", "c".repeat(32));
    await settle(10);
    expect(server.texts()).toEqual(["안녕하세요", "짧은 글"]);
    chat.withdraw("b".repeat(32));
    expect(shown.outbox).toEqual([]);
  });

  it.each([401, 404, 409])("begins anew after %d for one that is closed", async (status) => {
    const chat = await tab();
    chat.say("처음", "a".repeat(32));
    await settle(10);
    server.refuse.set("POST C/messages", { status });
    chat.say("다시", "b".repeat(32));
    await settle(10);
    expect(server.count("POST /v1/widget/contacts")).toBe(2);
    expect(server.texts()).toEqual(["처음", "다시"]);
    expect(shown.outbox).toEqual([]);
  });

  it("does not try for ever with a key that opens nothing", async () => {
    const chat = await tab();
    server.refuse.set("POST /v1/widget/contacts", { status: 401, code: "unauthenticated" });
    chat.say("들어가나요", "a".repeat(32));
    await settle(120_000);
    expect(server.count("POST /v1/widget/contacts")).toBe(1);
    expect(shown.outbox).toMatchObject([{ refused: "unauthenticated" }]);
  });
});

describe("the shop", () => {
  it("is asked for again while nobody answers", async () => {
    server.cut = "before";
    await tab();
    expect(shown.shop).toBeUndefined();
    server.cut = "";
    await settle(2_000);
    expect(shown.shop?.name).toBe("단비옷장");
  });

  it("is not asked for again once the key is refused", async () => {
    server.refuse.set("GET /v1/widget/shop", { status: 401 });
    await tab();
    await settle(120_000);
    expect(server.count("GET /v1/widget/shop")).toBe(1);
  });

  it("is asked for again each minute while somebody waits before it, and left alone once it is closed", async () => {
    const chat = await tab();
    chat.say("안녕하세요", "a".repeat(32));
    chat.setOpen(true);
    await settle(130_000);
    expect(server.count("GET /v1/widget/shop")).toBe(3);
    chat.setOpen(false);
    await settle(200_000);
    expect(server.count("GET /v1/widget/shop")).toBe(3);
  });
});

describe("news", () => {
  it("come every two seconds while it is open, and are counted while it is not", async () => {
    const chat = await tab();
    chat.say("안녕하세요", "a".repeat(32));
    chat.setOpen(true);
    await settle(100);
    const before = server.count("GET C");
    await settle(10_000);
    expect(server.count("GET C") - before).toBe(5);
    chat.setOpen(false);
    server.said.push({
      id: "x",
      author: "agent",
      name: "단비",
      text: "네",
      at: new Date(Date.now() + 99).toISOString(),
    });
    await settle(20_000);
    expect(shown.unread).toBe(1);
    chat.setOpen(true);
    await settle(10);
    expect(shown.unread).toBe(0);
    expect((await tab()) && shown.unread).toBe(0);
  });

  it("of an end come with a question that is asked once", async () => {
    const chat = await tab();
    chat.say("고마워요", "a".repeat(32));
    await settle(10);
    server.status = "resolved";
    await chat.look();
    expect(shown).toMatchObject({ status: "resolved", rated: false });
    server.refuse.set("POST C/rating", { status: 500 });
    expect(await chat.rate(5, "")).toBe(false);
    expect(shown.rated).toBe(false);
    server.refuse.clear();
    expect(await chat.rate(5, "")).toBe(true);
    expect(shown.rated).toBe(true);
  });
});
