// Views of a page kept as pictures in `.local/shots`, and judged: by axe, and by whether all of it is on the screen.
import { expect, type Page } from "@playwright/test";
import { judge, type Language, picture } from "./world";

const SIZES = [
  [1_440, 900],
  [768, 1_024],
  [390, 844],
] as const;
const SCHEMES = ["light", "dark"] as const;
/** Colours are the same in both languages and what is where is the same in both schemes: these tell all views apart. */
const TELLING = ["ko-1440-light", "ko-1440-dark", "ko-390-light", "en-1440-light"];
/** All of them are kept when somebody wants to look at them: `make shots`. */
const ALL = process.env.DUREDESK_ALBUM === "all";

/** Nothing on the page is still on its way. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
}

/** Keep the whole page, light and dark; at no width does it scroll sideways. */
export async function everyway(page: Page, name: string, language: Language): Promise<void> {
  await settled(page);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(wide, `${name} at ${width}, ${language}, does not scroll sideways`).toBeLessThanOrEqual(width);
    for (const scheme of SCHEMES) {
      const view = `${language}-${width}-${scheme}`;
      const telling = TELLING.includes(view);
      if (!telling && !ALL) continue;
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await picture(page, `${name}-${view}`, { whole: true });
      if (telling) await judge(page, `${name}-${view}`);
    }
  }
  await page.setViewportSize({ width: 1_440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** Keep what is open over a page, wide and narrow; it alone is judged. */
export async function dialogShown(page: Page, name: string, language: Language): Promise<void> {
  await expect(page.getByRole("dialog")).toBeVisible();
  for (const [width, height] of [SIZES[0], SIZES[2]]) {
    await page.setViewportSize({ width, height });
    const view = `${language}-${width}-light`;
    await picture(page, `${name}-${view}`);
    if (TELLING.includes(view)) await judge(page, `${name}-${view}`, "dialog");
  }
  const [width, height] = SIZES[0];
  await page.setViewportSize({ width, height });
}
