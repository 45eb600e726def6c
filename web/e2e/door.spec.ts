// From the first page to a shop that is live: what a person does is counted, and how long it takes.
import { expect, test } from "@playwright/test";
import { door } from "../src/i18n/ko/door";
import { landing } from "../src/i18n/ko/landing";
import { shared } from "../src/i18n/ko/shared";
import { wizard } from "../src/i18n/ko/wizard";
import { csv, founded, Hand, past, registration } from "./hand";
import { keep, leave, world } from "./world";

const INPUTS = 60;
const SECONDS = 600;
const WAGE = "12,500";

test.afterEach(leave);

test("a shop is set up and goes live", async ({ browser }) => {
  test.setTimeout(SECONDS * 1_000);
  const began = Date.now();
  const shop = {
    id: `door${began.toString(36)}`,
    mail: `door-${began}@shop.example`,
    name: "해솔상점",
    number: registration(began % 10_000),
  };
  const page = await (await browser.newContext()).newPage();
  const hand = new Hand(page);
  await page.goto(`${world.pages}/`);
  await hand.fill(landing.compare.usual, "30");
  const compared = page.waitForResponse(
    async (one) => one.url().endsWith("/v1/cost-comparison") && (await one.text()).includes(WAGE),
  );
  await hand.fill(landing.compare.wage, WAGE);
  await compared;
  await expect(page.getByText(landing.compare.fits)).toBeVisible();
  await hand.link(landing.begin);
  await founded(hand, shop);

  await expect(page).toHaveURL(/\/set-up\/past/);
  await hand.upload(wizard.past.file, csv(past(3_000)));
  await hand.button(wizard.past.send);
  await expect(page.getByRole("heading", { name: wizard.report.title })).toBeVisible();
  await hand.button(wizard.report.take);
  for (const step of ["goals", "scope", "hours"] as const) {
    await expect(page.getByRole("heading", { name: wizard[step].title })).toBeVisible();
    await hand.button(wizard.saveAsIs);
  }

  // Leaving and coming back opens where one was; with no step in the address, the next one that is needed.
  await expect(page).toHaveURL(/\/set-up\/voice/);
  await page.reload();
  await expect(page.getByRole("heading", { name: wizard.voice.title })).toBeVisible();
  await page.goto(`${world.pages}/set-up`);
  await expect(page).toHaveURL(/\/set-up\/voice/);
  await page.goto(`${world.pages}/set-up/live`);
  await expect(page.getByRole("button", { name: wizard.live.go })).toBeDisabled();
  await page.goto(`${world.pages}/set-up/voice`);

  await hand.fill(wizard.voice.greeting, "안녕하세요, 해솔상점 상담원이에요.");
  await hand.button(wizard.saveAsIs);
  await expect(page.getByRole("heading", { name: wizard.answers.title })).toBeVisible();
  await hand.button(wizard.saveAsIs);
  await expect(page.getByRole("heading", { name: wizard.channels.title })).toBeVisible();
  await hand.fill(wizard.widget.origin, "https://haesol.example");
  await hand.button(wizard.widget.issue);
  await expect(page.getByText('data-key="ddw.')).toBeVisible();
  const key = /data-key="([^"]+)"/.exec((await page.locator("pre").first().textContent()) ?? "")?.[1] ?? "";
  await hand.button(wizard.saveAsIs);
  await expect(page.getByRole("heading", { name: wizard.team.title })).toBeVisible();
  await hand.fill(wizard.team.mail, `staff-${began}@shop.example`);
  await hand.button(wizard.team.invite);
  await expect(page.getByText(`staff-${began}@shop.example`)).toBeVisible();
  await hand.button(wizard.next);
  await expect(page.getByRole("heading", { name: wizard.plan.title })).toBeVisible();
  await hand.button(wizard.saveAsIs);

  // Nobody gets through before the shop is live.
  const early = await fetch(`${world.pages}/v1/widget/contacts`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": crypto.randomUUID(),
      Origin: "https://haesol.example",
      "X-Widget-Key": key,
    },
    body: JSON.stringify({ text: "열었나요?" }),
  });
  expect([early.status, (await early.json()).error?.code]).toEqual([409, "not_live"]);

  await expect(page.getByRole("heading", { name: wizard.rehearsal.title })).toBeVisible();
  await hand.button(wizard.rehearsal.send);
  const told = page.getByRole("region", { name: wizard.rehearsal.result });
  await expect(told.getByText("해솔상점 상담원이에요.")).toBeVisible();
  await expect(told.getByText("0원").first()).toBeVisible();
  await hand.button(wizard.next);
  await hand.button(wizard.live.go);
  await expect(page.getByRole("heading", { name: wizard.live.done })).toBeVisible();

  const seconds = Math.round((Date.now() - began) / 1_000);
  keep("door", [hand.inputs, seconds]);
  expect(hand.inputs).toBeLessThanOrEqual(INPUTS);
  expect(seconds).toBeLessThanOrEqual(SECONDS);
});

test("a number that is none is said at its field, and nothing that was typed is lost", async ({ browser }) => {
  const began = Date.now();
  const page = await (await browser.newContext()).newPage();
  const hand = new Hand(page);
  await page.goto(`${world.pages}/sign-up`);
  const shop = { id: `wrong${began.toString(36)}`, mail: `wrong-${began}@shop.example`, name: "틀린번호" };
  const refused = founded(hand, { ...shop, number: "120-86-00000" }).catch(() => undefined);
  await expect(page.getByText(door.refusal.invalid_registration)).toBeVisible();
  await expect(page.getByLabel(door.found.number)).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel(door.found.name)).toHaveValue(shop.name);
  await page.getByLabel(door.found.number).fill(registration(1 + (began % 9_000)));
  await page.getByRole("button", { name: door.found.submit }).click();
  await expect(page).toHaveURL(/\/set-up\//);
  await expect(page.getByText(shared.failed)).toHaveCount(0);
  await refused;
});
