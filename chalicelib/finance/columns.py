"""The columns of the registers: one frozen row each; money stands in columns that end in `_krw`, in whole won."""

from dataclasses import dataclass

from chalicelib.kernel.money import Won


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One entry of the ledger: `period` is the month whose bill it changes, `booked_period` that which bills it.

    `hash` is over `prev_hash` and every column before it; the first entry of a shop's month has none before it.
    """

    tenant_id: str
    business_number: str
    period: str
    booked_period: str
    entry_id: str
    contact_id: str
    episode: int
    channel: str
    kind: str
    meter: str
    delta: int
    occurred_at_utc: str
    occurred_at_kst: str
    booked_at_kst: str
    price_version: str
    tier: int
    unit_amount_krw: Won
    amount_krw: Won
    window_hour: str
    sent_rev: int
    stripe_customer: str
    invoice_id: str
    line_id: str
    reverses_entry_id: str
    reason: str
    evidence: str
    actor: str
    prev_hash: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """How far a shop's month is, and what it costs by our own shop, without VAT."""

    tenant_id: str
    month: str
    state: str
    plan: str
    human_contacts: int
    bot_contacts: int
    bill_krw: Won
    breaks: int
    changed_at_kst: str
    by: str
    why: str
    seal: str


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A difference that reconciliation found: what it counts, why, who looks into it, what became of it."""

    tenant_id: str
    month: str
    break_id: str
    rule: str
    item: str
    left: int
    right: int
    difference: int
    cause: str
    status: str
    owner: str
    first_seen_kst: str
    last_seen_kst: str
    resolution: str
    resolved_by: str
    approver: str


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice at the provider: its lines by what they are for, without VAT, then its sums."""

    tenant_id: str
    business_number: str
    month: str
    invoice_id: str
    number: str
    status: str
    stripe_customer: str
    usage_krw: Won
    adjustment_krw: Won
    base_krw: Won
    minimum_krw: Won
    credit_krw: Won
    carried_krw: Won
    other_krw: Won
    subtotal_krw: Won
    tax_krw: Won
    total_krw: Won
    paid_krw: Won
    credited_krw: Won
    remaining_krw: Won
    finalized_on: str
    due_on: str
    tax_invoice_numbers: str


@dataclass(frozen=True, slots=True)
class InvoiceLineRow:
    """A line of an invoice: usage has a meter, and counts contacts."""

    tenant_id: str
    month: str
    invoice_id: str
    line_id: str
    item: str
    meter: str
    key: str
    quantity: int
    amount_krw: Won


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that came in: `refunded_krw` of it went back. A bank transfer has no transaction at the provider."""

    tenant_id: str
    month: str
    payment_id: str
    invoice_id: str
    paid_at_kst: str
    way: str
    gross_krw: Won
    fee_krw: Won
    net_krw: Won
    refunded_krw: Won
    transaction_id: str
    charge_id: str


@dataclass(frozen=True, slots=True)
class CreditRow:
    """What a shop was given back: a credit on its bill, or a credit note on its invoice; sums are positive."""

    tenant_id: str
    month: str
    credit_id: str
    kind: str
    origin: str
    invoice_id: str
    supply_krw: Won
    tax_krw: Won
    total_krw: Won
    refunded_krw: Won
    at_kst: str
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A movement of our balance at the provider, and the payout that carried it to our bank.

    `month` is that of the invoice it was paid for, or else of the day on which it happened; then the payment's
    columns are empty.
    """

    tenant_id: str
    month: str
    payout_id: str
    arrives_on: str
    status: str
    payout_krw: Won
    transaction_id: str
    movement: str
    source_id: str
    created_at_kst: str
    gross_krw: Won
    fee_krw: Won
    net_krw: Won
    payment_id: str
    invoice_id: str
