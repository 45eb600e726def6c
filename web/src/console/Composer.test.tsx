import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../api/session";
import type { Desk, FileShown, Person, Story } from "../api/types";
import { query } from "../app/query";
import { ready } from "../i18n";
import { outbox } from "./actions";
import { Composer } from "./Composer";
import { forget, write } from "./drafts";

const REF = "danbi/c1";
const STORY = {
  contact: { tenant: "danbi", id: "c1", version: 4 },
  messages: [],
  events: [],
  shop: {
    id: "danbi",
    name: "단비옷장",
    persona: { agent_name: "단비", greeting: "안녕하세요", signature: "단비 드림", tone: "", language: "ko" },
    handbook: { colour: "#c2255c", steps: [{ id: "size", text: "치수를 물어봤나요?", needed: true }] },
  },
} as unknown as Story;

interface Sent {
  path: string;
  body: unknown;
  key: string | null;
  version: string | null;
}

let sent: Sent[];
let answer: (path: string) => Response;

async function server(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.split("/contacts/c1")[1] ?? "";
  if (request.method === "POST" && path !== "/check") {
    const [key, version] = [request.headers.get("Idempotency-Key"), request.headers.get("If-Match")];
    sent.push({ path, body: JSON.parse((await request.text()) || "null"), key, version });
  }
  return answer(path);
}

const ok = () =>
  new Response(JSON.stringify({ id: "m1", findings: [], drafts: [], viewers: [] }), { status: 200 });

async function settle(): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(50);
  });
}

async function shown(whisper = false): Promise<HTMLTextAreaElement> {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={query}>
        <Composer contact={REF} story={STORY} whisper={whisper} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await settle();
  return screen.getByTestId<HTMLTextAreaElement>("writing");
}

const type = (field: HTMLElement, text: string) => fireEvent.change(field, { target: { value: text } });
const enter = { key: "Enter", code: "Enter", keyCode: 13 };

describe("the composer", () => {
  beforeEach(async () => {
    await ready;
    vi.useFakeTimers();
    sent = [];
    answer = ok;
    vi.stubGlobal("fetch", server);
    session.set({ state: "in", token: "t", until: Date.now() + 1e9, person: {} as Person });
    query.setQueryData<Desk>(["desk"], {
      agent: { id: "mina" },
      held: [{ tenant: "danbi", id: "c1" }],
    } as unknown as Desk);
    query.setQueryData(["story", REF], STORY);
  });
  afterEach(() => {
    cleanup();
    forget();
    outbox.items.set([]);
    query.clear();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("names the shop that it speaks for, in the field and on the button", async () => {
    const field = await shown();
    expect(field.getAttribute("aria-label")).toBe("단비옷장으로 보내는 답장");
    expect(screen.getByRole("button", { name: "단비옷장으로 보내기" })).toBeTruthy();
  });

  it("sends by Ctrl+Enter what the agent has seen, empties the field and keeps the focus there", async () => {
    const field = await shown();
    type(field, "내일 가요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    expect(sent).toEqual([
      { path: "/replies", body: { text: "내일 가요" }, key: expect.any(String), version: "4" },
    ]);
    expect([field.value, document.activeElement]).toEqual(["", field]);
  });

  it("takes Enter alone for a new line, unless it was chosen to send", async () => {
    const field = await shown();
    type(field, "내일");
    expect(fireEvent.keyDown(field, enter)).toBe(true);
    await settle();
    expect(sent).toEqual([]);
  });

  it("waits for the syllable that is being composed, and sends once", async () => {
    const field = await shown();
    type(field, "안녀");
    fireEvent.keyDown(field, { ...enter, key: "Process", keyCode: 229, ctrlKey: true, isComposing: true });
    await settle();
    expect(sent).toEqual([]);
    type(field, "안녕");
    fireEvent.compositionEnd(field);
    await settle();
    expect(sent.map(({ body }) => body)).toEqual([{ text: "안녕" }]);
  });

  it("sends nothing with an open slot, and goes to it", async () => {
    const field = await shown();
    type(field, "송장 {{?번호}}(이/가) 나왔어요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    expect(sent).toEqual([]);
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("{{?번호}}");
  });

  it("decides the particle of a slot that was typed over", async () => {
    const field = await shown();
    type(field, "송장 1236(이/가) 나왔고 {{?날}}(으로/로) 잡혔어요");
    fireEvent.keyDown(field, { key: "Tab", code: "Tab" });
    await settle();
    expect(field.value).toBe("송장 1236이 나왔고 {{?날}}(으로/로) 잡혔어요");
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("{{?날}}");
    type(field, "송장 1236이 나왔고 내일(으로/로) 잡혔어요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    expect(sent.map(({ body }) => body)).toEqual([{ text: "송장 1236이 나왔고 내일로 잡혔어요" }]);
  });

  it("resolves by Ctrl+Shift+Enter, with the steps that were done, and takes the next", async () => {
    const field = await shown();
    fireEvent.click(screen.getByRole("checkbox"));
    type(field, "내일 가요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true, shiftKey: true });
    await settle();
    const [reply, resolution] = sent;
    expect([reply?.path, resolution?.path]).toEqual(["/replies", "/resolve"]);
    expect([resolution?.body, resolution?.version]).toEqual([{ steps: ["size"], sure: false }, "5"]);
  });

  it("gives a refused text back, and says why", async () => {
    const field = await shown();
    const error = { code: "wrong_shop", what: ["멍밀"], kind: "name" };
    answer = (path) => (path === "/replies" ? new Response(JSON.stringify({ error }), { status: 409 }) : ok());
    type(field, "멍밀에서 알려요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    expect(field.value).toBe("멍밀에서 알려요");
    expect(screen.getByRole("alert").textContent).toContain("다른 상점의 이름이에요: 멍밀");
    answer = ok;
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    const keys = sent.filter(({ path }) => path === "/replies").map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  it("keeps files that nothing is written to yet, and gives them back with a refused text", async () => {
    const field = await shown();
    write(REF, "reply", { files: [{ id: "f1", name: "소매.png" } as FileShown] });
    await act(async () => {
      await vi.advanceTimersByTimeAsync(2_000);
    });
    expect(screen.getByText("소매.png")).toBeTruthy();
    const error = { code: "wrong_shop", what: ["멍밀"], kind: "name" };
    answer = (path) => (path === "/replies" ? new Response(JSON.stringify({ error }), { status: 409 }) : ok());
    type(field, "멍밀에서 알려요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    const replies = () => sent.filter(({ path }) => path === "/replies").map(({ body }) => body);
    expect(screen.getByText("소매.png")).toBeTruthy();
    answer = ok;
    type(field, "단비에서 알려요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    expect(replies()).toEqual([
      { text: "멍밀에서 알려요", files: ["f1"] },
      { text: "단비에서 알려요", files: ["f1"] },
    ]);
    expect(screen.queryByText("소매.png")).toBeNull();
  });

  it("writes nothing but whispers beside an agent whose hand is up", async () => {
    const field = await shown(true);
    type(field, "환불해 드려도 돼요");
    fireEvent.keyDown(field, { ...enter, ctrlKey: true });
    await settle();
    expect(sent.map(({ path, body }) => [path, body])).toEqual([
      ["/notes", { text: "환불해 드려도 돼요", whisper: true }],
    ]);
    expect(screen.queryByText("단비옷장으로 보내기")).toBeNull();
  });

  it("shows what was begun before a reload", async () => {
    write(REF, "reply", { text: "쓰다 만 글" });
    expect((await shown()).value).toBe("쓰다 만 글");
  });
});
