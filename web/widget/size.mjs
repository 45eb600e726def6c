// Prints what the widget weighs, gzipped, and fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 20_000;
const size = gzipSync(readFileSync(new URL("../../.local/web/w.js", import.meta.url)), { level: 9 }).length;
console.log(`${String(size).padStart(8)} bytes of widget, gzipped; the budget is ${BUDGET}`);
process.exit(size > BUDGET ? 1 : 0);
