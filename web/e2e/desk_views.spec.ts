// The floor's and the finance desk's views in both languages, light and dark, on a wide and a narrow desk.
import { expect, type Page, test } from "@playwright/test";
import { finance as financeEn } from "../src/i18n/en/finance";
import { floor as floorEn } from "../src/i18n/en/floor";
import { finance as financeKo } from "../src/i18n/ko/finance";
import { floor as floorKo } from "../src/i18n/ko/floor";
import { dialogShown, everyway } from "./album";
import { Agent, ask, bearerOf, cleared, question } from "./asks";
import { MONTH, open } from "./books";
import { people, second, shopPage } from "./shop";
import { atDesk, fill, type Language, leave, picture, signIn, world } from "./world";

const FLOOR = { ko: floorKo, en: floorEn };
const FINANCE = { ko: financeKo, en: financeEn };
/** What is said of the one break that no repair mends. */
const LEFT = {
  ko: fill(financeKo.repair.left_other, { count: 1 }),
  en: fill(financeEn.repair.left_one ?? "", { count: 1 }),
};
const LANGUAGES = ["ko", "en"] as const;
const HOUR = 3_600_000;
const NEWS = {
  text: "카카오톡 장애로 답변이 늦어지고 있어요. 채팅은 평소처럼 받고 있어요.",
  text_en: "KakaoTalk is down, so answers are late. Chat works as usual.",
};

test.use({ trace: "off" });
test.describe.configure({ mode: "serial" });
test.afterEach(leave);

async function speak(page: Page, language: Language, path: string): Promise<void> {
  await page.evaluate(
    (chosen) => localStorage.setItem("duredesk.settings", chosen),
    JSON.stringify({ language, scheme: "auto" }),
  );
  await page.goto(world.pages + path);
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}

