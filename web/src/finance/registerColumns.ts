/** Which registers there are, as their addresses name them, and what of each is asked for most. */
export const REGISTERS = [
  "period_register",
  "usage_ledger",
  "recon_breaks",
  "invoice_register",
  "invoice_lines",
  "payment_register",
  "credit_register",
  "ar_aging",
  "journal",
  "payout_register",
] as const;

export type RegisterName = (typeof REGISTERS)[number];

/** The columns that have a field for a filter: with one for each column there would be no seeing the rows. */
export const FILTERED: Record<RegisterName, readonly string[]> = {
  period_register: ["tenant_id", "state", "bill_krw"],
  usage_ledger: ["tenant_id", "contact_id", "kind", "amount_krw"],
  recon_breaks: ["tenant_id", "rule", "status", "difference"],
  invoice_register: ["tenant_id", "number", "status", "total_krw"],
  invoice_lines: ["tenant_id", "invoice_id", "item", "amount_krw"],
  payment_register: ["tenant_id", "invoice_id", "way", "gross_krw"],
  credit_register: ["tenant_id", "invoice_id", "kind", "total_krw"],
  ar_aging: ["tenant_id", "bucket", "days", "remaining_krw"],
  journal: ["tenant_id", "account", "debit_krw", "credit_krw"],
  payout_register: ["tenant_id", "payout_id", "movement", "net_krw"],
};

/** What names a row, and is the same for no two of them, if there is one such column. */
export const OWN: Record<RegisterName, readonly string[]> = {
  period_register: ["tenant_id"],
  usage_ledger: ["entry_id"],
  recon_breaks: ["break_id"],
  invoice_register: ["invoice_id"],
  invoice_lines: ["line_id"],
  payment_register: ["payment_id"],
  credit_register: ["credit_id"],
  ar_aging: ["invoice_id"],
  journal: [],
  payout_register: ["payout_id", "transaction_id"],
};

/** The columns whose cells are codes of ours, with all of them: people read and choose their words. */
export const CODED = {
  period_register: { state: ["open", "closing", "reconciled", "invoiced", "locked"] },
  recon_breaks: {
    status: ["open", "answered", "explained", "cleared"],
    rule: ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "I5"],
  },
} as const satisfies Partial<Record<RegisterName, Partial<Record<string, readonly string[]>>>>;

/** The codes that a column may hold; none if it holds anything else. */
export function codesOf(register: RegisterName, column: string): readonly string[] {
  const coded: Partial<Record<string, Record<string, readonly string[]>>> = CODED;
  return coded[register]?.[column] ?? [];
}
