"""Prove that contacts, ledger, windows and Stripe agree, item by item."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from chalicelib.billing.model import EVENT_NAMES
from chalicelib.billing.ports import Till
from chalicelib.closing import rules
from chalicelib.closing.model import Break, Report
from chalicelib.closing.ports import Books, EntryStore, StoryStore
from chalicelib.kernel.clock import (
    HOUR,
    Millis,
    hour_millis,
    hour_start,
    kst_month,
    month_span,
    utc,
    utc_hour,
)
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, UsageEntry, Window
from chalicelib.metering.rules import SAME_EPISODE, is_adjustment
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import rate, tiers_for
from chalicelib.tenants.model import Tenant

STRIPE_REACH: Millis = 34 * 24 * HOUR
"""How far back windows are compared: Stripe takes no usage older than 35 days."""


def reconcile(
    till: Till, contacts: StoryStore, ledger: EntryStore, now: Millis, *, since: Millis, repair: bool = False
) -> Report:
    """Compare contacts, ledger, windows and Stripe of one tenant, item by item, while work goes on.

    Contacts are those whose status changed since `since`; windows and entries those of the hours since then, and
    of all hours from the oldest that changed since then, at most 34 days back. What moves meanwhile is named in
    flight. With `repair`, a window that Stripe holds wrongly is made dirty again, to be sent under a new name.
    """
    last = utc_hour(now)
    known = _windows(till, utc_hour(now - STRIPE_REACH), last)
    first = _first_hour(known, max(since, now - STRIPE_REACH))
    windows = [window for window in known if window.hour >= first]
    entries = ledger.booked(hour_millis(first), hour_millis(last) + HOUR)
    stripe = {of: total for meter in Meter for of, total in _stripe_hours(till, meter, first, last).items()}
    breaks = _counted(till, entries, windows, stripe, now)
    breaks = rules.in_flight(breaks, windows, _windows(till, first, last))
    if repair:
        mend(till, breaks, now)
    ids = set(contacts.ids(since))
    for contact in sorted(ids | {entry.contact for entry in entries}):
        breaks += _contact_breaks(till, contacts, ledger, contact)
    return _report(till, len(ids), entries, breaks=breaks, stripe=stripe)


def reconcile_month(till: Till, ours: Books, month: str, now: Millis, *, hourly: bool) -> list[Break]:
    """Compare contacts, ledger, windows and Stripe of one tenant for a KST month, as R0 to R2 do.

    `hourly` is that of `hour_breaks`.
    """
    contacts, ledger = ours.contacts, ours.ledger
    start, end = month_span(month)
    entries = ledger.booked(start, end)
    breaks = hour_breaks(till, entries, month, now, hourly=hourly)
    # A contact's status may have changed last before the month in which it was answered.
    for contact in sorted({*contacts.ids(start - SAME_EPISODE), *(entry.contact for entry in entries)}):
        breaks += _contact_breaks(till, contacts, ledger, contact)
    return [found for found in breaks if found.month == month]


def hour_breaks(till: Till, entries: list[UsageEntry], month: str, now: Millis, *, hourly: bool) -> list[Break]:
    """R1 and R2 of a KST month, of which `entries` are the ledger's; what moves meanwhile is named in flight.

    Unless `hourly`, Stripe is asked for each meter's sum, and hour by hour only where that differs.
    """
    start, end = month_span(month)
    first, last = utc_hour(start), utc_hour(end - 1)
    windows = _windows(till, first, last)
    stripe: dict[rules.Hour, int] = {}
    for meter in Meter:
        held = {(meter, window.hour): window.total for window in windows if window.meter is meter}
        same = not hourly and sum(held.values()) == summary(till, meter, month)
        stripe |= held if same else _stripe_hours(till, meter, first, last)
    breaks = _counted(till, entries, windows, stripe, now)
    return rules.in_flight(breaks, windows, _windows(till, first, last))


def mend(till: Till, breaks: Iterable[Break], now: Millis) -> None:
    """Make dirty again each window that sending again would mend."""
    for meter, hour in rules.repairable(breaks):
        till.commit(till.windows.repair(meter, hour, now))


def summary(till: Till, meter: Meter, month: str) -> int:
    """Return what Stripe counts for a KST month."""
    customer = till.customers.find()
    if customer is None:
        return 0
    start, end = (utc(moment) for moment in month_span(month))
    return till.gateway.period_total(event_name=EVENT_NAMES[meter], customer=customer, start=start, end=end)


def _windows(till: Till, first: str, last: str) -> list[Window]:
    return [window for meter in Meter for window in till.windows.between(meter, first, last)]


def _counted(
    till: Till, entries: list[UsageEntry], windows: list[Window], stripe: Mapping[rules.Hour, int], now: Millis
) -> list[Break]:
    return [
        *rules.window_breaks(till.tenant.id, entries, windows),
        *rules.stripe_breaks(till.tenant.id, windows, stripe, now),
    ]


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


def _stripe_hours(till: Till, meter: Meter, first: str, last: str) -> dict[rules.Hour, int]:
    customer = till.customers.find()
    if customer is None:
        return {}
    end = hour_start(last) + timedelta(hours=1)
    totals = till.gateway.hour_totals(
        event_name=EVENT_NAMES[meter], customer=customer, start=hour_start(first), end=end
    )
    return {(meter, hour.strftime("%Y-%m-%dT%H")): total for hour, total in totals.items()}


def _report(
    till: Till,
    contacts: int,
    entries: list[UsageEntry],
    *,
    breaks: list[Break],
    stripe: Mapping[rules.Hour, int],
) -> Report:
    ours: Counter[tuple[str, Meter]] = Counter()
    for entry in entries:
        if not is_adjustment(entry):
            ours[entry.origin, entry.meter] += entry.delta
    theirs: Counter[tuple[str, Meter]] = Counter()
    for (meter, hour), total in stripe.items():
        theirs[kst_month(hour_millis(hour)), meter] += total
    return Report(
        tenant=till.tenant.id,
        contacts=contacts,
        usage_entries=len(entries),
        billable=ours.total(),
        ledger_won=_worth(till.tenant, ours),
        stripe_total=theirs.total(),
        stripe_won=_worth(till.tenant, theirs),
        breaks=tuple(breaks),
    )


def _worth(shop: Tenant, counts: Mapping[tuple[str, Meter], int]) -> Won:
    """Return what contacts, by KST month and meter, cost in the plans of their months."""
    return sum(rate(tiers_for(plan(shop.plan_in(month)), meter), n) for (month, meter), n in counts.items())
