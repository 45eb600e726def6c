"""Make Stripe hold what the ledger says, and prove that it does."""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib.billing import rules
from chalicelib.billing.model import EVENT_NAMES, Break, GatewayRefused, Report
from chalicelib.billing.ports import EntryStore, StoryStore, Till
from chalicelib.kernel.clock import HOUR, SECOND, Millis, hour_millis, hour_start, utc_hour
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.metering.model import Meter, UsageEntry, Window

# Twice the sending function's timeout: when a lease ends, its sender is dead.
LEASE: Millis = 60 * SECOND
_CHASES = 5
STRIPE_REACH: Millis = 34 * 24 * HOUR
"""How far back windows are compared: Stripe takes no usage older than 35 days."""


def send_window(till: Till, meter: Meter, hour: str, now: Millis) -> bool:
    """Tell Stripe the window's absolute total; return whether it now holds the latest.

    Safe to call twice, at once, late, or after dying half-way. Raises what the gateway raises, and leaves the
    window dirty then; a refused one is taken off the outbox until it changes or is repaired.
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

    Contacts are those whose status changed since `since`; windows and entries those of the hours since then, and
    of all hours from the oldest that changed since then, at most 34 days back. What moves meanwhile is named in
    flight. With `repair`, a window that Stripe holds wrongly is made dirty again, to be sent under a new name.
    """
    last = utc_hour(now)
    known = till.windows.between(Meter.HUMAN, utc_hour(now - STRIPE_REACH), last)
    first = _first_hour(known, max(since, now - STRIPE_REACH))
    windows = [window for window in known if window.hour >= first]
    entries = ledger.booked(hour_millis(first), hour_millis(last) + HOUR)
    stripe = _stripe_hours(till, first, last)
    breaks = [
        *rules.window_breaks(till.tenant.id, entries, windows),
        *rules.stripe_breaks(till.tenant.id, windows, stripe, now),
    ]
    breaks = rules.in_flight(breaks, windows, till.windows.between(Meter.HUMAN, first, last))
    for hour in rules.repairable(breaks) if repair else ():
        till.commit(till.windows.repair(Meter.HUMAN, hour, now))
    ids = set(contacts.ids(since))
    for contact in sorted(ids | {entry.contact for entry in entries}):
        breaks += _contact_breaks(till, contacts, ledger, contact)
    return _report(till, len(ids), entries, breaks=breaks, stripe=sum(stripe.values()))


def _first_hour(windows: Iterable[Window], since: Millis) -> str:
    """Return the first hour to compare: that of `since`, or of an older window that changed after it."""
    changed = [window.hour for window in windows if window.dirty_since is not None or window.sent_at >= since]
    return min([utc_hour(since), *changed])


def _contact_breaks(till: Till, contacts: StoryStore, ledger: EntryStore, contact: str) -> list[Break]:
    for _ in range(2):
        # Contact and ledger are two reads: what was changed between them is no difference, so look twice.
        booked = ledger.of_contact(contact)
        try:
            episodes = rules.episodes(contacts.story(contact))
        except NotFound:
            return rules.orphan_breaks(till.tenant.id, contact, booked)
        breaks = rules.contact_breaks(till.tenant.id, episodes, booked)
        if not breaks:
            break
    return breaks


def _send_leased(till: Till, meter: Meter, hour: str, now: Millis) -> bool:
    # Read after the lease was won: nobody else sends now, so what is read is the newest that Stripe will get.
    window = till.windows.find(meter, hour)
    if window is None:
        raise AssertionError("windows are never deleted")
    try:
        _tell(till, window)
    except GatewayRefused as refusal:
        # Asking again would hold up the tenant's other hours for the same answer; reconciliation keeps naming it.
        till.commit(till.windows.refuse(window, refusal.code or refusal.message))
        raise
    return _acknowledge(till, window, now)


def _tell(till: Till, window: Window) -> None:
    till.gateway.ensure_meter(EVENT_NAMES[window.meter])
    till.gateway.put_hour_total(
        event_name=EVENT_NAMES[window.meter],
        customer=_customer(till),
        hour=hour_start(window.hour),
        total=window.total,
        identifier=rules.identifier(till.stage, window),
        attempt=window.attempt,
    )


def _acknowledge(till: Till, window: Window, now: Millis) -> bool:
    """Record what Stripe took; return whether it is the latest."""
    try:
        till.commit(till.windows.sent(window, now))
    except Conflict:
        try:
            till.commit(till.windows.sent_but_moved(window, now))
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
