// Prints what a first visit to the console loads of script, gzipped, and fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 250_000;
const built = new URL("../.local/web/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", built), "utf8"));

/** The chunks that `name` needs before it runs, and those of the routes that a first visit opens. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of manifest[name].imports ?? []) needed(next, found);
  return found;
}

const first = needed("index.html");
for (const route of ["src/console/ConsolePage.tsx"]) if (manifest[route]) needed(route, first);
const files = [...first].map((name) => manifest[name].file).filter((file) => file.endsWith(".js"));
const sizes = files.map((file) => [file, gzipSync(readFileSync(new URL(file, built)), { level: 9 }).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [file, size] of sizes) console.log(`${String(size).padStart(8)} ${file}`);
console.log(`${String(total).padStart(8)} bytes of script, gzipped; the budget is ${BUDGET}`);
process.exit(total > BUDGET ? 1 : 0);
