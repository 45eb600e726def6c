// What the deployed stack is, who works there, and how a page is reached and judged.
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
  type Response,
} from "@playwright/test";
import { en } from "../src/i18n/en";
import { ko } from "../src/i18n/ko";

export interface Account {
  mail: string;
  password: string;
  secret: string;
}

export interface World {
  pages: string;
  demo: string;
  server: string;
  shop: string;
  name: string;
  nameEn: string;
  others: string;
  othersName: string;
  agents: Record<"mina" | "jisu" | "hana" | "sora" | "yuna", Account>;
  team: Record<"admin" | "lead" | "money" | "second", Account>;
  errands: string;
  shots: string;
}

export const world: World = JSON.parse(readFileSync(process.env.DUREDESK_WORLD ?? "", "utf8"));
export type Language = "ko" | "en";
export const CONSOLE = { ko, en };

/** Fill in the holes of a text of the console's. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The six digits that an authenticator shows now. */
export function code(secret: string): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const sum = createHmac("sha1", key).update(counter).digest();
  const start = (sum[sum.length - 1] ?? 0) & 15;
  return String((sum.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The console in a browser of its own, in the language that was chosen there. */
export async function consolePage(browser: Browser, language: Language): Promise<Page> {
  const page = await (await browser.newContext({ locale: language === "ko" ? "ko-KR" : "en-US" })).newPage();
  const settings = { language, scheme: "auto", letters: true, enterSends: false, announceQueue: true };
  await page.addInitScript((chosen) => {
    if (!localStorage.getItem("duredesk.settings")) localStorage.setItem("duredesk.settings", chosen);
  }, JSON.stringify(settings));
  await page.goto(`${world.pages}/console`);
  return page;
}

/** Pulls that were refused because the console did not know what its agent holds. */
export const stale: string[] = [];

function isPull(one: Response): boolean {
  return one.url().endsWith("/v1/queue/next");
}

/** Sign an agent in as people do, and return the console. */
export async function signIn(browser: Browser, account: Account, language: Language = "ko"): Promise<Page> {
  const page = await consolePage(browser, language);
  const words = CONSOLE[language].signIn;
  await page.getByLabel(words.mail).fill(account.mail);
  await page.getByLabel(words.password, { exact: true }).fill(account.password);
  await page.getByRole("button", { name: words.submit }).click();
  await page.getByLabel(words.code).fill(code(account.secret));
  await page.getByRole("button", { name: words.confirm }).click();
  await expect(page.getByText(CONSOLE[language].list.empty)).toBeVisible();
  page.on("response", (one) => {
    if (isPull(one) && one.status() === 412) stale.push(one.url());
  });
  return page;
}

/** Sign one of the team in at a page of theirs, in Korean, and return it once its first heading is there. */
export async function atDesk(browser: Browser, account: Account, path: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: "ko-KR" })).newPage();
  await page.goto(world.pages + path);
  await page.getByLabel(ko.signIn.mail).fill(account.mail);
  await page.getByLabel(ko.signIn.password, { exact: true }).fill(account.password);
  await page.getByRole("button", { name: ko.signIn.submit }).click();
  await page.getByLabel(ko.signIn.code).fill(code(account.secret));
  await page.getByRole("button", { name: ko.signIn.confirm }).click();
  await expect(page.locator("#main h1")).toBeVisible();
  return page;
}

