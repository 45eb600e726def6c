// An agent's reply is on the shop's bill within seconds, with the message that proves it, and can be disputed.
import { type Browser, expect, type Page, type Response, test } from "@playwright/test";
import { call, people, SHOP, shopPage, token } from "./shop";
import { caughtUp, keep, leave, opened, signIn, takeNext, visitor, widget, world, write } from "./world";

const { ko } = SHOP;
const SOON_MS = 5_000;
// A run after another one still finds what that one left in the queue.
const ASKED = `이용 내역에 나올 문의예요 ${Date.now()}`;
const ANSWER = "네, 확인해서 바로 보내 드릴게요.";

test.describe.configure({ mode: "serial" });
test.afterAll(leave);

// An agent who signs in later holds nothing of this.
test.afterAll(async () => {
  const mina = await token(world.agents.mina);
  await call(mina, "POST", `/tenants/${world.shop}/contacts/${contact}/resolve`, { sure: true });
});

let owner: Page;
let contact = "";

test.beforeAll(async ({ browser }) => {
  owner = await shopPage(browser, people.owner, "/shop/usage");
});

function isReply(one: Response): boolean {
  return one.request().method() === "POST" && one.url().endsWith("/replies");
}

/** A customer's question that an agent holds. */
async function held(browser: Browser): Promise<Page> {
  const agent = await signIn(browser, world.agents.mina);
  const customer = await visitor(browser);
  await write(await widget(customer), ASKED);
  contact = await opened(customer);
  await takeNext(agent, ASKED);
  return agent;
}

test("the owner sees the line within 5 s of the reply", async ({ browser }) => {
  const agent = await held(browser);
  const replied = agent.waitForResponse(isReply);
  await agent.getByTestId("writing").fill(ANSWER);
  await agent.getByTestId("writing").press("Control+Enter");
  expect((await replied).status()).toBe(201);
  const before = Date.now();
  const line = owner.getByRole("row").filter({ hasText: contact.slice(0, 8) });
  await expect(line).toBeVisible({ timeout: 20_000 });
  const took = Date.now() - before;
  keep("usage_line_ms", [took]);
  expect(took).toBeLessThan(SOON_MS);
  await caughtUp(agent, contact);
});

test("the line leads to the message that proves it", async () => {
  await owner
    .getByRole("row")
    .filter({ hasText: contact.slice(0, 8) })
    .getByRole("link")
    .first()
    .click();
  await expect(owner).toHaveURL(new RegExp(`/shop/usage/${contact}`));
  const proof = owner.getByRole("listitem").filter({ hasText: ko.talk.proof });
  await expect(proof).toContainText(ANSWER);
  await expect(proof).toBeInViewport();
});

test("the line is disputed once, and says so", async () => {
  await owner.getByRole("button", { name: ko.usage.object }).click();
  const dialog = owner.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: ko.usage.objectVerb })).toBeDisabled();
  await dialog.getByLabel(ko.usage.objectReason).fill("같은 손님이 두 번 물었어요.");
  await dialog.getByRole("button", { name: ko.usage.objectVerb }).click();
  await expect(dialog).toHaveCount(0);
  await expect(owner.getByRole("main").getByText(ko.verdict.open)).toBeVisible();
  await expect(owner.getByRole("button", { name: ko.usage.object })).toHaveCount(0);
});
