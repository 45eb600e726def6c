// A hand at a page: does what a person does, and counts each of it.
import { expect, type Locator, type Page } from "@playwright/test";
import { world } from "./world";

type FileIn = { name: string; mimeType: string; buffer: Buffer };

export class Hand {
  /** How many times something was typed, clicked, chosen or sent in. */
  inputs = 0;

  constructor(readonly page: Page) {}

  async fill(label: string, text: string): Promise<void> {
    this.inputs++;
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  async click(target: Locator): Promise<void> {
    this.inputs++;
    await target.click();
  }

  button(name: string): Promise<void> {
    return this.click(this.page.getByRole("button", { name, exact: true }));
  }

  link(name: string): Promise<void> {
    return this.click(this.page.getByRole("link", { name, exact: true }).first());
  }

  async check(name: string): Promise<void> {
    this.inputs++;
    await this.page.getByRole("checkbox", { name }).check();
  }

  async select(label: string, value: string): Promise<void> {
    this.inputs++;
    await this.page.getByLabel(label, { exact: true }).selectOption(value);
  }

  async upload(label: string, file: FileIn): Promise<void> {
    this.inputs++;
    await this.page.getByLabel(label, { exact: true }).setInputFiles(file);
  }

  async press(key: string): Promise<void> {
    this.inputs++;
    await this.page.keyboard.press(key);
  }
}

/** The six digits of the newest mail to an address, as the local mailbox shows it. */
export async function mailed(page: Page, to: string): Promise<string> {
  let code = "";
  await expect(async () => {
    await page.goto(`${world.pages}/mail?to=${encodeURIComponent(to)}`);
    await page.getByRole("link").first().click();
    const frame = page.frameLocator("iframe").locator("body");
    const text = (await page.locator("iframe").count()) ? await frame.textContent() : "";
    code = /(?<!\d)\d{6}(?!\d)/.exec(`${text} ${await page.locator("body").textContent()}`)?.[0] ?? "";
    expect(code).not.toBe("");
  }).toPass({ timeout: 30_000 });
  return code;
}

/** A registration number whose last digit is right; each number is another one's. */
export function registration(place: number): string {
  const digits = `12086${String(place).padStart(4, "0")}`;
  const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5];
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (weights[at] ?? 0), 0);
  const check = (10 - ((sum + Math.floor((Number(digits[8]) * 5) / 10)) % 10)) % 10;
  return digits + check;
}

const WORDS = ["배송 언제 오나요", "교환하고 싶어요", "반품 신청할게요", "사이즈가 궁금해요", "결제가 안 돼요"];

/** A file of past contacts with so many rows beneath its header; some of them are replaced. */
export function past(rows: number, replaced: Record<number, string> = {}, header = "날짜,내용,채널"): string {
  const now = Date.now() - 86_400_000;
  const lines = Array.from({ length: rows }, (_, place) => {
    const at = new Date(now - (place % 80) * 86_400_000 - (place % 600) * 60_000);
    const text = `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 16)}`;
    return replaced[place + 2] ?? `${text},${WORDS[place % WORDS.length]} ${place},게시판`;
  });
  return `${[header, ...lines].join("\n")}\n`;
}

export function csv(content: string | Buffer, name = "문의.csv"): FileIn {
  return { name, mimeType: "text/csv", buffer: Buffer.isBuffer(content) ? content : Buffer.from(content) };
}

/** A text up to the first thing that is filled into it, which is enough to know it by. */
export function before(text: string): string {
  return text.slice(0, text.search(/[({]/)).trim();
}

/** Sign up, read the code in the mailbox, and found a shop; the page is at the wizard then. */
export async function founded(
  hand: Hand,
  shop: { id: string; mail: string; name: string; number: string },
): Promise<void> {
  const { door } = await import("../src/i18n/ko/door");
  const { page } = hand;
  await hand.fill(door.mail, shop.mail);
  await hand.fill(door.password, PASSWORD);
  await hand.button(door.account.send);
  await expect(page.getByRole("heading", { name: door.code.title })).toBeVisible();
  const box = await page.context().newPage();
  const code = await mailed(box, shop.mail);
  await box.close();
  await hand.fill(door.code.code, code);
  await hand.button(door.code.confirm);
  await hand.fill(door.found.name, shop.name);
  await hand.fill(door.found.nameEn, shop.id);
  await hand.select(door.found.kind, "fashion");
  await hand.fill(door.found.number, shop.number);
  await hand.check(before(door.found.agree));
  await hand.check(before(door.found.know));
  await hand.button(door.found.submit);
  await expect(page).toHaveURL(/\/set-up\//);
}

export const PASSWORD = "Haesol-door-2026!";
