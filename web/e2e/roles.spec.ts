// What is not offered to somebody is refused as well, and two shops know nothing of each other.
import { expect, type Page, test } from "@playwright/test";
import { asked, people, SHOP, second, shopPage } from "./shop";
import { leave, world } from "./world";

const { ko } = SHOP;
const OWN = [
  [ko.place.team, "/shop/team", "people"],
  [ko.place.keys, "/shop/keys", "server-keys"],
  [ko.place.hooks, "/shop/hooks", "hooks"],
  [ko.place.access, "/shop/access", "access-records"],
] as const;
const PAGES = [
  "/shop",
  "/shop/usage",
  "/shop/contacts",
  "/shop/results",
  "/shop/promotions",
  "/shop/invoices",
  "/shop/team",
  "/shop/keys",
  "/shop/hooks",
  "/shop/access",
  "/shop/settings",
  "/shop/leave",
];
const READS = ["bill", "usage", "contacts", "results", "promotions", "choices", "people", "hooks", "setup"];

test.afterEach(leave);

/** Open a page without a new sign-in. */
async function go(page: Page, path: string): Promise<void> {
  await page.goto(`${world.pages}${path}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

for (const who of ["staff", "viewer"] as const) {
  test(`${who} are neither offered nor given what is the owner's`, async ({ browser }) => {
    const page = await shopPage(browser, people[who]);
    for (const [name, path, read] of OWN) {
      await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
      await go(page, path);
      await expect(page.getByText(ko.ownerOnly)).toBeVisible();
      expect(await asked(page, `/v1/tenants/${world.shop}/${read}`)).toBe(403);
    }
    await go(page, "/shop/settings");
    await expect(page.getByText(ko.settings.ownerChanges)).toBeVisible();
    await expect(page.getByRole("button", { name: ko.settings.change })).toHaveCount(0);
  });
}

test("the owner is offered all of it", async ({ browser }) => {
  const page = await shopPage(browser, people.owner);
  for (const [name, path, read] of OWN) {
    await expect(page.getByRole("link", { name, exact: true }).first()).toBeVisible();
    await go(page, path);
    await expect(page.getByText(ko.ownerOnly)).toHaveCount(0);
    expect(await asked(page, `/v1/tenants/${world.shop}/${read}`)).toBe(200);
  }
});

test("one shop's owner finds nothing of another's, on no page and at no address", async ({ browser }) => {
  const page = await shopPage(browser, people.owner);
  const leaks: string[] = [];
  page.on("response", async (one) => {
    if (!one.url().includes("/v1/")) return;
    const body = await one.text().catch(() => "");
    if (body.includes(second.canary)) leaks.push(one.url());
  });
  for (const path of PAGES) await go(page, path);
  for (const read of READS) expect(await asked(page, `/v1/tenants/${second.tenant}/${read}`), read).toBe(404);
  expect(leaks).toEqual([]);
  const stranger = await shopPage(browser, people.stranger);
  for (const read of READS) expect(await asked(stranger, `/v1/tenants/${world.shop}/${read}`), read).toBe(404);
  // The canary is really there for its own people to see.
  expect(await asked(stranger, `/v1/tenants/${second.tenant}/choices`)).toBe(200);
});
