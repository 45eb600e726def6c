// A day at the desk without a mouse: no test here points at anything, and only fields that have the focus are typed in.
import { type Browser, expect, type Page, test } from "@playwright/test";
import {
  CONSOLE,
  caughtUp,
  leave,
  opened,
  said,
  signIn,
  stale,
  story,
  takeNext,
  visitor,
  widget,
  world,
  write,
} from "./world";

const { ko } = CONSOLE;

test.describe.configure({ mode: "serial" });

let page: Page;

test.beforeAll(async ({ browser }) => {
  page = await signIn(browser, world.agents.hana);
});

test.afterAll(leave);

/** A customer has written and gone. */
async function asked(browser: Browser, text: string): Promise<string> {
  const customer = await visitor(browser);
  await write(await widget(customer), text);
  const contact = await opened(customer);
  await customer.context().close();
  return contact;
}

async function type(text: string): Promise<void> {
  await expect(page.locator("input:focus, textarea:focus")).toHaveCount(1);
  await page.keyboard.insertText(text);
}

/** What of the answer would be typed over. */
function chosen(): Promise<string> {
  return page
    .getByTestId("writing")
    .evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd));
}

test("answers with a canned answer, notes, puts off, takes it back and resolves", async ({ browser }) => {
  const contact = await asked(browser, "송장 번호가 언제 나와요?");
  await takeNext(page, "송장 번호가 언제 나와요?");
  await page.keyboard.press("m");
  await type("@jisu 송장은 아침에 나와요");
  await page.keyboard.press("Control+Enter");
  await expect(said(page, "송장은 아침에 나와요")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press(";");
  await type("송장");
  await expect(page.getByRole("option", { name: /송장 번호 안내/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect.poll(chosen).toBe("{{customer.name}}");
  await type("손님");
  await page.keyboard.press("Tab");
  await expect.poll(chosen).toBe("{{?운송장 번호}}");
  await type("5021");
  await page.keyboard.press("Control+Enter");
  await expect(said(page, "송장 번호는 5021이 맞고")).toBeVisible();
  await caughtUp(page, contact);
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText(ko.list.empty)).toBeVisible();
  // Until it has gone, the dialog has the keys.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect((await story(contact)).contact.status).toBe("later");
  await page.keyboard.press("z");
  await expect(said(page, "송장 번호는 5021이 맞고")).toBeVisible();
  await expect.poll(async () => (await story(contact)).contact.status).toBe("claimed");
  await caughtUp(page, contact);
  await page.keyboard.press("e");
  await expect(page.getByText(ko.list.empty)).toBeVisible();
  expect((await story(contact)).contact.status).toBe("resolved");
});

/** Choose from the menu that is open. */
async function pick(name: string): Promise<void> {
  const wanted = page.getByRole("menuitem", { name, exact: true });
  await expect(async () => {
    await page.keyboard.press("ArrowDown");
    await expect(wanted).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
}

test("rests and comes back, looks at the figures, the palette and the keys", async () => {
  await page.keyboard.press("p");
  await pick(ko.presence.rest);
  const resting = page.getByText(ko.presence.onBreak.replace("{{kind}}", ko.presence.rest));
  await expect(resting).toBeVisible();
  await page.keyboard.press("p");
  await pick(ko.presence.back);
  await expect(resting).toHaveCount(0);
  const dialog = page.getByRole("dialog");
  await page.keyboard.press("f");
  await expect(dialog.getByText(ko.figures.finished)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(dialog).toBeVisible();
  await type(ko.act.help);
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Ctrl+Shift+Enter")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

/** Which of those who are asking is on the screen, or "" when nobody is left. */
async function shown(asking: Map<string, string>): Promise<string> {
  let found = "";
  if (asking.size)
    await expect(async () => {
      for (const text of asking.keys()) if (await said(page, text).isVisible()) found = text;
      expect(found).not.toBe("");
    }).toPass({ timeout: 30_000, intervals: [50] });
  return found;
}

test("answers, resolves and takes the next with at most three keystrokes beyond the text", async ({ browser }) => {
  const asking = new Map<string, string>();
  for (const text of ["첫 손님이에요", "둘째 손님이에요", "셋째 손님이에요"])
    asking.set(text, await asked(browser, text));
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  // Of those who wrote within the same seconds anyone may be next: colleagues who pull at once shall not collide.
  for (let text = await shown(asking); text; text = await shown(asking)) {
    const contact = asking.get(text) ?? "";
    asking.delete(text);
    let pressed = 0;
    const press = async (key: string) => {
      pressed += 1;
      await page.keyboard.press(key);
    };
    await press("r");
    await type("네, 바로 챙길게요.");
    await press("Control+Shift+Enter");
    if (asking.size) await shown(asking);
    else await expect(page.getByText(ko.list.empty)).toBeVisible();
    expect(pressed).toBeLessThanOrEqual(3);
    expect((await story(contact)).contact.status).toBe("resolved");
  }
  expect(stale).toEqual([]);
});
