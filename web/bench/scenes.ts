// What an agent does while the main thread is watched.
import type { Locator, Page } from "@playwright/test";
import { HELD, messagesOf } from "./desk.ts";

export interface Scene {
  name: string;
  /** Whether no task may be long: what the budget is for. */
  hard: boolean;
  /** Which contact is open at the start, if any. */
  opened?: number;
  play: (page: Page) => Promise<void>;
}

const STEP = 1_000;
const LETTERS = 200;
const SWITCHES = 20;
/** More steps than the longest way takes; a view that has not arrived by then does not scroll. */
const PATIENCE = 2_000;

export const SCENES: Scene[] = [
  { name: "list, wheel", hard: true, play: (page) => wheel(page, list(page), "down") },
  { name: "list, keys", hard: true, play: (page) => keys(page, list(page), "down") },
  { name: "conversation, wheel", hard: true, opened: 0, play: (page) => wheel(page, talk(page), "up") },
  { name: "conversation, keys", hard: true, opened: 0, play: (page) => keys(page, talk(page), "up") },
  { name: "typing", hard: false, opened: 0, play: type },
  { name: "switching", hard: false, opened: 0, play: change },
];

type Way = "up" | "down";
const BACK = { up: "down", down: "up" } as const;

/** The box that the held contacts scroll in. */
function list(page: Page): Locator {
  return page.locator("nav [aria-posinset]").first().locator("xpath=ancestor::div[1]");
}

/** The box that the conversation scrolls in. */
function talk(page: Page): Locator {
  return page.locator("main [role=group][tabindex='0']");
}

async function wheel(page: Page, box: Locator, way: Way): Promise<void> {
  await box.hover();
  for (const one of [way, BACK[way]]) {
    await until(page, box, one, () => page.mouse.wheel(0, one === "up" ? -STEP : STEP));
  }
}

/** Page by page there and back; then by one key from end to end. */
async function keys(page: Page, box: Locator, way: Way): Promise<void> {
  const link = box.getByRole("link").first();
  await (way === "down" ? link : box).focus();
  for (const one of [way, BACK[way]]) {
    await until(page, box, one, () => page.keyboard.press(one === "up" ? "PageUp" : "PageDown"));
  }
  for (const one of [way, BACK[way], way, BACK[way]]) {
    await until(page, box, one, () => page.keyboard.press(one === "up" ? "Home" : "End"));
  }
}

/** Repeat a step until the box has come to its end, and that end is drawn. */
async function until(page: Page, box: Locator, way: Way, step: () => Promise<void>): Promise<void> {
  for (let steps = 0; steps < PATIENCE; steps++) {
    await step();
    if (await arrived(page, box, way)) return;
  }
  throw new Error(`${way}: the view does not get to its end`);
}

async function arrived(page: Page, box: Locator, way: Way): Promise<boolean> {
  const found = await box.evaluate((one, towards) => {
    const watched = window as typeof window & { nodes?: number };
    watched.nodes = Math.max(watched.nodes ?? 0, document.getElementsByTagName("*").length);
    const left = towards === "up" ? one.scrollTop : one.scrollHeight - one.clientHeight - one.scrollTop;
    const places = [...one.querySelectorAll("[aria-posinset]")];
    const end = towards === "up" ? "1" : places[0]?.getAttribute("aria-setsize");
    return left <= 1 && places.some((place) => place.getAttribute("aria-posinset") === end);
  }, way);
  if (!found) await page.evaluate(() => new Promise(requestAnimationFrame));
  return found;
}

async function type(page: Page): Promise<void> {
  await page.getByTestId("writing").focus();
  const sentence = "교환은 3일 안에 됩니다. It takes three days. ";
  await page.keyboard.type(sentence.repeat(LETTERS).slice(0, LETTERS), { delay: 15 });
}

/** One contact after another by its key, each of them read for the first time. */
async function change(page: Page): Promise<void> {
  await page.locator("body").press("Escape");
  for (let index = 1; index <= SWITCHES; index++) {
    await page.keyboard.press("j");
    await page
      .locator("main article", { hasText: `${messagesOf(index)}. ` })
      .last()
      .waitFor();
  }
}

/** Wait until what the scene begins with is drawn. */
export async function settled(page: Page, scene: Scene): Promise<void> {
  await page.locator(`nav [aria-setsize="${HELD}"]`).first().waitFor();
  if (scene.opened !== undefined) {
    await page
      .locator("main article", { hasText: `${messagesOf(scene.opened)}. ` })
      .last()
      .waitFor();
    await page.getByTestId("writing").waitFor();
  }
  await page.waitForTimeout(1_000);
}
