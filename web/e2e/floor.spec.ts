// A lead on the floor: hands contacts over, calls a shop's reserve in, announces an incident, and says who answers for whom.
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { ko } from "../src/i18n/ko";
import { floor } from "../src/i18n/ko/floor";
import { shared } from "../src/i18n/ko/shared";
import { Agent, ask, bearerOf, cleared, question } from "./asks";
import { PASSWORD } from "./hand";
import { people, second, shopPage } from "./shop";
import { type Account, atDesk, code, fill, opened, signIn, story, visitor, widget, world, write } from "./world";

test.describe.configure({ mode: "serial" });
test.beforeAll(cleared);
test.afterEach(cleared);

function row(page: Page, table: string, name: string | RegExp): Locator {
  const tables = page.getByRole("table", { name: fill(table, { pool: "main" }) });
  return tables.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
}

/** An agent at a console, and what such an agent does beside it. */
async function agentAt(browser: Browser, account: Account): Promise<{ page: Page; agent: Agent }> {
  const page = await signIn(browser, account);
  return { page, agent: new Agent(await bearerOf(page)) };
}

function named(contact: string, shop = world.name): string {
  return `${shop} #${contact.slice(-6)}`;
}

test("a contact moves from one agent to another, and its holder is who the floor shows", async ({ browser }) => {
  const { agent: mina } = await agentAt(browser, world.agents.mina);
  const jisu = await signIn(browser, world.agents.jisu);
  const customer = await visitor(browser);
  await write(await widget(customer), "옮겨 주실 상담이에요");
  const contact = await opened(customer);
  await mina.take(contact);
  const lead = await atDesk(browser, world.team.lead, "/floor");
  const name = named(contact);
  await lead.getByRole("button", { name: fill(floor.reassign.of, { contact: name }) }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByRole("radio", { name: /jisu/ }).check();
  await dialog.getByRole("button", { name: floor.reassign.verb }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row(lead, floor.agents.caption, "jisu").getByText(name)).toBeVisible();
  expect((await story(contact)).contact).toMatchObject({ status: "claimed", agent: "jisu" });
  await jisu.goto(`${world.pages}/console/${world.shop}/${contact}`);
  await jisu.getByTestId("writing").fill("제가 이어서 도와드릴게요.");
  await jisu.getByTestId("writing").press("Control+Enter");
  await expect.poll(async () => (await story(contact)).messages.length).toBe(2);
});

test("an incident is shown in the widget and at the desks until it is ended", async ({ browser }) => {
  const mina = await signIn(browser, world.agents.mina);
  const lead = await atDesk(browser, world.team.lead, "/floor");
  const said = `시험 안내 ${Date.now()}: 답변이 늦어지고 있어요.`;
  const notice = lead.getByRole("status").filter({ hasText: said });
  await lead.getByRole("button", { name: floor.incident.announce }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByLabel(floor.incident.text, { exact: true }).fill(said);
  await dialog.getByRole("button", { name: floor.incident.verb }).click();
  await expect(dialog).toHaveCount(0);
  await expect(notice).toBeVisible();
  const customer = await visitor(browser);
  const panel = await widget(customer);
  // What the widget knows of its shop may be older than the incident.
  await expect(async () => {
    await customer.reload();
    await expect(panel.getByText(said)).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(mina.getByRole("status").filter({ hasText: said })).toBeVisible();
  await notice.getByRole("button", { name: floor.incident.end }).click();
  await lead.getByRole("dialog").getByRole("button", { name: floor.incident.end }).click();
  await expect(notice).toHaveCount(0);
  await expect(mina.getByRole("status").filter({ hasText: said })).toHaveCount(0);
});

test("a reserve that the shop did not choose is refused in words", async ({ browser }) => {
  await question("예비 인력이 있나요?", "c-reserve");
  const lead = await atDesk(browser, world.team.lead, "/floor");
  await row(lead, floor.shops.caption, world.name).getByRole("button", { name: floor.reserve.verb }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByRole("button", { name: floor.reserve.verb }).click();
  await expect(dialog.getByRole("alert")).toHaveText(floor.refusal.no_reserve_pool);
});

test("a reserve is called in, for longer, and off again", async ({ browser }) => {
  const owner = await bearerOf(await shopPage(browser, people.stranger));
  await question("재입고 알림이 되나요?", "c-reserve", second.tenant, owner);
  const lead = await atDesk(browser, world.team.lead, "/floor");
  const shop = row(lead, floor.shops.caption, second.canary);
  const dialog = lead.getByRole("dialog");
  await shop.getByRole("button", { name: floor.reserve.verb }).click();
  await dialog.getByRole("button", { name: floor.reserve.verb }).click();
  await expect(dialog).toHaveCount(0);
  await expect(shop).toContainText(floor.shops.reserveUntil);
  const first = await shop.locator("time").last().getAttribute("datetime");
  await shop.getByRole("button", { name: floor.reserve.change }).click();
  await dialog.getByRole("radio", { name: fill(floor.reserve.hours_other, { count: 3 }) }).check();
  await dialog.getByRole("button", { name: floor.reserve.verb }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => shop.locator("time").last().getAttribute("datetime")).not.toBe(first);
  await shop.getByRole("button", { name: floor.reserve.change }).click();
  await dialog.getByRole("button", { name: floor.reserve.off }).click();
  await expect(dialog).toHaveCount(0);
  await expect(shop).not.toContainText(floor.shops.reserveUntil);
});

test("a contact that moves while its dialog is open is refused in words, and nobody loses it", async ({
  browser,
}) => {
  const { agent: mina } = await agentAt(browser, world.agents.mina);
  await signIn(browser, world.agents.jisu);
  const contact = await question("누가 맡고 있나요?", "c-moves");
  await mina.take(contact);
  const one = await atDesk(browser, world.team.lead, "/floor");
  const reassign = one.getByRole("button", { name: fill(floor.reassign.of, { contact: named(contact) }) });
  await reassign.click();
  const dialog = one.getByRole("dialog");
  await dialog.getByRole("radio", { name: /jisu/ }).check();
  const path = `/v1/tenants/${world.shop}/contacts/${contact}/reassign`;
  await ask("POST", path, await bearerOf(await atDesk(browser, world.team.admin, "/floor")), { to: "jisu" });
  await dialog.getByRole("button", { name: floor.reassign.verb }).click();
  await expect(dialog.getByRole("alert")).toHaveText(floor.refusal.same_agent);
  await one.keyboard.press("Escape");
  await expect(row(one, floor.agents.caption, "jisu").getByText(named(contact))).toBeVisible();
  expect((await story(contact)).contact).toMatchObject({ status: "claimed", agent: "jisu" });
});

test("who is not certified for a shop is passed over by its contacts", async ({ browser }) => {
  const { page: hana, agent } = await agentAt(browser, world.agents.hana);
  const lead = await atDesk(browser, world.team.lead, "/floor");
  const change = lead.getByRole("button", { name: fill(floor.certify.of, { name: "hana" }) });
  await change.click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByRole("radio", { name: floor.certify.some }).check();
  await dialog.getByLabel(floor.certify.other).fill("namujip");
  await dialog.getByRole("button", { name: floor.certify.save }).click();
  await expect(dialog).toHaveCount(0);
  const contact = await question("자격이 있는 분께 여쭤요", "c-certified");
  const pulled = hana.waitForResponse((one) => one.url().endsWith("/v1/queue/next"));
  await hana.keyboard.press("n");
  expect((await pulled).status()).toBe(204);
  expect((await story(contact)).contact.status).toBe("waiting");
  await change.click();
  await dialog.getByRole("radio", { name: floor.certify.all }).check();
  await dialog.getByRole("button", { name: floor.certify.save }).click();
  await expect(dialog).toHaveCount(0);
  await agent.take(contact);
  expect((await story(contact)).contact).toMatchObject({ status: "claimed", agent: "hana" });
});

/** Take up a seat as who was invited: a password instead of the one in the mail, and an authenticator. */
async function joined(browser: Browser, mail: string): Promise<Account> {
  const page = await (await browser.newContext({ locale: "ko-KR" })).newPage();
  await expect(async () => {
    await page.goto(`${world.pages}/mail?to=${encodeURIComponent(mail)}`);
    await page.getByRole("link").first().click({ timeout: 2_000 });
  }).toPass();
  const frame = page.frameLocator("iframe").locator("body");
  const given = /7일 동안 유효\): (.+?)\s*[가-힣]/.exec((await frame.textContent()) ?? "")?.[1] ?? "";
  await page.goto(`${world.pages}/console`);
  await page.getByLabel(ko.signIn.mail).fill(mail);
  await page.getByLabel(ko.signIn.password, { exact: true }).fill(given);
  await page.getByRole("button", { name: ko.signIn.submit }).click();
  await page.getByLabel(ko.signIn.newPassword).fill(PASSWORD);
  await page.getByRole("button", { name: ko.signIn.confirm }).click();
  const secret = (await page.getByLabel(ko.signIn.secret).textContent()) ?? "";
  await page.getByLabel(ko.signIn.code).fill(code(secret));
  await page.getByRole("button", { name: ko.signIn.confirm }).click();
  await expect(page.getByText(ko.signIn.enrolled)).toBeVisible();
  await page.context().close();
  return { mail, password: PASSWORD, secret };
}

test("who is invited takes up the seat, and leaves nothing in hand behind when let out", async ({ browser }) => {
  const name = `bom${Date.now()}`;
  const mail = `${name}@team.example`;
  const lead = await atDesk(browser, world.team.lead, "/floor/team");
  await lead.getByRole("button", { name: floor.team.invite }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByLabel(floor.team.mail).fill(mail);
  await dialog.getByLabel(floor.team.agent).fill(name);
  await dialog.getByRole("button", { name: floor.team.inviteVerb }).click();
  await expect(dialog).toHaveCount(0);
  const account = await joined(browser, mail);
  const { page: console, agent } = await agentAt(browser, account);
  const contact = await question("맡은 상담이 남아 있어요", "c-left");
  await agent.take(contact);
  await lead.reload();
  const member = row(lead, floor.team.title, mail);
  await member.getByRole("button", { name: floor.team.off }).click();
  await dialog.getByRole("button", { name: floor.team.off }).click();
  await expect(lead.getByText(fill(floor.team.offDone_other, { count: 1 }))).toBeVisible();
  await expect(member).toHaveCount(0);
  expect((await story(contact)).contact.status).toBe("waiting");
  await console.reload();
  await expect(console.getByLabel(ko.signIn.mail)).toBeVisible();
});

test("an agent finds no floor, by address either", async ({ browser }) => {
  const mina = await signIn(browser, world.agents.mina);
  await mina.goto(`${world.pages}/floor`);
  await expect(mina.getByRole("main")).not.toContainText(floor.shops.name);
  await expect(mina.getByRole("link", { name: floor.team.title })).toHaveCount(0);
  await expect(mina.getByText(shared.failed)).toHaveCount(0);
});
