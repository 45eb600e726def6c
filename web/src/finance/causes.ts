import type { Cause } from "../api/calls/finance";

/** What a person may name as the cause of a break. */
export const CAUSES: readonly Cause[] = [
  "missed",
  "doubled",
  "sum_wrong",
  "in_flight",
  "not_sent",
  "stale_overwrite",
  "unknown_usage",
  "refused",
  "no_contact",
  "price_differs",
  "wrong_customer",
  "price_version",
  "late_after_close",
  "rounding",
  "manual_stripe_edit",
  "not_invoiced",
  "fee",
  "refund",
  "dispute",
  "not_paid_out",
  "not_recorded",
  "changed",
];
