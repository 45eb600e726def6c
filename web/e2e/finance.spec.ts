// The finance desk: lists keep their order and filter in the address, and their sums are the API's own.
import { expect, type Page, test } from "@playwright/test";
import { finance } from "../src/i18n/ko/finance";
import { shared } from "../src/i18n/ko/shared";
import { Agent, ask, bearerOf, cleared, question } from "./asks";
import { people, shopPage } from "./shop";
import { atDesk, leave, signIn, world } from "./world";

test.describe.configure({ mode: "serial" });
test.afterEach(leave);

/** A contact that was answered, and whose line its shop disputes. */
test.beforeAll(async ({ browser }) => {
  await cleared({ browser });
  const agent = new Agent(await bearerOf(await signIn(browser, world.agents.mina)));
  const contact = await question("소매 길이를 줄일 수 있나요?", "c-finance");
  await agent.take(contact);
  await agent.answer(contact, "네, 3cm까지 줄여 드려요.");
  const owner = await bearerOf(await shopPage(browser, people.owner));
  const body = { contact, episode: 1, reason: "광고 글에 답한 상담이에요." };
  await ask("POST", `/v1/tenants/${world.shop}/disputes`, owner, body);
  await cleared({ browser });
});

const GROUPED = new Intl.NumberFormat("ko-KR");

/** What the API answers to what the page asks for next under such an address. */
async function next(page: Page, path: string, act: () => Promise<unknown>) {
  const asked = page.waitForResponse((one) => new URL(one.url()).pathname.startsWith(path) && one.ok());
  await act();
  const answer = await asked;
  return { query: new URL(answer.url()).searchParams, body: await answer.json() };
}

test("months are sorted and filtered on the server, and the sums are those of the whole filter", async ({
  browser,
}) => {
  const page = await atDesk(browser, world.team.money, "/finance");
  await expect(page.getByRole("table")).toBeVisible();
  const sorted = await next(page, "/v1/finance/periods", () =>
    page.getByRole("button", { name: finance.column.won }).click(),
  );
  expect(sorted.query.get("sort")).toBe("won");
  await expect(page).toHaveURL(/sort=won/);
  const found = await next(page, "/v1/finance/periods", async () => {
    const field = page.getByRole("searchbox", { name: finance.column.tenant });
    await field.fill(world.shop);
    await field.press("Enter");
  });
  expect(JSON.parse(found.query.get("where") ?? "")).toEqual([{ column: "tenant", op: "has", value: world.shop }]);
  const foot = page.getByRole("table").locator("tfoot");
  await expect(foot).toContainText(GROUPED.format(found.body.won));
  await expect(foot).toContainText(GROUPED.format(found.body.contacts));
  await page.reload();
  await expect(page.getByRole("searchbox", { name: finance.column.tenant })).toHaveValue(world.shop);
});

test("a register is turned over page by page, and its sums stay those of all pages", async ({ browser }) => {
  const path = "/v1/finance/registers/usage_ledger";
  const page = await atDesk(browser, world.team.money, "/finance");
  // A page holds 500 rows; that more of them follow is said of a few here.
  await page.route(`**${path}*`, async (route) => {
    const url = new URL(route.request().url());
    const first = !url.searchParams.has("cursor");
    url.searchParams.delete("cursor");
    const body = await (await route.fetch({ url: url.href })).json();
    await route.fulfill({ json: { ...body, cursor: first ? "the-next-page" : null } });
  });
  const found = await next(page, path, () => page.goto(`${world.pages}/finance/registers?register=usage_ledger`));
  const foot = page.getByRole("table").locator("tfoot");
  await expect(foot).toContainText(GROUPED.format(found.body.sums.amount_krw));
  const after = await next(page, path, () => page.keyboard.press("]"));
  expect(after.query.get("cursor")).toBe("the-next-page");
  await expect(page).toHaveURL(/cursor=/);
  await expect(foot).toContainText(GROUPED.format(found.body.sums.amount_krw));
  await expect(page.getByRole("button", { name: shared.after })).toBeDisabled();
  await page.keyboard.press("[");
  await expect(page).not.toHaveURL(/cursor=/);
  await expect(page.getByRole("button", { name: shared.after })).toBeEnabled();
});

test("a dispute is opened by its row and decided by keyboard alone", async ({ browser }) => {
  const page = await atDesk(browser, world.team.money, "/finance/disputes");
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
  await expect(page.locator("tbody tr").first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: finance.disputes.uphold }).focus();
  await page.keyboard.press("Space");
  await dialog.getByLabel(finance.disputes.answer).focus();
  await page.keyboard.insertText("스팸 상담으로 확인했습니다.");
  const decided = await next(page, `/v1/tenants/${world.shop}/disputes/`, async () => {
    await dialog.getByRole("button", { name: finance.disputes.verb }).focus();
    await page.keyboard.press("Enter");
  });
  expect(decided.body.state).toBe("upheld");
  expect(decided.body.won).toBeGreaterThan(0);
  await expect(dialog).toHaveCount(0);
});

test("a month that is not over stays as it is, and says why", async ({ browser }) => {
  const page = await atDesk(browser, world.team.money, "/finance");
  await page.getByRole("link", { name: world.shop, exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: finance.state.open })).toHaveAttribute(
    "aria-current",
    "step",
  );
  await page.getByRole("button", { name: finance.month_.next }).press("Enter");
  await expect(page.getByText(finance.month_.notYet)).toBeVisible();
});

test("a credit note on an invoice that is none is refused in the dialog, which stays", async ({ browser }) => {
  const page = await atDesk(browser, world.team.second, "/finance/corrections");
  await page.getByRole("button", { name: finance.corrections.ask }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(finance.column.tenant, { exact: true }).fill(world.shop);
  await dialog.getByLabel(finance.corrections.invoiceId).fill("in_nobody");
  await dialog.getByLabel(finance.corrections.amount, { exact: true }).fill("1000");
  await dialog.getByLabel(finance.reason, { exact: true }).fill("시험");
  await dialog.getByRole("button", { name: finance.corrections.verb }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByRole("button", { name: shared.cancel }).click();
  await expect(dialog).toHaveCount(0);
});
