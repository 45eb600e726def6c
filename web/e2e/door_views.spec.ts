// Every page of the front doors in both languages, light and dark, at three widths: kept as pictures, judged by axe.
import { expect, type Page, test } from "@playwright/test";
import { door } from "../src/i18n/ko/door";
import { landing } from "../src/i18n/ko/landing";
import { wizard } from "../src/i18n/ko/wizard";
import { everyway } from "./album";
import { before, csv, Hand, mailed, PASSWORD, past, registration } from "./hand";
import { CONSOLE, type Language, leave, world } from "./world";

const LANGUAGES = ["en", "ko"] as const;

test.use({ trace: "off", contextOptions: { reducedMotion: "reduce" } });
test.afterEach(leave);

/** Choose a language as the menu does, wherever it is shut. */
async function speak(page: Page, language: Language): Promise<void> {
  await page
    .locator(`button[lang=${language}]`)
    .first()
    .evaluate((button: HTMLElement) => button.click());
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}

/** Both languages in place: what was filled in stays. */
async function shown(page: Page, name: string): Promise<void> {
  for (const language of LANGUAGES) {
    await speak(page, language);
    await everyway(page, `door-${name}`, language);
  }
}

test("what anybody may read", async ({ page }) => {
  test.setTimeout(600_000);
  for (const [path, name, seen] of [
    ["/", "landing", landing.compare.sources],
    ["/price", "prices", landing.price.noBase],
    ["/terms", "terms", "Stripe"],
    ["/sign-in", "sign-in", CONSOLE.ko.signIn.forgot],
    ["/password", "forgot", door.forgot.lead],
  ] as const) {
    await page.goto(world.pages + path);
    await expect(page.getByText(seen).first()).toBeVisible();
    await shown(page, name);
  }
  await page.getByLabel(door.mail).fill("nobody@shop.example");
  await page.getByRole("button", { name: door.forgot.send }).click();
  await expect(page.getByLabel(door.forgot.password)).toBeVisible();
  await shown(page, "forgot-code");
  await page.goto(`${world.pages}/`);
  await page.getByText(landing.compare.how).click();
  await page.getByText(landing.compare.sources).click();
  await page.getByLabel(landing.compare.usual).fill("500");
  await expect(page.getByText(landing.compare.fitsNot)).toBeVisible();
  await shown(page, "landing-too-big");
});

test("signing up and setting up", async ({ page }) => {
  test.setTimeout(900_000);
  const began = Date.now();
  const hand = new Hand(page);
  const mail = `views-${began}@shop.example`;
  const title = (name: string) => expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await signedUp(hand, mail);

  await title(door.found.title);
  await hand.fill(door.found.name, "해솔상점");
  await hand.fill(door.found.nameEn, `Haesol ${began.toString(36)}`);
  await hand.select(door.found.kind, "fashion");
  await hand.fill(door.found.number, "120-86-00000");
  await hand.check(before(door.found.agree));
  await hand.check(before(door.found.know));
  await hand.button(door.found.submit);
  await expect(page.getByText(door.refusal.invalid_registration)).toBeVisible();
  await shown(page, "found");
  await hand.fill(door.found.number, registration((began + 2_500) % 10_000));
  await hand.button(door.found.submit);

  await title(wizard.past.title);
  await shown(page, "past");
  await hand.upload(wizard.past.file, csv(past(900, { 777: "어제쯤,=HYPERLINK(),게시판", 778: "하나" })));
  await hand.button(wizard.past.send);
  await title(wizard.refused.title);
  await shown(page, "past-refused");
  await hand.button(wizard.past.other);
  await hand.upload(wizard.past.file, csv(past(30, {}, "언제쯤,적은 글,어디")));
  await hand.button(wizard.past.send);
  await expect(page.getByLabel(wizard.past.columns.at)).toBeVisible();
  await shown(page, "past-columns");
  await hand.button(wizard.past.other);
  await hand.upload(wizard.past.file, csv(past(3_000)));
  await hand.button(wizard.past.send);
  await title(wizard.report.title);
  await shown(page, "report");
  await hand.button(wizard.report.take);
  for (const step of ["goals", "scope", "hours", "voice", "answers"] as const) {
    await title(wizard[step].title);
    await shown(page, step);
    await hand.button(wizard.saveAsIs);
  }
  await title(wizard.channels.title);
  await shown(page, "channels");
  await hand.fill(wizard.widget.origin, "https://haesol.example");
  await hand.button(wizard.widget.issue);
  await page.getByText(wizard.widget.guides).click();
  const preview = page.getByRole("dialog");
  await preview.getByRole("textbox").fill("언제 배송되나요?");
  await preview.getByRole("textbox").press("Enter");
  await expect(preview.getByRole("listitem").filter({ hasText: wizard.voice.sample })).toBeVisible();
  await shown(page, "widget");
  await hand.button(wizard.saveAsIs);
  await title(wizard.team.title);
  await hand.fill(wizard.team.mail, `staff-${mail}`);
  await hand.button(wizard.team.invite);
  await expect(page.getByText(`staff-${mail}`)).toBeVisible();
  await shown(page, "team");
  await page.goto(`${world.pages}/set-up/live`);
  await title(wizard.live.title);
  await shown(page, "live-not-yet");
  await page.goto(`${world.pages}/set-up/plan`);
  await title(wizard.plan.title);
  await shown(page, "plan");
  await hand.button(wizard.saveAsIs);
  await title(wizard.rehearsal.title);
  await hand.button(wizard.rehearsal.send);
  await expect(page.getByRole("region", { name: wizard.rehearsal.result })).toBeVisible();
  await shown(page, "rehearsal");
  await hand.button(wizard.next);
  await title(wizard.live.title);
  await shown(page, "live");
  await hand.button(wizard.live.go);
  await title(wizard.live.done);
  await shown(page, "live-done");
});

/** An account whose mail is confirmed; each page on the way is shown. */
async function signedUp(hand: Hand, mail: string): Promise<void> {
  const { page } = hand;
  await page.goto(`${world.pages}/sign-up`);
  await hand.fill(door.mail, mail);
  await hand.fill(door.password, "short");
  await hand.button(door.account.send);
  await expect(page.getByText(door.refusal.weak_password)).toBeVisible();
  await shown(page, "sign-up");
  await hand.fill(door.password, PASSWORD);
  await hand.button(door.account.send);
  await hand.fill(door.code.code, "000000");
  await hand.button(door.code.confirm);
  await expect(page.getByText(door.refusal.wrong_code)).toBeVisible();
  await shown(page, "sign-up-code");
  const box = await page.context().newPage();
  const code = await mailed(box, mail);
  await box.close();
  await hand.fill(door.code.code, code);
  await hand.button(door.code.confirm);
}