/** A customer in a browser of their own, on the shop's page. */
export async function visitor(browser: Browser, language: Language = "ko", options = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${world.demo}/demo/${world.shop}?lang=${language}`);
  return page;
}

export const WIDGET = {
  ko: { open: "상담 열기", close: "상담 닫기", field: "메시지", send: "보내기" },
  en: { open: "Open chat", close: "Close chat", field: "Message", send: "Send" },
};

/** The widget's panel, opened. */
export async function widget(page: Page, language: Language = "ko"): Promise<Locator> {
  await page.getByRole("button", { name: WIDGET[language].open }).click();
  const panel = page.locator("duredesk-widget").getByRole("dialog");
  await expect(panel).toBeVisible();
  return panel;
}

/** Write into the widget and send it. */
export async function write(panel: Locator, text: string, language: Language = "ko"): Promise<void> {
  await panel.getByLabel(WIDGET[language].field).fill(text);
  await panel.getByLabel(WIDGET[language].field).press("Enter");
  await expect(panel.getByRole("listitem").filter({ hasText: text })).toBeVisible();
}

/** Type Hangul as an input method does: syllable by syllable, each one composed before it is there. */
export async function compose(page: Page, syllables: string[], { finish = true } = {}): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const [at, syllable] of syllables.entries()) {
    await session.send("Input.imeSetComposition", { text: syllable, selectionStart: 1, selectionEnd: 1 });
    if (finish || at < syllables.length - 1) await session.send("Input.insertText", { text: syllable });
  }
  await session.detach();
}

/** Press Enter as a browser reports it while the input method has the key. */
export async function composingEnter(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const key = { key: "Process", code: "Enter", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key, code: "Enter" });
  await session.detach();
}

/** What was said in the open conversation, by a part of it. */
export function said(page: Page, text: string): Locator {
  return page.getByRole("article").filter({ hasText: text }).first();
}

/** Take contacts by keyboard, oldest first, until the one with this text is on the screen. */
export async function takeNext(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Escape");
  await expect(async () => {
    const asked = page.waitForResponse(isPull, { timeout: 20_000 });
    await page.keyboard.press("n");
    const pulled = await asked;
    expect(pulled.status()).toBe(200);
    // What was pulled is on the screen before anything more is: else one too many would be taken.
    await page.waitForURL(`**/${(await pulled.json()).contact.id}`);
    await expect(page.getByRole("article").first()).toBeVisible();
    expect(await said(page, text).count()).toBe(1);
  }).toPass({ timeout: 60_000, intervals: [100, 250] });
}

interface Story {
  contact: { status: string; version: number };
  messages: { author: string; text: string }[];
}

/** What a contact holds, as the shop's server sees it. */
export async function story(contact: string): Promise<Story> {
  const address = `${world.pages}/v1/tenants/${world.shop}/contacts/${contact}`;
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${world.server}` } });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Wait until the console shows all that a contact holds, so that nothing crosses what is done next. */
export async function caughtUp(page: Page, contact: string): Promise<void> {
  const seen = () =>
    page.evaluate(
      (ref) => JSON.parse(localStorage.getItem("duredesk.seen") ?? "{}")[ref],
      `${world.shop}/${contact}`,
    );
  await expect.poll(async () => (await seen()) === (await story(contact)).contact.version).toBe(true);
}

/** Wait until a widget's conversation is stored, and return its contact. */
export async function opened(page: Page): Promise<string> {
  const visit = () =>
    page.evaluate(() => {
      const name = Object.keys(localStorage).find((one) => one.endsWith(":visit"));
      return name ? (localStorage.getItem(name) ?? "") : "";
    });
  await expect.poll(visit).toMatch(/"contact":"[0-9a-f]{32}"/);
  return JSON.parse(await visit()).contact;
}

/** Have something done to the stage itself that no page can do. */
export async function errand<T = object>(name: string, asked: object = {}): Promise<T> {
  const done = await fetch(`${world.errands}/${name}`, { method: "POST", body: JSON.stringify(asked) });
  expect(done.status, name).toBe(200);
  return (await done.json()) as T;
}

/** Close every page that is open. */
export async function leave({ browser }: { browser: Browser }): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

export async function cut(context: BrowserContext, offline: boolean): Promise<void> {
  await context.setOffline(offline);
}

/** Keep what was measured, beside the traces. */
export function keep(name: string, figures: number[]): void {
  const folder = process.env.DUREDESK_OUT ?? "../.local/e2e";
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.json`, JSON.stringify(figures));
}

/** Keep a picture of a view, or of the whole page that it is a part of. */
export async function picture(page: Page, name: string, { whole = false } = {}): Promise<void> {
  mkdirSync(world.shots, { recursive: true });
  await page.screenshot({ path: `${world.shots}/${name}.png`, animations: "disabled", fullPage: whole });
}

/** Judge a view by axe, or the part of it that is new. */
export async function judge(page: Page, name: string, part = "html"): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include(part)
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect
    .soft(
      grave.map(({ id, nodes }) => [
        id,
        nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
      ]),
      name,
    )
    .toEqual([]);
}
