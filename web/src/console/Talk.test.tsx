import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Said, Story } from "../api/types";
import { query } from "../app/query";
import { ready } from "../i18n";
import { spoken } from "../shared/notices";
import { Talk } from "./Talk";

const said = (author: Said["author"], text: string) =>
  ({ id: text, author, name: "mina", text, at: "2026-11-22T09:00:00Z" }) as Said;

function talk(...messages: Said[]) {
  const story = { contact: { tenant: "danbi", id: "c1", version: 4 }, messages, events: [] } as unknown as Story;
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={query}>
        <Talk contact="danbi/c1" story={story} failed={false} again={() => undefined} mine={false} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

beforeEach(async () => {
  await ready;
});
afterEach(() => {
  cleanup();
  query.clear();
});

it("tells who says what: the house's warning is neither the agent's nor the customer's", () => {
  render(talk(said("customer", "야!"), said("agent", "네?"), said("house", "욕설이 이어져 상담을 마칩니다.")));
  const heads = screen.getAllByRole("article").map((one) => one.querySelector("strong")?.textContent);
  expect(heads).toEqual(["고객", "상담원 mina", "두레데스크"]);
});

it.each([
  ["customer", "고객"],
  ["house", "두레데스크"],
  ["staff", "상점 직원"],
  ["note", "내부 메모"],
] as const)("speaks what %s says under its name", async (author, name) => {
  const { rerender } = render(talk(said("agent", "네?")));
  await act(async () => rerender(talk(said("agent", "네?"), said(author, "새 글"))));
  expect(spoken.get().text).toContain(name);
});
