// Plays each scene in a browser under a trace, and prints one line of JSON for each run.
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { type Browser, chromium } from "@playwright/test";
import { serve } from "./api.ts";
import { contact, shopsMet } from "./desk.ts";
import { SCENES, type Scene, settled } from "./scenes.ts";
import { BEGIN, CATEGORIES, END, read } from "./trace.ts";

interface Told {
  pages: string;
  /** Where the pages' server looks for the address of the API. */
  settings: string;
  chromium: string;
  variables: Record<string, string>;
  out: string;
  /** How many runs of each scene; by how many times slower than this machine the page shall be. */
  runs: Record<string, number>;
  /** A part of the names of scenes; "" for all. */
  only: string;
}

const told: Told = JSON.parse(process.env.DUREDESK_BENCH ?? "");

async function play(browser: Browser, scene: Scene, rate: number, path: string) {
  const context = await browser.newContext({ locale: "ko-KR", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript((shops) => localStorage.setItem("duredesk.shops", shops), JSON.stringify(shopsMet()));
  const { tenant, id } = contact(scene.opened ?? 0, 0);
  await page.goto(`${told.pages}/console${scene.opened === undefined ? "" : `/${tenant}/${id}`}`);
  await settled(page, scene);
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  await browser.startTracing(page, { path, categories: CATEGORIES });
  await page.evaluate((name) => performance.mark(name), BEGIN);
  await scene.play(page);
  await page.evaluate((name) => performance.mark(name), END);
  const seen = read(await browser.stopTracing());
  const nodes = await page.evaluate(() =>
    Math.max((window as typeof window & { nodes?: number }).nodes ?? 0, document.getElementsByTagName("*").length),
  );
  await context.close();
  return { ...seen, nodes };
}

const server = await serve();
writeFileSync(
  told.settings,
  JSON.stringify({ api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
mkdirSync(told.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: told.chromium,
  env: { ...process.env, ...told.variables } as Record<string, string>,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  for (const [rate, runs] of Object.entries(told.runs)) {
    for (const scene of SCENES.filter(({ name }) => name.includes(told.only))) {
      for (let run = 1; run <= runs; run++) {
        const trace = `${told.out}/${scene.name.replaceAll(/\W+/g, "-")}-${rate}x-${run}.json`;
        const seen = await play(browser, scene, Number(rate), trace);
        process.stdout.write(
          `${JSON.stringify({ scene: scene.name, hard: scene.hard, rate: Number(rate), trace, ...seen })}\n`,
        );
      }
    }
  }
} finally {
  await browser.close();
  server.close();
}
