// A promotion is looked at before it is announced; then contract and staffing change, and change back.
import { expect, type Page, test } from "@playwright/test";
import { call, people, SHOP, shopPage } from "./shop";
import { atDesk, leave, world } from "./world";

const { ko } = SHOP;
const NAME = "겨울맞이 세일";
const TIMES = 4;
// A promotion is known everywhere within half a minute; then the page asks again.
const KNOWN_MS = 60_000;

interface Contract {
  rate_per_hour: number;
  burst: number;
}

/** What `GET T/overflow` says of the contract. */
interface Overflow {
  contract: Contract;
  raises?: { promotion: string; name: string; starts_at: string; ends_at: string; contract: Contract };
}

test.describe.configure({ mode: "serial" });
test.afterAll(leave);

let owner: Page;
let before: Overflow;
let id = "";

const overflow = () => call<Overflow>(world.server, "GET", `/tenants/${world.shop}/overflow`);

/** How many contacts are taken, as the shop's home tells it. */
const taken = (page: Page) => page.getByRole("region", { name: ko.home.waits });

const said = ({ rate_per_hour: rate, burst }: Contract) => `시간당 ${rate}건 · 한꺼번에 ${burst}건`;

test.beforeAll(async ({ browser }) => {
  before = await overflow();
  owner = await shopPage(browser, people.owner, "/shop/promotions/new");
});

async function look(page: Page): Promise<void> {
  await page.getByLabel(ko.promotions.name).fill(NAME);
  await page.getByLabel(ko.promotions.multiple).fill(String(TIMES));
  await page.getByRole("button", { name: ko.promotions.look }).click();
  await expect(page.getByRole("heading", { name: ko.promotions.changes })).toBeVisible();
}

test("the preview stores nothing, and tells contacts, won and agents", async () => {
  await look(owner);
  for (const name of [ko.promotions.contactsTitle, ko.promotions.priceTitle, ko.promotions.agentsTitle]) {
    await expect(owner.getByRole("region", { name, exact: true })).toContainText(/[1-9]/);
  }
  await owner.getByRole("link", { name: ko.promotions.back }).click();
  await expect(owner.getByRole("heading", { name: ko.place.promotions, level: 1 })).toBeVisible();
  await expect(owner.getByRole("table").or(owner.getByText(ko.promotions.none)).first()).toBeVisible();
  await expect(owner.getByRole("row").filter({ hasText: ko.promotionStatus.announced })).toHaveCount(0);
  expect(await overflow()).toMatchObject({ contract: before.contract });
  expect((await overflow()).raises).toBeUndefined();
});

test("a promotion that ends before it starts is refused in words", async () => {
  await owner.getByRole("link", { name: ko.promotions.new }).click();
  await owner.getByLabel(ko.promotions.name).fill(NAME);
  await owner.getByLabel(ko.promotions.tillDay).fill(await owner.getByLabel(ko.promotions.fromDay).inputValue());
  await owner.getByLabel(ko.promotions.tillTime).fill("00:00");
  await owner.getByRole("button", { name: ko.promotions.look }).click();
  await expect(owner.getByRole("alert")).toHaveText(ko.refusal.ends_before_start);
});

test("once it is announced as it was shown, the contract rises by so much, and the home says so", async () => {
  await owner.reload();
  await look(owner);
  const raised = {
    rate_per_hour: before.contract.rate_per_hour * TIMES,
    burst: before.contract.burst * TIMES,
  };
  const changes = owner.getByRole("region", { name: ko.promotions.changes });
  await expect(changes).toContainText(
    `시간당 ${before.contract.rate_per_hour}건 → 시간당 ${raised.rate_per_hour}건`,
  );
  await owner.getByRole("button", { name: ko.promotions.announce }).click();
  await expect(owner).toHaveURL(/\/shop\/promotions\/\d{8}-/);
  await expect(owner.getByRole("heading", { level: 1 })).toHaveText(NAME);
  await expect(owner.getByText(ko.promotionStatus.announced, { exact: true })).toBeVisible();
  id = new URL(owner.url()).pathname.split("/").at(-1) ?? "";
  await expect
    .poll(async () => (await overflow()).raises, { timeout: KNOWN_MS })
    .toMatchObject({ promotion: id, name: NAME, contract: raised });
  expect((await overflow()).contract).toEqual(before.contract);
  await owner.getByRole("link", { name: ko.place.home, exact: true }).click();
  await expect(taken(owner)).toContainText(said(before.contract));
  await expect(taken(owner)).toContainText(said(raised), { timeout: KNOWN_MS });
  await taken(owner).getByRole("link", { name: NAME }).click();
  await expect(owner).toHaveURL(new RegExp(`/shop/promotions/${id}$`));
});

test("the lead's calendar proposes agents for it", async ({ browser }) => {
  const lead = await atDesk(browser, world.team.lead, "/floor/promotions");
  const row = lead.getByRole("row").filter({ hasText: NAME });
  await expect(row.first()).toContainText(world.name);
  await lead.context().close();
});

test("cancelled, it raises nothing and needs nobody", async ({ browser }) => {
  await owner.getByRole("button", { name: ko.promotions.cancel }).click();
  await owner.getByRole("dialog").getByRole("button", { name: ko.promotions.cancel }).click();
  await expect(owner.getByText(ko.promotionStatus.cancelled, { exact: true })).toBeVisible();
  await expect(owner.getByRole("button", { name: ko.promotions.cancel })).toHaveCount(0);
  await expect.poll(async () => (await overflow()).raises, { timeout: KNOWN_MS }).toBeUndefined();
  await owner.getByRole("link", { name: ko.place.home, exact: true }).click();
  await expect(taken(owner)).toContainText(said(before.contract));
  await expect(taken(owner).getByRole("link", { name: NAME })).toHaveCount(0, { timeout: KNOWN_MS });
  const lead = await atDesk(browser, world.team.lead, "/floor/promotions");
  await expect(lead.getByRole("row").filter({ hasText: NAME })).toHaveCount(0);
});

test("staff look, and do not announce", async ({ browser }) => {
  const staff = await shopPage(browser, people.staff, "/shop/promotions/new");
  await look(staff);
  await expect(staff.getByText(ko.promotions.ownerAnnounces)).toBeVisible();
  await expect(staff.getByRole("button", { name: ko.promotions.announce })).toHaveCount(0);
});
