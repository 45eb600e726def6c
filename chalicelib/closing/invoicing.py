"""A month's bill from the books, and the invoice that the provider makes out for it."""

from collections import Counter
from collections.abc import Iterable

from chalicelib.billing.model import Invoice, InvoiceStatus
from chalicelib.billing.ports import Till
from chalicelib.closing.ports import Books
from chalicelib.kernel.clock import kst_month, month_span
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.metering.rules import is_adjustment
from chalicelib.pricing import rules as pricing
from chalicelib.pricing.model import Bill, Item, Line, Plan
from chalicelib.pricing.plans import plan
from chalicelib.tenants.model import Tenant


def bill_of(shop: Tenant, ours: Books, month: str) -> Bill:
    """Return the whole bill of a KST month from the books `ours` of `shop`."""
    start, end = month_span(month)
    entries = ours.ledger.booked(start, end)
    late = [entry for entry in entries if is_adjustment(entry)]
    adjustments = pricing.adjustments(
        lambda origin: plan_of(shop, ours, origin), billed_before(ours, late, month), late
    )
    return pricing.bill(
        month,
        plan_of(shop, ours, month),
        metered(entries),
        [*adjustments, *_carried(shop, ours, month)],
        ours.credits.booked(month),
    )


def metered(entries: Iterable[UsageEntry]) -> dict[Meter, int]:
    """Return how many contacts a month's entries bill by each meter, without adjustments of other months."""
    sums = Counter({meter: 0 for meter in Meter})
    for entry in entries:
        if not is_adjustment(entry):
            sums[entry.meter] += entry.delta
    return dict(sums)


def plan_of(shop: Tenant, ours: Books, month: str) -> Plan:
    """Return the plan that a month is billed by: as of its end, whatever the shop's profile says today."""
    return plan(ours.periods.find(month).plan or shop.plan_in(month))


def invoices_of(till: Till, month: str) -> list[Invoice]:
    """Return the provider's invoices for a KST month that count, a subscription's first."""
    customer = till.customers.find()
    made = till.gateway.invoices(customer) if customer else []
    counting = [one for one in made if one.month == month and one.status is not InvoiceStatus.VOID]
    return sorted(counting, key=lambda one: (not one.subscription, one.created_at, one.id))


def fill(till: Till, invoice: Invoice, bill: Bill) -> Invoice:
    """Add to a draft what of the bill is not usage, each line once for ever, and return it as it is then."""
    held = till.gateway.hold(invoice.id)
    if held.status is not InvoiceStatus.DRAFT:
        return held
    there = {line.key for line in held.lines}
    for line in own_lines(bill):
        if line.key not in there:
            till.gateway.add_item(held, key=line.key, won=line.won, description=_description(line, bill))
    return till.gateway.invoice(invoice.id)


def own_lines(bill: Bill) -> list[Line]:
    """Return the lines that we add to the provider's invoice; one of 0 won says nothing there."""
    return [line for line in bill.lines if line.item is not Item.USAGE and line.won]


def billed_before(ours: Books, late: Iterable[UsageEntry], month: str) -> dict[tuple[str, Meter], int]:
    """Return how many contacts were billed, before `month`, of each month that the adjustments `late` change."""
    origins = {entry.origin for entry in late}
    billed: Counter[tuple[str, Meter]] = Counter({(origin, meter): 0 for origin in origins for meter in Meter})
    if origins:
        for entry in ours.ledger.booked(month_span(min(origins))[0], month_span(month)[0]):
            if entry.origin in origins:
                billed[entry.origin, entry.meter] += entry.delta
    return dict(billed)


def _carried(shop: Tenant, ours: Books, month: str) -> tuple[Line, ...]:
    before = ours.periods.find(month_before(month))
    if not before.version:
        # Nothing of that month was ever closed, so no bill of it can have left anything over.
        return ()
    if not before.settled:
        return pricing.carried(bill_of(shop, ours, before.month))
    key = f"carried:{before.month}"
    return (Line(Item.CARRIED, key, 1, -before.carried, origin=before.month),) if before.carried else ()


def month_before(month: str) -> str:
    """Return the KST month before `month`."""
    return kst_month(month_span(month)[0] - 1)


_WORDS = {
    Item.BASE: "기본료 Base fee",
    Item.MINIMUM: "최소 이용료까지의 차액 Rest to the minimum",
    Item.ADJUSTMENT: "이전 달 정정 Adjustment",
    Item.DISPUTE: "이의 인정 Dispute upheld",
    Item.SLA: "서비스 수준 보상 Service credit",
    Item.CARRIED: "다음 달로 이월 Carried over",
}


def _description(line: Line, bill: Bill) -> str:
    return f"{_WORDS[line.item]} {line.origin or bill.month}"
