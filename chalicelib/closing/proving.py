"""What must hold before a month's close goes on; what does not is put on record, and in the way."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from chalicelib.billing.model import GatewayRefused, Invoice
from chalicelib.billing.ports import Till
from chalicelib.billing.service import send_window
from chalicelib.closing import invoicing, rules, rules_invoice, rules_records
from chalicelib.closing.breaks import put_on_record
from chalicelib.closing.model import Break, Repair, Rule
from chalicelib.closing.ports import Books
from chalicelib.closing.service import STRIPE_REACH, hour_breaks, mend, reconcile_month, summary
from chalicelib.kernel.clock import Millis, month_span, utc_hour
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, Window
from chalicelib.pricing.model import Bill

_NAMED = 10
_HOURLY = frozenset({Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE})


class Blocked(Conflict):
    """The month cannot go on: something differs, is in flight, or the month before it is not settled."""

    def __init__(self, month: str, why: list[str]) -> None:
        named = ", ".join(why[:_NAMED])
        super().__init__("period_blocked", f"{month} waits for {len(why)}: {named}", breaks=named)


@dataclass(frozen=True, slots=True)
class Close:
    """One tenant's month that is to be closed at `now`, and by whom."""

    till: Till
    ours: Books
    month: str
    now: Millis
    by: str

    @property
    def tenant(self) -> str:
        """Return whose month it is."""
        return self.till.tenant.id


def prove_counts(here: Close) -> None:
    """Raise Blocked unless R0 to R2 hold for the month; what waits to be sent is sent before."""
    for window in _dirty(here):
        _send(here, window)
    moving = check_counts(here)
    # A wrong invoice is looked at by who looks at invoices, and would stand in its own way here.
    why = {*in_the_way(here, rules_records.COUNTING), *(f"{one.rule} {one.item}" for one in moving)}
    if why:
        raise Blocked(here.month, sorted(why))


def check_counts(here: Close, *, hourly: bool = False) -> list[Break]:
    """Put what R0 to R2 find of the month on record and mend what can be; return what is in flight yet.

    Stripe's sum of the month is enough unless an hour was wrong before: two wrong hours may add up to nothing.
    """
    known = any(one.blocks and one.rule is Rule.WINDOW_STRIPE for one in here.ours.breaks.of_month(here.month))
    found = reconcile_month(here.till, here.ours, here.month, here.now, hourly=hourly or known)
    mend(here.till, found, here.now)
    lasting = rules.lasting(found, _dirty(here), here.now)
    moving = [one for one in found if one not in lasting]
    scope = rules_records.Scope(here.month, rules_records.COUNTING)
    put_on_record(here.ours, lasting, scope, here.now, moving=moving)
    return moving


def repair(here: Close) -> Repair:
    """Send again what Stripe holds wrongly of the month's hours, and return that and whatever else differs.

    What was found is put on record before: it clears when the next look does not find it any more. Raises Conflict
    `already_invoiced`.
    """
    if here.ours.periods.find(here.month).settled:
        raise Conflict("already_invoiced", "the month's invoice is made out of what Stripe held then")
    entries = here.ours.ledger.booked(*month_span(here.month))
    found = hour_breaks(here.till, entries, here.month, here.now, hourly=True)
    lasting, scope = rules.lasting(found, _dirty(here), here.now), rules_records.Scope(here.month, _HOURLY)
    put_on_record(here.ours, lasting, scope, here.now, moving=found)
    oldest = utc_hour(here.now - STRIPE_REACH)
    taken = [one for one in found if rules.window_named(one)[1] >= oldest]
    mend(here.till, taken, here.now)
    again = rules.repairable(taken)
    sent = tuple(one for one in found if one.rule is Rule.WINDOW_STRIPE and rules.window_named(one) in again)
    known = [one for one in here.ours.breaks.open() if one.month == here.month and one.rule not in _HOURLY]
    left = ((one, rules.stays(one, found, oldest)) for one in [*found, *known] if one not in sent)
    return Repair(sent, tuple(left))


def prove_invoice(here: Close, breaks: Iterable[Break]) -> None:
    """Raise Blocked if any of `breaks`, which are all of the month's R3 to R5, was not explained."""
    scope = rules_records.Scope(here.month, rules_records.INVOICING)
    put_on_record(here.ours, breaks, scope, here.now)
    why = in_the_way(here)
    if why:
        raise Blocked(here.month, why)


def in_the_way(here: Close, own: Container[Rule] = rules_records.STOPPING) -> list[str]:
    """Return the open breaks that stop the month's close, its own of the rules `own`, by rule and item."""
    open_ = rules_records.blocking(here.ours.breaks.open(), here.month, own)
    return sorted(f"{one.rule} {one.item}" for one in open_)


def usage_breaks(here: Close, bill: Bill, invoice: Invoice) -> list[Break]:
    """R3, and R4 of what the provider counts and of what is not in the bill."""
    summaries = {meter: summary(here.till, meter, here.month) for meter in Meter}
    plan = invoicing.plan_of(here.till.tenant, here.ours, here.month)
    return [
        *rules_invoice.quantity_breaks(here.tenant, summaries, invoice),
        *rules_invoice.price_breaks(here.tenant, plan, invoice),
        *rules_invoice.foreign_breaks(here.tenant, bill, invoice),
    ]


def invoice_breaks(here: Close, bill: Bill, invoice: Invoice) -> list[Break]:
    """R3 to R5 of a whole invoice, and whether it is the only one."""
    made = invoicing.invoices_of(here.till, here.month)
    lines = [
        *rules_invoice.presence_breaks(here.tenant, bill, made),
        *usage_breaks(here, bill, invoice),
        *rules_invoice.own_breaks(here.tenant, invoicing.own_lines(bill), invoice),
    ]
    sums = [] if lines else rules_invoice.sum_breaks(here.tenant, bill, invoice)
    return [*lines, *sums, *rules_invoice.tax_breaks(here.tenant, invoice)]


def _dirty(here: Close) -> list[Window]:
    start, end = month_span(here.month)
    hours = utc_hour(start), utc_hour(end - 1)
    windows = [window for meter in Meter for window in here.till.windows.between(meter, *hours)]
    return [window for window in windows if window.dirty_since is not None]


def _send(here: Close, window: Window) -> None:
    try:
        send_window(here.till, window.meter, window.hour, here.now)
    except GatewayRefused:
        # The window says so itself now, and so does R2.
        return
