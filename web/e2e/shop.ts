// Who looks at a shop's pages, and how they get there.
import { readFileSync } from "node:fs";
import { type Browser, expect, type Page } from "@playwright/test";
import { shop as en } from "../src/i18n/en/shop";
import { shop as ko } from "../src/i18n/ko/shop";
import { type Account, CONSOLE, code, type Language, world } from "./world";

export const SHOP = { ko, en };

type ShopAccount = Pick<Account, "mail" | "password">;

/** People of two shops: `owner`, `staff` and `viewer` of the first, `stranger` owns the second. */
interface ShopWorld {
  people: Record<"owner" | "staff" | "viewer" | "stranger", ShopAccount>;
  second: { tenant: string; canary: string };
}

const read: ShopWorld = JSON.parse(readFileSync(process.env.DUREDESK_WORLD ?? "", "utf8"));
export const { people, second } = read;

/** Sign somebody of a shop in at one of its pages. */
export async function shopPage(
  browser: Browser,
  account: ShopAccount,
  path = "/shop",
  language: Language = "ko",
): Promise<Page> {
  const context = await browser.newContext({ locale: language === "ko" ? "ko-KR" : "en-US" });
  const page = await context.newPage();
  await page.addInitScript(
    (chosen) => {
      if (!localStorage.getItem("duredesk.settings")) localStorage.setItem("duredesk.settings", chosen);
    },
    JSON.stringify({ language, scheme: "auto" }),
  );
  await page.goto(`${world.pages}${path}`);
  const words = CONSOLE[language].signIn;
  await page.getByLabel(words.mail).fill(account.mail);
  await page.getByLabel(words.password, { exact: true }).fill(account.password);
  await page.getByRole("button", { name: words.submit }).click();
  await expect(page.getByRole("navigation", { name: /./ }).first()).toBeVisible();
  return page;
}

/** What the API answers to who is signed in on a page, asked as the page itself asks. */
export async function asked(page: Page, path: string): Promise<number> {
  const bearer = page.waitForRequest((one) => one.url().includes("/v1/tenants/") && !!one.headers().authorization);
  await page.reload();
  const authorization = (await bearer).headers().authorization ?? "";
  const answer = await page.request.get(`${world.pages}${path}`, { headers: { Authorization: authorization } });
  return answer.status();
}

/** Ask the API itself, as whoever has this token; `key` makes what is asked for happen once. */
export async function call<T>(
  token: string,
  method: string,
  path: string,
  body?: object,
  key?: string,
): Promise<T> {
  const headers: Record<string, string> = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    ...(key && { "Idempotency-Key": key }),
  };
  const answer = await fetch(`${world.pages}/v1${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const said = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${said}`).toBe(true);
  return (said ? JSON.parse(said) : {}) as T;
}

/** Sign somebody in at the API itself, patiently: all browsers of a run share one address. */
export async function token(account: ShopAccount & { secret?: string }): Promise<string> {
  let found = "";
  const ask = async (path: string, body: object): Promise<{ token?: string; ticket?: string }> => {
    const answer = await fetch(`${world.pages}/v1/session/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.text();
    expect(answer.ok, said).toBe(true);
    return JSON.parse(said);
  };
  await expect(async () => {
    const begun = await ask("start", { mail: account.mail, password: account.password });
    const done = begun.token
      ? begun
      : await ask("answer", { ticket: begun.ticket, code: code(account.secret ?? "") });
    expect(done.token).toBeTruthy();
    found = done.token ?? "";
  }).toPass({ timeout: 60_000, intervals: [1_000, 2_000, 5_000] });
  return found;
}
