// Prints what a first visit to each part of the pages loads of script, gzipped, and fails above its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The chunks that a first visit opens beside index.html, and the most that all of them may weigh. */
const PARTS = {
  landing: [170_000, "src/landing/LandingPage.tsx", "landing"],
  door: [235_000, "src/door/SignUp.tsx", "door"],
  wizard: [235_000, "src/door/wizard/Wizard.tsx", "wizard"],
  console: [250_000, "src/console/ConsolePage.tsx"],
  shop: [250_000, "src/shop/Frame.tsx", "shop"],
  floor: [235_000, "src/floor/Frame.tsx", "floor"],
  finance: [240_000, "src/finance/Frame.tsx", "finance"],
};
const built = new URL("../.local/web/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", built), "utf8"));

/** The chunks that `name` needs before it runs. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  if (!manifest[name]) throw new Error(`there is no ${name}`);
  found.add(name);
  for (const next of manifest[name].imports ?? []) needed(next, found);
  return found;
}

let over = false;
for (const [part, [budget, page, area]] of Object.entries(PARTS)) {
  const first = needed(page, needed("index.html"));
  for (const texts of area ? ["shared", area] : []) needed(`src/i18n/ko/${texts}.ts`, first);
  const files = [...first].map((name) => manifest[name].file).filter((file) => file.endsWith(".js"));
  const sizes = files.map((file) => [file, gzipSync(readFileSync(new URL(file, built)), { level: 9 }).length]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${String(total).padStart(8)} of ${budget}  ${part}`);
  if (total <= budget) continue;
  over = true;
  for (const [file, size] of sizes) console.log(`${String(size).padStart(16)} ${file}`);
}
process.exit(over ? 1 : 0);
