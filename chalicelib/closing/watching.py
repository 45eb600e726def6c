"""Look at what the close stands on and at what follows it: counts by the hour, money and seals by the night."""

from collections.abc import Iterable

from chalicelib.billing.invoices import refresh
from chalicelib.billing.model import Invoice, InvoiceStatus, Mirrored, Payment
from chalicelib.billing.ports import Gateway, Till
from chalicelib.closing import rules, rules_money
from chalicelib.closing.advancing import seal, settled
from chalicelib.closing.breaks import put_on_record
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.closing.ports import Books, TaxInvoiceStore
from chalicelib.closing.proving import Close, check_counts
from chalicelib.closing.rules_records import COUNTING, Scope
from chalicelib.kernel.clock import DAY, Millis, month_span
from chalicelib.metering.model import PeriodState, Window

BALANCE_REACH: Millis = 40 * DAY
"""How far back our balance is compared: longer than any payout takes."""

_ARRIVING: Millis = 10 * DAY
_WATCHED: Millis = 100 * DAY
_FINAL = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID, InvoiceStatus.UNCOLLECTIBLE})


def put_counts_on_record(till: Till, ours: Books, found: Iterable[Break], now: Millis) -> None:
    """Put on record what an hour's look at the counts found, and look again at what it had found before.

    Each month that has a break is looked at as a whole.
    """
    breaks = list(found)
    lasting = rules.lasting(breaks, _windows(till, breaks), now)
    known = [record for record in ours.breaks.open() if record.rule in COUNTING]
    for month in sorted({one.month for one in (*lasting, *known)}):
        check_counts(Close(till, ours, month, now, by=""), hourly=True)


def check_money(till: Till, ours: Books, taxes: TaxInvoiceStore | None, now: Millis) -> list[Mirrored]:
    """R6 and R8 of each final invoice that is unpaid or young, on record; return all invoices, read anew."""
    known = till.mirror.all()
    watched = [one for one in known if one.invoice.remaining or _lately(one.invoice.month, now)]
    fresh = {one.invoice.id: refresh(till, one.invoice.id, now) for one in watched}
    for one in fresh.values():
        _check_one(till.tenant.id, ours, one, taxes, now)
    return [fresh.get(one.invoice.id, one) for one in known]


def check_balance(
    gateway: Gateway, payments: Iterable[tuple[str, Payment]], now: Millis
) -> tuple[list[Break], set[str]]:
    """R7, and R6 of our balance at the provider, over all tenants' `payments`; return what was looked at, too."""
    since = now - BALANCE_REACH
    moved, paid_out = gateway.transactions(since, now), gateway.payouts(since, now + _ARRIVING)
    breaks = [
        *rules_money.balance_breaks(payments, moved, now, since=since),
        *rules_money.payout_breaks(moved, paid_out, now),
    ]
    ids = {one.id for one in moved}
    return breaks, ids | {f"charge:{name}" for name in ids} | {one.id for one in paid_out}


def check_seals(till: Till, ours: Books, now: Millis) -> None:
    """I5: what was locked lately is what it was."""
    for period in ours.periods.all():
        if period.state is PeriodState.LOCKED and _lately(period.month, now):
            here = Close(till, ours, period.month, now, by="")
            same = seal(here, *settled(here, period)) == period.seal
            changed = Break(Rule.SEAL, till.tenant.id, "seal", 0, 1, Cause.CHANGED, period.month)
            put_on_record(ours, [] if same else [changed], Scope(period.month, {Rule.SEAL}), now)


def _check_one(tenant: str, ours: Books, one: Mirrored, taxes: TaxInvoiceStore | None, now: Millis) -> None:
    invoice, notes = one.invoice, one.credit_notes
    final = invoice.status in _FINAL
    breaks = rules_money.payment_breaks(tenant, invoice, one.payments, notes) if final else []
    breaks += _void(tenant, ours, invoice)
    items = {f"void:{invoice.id}", *(rules_money.payment_items(invoice, one.payments) if final else ())}
    put_on_record(ours, breaks, Scope(invoice.month, {Rule.INVOICE_PAYMENT}, items), now)
    if final and taxes is not None:
        late = rules_money.tax_invoice_breaks(tenant, invoice, notes, taxes.recorded(invoice.id), now)
        put_on_record(ours, late, Scope(invoice.month, {Rule.INVOICE_TAX_INVOICE}, {invoice.id}), now)


def _void(tenant: str, ours: Books, invoice: Invoice) -> list[Break]:
    """R6 of an invoice that a month rests on: it was not taken back."""
    if invoice.status is not InvoiceStatus.VOID or ours.periods.find(invoice.month).invoice != invoice.id:
        return []
    item, cause = f"void:{invoice.id}", Cause.MANUAL_STRIPE_EDIT
    return [Break(Rule.INVOICE_PAYMENT, tenant, item, invoice.total, 0, cause, invoice.month)]


def _lately(month: str, now: Millis) -> bool:
    return month_span(month)[1] > now - _WATCHED


def _windows(till: Till, breaks: Iterable[Break]) -> list[Window]:
    """Return the windows that are in flight, as they are now."""
    moving = [rules.window_named(one) for one in breaks if one.cause is Cause.IN_FLIGHT]
    found = [till.windows.find(meter, hour) for meter, hour in moving]
    return [window for window in found if window is not None]
