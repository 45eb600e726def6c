"""Make Stripe hold what the ledger says, and prove that it does."""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib.billing import rules
from chalicelib.billing.model import EVENT_NAMES, Break, Cause, Report, Rule
from chalicelib.billing.ports import EntryStore, StoryStore, Till
from chalicelib.kernel.clock import HOUR, SECOND, Millis, hour_millis, hour_start, utc_hour
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, UsageEntry, Window

# Twice the sending function's timeout: when a lease ends, its sender is dead.
LEASE: Millis = 60 * SECOND
_CHASES = 5
STRIPE_REACH: Millis = 34 * 24 * HOUR
"""How far back windows are compared: Stripe takes no usage older than 35 days."""


def send_window(till: Till, meter: Meter, hour: str, now: Millis) -> bool:
    """Tell Stripe the window's absolute total; return whether it now holds the latest.

    Safe to call twice, at once, late, or after dying half-way. Raises what the gateway raises, and leaves the
    window dirty then.
    """
    for _ in range(_CHASES):
        window = till.windows.find(meter, hour)
        if window is None or window.dirty_since is None:
            return True
        try:
            till.commit(till.windows.lease(window, now, now + LEASE))
        except Conflict:
            return False
        if _send_leased(till, meter, hour, now):
            return True
    return False


def reconcile(
    till: Till, contacts: StoryStore, ledger: EntryStore, now: Millis, *, since: Millis, repair: bool = False
) -> Report:
    """Compare contacts, ledger, windows and Stripe of one tenant, item by item, while work goes on.

    Contacts are those whose status changed since `since`; entries and windows those of the hours since then, at
    most 34 days back. What moves meanwhile is named in flight. With `repair`, a window that Stripe holds wrongly
    is made dirty again, to be sent under a new name.
    """
    first, last = utc_hour(max(since, now - STRIPE_REACH)), utc_hour(now)
    windows = till.windows.between(Meter.HUMAN, first, last)
    entries = ledger.booked(hour_millis(first), hour_millis(last) + HOUR)
    stripe = _stripe_hours(till, first, last)
    breaks = [
        *rules.window_breaks(till.tenant.id, entries, windows),
        *rules.stripe_breaks(till.tenant.id, windows, stripe),
    ]
    breaks = rules.in_flight(breaks, windows, till.windows.between(Meter.HUMAN, first, last))
    if repair:
        _repair(till, breaks, now)
    ids = sorted(set(contacts.ids(since)))
    breaks += [found for contact in ids for found in _contact_breaks(till, contacts, ledger, contact)]
    return _report(till, len(ids), entries, breaks=breaks, stripe=sum(stripe.values()))


def _contact_breaks(till: Till, contacts: StoryStore, ledger: EntryStore, contact: str) -> list[Break]:
    for _ in range(2):
        # Contact and ledger are two reads: what was changed between them is no difference, so look twice.
        booked = ledger.of_contact(contact)
        breaks = rules.contact_breaks(till.tenant.id, rules.episodes(contacts.story(contact)), booked)
        if not breaks:
            break
    return breaks


def _send_leased(till: Till, meter: Meter, hour: str, now: Millis) -> bool:
    # Read after the lease was won: nobody else sends now, so what is read is the newest that Stripe will get.
    window = till.windows.find(meter, hour)
    if window is None:
        raise AssertionError("windows are never deleted")
    till.gateway.ensure_meter(EVENT_NAMES[meter])
    till.gateway.put_hour_total(
        event_name=EVENT_NAMES[meter],
        customer=_customer(till),
        hour=hour_start(hour),
        total=window.total,
        identifier=rules.identifier(till.stage, window),
        attempt=window.attempt,
    )
    return _acknowledge(till, window, now)


def _acknowledge(till: Till, window: Window, now: Millis) -> bool:
    """Record what Stripe took; return whether it is the latest."""
    try:
        till.commit(till.windows.sent(window))
    except Conflict:
        try:
            till.commit(till.windows.sent_but_moved(window))
        except Conflict:
            # Our lease had run out, and another sender's newer total has just been overwritten by ours.
            till.commit(till.windows.repair(window.meter, window.hour, now))
        return False
    return True


def _customer(till: Till) -> str:
    known = till.customers.find()
    if known is not None:
        return known
    created = till.gateway.create_customer(till.tenant.id, till.tenant.name)
    try:
        till.commit(till.customers.bind(created))
    except Conflict:
        return till.customers.find() or created
    return created


def _stripe_hours(till: Till, first: str, last: str) -> dict[str, int]:
    customer = till.customers.find()
    if customer is None:
        return {}
    end = hour_start(last) + timedelta(hours=1)
    totals = till.gateway.hour_totals(
        event_name=EVENT_NAMES[Meter.HUMAN], customer=customer, start=hour_start(first), end=end
    )
    return {hour.strftime("%Y-%m-%dT%H"): total for hour, total in totals.items()}


def _repair(till: Till, breaks: Iterable[Break], now: Millis) -> None:
    for found in breaks:
        if found.rule is Rule.WINDOW_STRIPE and found.cause in {Cause.STALE_OVERWRITE, Cause.NOT_SENT}:
            till.commit(till.windows.repair(Meter.HUMAN, found.item, now))


def _report(till: Till, contacts: int, entries: list[UsageEntry], *, breaks: list[Break], stripe: int) -> Report:
    won = sum(entry.delta * entry.price.won for entry in entries)
    billable = sum(entry.delta for entry in entries)
    return Report(
        tenant=till.tenant.id,
        contacts=contacts,
        usage_entries=len(entries),
        billable=billable,
        ledger_won=won,
        stripe_total=stripe,
        # What Stripe counts beyond the ledger would be billed at the price in force.
        stripe_won=won + (stripe - billable) * till.tenant.price_won,
        breaks=tuple(breaks),
    )
