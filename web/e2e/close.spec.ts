// A month is closed in the browser: a planted break is found, explained and repaired, and two people correct it.
// Finance works by keyboard alone; every figure on a page is the one that the API answers.
import {
  type APIResponse,
  type Browser,
  type Locator,
  type Page,
  type Response,
  test,
  expect as usual,
} from "@playwright/test";
import { finance } from "../src/i18n/ko/finance";
import { full } from "../src/shared/dates";
import { people, SHOP, shopPage } from "./shop";
import { atDesk, errand, fill, judge, leave, picture, signIn, takeNext, world } from "./world";

const shop = SHOP.ko;
/** Minutes after a month's end: as soon as it may close, when finance looks, and later on the same morning. */
const [DUE, LOOKED, AGAIN, LATER] = [72 * 60 + 30, 73 * 60 + 30, 74 * 60 + 30, 75 * 60 + 30];
const FOREIGN = 3;
const TAKEN_OFF = 110;
const MANY_STOPS = 120;
const WHY = "이미 해결된 문의를 두 번 청구했어요.";
const NOTE = "대시보드에서 직접 입력한 사용량입니다.";

// Whenever the clock moves, every function of the stage starts anew, and the first who asks waits for that.
const expect = usual.configure({ timeout: 90_000 });
test.describe.configure({ mode: "serial", timeout: 600_000 });
test.afterAll(leave);

const GROUPED = new Intl.NumberFormat("ko-KR");
const won = (amount: number) => `${GROUPED.format(amount)}원`;

let month = "";
let contact = "";
let invoice = "";
let credited = 0;
let owner: Page;
let money: Page;
let second: Page;

/** The month after a month. */
function after(one: string): string {
  const [year = 0, number = 0] = one.split("-").map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** Go to something by Tab alone. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  await expect(target).toBeEnabled();
  for (let stop = 0; stop < MANY_STOPS; stop++) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}

async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await reach(page, target);
  await page.keyboard.press(key);
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.insertText(text);
}

const button = (page: Page | Locator, name: string) => page.getByRole("button", { name, exact: true });
const place = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name: new RegExp(`^${name}`) });

/** Open the row with such a text, by J and Enter. */
async function open(page: Page, text: string): Promise<void> {
  const row = page.locator("tbody tr").filter({ hasText: text }).first();
  await expect(row).toBeVisible();
  for (let step = 0; step < MANY_STOPS; step++) {
    await page.keyboard.press("j");
    if (await row.evaluate((one) => one.contains(document.activeElement))) break;
  }
  await page.keyboard.press("Enter");
}

/** What the API answers to what a page asks for when something is done. */
async function answer<T>(page: Page, path: string, act: () => Promise<unknown>, method = "POST"): Promise<T> {
  const asked = page.waitForResponse(
    (one) => new URL(one.url()).pathname.endsWith(path) && one.request().method() === method,
    { timeout: 90_000 },
  );
  await act();
  const found: Response | APIResponse = await asked;
  expect(found.ok(), `${path}: ${found.status()} ${await found.text()}`).toBe(true);
  return (await found.json()) as T;
}

/** A page that is looked at anew, and what the API answers to it. */
async function anew<T>(page: Page, address: string, path: string): Promise<T> {
  // What the page before asked for is no answer to this one.
  await page.goto("about:blank");
  return answer<T>(page, path, () => page.goto(world.pages + address), "GET");
}

const SHOP_PATH = `/v1/tenants/${world.shop}`;

