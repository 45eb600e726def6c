// A card is registered on the payment provider's page, which the local stage's stand-in hosts.
import { expect, test } from "@playwright/test";
import { people, SHOP, shopPage } from "./shop";
import { leave } from "./world";

const { invoices, place } = SHOP.ko;

test.afterEach(leave);

test("an owner registers a card, comes back, and pays with it", async ({ browser }) => {
  const owner = await shopPage(browser, people.owner, "/shop/invoices");
  const back = async () => {
    await expect(owner.getByRole("heading", { name: place.invoices, level: 1 })).toBeVisible();
    await expect(owner).toHaveURL(/\/shop\/invoices$/);
  };
  await owner.getByRole("button", { name: invoices.card }).click();
  await expect(owner.getByRole("heading", { name: "Register a card" })).toBeVisible();
  await owner.getByRole("link", { name: "Back" }).click();
  await back();
  await expect(owner.getByText(invoices.cardRegistered)).toHaveCount(0);

  await owner.getByRole("button", { name: invoices.card }).click();
  await owner.getByRole("button", { name: "A card that works" }).click();
  await expect(owner.getByText(invoices.cardRegistered).first()).toBeVisible();
  await back();

  await owner.getByRole("button", { name: invoices.pay }).click();
  await expect(owner.getByRole("heading", { name: "Payments" })).toBeVisible();
  const charged = owner.getByRole("row").filter({ hasText: "4242" }).filter({ hasText: "in use" });
  // The provider tells us of the card, and we tell the provider to charge it.
  await expect(async () => {
    await owner.reload();
    await expect(charged).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await owner.getByRole("link", { name: "Back" }).click();
  await back();
});
