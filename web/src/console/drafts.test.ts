import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../api/session";
import type { Desk, Person } from "../api/types";
import { query } from "../app/query";
import * as drafts from "./drafts";

const REF = "danbi/c1";
const PAUSE = 600;

/** The server of drafts, which can be out of reach or refuse. */
class Server {
  kept: { place: string; text: string }[] = [];
  answers: () => Response = () => new Response("{}", { status: 200 });

  take = async (request: Request): Promise<Response> => {
    const answer = this.answers();
    const place = new URL(request.url).pathname.split("/contacts/")[1] ?? "";
    if (answer.ok) this.kept.push({ place, text: ((await request.json()) as { text: string }).text });
    return answer;
  };
}

describe("what is being written", () => {
  let server: Server;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    vi.stubGlobal("fetch", server.take);
    session.set({ state: "in", token: "t", until: Date.now() + 1e9, person: {} as Person });
    query.setQueryData<Desk>(["desk"], { held: [{ tenant: "danbi", id: "c1" }] } as unknown as Desk);
  });
  afterEach(() => {
    drafts.forget();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is kept by the server after a pause, once for a burst of keys", async () => {
    drafts.write(REF, "reply", { text: "안" });
    await vi.advanceTimersByTimeAsync(PAUSE / 2);
    drafts.write(REF, "reply", { text: "안녕" });
    await vi.advanceTimersByTimeAsync(PAUSE + 1);
    expect(server.kept).toEqual([{ place: "c1/drafts/reply", text: "안녕" }]);
    expect(drafts.writing(REF, "reply").saved).toBe(true);
  });

  it("is in this browser at once", () => {
    drafts.write(REF, "note", { text: "메모" });
    expect(localStorage.getItem("duredesk.drafts")).toContain("메모");
  });

  it("is tried again after a failure, and is not said to be saved before", async () => {
    server.answers = () => {
      throw new TypeError("no network");
    };
    drafts.write(REF, "reply", { text: "안녕" });
    await vi.advanceTimersByTimeAsync(PAUSE + 1);
    expect([drafts.writing(REF, "reply").saved, drafts.unsaved.get().size]).toEqual([false, 1]);
    server.answers = () => new Response("{}", { status: 200 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.kept).toHaveLength(1);
    expect([drafts.writing(REF, "reply").saved, drafts.unsaved.get().size]).toEqual([true, 0]);
  });

  it("stays here, and only here, once the contact is another's", async () => {
    query.setQueryData<Desk>(["desk"], { held: [] } as unknown as Desk);
    drafts.write(REF, "reply", { text: "이 글은 남아요" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.kept).toEqual([]);
    expect(drafts.writing(REF, "reply").text).toBe("이 글은 남아요");
  });

  it("gives way to what the server has, unless something is here", () => {
    drafts.adopt(REF, "reply", { text: "다른 자리에서 쓴 글" });
    expect(drafts.writing(REF, "reply")).toMatchObject({ text: "다른 자리에서 쓴 글", saved: true });
    drafts.write(REF, "reply", { text: "여기서 쓴 글" });
    drafts.adopt(REF, "reply", { text: "다른 자리에서 쓴 글" });
    expect(drafts.writing(REF, "reply").text).toBe("여기서 쓴 글");
  });
});
