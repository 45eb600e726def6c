// Every view in both languages, light and dark: kept as a picture in `.local/shots`, and judged by axe.
import { expect, type Page, test } from "@playwright/test";
import {
  CONSOLE,
  caughtUp,
  consolePage,
  judge,
  leave,
  opened,
  picture,
  signIn,
  takeNext,
  visitor,
  widget,
  world,
  write,
} from "./world";

const SCHEMES = ["light", "dark"] as const;
const LANGUAGES = ["ko", "en"] as const;

test.use({ trace: "off" });

// Pages that are left open go on asking the stack.
test.afterEach(leave);

const TALKS = {
  ko: {
    asked: "소매 길이를 줄일 수 있나요?",
    note: "@jisu 지난번에도 수선을 물어보신 손님이에요",
    answer: "네, 3cm까지 줄여 드려요. 원하는 길이를 알려 주세요.",
    thanks: "2cm만 줄여 주세요!",
  },
  en: {
    asked: "Can the sleeves be shortened?",
    note: "@jisu this customer asked for alterations before",
    answer: "Yes, by up to 3 cm. Tell us the length that you want.",
    thanks: "2 cm, please!",
  },
};

/** Write a note for colleagues and an answer for the customer. */
async function noteAndAnswer(page: Page, contact: string, said: { note: string; answer: string }): Promise<void> {
  for (const [key, text] of [
    ["m", said.note],
    ["r", said.answer],
  ] as const) {
    await page.keyboard.press("Escape");
    await page.keyboard.press(key);
    await page.keyboard.insertText(text);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("article").filter({ hasText: text })).toBeVisible();
    await caughtUp(page, contact);
  }
  await page.keyboard.press("Escape");
}

async function everyway(page: Page, name: string, part?: string): Promise<void> {
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await picture(page, `${name}-${scheme}`);
    // Colours are the same in both languages, and one of them is judged dark too.
    if (scheme === "light" || name.endsWith("-ko")) await judge(page, `${name}-${scheme}`, part);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

for (const language of LANGUAGES) {
  test(`the widget on a shop's page, ${language}`, async ({ browser }) => {
    const page = await visitor(browser, language);
    await everyway(page, `widget-closed-${language}`);
    const panel = await widget(page, language);
    await everyway(page, `widget-open-${language}`);
    await write(panel, language === "ko" ? "사진이랑 색이 같나요?" : "Is the colour as in the picture?", language);
    await expect(panel.getByRole("listitem")).toHaveCount(1);
    await everyway(page, `widget-talk-${language}`);
  });

  test(`the widget on a telephone, ${language}`, async ({ browser }) => {
    const page = await visitor(browser, language, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await widget(page, language);
    await everyway(page, `widget-phone-${language}`);
    const box = await page.locator("duredesk-widget").getByRole("dialog").boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 390 });
    expect(await page.evaluate(() => document.querySelector("main")?.inert)).toBe(true);
    await page.goBack();
    await expect(page.locator("duredesk-widget").getByRole("dialog")).toBeHidden();
    expect(await page.evaluate(() => document.querySelector("main")?.inert)).toBe(false);
  });

  test(`signing in, ${language}`, async ({ browser }) => {
    const page = await consolePage(browser, language);
    await expect(page.getByRole("heading").first()).toBeVisible();
    await everyway(page, `sign-in-${language}`);
  });

  test(`the console, ${language}`, async ({ browser }) => {
    test.slow();
    const account = language === "ko" ? world.agents.sora : world.agents.yuna;
    const page = await signIn(browser, account, language);
    await everyway(page, `console-empty-${language}`);
    const customer = await visitor(browser, language);
    const panel = await widget(customer, language);
    const said = TALKS[language];
    await write(panel, said.asked, language);
    const contact = await opened(customer);
    await takeNext(page, said.asked);
    await noteAndAnswer(page, contact, said);
    await write(panel, said.thanks, language);
    await expect(page.getByRole("article").filter({ hasText: said.thanks })).toBeVisible();
    await everyway(page, `console-contact-${language}`);
    for (const [key, name] of [
      ["?", "help"],
      ["Control+k", "palette"],
      [",", "settings"],
      ["f", "figures"],
      ["p", "pause"],
      ["t", "transfer"],
      ["b", "snooze"],
      ["c", "callback"],
      ["g", "merge"],
      ["h", "hand"],
      ["x", "stop"],
    ] as const) {
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog").or(page.getByRole("menu"))).toHaveCount(0);
      await page.keyboard.press(key);
      const role = name === "pause" ? "menu" : "dialog";
      await expect(page.getByRole(role)).toBeVisible();
      await everyway(page, `console-${name}-${language}`, `[role=${role}]`);
    }
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+E");
    await expect(page.getByRole("heading", { name: CONSOLE[language].lapsed.resolved })).toBeVisible();
    await everyway(page, `console-resolved-${language}`);
    await expect(panel.getByRole("radio").first()).toBeVisible();
    await everyway(customer, `widget-rating-${language}`);
  });
}
