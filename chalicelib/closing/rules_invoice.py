"""Reconciliation of what is billed: Stripe's sums, our bill and the provider's invoice agree, line by line."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from chalicelib.billing.model import Invoice, InvoiceStatus
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Bill, Item, Line, Plan
from chalicelib.pricing.rules import rate, tiers_for, vat


def quantity_breaks(tenant: str, summaries: Mapping[Meter, int], invoice: Invoice) -> list[Break]:
    """R3: each usage line counts what Stripe's meter has for the month."""
    billed: Counter[Meter] = Counter()
    for line in invoice.lines:
        if line.meter is not None:
            billed[line.meter] += line.quantity
    # What comes after an invoice was finalized is on none.
    final = invoice.status is not InvoiceStatus.DRAFT
    cause = Cause.LATE_AFTER_CLOSE if final else Cause.STALE_OVERWRITE
    return [
        Break(Rule.SUMMARY_LINE, tenant, f"usage:{meter}", summaries[meter], billed[meter], cause, invoice.month)
        for meter in Meter
        if summaries[meter] != billed[meter]
    ]


def price_breaks(tenant: str, plan: Plan, invoice: Invoice) -> list[Break]:
    """R4 of usage: each meter's lines cost what our prices make of the contacts that they count.

    The provider may write one line of a meter or one of each tier that it reached.
    """
    breaks = []
    for meter in sorted({line.meter for line in invoice.lines if line.meter is not None}):
        lines = [line for line in invoice.lines if line.meter is meter]
        won = rate(tiers_for(plan, meter), sum(line.quantity for line in lines))
        billed = sum(line.won for line in lines)
        if won != billed:
            cause = Cause.ROUNDING if abs(billed - won) == 1 else Cause.PRICE_VERSION
            breaks.append(Break(Rule.BILL_LINE, tenant, f"usage:{meter}", won, billed, cause, invoice.month))
    return breaks


def foreign_breaks(tenant: str, bill: Bill, invoice: Invoice) -> list[Break]:
    """R4 of what is not in the bill: lines that somebody else added, or a second time."""
    ours = {line.key for line in bill.lines if line.item is not Item.USAGE}
    seen: set[str] = set()
    breaks = []
    for line in invoice.lines:
        if line.meter is not None:
            continue
        name = line.key or line.id
        if name in seen or line.key not in ours:
            cause = Cause.DOUBLED if name in seen else Cause.MANUAL_STRIPE_EDIT
            breaks.append(Break(Rule.BILL_LINE, tenant, f"line:{line.id}", 0, line.won, cause, invoice.month))
        seen.add(name)
    return breaks


def own_breaks(tenant: str, lines: Iterable[Line], invoice: Invoice) -> list[Break]:
    """R4 of `lines` that we add ourselves: each is there, with its amount."""
    there = {line.key: line.won for line in reversed(invoice.lines) if line.key}
    breaks = []
    for line in lines:
        if line.key not in there:
            cause = Cause.NOT_INVOICED
        elif there[line.key] != line.won:
            cause = Cause.MANUAL_STRIPE_EDIT
        else:
            continue
        sides = line.won, there.get(line.key, 0)
        breaks.append(Break(Rule.BILL_LINE, tenant, line.key, *sides, cause, invoice.month))
    return breaks


def sum_breaks(tenant: str, bill: Bill, invoice: Invoice) -> list[Break]:
    """R4 of the whole: what the lines do not tell, such as a discount, differs in the sum."""
    if bill.subtotal == invoice.subtotal:
        return []
    sides = bill.subtotal, invoice.subtotal
    return [Break(Rule.BILL_LINE, tenant, "subtotal", *sides, Cause.MANUAL_STRIPE_EDIT, invoice.month)]


def tax_breaks(tenant: str, invoice: Invoice) -> list[Break]:
    """R5: VAT of what is invoiced, one won for each line that is rounded by itself, and the total is the sum."""
    breaks = []
    due = vat(invoice.subtotal)
    if abs(invoice.tax - due) > invoice.tax_lines:
        breaks.append(Break(Rule.TAX, tenant, "tax", due, invoice.tax, Cause.MANUAL_STRIPE_EDIT, invoice.month))
    whole = invoice.subtotal + invoice.tax
    if invoice.total != whole:
        item = "total"
        breaks.append(Break(Rule.TAX, tenant, item, whole, invoice.total, Cause.MANUAL_STRIPE_EDIT, invoice.month))
    return breaks


def presence_breaks(tenant: str, bill: Bill, invoices: Sequence[Invoice]) -> list[Break]:
    """R4 of invoices: a bill has one, a bill of 0 won may have none."""
    if not invoices and bill.subtotal:
        return [Break(Rule.BILL_LINE, tenant, "invoice", bill.subtotal, 0, Cause.NOT_INVOICED, bill.month)]
    return [
        Break(Rule.BILL_LINE, tenant, f"invoice:{one.id}", 0, one.subtotal, Cause.DOUBLED, bill.month)
        for one in invoices[1:]
        if one.subtotal
    ]
