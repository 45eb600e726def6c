/**
 * The time by the house's clock, as the newest answer told it: a laptop's own may be wrong, and a stage's may be
 * moved. The answers tell seconds, so a difference of less than `TOLERATED` is none.
 */
const TOLERATED = 30_000;

let ahead = 0;

/** Learn from an answer that was made just now what time the house has. */
export function hear(answered: Response): void {
  const told = Date.parse(answered.headers.get("Date") ?? "");
  if (Number.isNaN(told)) return;
  const off = told - Date.now();
  ahead = Math.abs(off) < TOLERATED ? 0 : off;
}

export function now(): Date {
  return new Date(Date.now() + ahead);
}