/** Contacts that an agent answers, by what the customers wrote. */
async function billed(browser: Browser, agent: "sora" | "yuna", texts: string[]): Promise<string[]> {
  const page = await signIn(browser, world.agents[agent]);
  const found: string[] = [];
  for (const text of texts) {
    const opened = await fetch(`${world.pages}${SHOP_PATH}/contacts`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${world.server}`,
        "Content-Type": "application/json",
        "Idempotency-Key": crypto.randomUUID(),
      },
      body: JSON.stringify({ channel: "email", customer: { id: crypto.randomUUID() }, text }),
    });
    expect(opened.status).toBe(201);
    found.push((await opened.json()).id);
    await takeNext(page, text);
    const replied = page.waitForResponse((one) => one.url().endsWith("/replies"));
    await page.getByTestId("writing").fill("네, 확인해서 알려 드릴게요.");
    await page.getByTestId("writing").press("Control+Enter");
    expect((await replied).status()).toBe(201);
  }
  await page.context().close();
  return found;
}

interface Period {
  state: "open" | "closing" | "reconciled" | "invoiced" | "locked";
  contacts: number;
  won: number;
  breaks: number;
  invoice: string;
  asked_by: string;
  seal: string;
}

interface Break {
  id: string;
  rule: "R2";
  item: string;
  left: number;
  right: number;
  difference: number;
  cause: "stale_overwrite";
  status: string;
  version: number;
}

interface Bill {
  lines: { item: string; month?: string; won: number; label: { ko: string } }[];
  subtotal_won: number;
  total_won: number;
  invoice: { total_won: number; credited_won: number; remaining_won: number };
}

/** What pages call an hour of usage. */
const hourOf = (item: string) =>
  fill(finance.item.hour, {
    meter: finance.item.human,
    at: full(new Date(`${item.slice(item.indexOf("/") + 1)}:00:00Z`), "ko"),
  });

const monthly = () => `/finance/months/${world.shop}/${month}`;

/** Do the month's next step, and return what became of it. */
async function step(page: Page): Promise<Period> {
  return answer<Period>(page, `/periods/${month}/close`, () => press(page, button(page, finance.month_.next)));
}

/** What the month's page shows is what the API says of it. */
async function shows(page: Page, period: Period): Promise<void> {
  await expect(page.getByRole("listitem").filter({ hasText: finance.state[period.state] })).toHaveAttribute(
    "aria-current",
    "step",
  );
  const figure = (name: string) => page.locator("dl > div").filter({ hasText: name }).locator("dd").first();
  await expect(figure(finance.month_.contacts)).toHaveText(`${GROUPED.format(period.contacts)}건`);
  await expect(figure(finance.month_.won)).toHaveText(won(period.won));
  await expect(figure(finance.breaks.title)).toHaveText(`${GROUPED.format(period.breaks)}건`);
}

test("an owner objects to a line of this month", async ({ browser }) => {
  [contact = ""] = await billed(browser, "sora", ["이번 달에 답변받은 문의예요"]);
  owner = await shopPage(browser, people.owner, "/shop/usage");
  const ledger = await anew<{ month: string }>(owner, "/shop/usage", `${SHOP_PATH}/usage`);
  month = ledger.month;
  const line = owner.getByRole("row").filter({ hasText: contact.slice(0, 8) });
  await line.getByRole("link").first().click();
  await owner.getByRole("button", { name: shop.usage.object }).click();
  const dialog = owner.getByRole("dialog");
  await dialog.getByLabel(shop.usage.objectReason).fill(WHY);
  await dialog.getByRole("button", { name: shop.usage.objectVerb }).click();
  await expect(dialog).toHaveCount(0);
  await expect(owner.getByRole("main").getByText(shop.verdict.open)).toBeVisible();
  await owner.context().close();
});

test("a break is in the way of the month's close, and its page says what differs", async ({ browser }) => {
  const planted = await errand<{ ours: number; theirs: number }>("plant", { tenant: world.shop });
  expect(planted.theirs).toBe(planted.ours + FOREIGN);
  await errand("clock", { month, minutes: DUE });
  expect((await errand<{ raised: string }>("hourly")).raised).not.toBe("");
  expect((await errand<{ refused: boolean }>("refused")).refused).toBe(true);
  await errand("clock", { month, minutes: LOOKED });

  money = await atDesk(browser, world.team.money, "/finance");
  await expect(place(money, finance.breaks.title)).toContainText("1");
  await press(money, place(money, finance.breaks.title));
  await picture(money, "close-breaks");
  const { breaks } = await answer<{ breaks: Break[] }>(
    money,
    `${SHOP_PATH}/breaks`,
    () => open(money, world.shop),
    "GET",
  );
  const [found] = breaks;
  expect(found).toMatchObject({ rule: "R2", left: planted.ours, right: planted.theirs, difference: FOREIGN });
  const said = money.getByRole("region", { name: finance.break_.what });
  const { rule, item, left, right, cause } = found as Break;
  for (const text of [
    `${rule} ${finance.rule[rule]}`,
    hourOf(item),
    `${GROUPED.format(left)}건`,
    `${GROUPED.format(right)}건`,
    `+${FOREIGN}건`,
    finance.cause[cause],
    finance.owner.operations,
    finance.status.open,
  ]) {
    await expect(said.getByText(text, { exact: true }).first()).toBeVisible();
  }
  await picture(money, "close-break");
  await judge(money, "a break");
});

test("the break is explained and repaired by keyboard, and does not come back", async () => {
  const cause = money.getByLabel(finance.column.cause, { exact: true });
  await reach(money, cause);
  await money.keyboard.type(finance.cause.manual_stripe_edit.slice(0, 6));
  await expect(cause).toHaveValue("manual_stripe_edit");
  await type(money, money.getByLabel(finance.break_.note), NOTE);
  const answered = await answer<Break>(money, "/resolve", () => press(money, button(money, finance.break_.save)));
  expect(answered).toMatchObject({ status: "answered", cause: "manual_stripe_edit", resolution: NOTE });
  await expect(money.getByText(finance.break_.another)).toBeVisible();
  await expect(button(money, finance.break_.approve)).toHaveCount(0);
  await picture(money, "close-explained");

  await press(money, money.getByRole("link", { name: fill(finance.month_.title, { tenant: world.shop, month }) }));
  const { repaired, left } = await answer<{ repaired: string[]; left: unknown[] }>(money, "/repair", () =>
    press(money, button(money, finance.month_.repair)),
  );
  expect(repaired).toEqual([expect.stringMatching(/^human\//)]);
  expect(left).toEqual([]);
  await expect(money.getByText(fill(finance.repair.sent_other, { count: 1 }))).toBeVisible();
  await expect(money.getByRole("status").getByText(hourOf(repaired[0] as string))).toBeVisible();
  await picture(money, "close-repaired");
});

test("the month is closed to its lock, step by step, and nothing differs", async () => {
  const { seconds } = await errand<{ seconds: number }>("clock", { month, minutes: AGAIN });
  const reconciled = await step(money);
  expect(reconciled).toMatchObject({ state: "reconciled", breaks: 0 });
  await shows(money, reconciled);
  await expect(money.getByRole("row").filter({ hasText: "R2" })).toContainText(finance.status.cleared);
  // Who presses once more is still there.
  await expect(button(money, finance.month_.next)).toBeFocused();
  expect((await step(money)).state).toBe("reconciled");
  await expect(money.getByText(finance.month_.notYet).first()).toBeVisible();

  await errand("clock", { month, minutes: LATER });
  const invoiced = await step(money);
  expect(invoiced.state).toBe("invoiced");
  await shows(money, invoiced);
  const locked = await step(money);
  expect(locked).toMatchObject({ state: "locked", breaks: 0, won: invoiced.won });
  expect(locked.seal).toMatch(/^[0-9a-f]{64}$/);
  await shows(money, locked);
  await expect(button(money, finance.month_.next)).toHaveCount(0);
  invoice = locked.invoice;
  await picture(money, "close-locked");
  await judge(money, "a locked month");
  const proof = await errand("reconcile", { tenant: world.shop, seconds: seconds + 60 * 60 });
  expect(proof).toEqual({ difference_won: 0, breaks: [] });
});

test("what is taken off an invoice is asked for by one person and made by another", async ({ browser }) => {
  second = await atDesk(browser, world.team.second, "/finance");
  await press(money, money.getByRole("link", { name: finance.corrections.ask }));
  const asking = money.getByRole("dialog");
  await expect(asking.getByLabel(finance.corrections.invoiceId)).toHaveValue(invoice);
  await type(money, asking.getByLabel(finance.corrections.amount, { exact: true }), String(TAKEN_OFF));
  await type(money, asking.getByLabel(finance.reason, { exact: true }), "늦은 답변에 대한 사과");
  await picture(money, "close-credit-asked");
  const asked = await answer<{ id: string; won: number }>(money, "/credit-notes", () =>
    press(money, button(asking, finance.corrections.verb)),
  );
  expect(asked.won).toBe(TAKEN_OFF);
  await open(money, invoice);
  await expect(money.getByRole("dialog").getByText(finance.corrections.another)).toBeVisible();
  await expect(button(money.getByRole("dialog"), finance.corrections.approve)).toHaveCount(0);
  await press(money, button(money.getByRole("dialog"), finance.close));

  await second.reload();
  await press(second, place(second, finance.corrections.title));
  await open(second, invoice);
  await expect(second.getByRole("dialog")).toContainText(won(TAKEN_OFF));
  await press(second, button(second.getByRole("dialog"), finance.corrections.approve));
  const made = await answer<{ state: string; won: number }>(second, `/${asked.id}/approve`, () =>
    press(second, button(second.getByRole("dialog"), finance.corrections.approve)),
  );
  expect(made).toMatchObject({ state: "made", won: TAKEN_OFF });

  // Days have passed, and with them the owner's session.
  owner = await shopPage(browser, people.owner);
  const bill = await anew<Bill>(owner, `/shop/invoices/${month}`, `${SHOP_PATH}/bill`);
  expect(bill.invoice.credited_won).toBe(TAKEN_OFF);
  expect(bill.invoice.remaining_won).toBe(bill.invoice.total_won - TAKEN_OFF);
  const seen = owner.getByRole("region", { name: new RegExp(`^${shop.invoices.invoice}`) });
  for (const [name, amount] of [
    [shop.invoices.credited, TAKEN_OFF],
    [shop.invoices.remaining, bill.invoice.remaining_won],
  ] as const) {
    await expect(seen.locator("dl > div").filter({ hasText: name })).toContainText(won(amount));
  }
  await picture(owner, "close-owner-invoice");
  await owner.context().close();
});

test("a month is reopened by two people, and never by one", async () => {
  await anew(money, monthly(), `/periods/${month}`);
  await press(money, button(money, finance.month_.reopen));
  const asking = money.getByRole("dialog");
  await type(money, asking.getByLabel(finance.reason, { exact: true }), "단가를 다시 확인합니다.");
  const asked = await answer<Period>(money, "/reopen", () => press(money, button(asking, finance.month_.reopen)));
  expect(asked).toMatchObject({ state: "locked" });
  await expect(money.getByText(finance.month_.askedByMe)).toBeVisible();
  await expect(button(money, finance.month_.approve)).toHaveCount(0);
  const mine = await alone(money);
  expect([mine.status(), (await mine.json()).error.code]).toEqual([403, "same_person"]);
  await picture(money, "close-reopening");

  await anew(second, monthly(), `/periods/${month}`);
  await press(second, button(second, finance.month_.approve));
  const reopened = await answer<Period>(second, "/reopen/approve", () =>
    press(second, button(second.getByRole("dialog"), finance.month_.approve)),
  );
  expect(reopened).toMatchObject({ state: "closing", asked_by: "", seal: "" });
  await shows(second, reopened);
  await expect(second.getByRole("dialog")).toHaveCount(0);
  await picture(second, "close-reopened");
});

/** Approve a reopening oneself, past the page, which has no button for it. */
async function alone(page: Page): Promise<APIResponse> {
  const bearer = page.waitForRequest((one) => one.url().includes("/periods/") && !!one.headers().authorization);
  await page.reload();
  const authorization = (await bearer).headers().authorization ?? "";
  return page.request.post(`${world.pages}${SHOP_PATH}/periods/${month}/reopen/approve`, {
    headers: { Authorization: authorization },
  });
}

test("an upheld objection is a line of the next month's invoice, which the owner sees", async ({ browser }) => {
  await press(money, place(money, finance.disputes.title));
  await open(money, WHY);
  const dialog = money.getByRole("dialog");
  await press(money, dialog.getByRole("radio", { name: finance.disputes.uphold }), "Space");
  await type(money, dialog.getByLabel(finance.disputes.answer), "같은 문의로 확인했습니다.");
  await picture(money, "close-dispute");
  const upheld = await answer<{ state: string; won: number }>(money, "/decide", () =>
    press(money, button(dialog, finance.disputes.verb)),
  );
  expect(upheld.state).toBe("upheld");
  expect(upheld.won).toBeGreaterThan(0);
  credited = upheld.won;

  await billed(browser, "yuna", ["다음 달에 답변받은 문의예요", "다음 달에 답변받은 다른 문의예요"]);
  const next = after(month);
  await errand("send");
  await errand("clock", { month: next, minutes: DUE });
  await errand("hourly");
  await errand("clock", { month: next, minutes: LOOKED });
  expect((await errand<{ raised: string }>("hourly")).raised).toBe("");

  owner = await shopPage(browser, people.owner);
  const bill = await anew<Bill>(owner, `/shop/invoices/${next}`, `${SHOP_PATH}/bill`);
  const line = bill.lines.find((one) => one.item === "dispute");
  expect(line).toMatchObject({ month, won: -credited });
  const shown = owner.locator("dl > div").filter({ hasText: line?.label.ko ?? "" });
  await expect(shown).toContainText(`-${won(credited)}`);
  await expect(owner.locator("dl > div").filter({ hasText: shop.invoices.sum }).first()).toContainText(
    won(bill.subtotal_won),
  );
  expect(bill.invoice.total_won).toBe(bill.total_won);
  await picture(owner, "close-owner-credit");
  await judge(owner, "an invoice with a credit");
  await owner.goto(`${world.pages}/shop/invoices`);
  await expect(owner.locator("#disputes").getByRole("listitem").filter({ hasText: WHY })).toContainText(
    won(credited),
  );
  await picture(owner, "close-owner-months");
});
