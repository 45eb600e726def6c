// Files of past contacts: large ones are read in time, and wrong ones are refused with their row and reason.
import { expect, type Page, test } from "@playwright/test";
import { wizard } from "../src/i18n/ko/wizard";
import { csv, founded, Hand, past, registration } from "./hand";
import { keep, world } from "./world";

const LARGE = 50_000;
const SECONDS = 10;

test.describe.configure({ mode: "serial" });

let page: Page;
let hand: Hand;

test.beforeAll(async ({ browser }) => {
  const began = Date.now();
  page = await (await browser.newContext()).newPage();
  hand = new Hand(page);
  await page.goto(`${world.pages}/sign-up`);
  await founded(hand, {
    id: `past${began.toString(36)}`,
    mail: `past-${began}@shop.example`,
    name: "진단상점",
    number: registration((began + 5_000) % 10_000),
  });
});

test.afterAll(() => page.context().close());

async function send(file: ReturnType<typeof csv>): Promise<void> {
  await page.goto(`${world.pages}/set-up/past`);
  await hand.upload(wizard.past.file, file);
  await hand.button(wizard.past.send);
}

/** Korean Windows' own encoding, which browsers read and do not write. */
function cp949(text: string): Buffer {
  const decoder = new TextDecoder("euc-kr");
  const table = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const letter = decoder.decode(Uint8Array.of(lead, trail));
      if (letter.length === 1 && letter !== "\ufffd" && !table.has(letter)) table.set(letter, [lead, trail]);
    }
  }
  return Buffer.from([...text].flatMap((letter) => table.get(letter) ?? [letter.charCodeAt(0)]));
}

for (const [name, content] of [
  ["utf-8", () => Buffer.from(past(LARGE))],
  ["cp949", () => cp949(past(LARGE))],
] as const) {
  test(`${LARGE} rows of ${name} are read within ${SECONDS} seconds, and one sees how far it is`, async () => {
    const seen = new Set<number>();
    let [id, started, done] = ["", 0, 0];
    const watch = async (response: import("@playwright/test").Response) => {
      const begun = /\/diagnoses\/([^/]+)\/start$/.exec(response.url());
      if (begun) [id, started] = [begun[1] ?? "", Date.now()];
      if (!id || !response.url().endsWith(`/diagnoses/${id}`)) return;
      const body = await response.json().catch(() => ({}));
      seen.add(body.rows_read);
      if (body.state === "done") done ||= Date.now();
    };
    page.on("response", watch);
    await send(csv(content()));
    await expect.poll(() => done).toBeGreaterThan(0);
    await expect(page.getByRole("heading", { name: wizard.report.title })).toBeVisible();
    page.off("response", watch);
    keep(`diagnosis-${name}`, [done - started, seen.size]);
    expect(done - started).toBeLessThanOrEqual(SECONDS * 1_000);
    expect(seen.size).toBeGreaterThanOrEqual(2);
  });
}

const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const WRONG: [string, Buffer | string, string, RegExp][] = [
  ["UTF-16", Buffer.from(`\ufeff${past(3)}`, "utf16le"), "1", /글자/],
  ["a workbook", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(400)]), "1", /CSV/],
  ["too many rows", past(LARGE + 1), "50,002", /5만 줄/],
  ["no column with a text", past(3, {}, "날짜,모름,채널"), "1", /어느 열/],
  ["a formula in row 777", past(900, { 777: `${day} 10:00,=HYPERLINK("x"),게시판` }), "777", /수식/],
  ["no date in row 3", past(10, { 3: "어제쯤,배송이요,게시판" }), "3", /날짜/],
  ["a short row", past(10, { 5: `${day} 10:00` }), "5", /칸 수/],
  ["a quote that is not closed", past(10, { 4: `${day} 10:00,"배송이요,게시판` }), "4", /따옴표/],
];

for (const [name, content, row, why] of WRONG) {
  test(`a file is refused whole: ${name}`, async () => {
    await send(csv(content));
    await expect(page.getByRole("heading", { name: wizard.refused.title })).toBeVisible();
    const line = page.getByRole("row").filter({ hasText: why }).first();
    await expect(line.getByRole("rowheader")).toHaveText(row);
    await expect(page.getByRole("heading", { name: wizard.report.title })).toHaveCount(0);
  });
}

test("a file over the limit is refused before it is sent", async () => {
  await send(csv(Buffer.alloc(21 * 1_024 * 1_024, "a")));
  await expect(page.getByRole("alert").filter({ hasText: wizard.refusal.file_too_large })).toBeVisible();
});

test("columns that nobody can tell are chosen, and then the same file is read", async () => {
  await send(csv(past(30, {}, "언제쯤,적은 글,어디")));
  await hand.select(wizard.past.columns.at, "1");
  await hand.select(wizard.past.columns.text, "2");
  await hand.button(wizard.past.readAgain);
  await expect(page.getByLabel(wizard.past.columns.at)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: wizard.report.title })).toBeVisible();
});
