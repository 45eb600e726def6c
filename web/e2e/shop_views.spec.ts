// Every page of a shop's desk with something on it, in both languages, light and dark, wide and narrow.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page, test } from "@playwright/test";
import { shared as sharedEn } from "../src/i18n/en/shared";
import { shared as sharedKo } from "../src/i18n/ko/shared";
import { everyway } from "./album";
import { call, people, SHOP, shopPage, token } from "./shop";
import { type Language, leave, world } from "./world";

const SHARED = { ko: sharedKo, en: sharedEn };
const T = `/tenants/${world.shop}`;

test.use({ trace: "off" });
test.describe.configure({ mode: "serial" });

/** A server of the shop's that is out of order. */
let broken: Server | undefined;
let contact = "";
let kept = "";
let promotion = "";
let hook = "";
let month = "";

const [SALE, STOCK] = ["연말 감사제", "재고 서버"];
const CASES = [
  ["chat", "주문한 니트 언제 출발하나요? 토요일에 입어야 해요.", "오늘 오후에 출발해서 내일 받아 보실 수 있어요."],
  [
    "kakao",
    "사이즈 교환하고 싶어요. M에서 L로 바꿔 주세요.",
    "네, L로 바꿔 보내 드릴게요. 반송 송장을 보내 드려요.",
  ],
  [
    "email",
    "카드 결제가 두 번 된 것 같아요. 확인해 주세요.",
    "한 번은 승인 취소됐어요. 이틀 안에 명세에서 사라져요.",
  ],
  ["board", "바지 지퍼가 처음부터 고장 나 있어요.", "죄송해요. 새 상품으로 바로 바꿔 드릴게요."],
  ["chat", "반품 신청했는데 환불은 언제 되나요?", "물건을 받은 날부터 사흘 안에 환불해 드려요."],
] as const;

/** A customer's question that was asked at the shop's own server. */
async function opened(place: number, channel: string, text: string): Promise<string> {
  const customer = { id: `views-${place}`, name: "김하늘", phone: `0105550${String(place).padStart(4, "0")}` };
  const body = { channel, customer, text };
  return (await call<{ id: string }>(world.server, "POST", `${T}/contacts`, body, crypto.randomUUID())).id;
}

test.beforeAll(async () => {
  const [agent, owner] = [await token(world.agents.hana), await token(people.owner)];
  for (const [place, [channel, text, answer]] of CASES.entries()) {
    contact = await opened(place, channel, text);
    await call(agent, "POST", `${T}/contacts/${contact}/claim`);
    await call(agent, "POST", `${T}/contacts/${contact}/replies`, { text: answer }, crypto.randomUUID());
    await call(agent, "POST", `${T}/contacts/${contact}/resolve`, { sure: true });
  }
  const reason = "같은 손님의 같은 문의를 두 번 셌어요.";
  await call(owner, "POST", `${T}/disputes`, { contact, episode: 1, reason }, crypto.randomUUID());
  kept = await opened(99, "chat", "다음 달 입점 행사에 저희도 참여할 수 있을까요?");
  await call(agent, "POST", `${T}/contacts/${kept}/claim`);
  await call(agent, "POST", `${T}/contacts/${kept}/pass`, { note: "입점 담당자분이 답해 주셔야 해요." });
  await tidy(owner);
  promotion = await announced(owner);
  await hooked(owner);
  await call(owner, "POST", `${T}/server-keys`, { label: "주문 서버" }, crypto.randomUUID());
  const goals = { first_reply_seconds: 240, wait_seconds: 90, resolved_percent: 92, satisfied_percent: 85 };
  await choose(owner, "goals", { ...goals, self_service_percent: 0 });
  await choose(owner, "goals", { ...goals, first_reply_seconds: 180, self_service_percent: 0 });
  month = (await call<{ month: string }>(owner, "GET", `${T}/bill`)).month;
});

test.afterAll(async () => {
  broken?.close();
  await tidy(await token(people.owner));
});
test.afterEach(leave);

/** Take back what would be in the way of others, and of a run after one that was broken off. */
async function tidy(owner: string): Promise<void> {
  const found = await call<{ promotions: { id: string; name: string; status: string }[] }>(
    owner,
    "GET",
    `${T}/promotions`,
  );
  for (const one of found.promotions.filter(({ name, status }) => name === SALE && status === "announced"))
    await call(owner, "POST", `${T}/promotions/${one.id}/cancel`);
  const { hooks } = await call<{ hooks: { id: string; label: string }[] }>(owner, "GET", `${T}/hooks`);
  for (const one of hooks.filter(({ label }) => label === STOCK))
    await call(owner, "POST", `${T}/hooks/${one.id}/remove`);
}