/** What each dialog is opened by, in words that are seen or spoken, and a name for its picture. */
async function dialogs(page: Page, language: Language, opened: [string, string][]): Promise<void> {
  for (const [name, button] of opened) {
    const buttons = page.locator("#main").getByRole("button");
    const seen = buttons.filter({ hasText: new RegExp(`^${button}$`) });
    const spoken = buttons.and(page.getByLabel(button, { exact: true }));
    await seen.or(spoken).first().click();
    await dialogShown(page, name, language);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
}

test("the floor while it is busy", async ({ browser }) => {
  test.slow();
  await cleared({ browser });
  const mina = new Agent(await bearerOf(await signIn(browser, world.agents.mina)));
  const jisu = new Agent(await bearerOf(await signIn(browser, world.agents.jisu)));
  const hana = new Agent(await bearerOf(await signIn(browser, world.agents.hana)));
  const held = [];
  for (const [place, text] of ["사이즈가 안 맞아요", "환불이 아직이에요", "색이 사진과 달라요"].entries())
    held.push(await question(text, `c-view-${place}`));
  for (const contact of held.slice(0, 2)) await mina.take(contact);
  await jisu.take(held[2] ?? "");
  await mina.raiseHand(held[0] ?? "", "손님이 책임자를 찾으세요");
  await hana.pause("meal");
  for (const [place, text] of ["배송이 언제 오나요", "교환하고 싶어요"].entries())
    await question(text, `c-wait-${place}`);
  const owner = await bearerOf(await shopPage(browser, people.stranger));
  await question("재입고 알림이 되나요", "c-other", second.tenant, owner);
  const lead = await atDesk(browser, world.team.lead, "/floor");
  const bearer = await bearerOf(lead);
  const until = new Date(Date.now() + 2 * HOUR).toISOString();
  await ask("POST", `/v1/tenants/${second.tenant}/reserve`, bearer, { until });
  const { id } = await ask<{ id: string }>("POST", "/v1/incidents", bearer, { ...NEWS, until });
  for (const language of LANGUAGES) {
    const t = FLOOR[language];
    await speak(lead, language, "/floor");
    await expect(lead.getByText(t.shops.reserveUntil)).toBeVisible();
    await everyway(lead, "floor", language);
    await dialogs(lead, language, [
      ["floor-reassign", t.reassign.verb],
      ["floor-certify", fill(t.certify.of, { name: "hana" })],
      ["floor-reserve", t.reserve.change],
      ["floor-incident", t.incident.announce],
      ["floor-incident-end", t.incident.end],
    ]);
    await speak(lead, language, "/floor/team");
    await everyway(lead, "floor-team", language);
    await dialogs(lead, language, [
      ["floor-invite", t.team.invite],
      ["floor-off", t.team.off],
      ["floor-reset", t.team.reset],
    ]);
    await speak(lead, language, "/floor/promotions");
    await everyway(lead, "floor-promotions", language);
  }
  await ask("POST", `/v1/incidents/${id}/end`, bearer);
  await ask("POST", `/v1/tenants/${second.tenant}/reserve`, bearer, { until: null });
  await cleared({ browser });
});

test("the mails that people get", async ({ browser }) => {
  const page = await atDesk(browser, world.team.admin, "/floor/letters");
  for (const language of LANGUAGES) {
    const t = FLOOR[language];
    await speak(page, language, `/floor/letters?language=${language}`);
    const which = page.getByLabel(t.letters.which);
    const shown = page.getByRole("article");
    await expect(shown).toBeVisible();
    let before = "";
    for (const letter of await which.locator("option").evaluateAll((all) => all.map((one) => one.textContent))) {
      await which.selectOption({ label: letter ?? "" });
      await expect(shown).not.toHaveText(before);
      before = (await shown.textContent()) ?? "";
      await picture(page, `letter-${await which.inputValue()}-${language}`);
    }
    await everyway(page, "letters", language);
  }
});

test("the books of a month", async ({ browser }) => {
  test.slow();
  const page = await atDesk(browser, world.team.money, "/finance");
  for (const language of LANGUAGES) {
    const t = FINANCE[language];
    const month = `/finance/months/danbi/${MONTH}`;
    await open(page, "closing");
    for (const [name, path] of [
      ["months", `/finance?month=${MONTH}`],
      ["month-closing", month],
      ["breaks", "/finance/breaks"],
      ["break", `/finance/breaks/danbi/${MONTH}-R2-1`],
      ["break-answered", `/finance/breaks/danbi/${MONTH}-R4-2`],
      ["aging", "/finance/aging"],
      ["journal", `/finance/journal?month=${MONTH}`],
      ["registers", "/finance/registers?register=usage_ledger"],
      ["disputes", "/finance/disputes"],
      ["dispute", "/finance/disputes?tenant=danbi&open=0a1b2c3d4e5f60718293a4b5c6d7e8f9-1"],
      ["corrections", "/finance/corrections"],
      ["correction", "/finance/corrections?tenant=danbi&open=c0ffee00c0ffee00c0ffee00c0ffee00"],
      ["correction-ask", "/finance/corrections?ask=1&tenant=danbi&invoice=in_1QfJ2LHk3dWb7Xa0"],
    ] as const) {
      await speak(page, language, path);
      await expect(page.locator("#main").locator("table, dl").first()).toBeVisible();
      await everyway(page, `finance-${name}`, language);
    }
    await speak(page, language, month);
    await page.getByRole("button", { name: t.month_.repair }).click();
    await expect(page.getByText(LEFT[language])).toBeVisible();
    await everyway(page, "finance-month-repaired", language);
    for (const state of ["open", "reconciled", "invoiced", "locked"] as const) {
      await open(page, state);
      await speak(page, language, month);
      await everyway(page, `finance-month-${state}`, language);
    }
    await dialogs(page, language, [["finance-approve", t.month_.approve]]);
    await open(page, "invoiced");
    await speak(page, language, month);
    await dialogs(page, language, [["finance-reopen", t.month_.reopen]]);
  }
});
