"""The registers besides the ledger and the journal: of one shop's month, each row once."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from chalicelib.billing.model import Invoice, InvoiceLine, Mirrored
from chalicelib.closing.model import BreakRecord
from chalicelib.finance.columns import BreakRow, CreditRow, InvoiceLineRow, InvoiceRow, PaymentRow, PeriodRow
from chalicelib.finance.days import kst_day, kst_time
from chalicelib.finance.model import ShopMonth, is_final
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Item

_OTHER = "other"
_CREDITS = (Item.DISPUTE, Item.SLA)
_COLUMNS = (Item.USAGE, Item.ADJUSTMENT, Item.BASE, Item.MINIMUM, Item.CARRIED)


def period_rows(shop: ShopMonth) -> list[PeriodRow]:
    """Return the month's own row."""
    period = shop.period
    counts = {line.meter: line.quantity for line in shop.bill.lines if line.item is Item.USAGE}
    row = PeriodRow(
        tenant_id=shop.tenant,
        month=shop.month,
        state=period.state,
        plan=shop.bill.plan,
        human_contacts=counts.get(Meter.HUMAN, 0),
        bot_contacts=counts.get(Meter.BOT, 0),
        bill_krw=shop.bill.subtotal,
        breaks=period.breaks,
        changed_at_kst=kst_time(period.changed_at),
        by=period.by,
        why=period.why,
        seal=period.seal,
    )
    return [row]


def break_rows(breaks: Iterable[BreakRecord]) -> list[BreakRow]:
    """Return a month's breaks, whatever became of them, the first seen first."""
    found = sorted(breaks, key=lambda one: (one.first_seen, one.id))
    return [
        BreakRow(
            tenant_id=one.tenant,
            month=one.month,
            break_id=one.id,
            rule=one.rule,
            item=one.item,
            left=one.left,
            right=one.right,
            difference=one.right - one.left,
            cause=one.cause,
            status=one.status,
            owner=one.owner,
            first_seen_kst=kst_time(one.first_seen),
            last_seen_kst=kst_time(one.last_seen),
            resolution=one.resolution,
            resolved_by=one.resolved_by,
            approver=one.approver,
        )
        for one in found
    ]


def invoice_rows(shop: ShopMonth) -> list[InvoiceRow]:
    """Return the month's invoices, drafts and voided ones too."""
    return [_invoice(shop, billed) for billed in shop.billed]


def invoice_line_rows(shop: ShopMonth) -> list[InvoiceLineRow]:
    """Return the lines of the month's invoices that stand."""
    return [
        InvoiceLineRow(
            tenant_id=shop.tenant,
            month=shop.month,
            invoice_id=billed.invoice.id,
            line_id=line.id,
            item=item_of(line),
            meter=line.meter or "",
            key=line.key,
            quantity=line.quantity,
            amount_krw=line.won,
        )
        for billed in shop.billed
        if is_final(billed)
        for line in billed.invoice.lines
    ]


def payment_rows(shop: ShopMonth) -> list[PaymentRow]:
    """Return what came in for the month's invoices, whenever it did."""
    return [
        PaymentRow(
            tenant_id=shop.tenant,
            month=shop.month,
            payment_id=paid.id,
            invoice_id=paid.invoice,
            paid_at_kst=kst_time(paid.paid_at),
            way="card" if paid.transaction else "transfer",
            gross_krw=paid.gross,
            fee_krw=paid.fee,
            net_krw=paid.net,
            refunded_krw=paid.refunded,
            transaction_id=paid.transaction,
            charge_id=paid.charge,
        )
        for billed in shop.billed
        for paid in sorted(billed.payments, key=lambda one: (one.paid_at, one.id))
    ]


def credit_rows(shop: ShopMonth) -> list[CreditRow]:
    """Return the credits on the month's bill, and the credit notes on its invoices."""
    rows = [
        CreditRow(
            tenant_id=shop.tenant,
            month=shop.month,
            credit_id=one.id,
            kind=one.item,
            origin=one.origin,
            invoice_id="",
            supply_krw=one.won,
            tax_krw=0,
            total_krw=one.won,
            refunded_krw=0,
            at_kst=kst_time(one.booked_at),
            reason=one.evidence,
            actor=one.actor,
        )
        for one in shop.credits
    ]
    return rows + [row for billed in shop.billed for row in _credit_notes(shop, billed)]


def item_of(line: InvoiceLine) -> str:
    """Return what a line of the provider's is for, by its meter or our key of it; `other` is none of ours."""
    if line.meter:
        return Item.USAGE
    name = line.key.partition(":")[0]
    return name if name in set(Item) else _OTHER


def _credit_notes(shop: ShopMonth, billed: Mirrored) -> list[CreditRow]:
    return [
        CreditRow(
            tenant_id=shop.tenant,
            month=shop.month,
            credit_id=note.id,
            kind="credit_note",
            origin=shop.month,
            invoice_id=note.invoice,
            supply_krw=note.won - note.tax,
            tax_krw=note.tax,
            total_krw=note.won,
            refunded_krw=note.refunded,
            at_kst=kst_time(note.created_at),
            reason=note.reason,
            actor="",
        )
        for note in billed.credit_notes
    ]


def _invoice(shop: ShopMonth, billed: Mirrored) -> InvoiceRow:
    bill = billed.invoice
    return InvoiceRow(
        tenant_id=shop.tenant,
        business_number=shop.identity.registration,
        month=shop.month,
        invoice_id=bill.id,
        number=bill.number,
        status=bill.status,
        stripe_customer=bill.customer,
        subtotal_krw=bill.subtotal,
        tax_krw=bill.tax,
        total_krw=bill.total,
        paid_krw=bill.paid,
        credited_krw=bill.credited,
        remaining_krw=bill.remaining,
        finalized_on=kst_day(bill.finalized_at),
        due_on=kst_day(bill.due_at),
        tax_invoice_numbers=" ".join(one.number for one in shop.tax if one.invoice == bill.id),
        **_by_item(bill),
    )


def _by_item(bill: Invoice) -> dict[str, Any]:
    """Return what the lines come to, by the columns for what they are for."""
    sums: Counter[str] = Counter()
    for line in bill.lines:
        sums[item_of(line)] += line.won
    columns = {f"{item}_krw": sums[item] for item in _COLUMNS}
    return columns | {"credit_krw": sum(sums[item] for item in _CREDITS), "other_krw": sums[_OTHER]}