async function choose(owner: string, section: string, body: object): Promise<void> {
  const { sections } = await call<{ sections: { section: string; version: number }[] }>(
    owner,
    "GET",
    `${T}/choices`,
  );
  const version = sections.find((one) => one.section === section)?.version ?? 0;
  const answer = await fetch(`${world.pages}/v1${T}/choices/${section}`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${owner}`, "Content-Type": "application/json", "If-Match": `"${version}"` },
    body: JSON.stringify(body),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

async function announced(owner: string): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const body = {
    name: SALE,
    starts_at: `${day(20)}T10:00+09:00`,
    ends_at: `${day(20)}T22:00+09:00`,
    multiple: 2.5,
  };
  return (await call<{ id: string }>(owner, "POST", `${T}/promotions`, body, crypto.randomUUID())).id;
}

/** A hook whose receiver refuses: one test of it was tried. */
async function hooked(owner: string): Promise<void> {
  const refusing = createServer((_, answer) => answer.writeHead(503).end()).listen(0, "127.0.0.1");
  broken = refusing;
  await new Promise((done) => refusing.once("listening", done));
  const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/duredesk`;
  const body = { url, events: ["contact.resolved", "invoice.finalized"], label: STOCK };
  const made = await call<{ hook: { id: string } }>(owner, "POST", `${T}/hooks`, body, crypto.randomUUID());
  hook = made.hook.id;
  await call(owner, "POST", `${T}/hooks/${hook}/test`);
  const log = () =>
    call<{ deliveries: { status?: number }[] }>(owner, "GET", `${T}/hooks/${hook}/deliveries`).then(
      (found) => found.deliveries[0]?.status,
    );
  await expect.poll(log, { timeout: 60_000 }).toBe(503);
}

/** The page once the frame has asked for what is chosen, and every part of the page for its own. */
async function shown(page: Page, name: string, language: Language): Promise<void> {
  await expect(page.getByRole("banner")).toContainText(language === "ko" ? world.name : world.nameEn);
  await expect(page.getByRole("status", { name: SHARED[language].loading })).toHaveCount(0);
  await everyway(page, `shop-${name}`, language);
}

for (const language of ["ko", "en"] as const) {
  test(`every page of the desk, ${language}`, async ({ browser }) => {
    test.setTimeout(600_000);
    const words = SHOP[language];
    const page = await shopPage(browser, people.owner, "/shop", language);
    const names: [string, string][] = [
      ["home", ""],
      ["usage", "/usage"],
      ["line", `/usage/${contact}`],
      ["contacts", "/contacts?status=resolved"],
      ["contact", `/contacts/${contact}`],
      ["contact-ours", `/contacts/${kept}`],
      ["promotions", "/promotions"],
      ["promotion", `/promotions/${promotion}`],
      ["results", "/results"],
      ["invoices", "/invoices"],
      ["invoice", `/invoices/${month}`],
      ["team", "/team"],
      ["keys", "/keys"],
      ["hooks", "/hooks"],
      ["deliveries", `/hooks/${hook}`],
      ["access", "/access"],
      ["leave", "/leave"],
    ];
    for (const [name, path] of names) {
      await page.goto(`${world.pages}/shop${path}`);
      await shown(page, name, language);
    }
    await page.goto(`${world.pages}/shop/promotions/new`);
    await page.getByLabel(words.promotions.name).fill("겨울맞이 세일");
    await page.getByRole("button", { name: words.promotions.look }).click();
    await expect(page.getByRole("heading", { name: words.promotions.changes })).toBeVisible();
    await shown(page, "promotion-new", language);
    await page.goto(`${world.pages}/shop/settings`);
    const goals = page.getByRole("region", { name: words.section.goals, exact: true });
    await goals.getByText(words.settings.history).click();
    await expect(goals.getByRole("listitem").first()).toBeVisible();
    await shown(page, "settings", language);
  });
}

test("the owner takes everything along as a file", async ({ browser }) => {
  const { ko } = SHOP;
  const page = await shopPage(browser, people.owner, "/shop/leave");
  await page.getByRole("button", { name: ko.export.verb }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(ko.reason).fill("이용을 끝내기 전에");
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: ko.export.verb }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^danbi-\d{4}-\d{2}-\d{2}\.jsonl$/);
  const text = readFileSync(await file.path(), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(2);
  for (const held of [contact, kept, "김하늘", CASES[0][2]]) expect(text).toContain(held);
  await expect(dialog).toHaveCount(0);
});
