import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../../api/session";
import type { Colleague, Person } from "../../api/types";
import { query } from "../../app/query";
import { ready } from "../../i18n";
import { notices } from "../../shared/notices";
import { named, ordered } from "./Colleagues";
import { TransferBody } from "./Handling";

const colleague = (agent: string, name = agent, load = 0): Colleague => ({
  agent,
  name,
  load,
  capacity: 6,
  free: load < 6,
});
const ARA = colleague("ara", "아라", 3);
const JUNO = colleague("juno", "준오");
const BORA = colleague("bora", "보라", 6);

let present: Colleague[];
let asked: number;
let broken: boolean;
let refusal: string;
let sent: unknown[];
const close = vi.fn();

async function server(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith("/colleagues")) {
    asked += 1;
    return broken ? json({ error: { code: "shed" } }, 503) : json({ colleagues: present });
  }
  if (pathname.endsWith("/transfer")) {
    sent.push(await request.json());
    return refusal ? json({ error: { code: refusal } }, 409) : json({ tenant: "danbi", id: "c1", version: 5 });
  }
  return json({});
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

async function settle(): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(50);
  });
}

async function shown(): Promise<void> {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={query}>
        <TransferBody contact="danbi/c1" close={close} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await settle();
  act(() => screen.queryByRole("combobox")?.focus());
}

const field = () => screen.getByRole<HTMLInputElement>("combobox");
const options = () => screen.queryAllByRole("option").map((one) => one.textContent);

async function press(key: string, more = {}): Promise<void> {
  fireEvent.keyDown(field(), { key, code: key, ...more });
  await settle();
}

async function seek(text: string): Promise<void> {
  fireEvent.change(field(), { target: { value: text } });
  await settle();
}

async function confirm(): Promise<void> {
  const form = field().closest("form");
  if (form) fireEvent.submit(form);
  await settle();
}

describe("handing a contact over", () => {
  beforeEach(async () => {
    await ready;
    vi.useFakeTimers();
    [present, asked, broken, refusal, sent] = [[ARA, JUNO, BORA], 0, false, "", []];
    close.mockReset();
    vi.stubGlobal("fetch", server);
    session.set({ state: "in", token: "t", until: Date.now() + 1e9, person: {} as Person });
  });
  afterEach(() => {
    cleanup();
    query.clear();
    notices.set([]);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("lists who is there with the load of each, and lets nobody without room be chosen", async () => {
    await shown();
    expect(asked).toBe(1);
    await press("ArrowDown");
    expect(options()).toEqual(["아라 · ara3 / 6", "준오 · juno0 / 6", "보라 · bora6 / 6 · 자리 없음"]);
    fireEvent.click(screen.getByRole("option", { name: /bora/ }));
    await settle();
    expect(field().value).toBe("");
    await confirm();
    expect(sent).toEqual([]);
  });

  it.each([
    ["a name", "준오"],
    ["first consonants", "ㅈㅇ"],
    ["an id", "JUN"],
  ])("finds by %s, and needs the keyboard alone", async (_, text) => {
    await shown();
    await seek(text);
    expect(options()).toEqual(["준오 · juno0 / 6"]);
    await press("Enter");
    expect(field().value).toBe("준오 · juno");
    expect(sent).toEqual([]);
    await press("Enter", { ctrlKey: true });
    expect(sent).toEqual([{ to: "juno" }]);
    expect(close).toHaveBeenCalledOnce();
  });

  it("does not send to who was chosen before while another is sought", async () => {
    await shown();
    await seek("ara");
    await press("Enter");
    expect(field().value).toBe("아라 · ara");
    await seek("jun");
    await confirm();
    await press("Enter", { ctrlKey: true });
    expect(sent).toEqual([]);
    await press("Enter", { ctrlKey: true });
    expect(sent).toEqual([{ to: "juno" }]);
  });

  it("does not send to who was chosen before while another is being chosen from the list", async () => {
    await shown();
    await seek("ara");
    await press("Enter");
    await press("ArrowDown");
    await press("ArrowDown");
    await press("Enter", { ctrlKey: true });
    expect(field().value).toBe("준오 · juno");
    expect(sent).toEqual([]);
    await press("Enter", { ctrlKey: true });
    expect(sent).toEqual([{ to: "juno" }]);
  });

  it("says so when nobody matches, and sends nothing", async () => {
    await shown();
    await seek("zzz");
    expect(screen.getByText("맞는 동료가 없어요")).toBeTruthy();
    await confirm();
    expect(sent).toEqual([]);
  });

  it("says what to do when nobody is there", async () => {
    present = [];
    await shown();
    expect(screen.getByRole("status").textContent).toMatch(/^지금 자리에 있는 동료가 없어요/);
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it.each([
    ["at first", true],
    ["after a refusal", false],
  ])("takes an id by hand when the list cannot be read %s", async (_, first) => {
    broken = first;
    await shown();
    if (!first) {
      [broken, refusal] = [true, "capacity_exceeded"];
      await seek("ara");
      await press("Enter");
      await confirm();
      [refusal, sent] = ["", []];
    }
    const typed = screen.getByLabelText<HTMLInputElement>("받을 동료의 아이디");
    fireEvent.change(typed, { target: { value: "Juno" } });
    fireEvent.keyDown(typed, { key: "Enter", code: "Enter", ctrlKey: true });
    await settle();
    expect(sent).toEqual([{ to: "juno" }]);
  });

  it("asks anew after a refusal, and whenever it is opened", async () => {
    refusal = "capacity_exceeded";
    await shown();
    await seek("ara");
    await press("Enter");
    present = [JUNO, { ...ARA, load: 6, free: false }];
    await confirm();
    expect(sent).toEqual([{ to: "ara" }]);
    expect(close).not.toHaveBeenCalled();
    expect(asked).toBe(2);
    await press("ArrowDown");
    expect(options()).toContain("아라 · ara6 / 6 · 자리 없음");
    cleanup();
    await settle();
    broken = true;
    const opening = shown();
    expect(screen.queryAllByRole("option", { hidden: true })).toEqual([]);
    await opening;
    expect(asked).toBe(3);
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("puts those first to whom something was handed before", async () => {
    await shown();
    await seek("juno");
    await press("Enter");
    await confirm();
    cleanup();
    await shown();
    await press("ArrowDown");
    expect(options()[0]).toBe("준오 · juno0 / 6");
  });
});

describe("the order of colleagues", () => {
  it.each([
    [[], ["ara", "juno", "bora"]],
    [["bora"], ["bora", "ara", "juno"]],
    [
      ["juno", "gone", "ara"],
      ["juno", "ara", "bora"],
    ],
  ])("begins with %j", (known, expected) => {
    expect(ordered([ARA, JUNO, BORA], known).map((one) => one.agent)).toEqual(expected);
  });

  it("tells a name only where it says more than the id", () => {
    expect([ARA, colleague("mina"), colleague("nari", "")].map(named)).toEqual(["아라 · ara", "mina", "nari"]);
  });
});
