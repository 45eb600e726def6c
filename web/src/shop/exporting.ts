/** A shop's own copy of everything, as a file of lines: customers, contacts, and the usage of each month. */
import { askUsage, exportShop, readBills } from "../api/calls/shop";
import { answered } from "../api/client";

type Cursor = string | null | undefined;

/** Each page of a list, one after the other. */
async function* pages<T extends { cursor?: Cursor }>(ask: (cursor: string) => Promise<T>): AsyncGenerator<T> {
  let cursor: Cursor = "";
  do {
    const page: T = await ask(cursor ?? "");
    yield page;
    cursor = page.cursor;
  } while (cursor);
}

/** Every page as a line of JSON; `told` hears how many there are. */
export async function exported(tenant: string, reason: string, told: (lines: number) => void): Promise<Blob> {
  const lines: string[] = [];
  const add = (page: object) => {
    const { cursor: _, ...held } = page as { cursor?: Cursor };
    lines.push(`${JSON.stringify(held)}\n`);
    told(lines.length);
  };
  for await (const page of pages((cursor) => exportShop(tenant, reason, cursor))) add(page);
  for await (const { bills } of pages((cursor) => readBills(tenant, cursor))) {
    for (const { month } of bills) {
      const usage = async (cursor: string) =>
        answered(await askUsage(tenant, { month, ...(cursor && { cursor }) }));
      for await (const page of pages(usage)) add(page);
    }
  }
  return new Blob(lines, { type: "application/x-ndjson" });
}

const READ_MS = 60_000;

/** Hand a file to who looks at the page. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Some browsers begin to read it only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), READ_MS);
}
