"""Reconciliation of what is counted: contacts, ledger, windows and Stripe's meters agree; tolerance 0."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.closing.model import Break, Cause, Episodes, Rule, Stays
from chalicelib.contacts.model import Action, Author, Status, Story
from chalicelib.kernel.clock import HOUR, MINUTE, Millis, hour_millis, kst_month
from chalicelib.metering.model import Meter, UsageEntry, Window
from chalicelib.metering.rules import is_adjustment, window_of

SETTLING: Millis = 15 * MINUTE
"""How long Stripe may take until its summaries show what it has acknowledged."""

Hour = tuple[Meter, str]
"""What a window is the sum of: the contacts of a meter in one UTC hour."""

PATIENCE: Millis = HOUR
"""How long something may be in flight before it is put on record."""


def episodes(story: Story) -> Episodes:
    """Return which episodes of a contact are billable, from what was said and done alone."""
    since: dict[int, Millis] = {}
    for message in story.messages:
        if message.author is Author.AGENT:
            since[message.episode] = min(message.at, since.get(message.episode, message.at))
    # A contact that absorbed an answered one before its own first answer carries that answer.
    absorbed = {
        event.episode: event.at
        for event in story.events
        if event.action is Action.ABSORB and event.detail.startswith("answered ")
    }
    contact = story.contact
    off = contact.test or contact.status in {Status.SPAM, Status.MERGED}
    void = contact.episode.number if off else 0
    last = contact.episode
    return Episodes(contact.id, frozenset(absorbed | since), void, last.number, last.price, absorbed | since)


def contact_breaks(tenant: str, found: Episodes, entries: Sequence[UsageEntry]) -> list[Break]:
    """R0: each answered episode is in the ledger once net, at one price, and nothing else is."""
    net: Counter[int] = Counter()
    months = {episode: kst_month(at) for episode, at in found.since.items()}
    for entry in entries:
        net[entry.episode] += entry.delta
        months[entry.episode] = entry.origin
    breaks = []
    for episode in sorted(found.answered | net.keys()):
        left = int(episode in found.answered and episode != found.void)
        if left != net[episode]:
            cause = Cause.MISSED if net[episode] < left else Cause.DOUBLED
            item, month = f"{found.contact}/{episode}", months[episode]
            breaks.append(Break(Rule.CONTACT_LEDGER, tenant, item, left, net[episode], cause, month))
    return breaks + _price_breaks(tenant, found, entries)


def _price_breaks(tenant: str, found: Episodes, entries: Iterable[UsageEntry]) -> list[Break]:
    """Return the entries whose price is not their episode's: as the contact has it, or else its first entry."""
    prices = {found.current: found.price} if found.price else {}
    breaks = []
    for entry in entries:
        price = prices.setdefault(entry.episode, entry.price)
        if price is not None and entry.price != price:
            item, won = f"{found.contact}/{entry.episode}/{entry.n}", (price.won, entry.price.won)
            breaks.append(Break(Rule.CONTACT_LEDGER, tenant, item, *won, Cause.PRICE_DIFFERS, entry.origin))
    return breaks


def orphan_breaks(tenant: str, contact: str, entries: Sequence[UsageEntry]) -> list[Break]:
    """R0 of entries without a contact."""
    if not entries:
        return []
    booked, month = sum(entry.delta for entry in entries), max(entry.origin for entry in entries)
    return [Break(Rule.CONTACT_LEDGER, tenant, contact, 0, booked, Cause.NO_CONTACT, month)]


def window_breaks(tenant: str, entries: Iterable[UsageEntry], windows: Iterable[Window]) -> list[Break]:
    """R1: each window is the sum of its entries; the entry of one that is still dirty may not be listed yet."""
    sums: Counter[Hour] = Counter()
    for entry in entries:
        if not is_adjustment(entry):
            sums[window_of(entry)] += entry.delta
    held = {(window.meter, window.hour): window for window in windows}
    breaks = []
    for of in sorted(sums.keys() | held.keys()):
        window = held.get(of)
        right = window.total if window else 0
        if sums[of] != right:
            moving = window is not None and window.dirty_since is not None
            cause = Cause.IN_FLIGHT if moving else Cause.SUM_WRONG
            breaks.append(_of_hour(Rule.LEDGER_WINDOW, tenant, of, (sums[of], right), cause))
    return breaks


def stripe_breaks(tenant: str, windows: Iterable[Window], stripe: Mapping[Hour, int], now: Millis) -> list[Break]:
    """R2: Stripe holds each window's total for its hour, and nothing for any other hour."""
    held = {(window.meter, window.hour): window for window in windows}
    breaks = []
    for of in sorted(held.keys() | stripe.keys()):
        window, right = held.get(of), stripe.get(of, 0)
        left = window.total if window else 0
        if left != right:
            breaks.append(_of_hour(Rule.WINDOW_STRIPE, tenant, of, (left, right), _cause(window, now)))
    return breaks


def in_flight(breaks: Iterable[Break], before: Iterable[Window], after: Iterable[Window]) -> list[Break]:
    """Return `breaks` with those of windows that changed while they were compared named as such."""
    old = {(item_of(window), window.rev, window.sent_rev) for window in before}
    moved = {item_of(window) for window in after if (item_of(window), window.rev, window.sent_rev) not in old}
    return [replace(found, cause=Cause.IN_FLIGHT) if found.item in moved else found for found in breaks]


def lasting(breaks: Iterable[Break], windows: Iterable[Window], now: Millis) -> list[Break]:
    """Return `breaks` without those that are in flight for less than an hour: they mend themselves."""
    old = {item_of(one) for one in windows if one.dirty_since is not None and now - one.dirty_since >= PATIENCE}
    return [found for found in breaks if found.cause is not Cause.IN_FLIGHT or found.item in old]


def repairable(breaks: Iterable[Break]) -> list[Hour]:
    """Return the windows that sending again would mend: never one whose own total is in doubt."""
    found = list(breaks)
    doubtful = _doubtful(found)
    return [window_named(one) for one in found if _is_stale(one) and one.item not in doubtful]


def stays(one: Break, found: Iterable[Break], oldest: str) -> Stays:
    """Return why sending again does not mend `one` of those `found`; Stripe takes UTC hours from `oldest` on."""
    if one.cause is Cause.IN_FLIGHT:
        return Stays.IN_FLIGHT
    if not _is_stale(one):
        return Stays.PERSON
    if one.item in _doubtful(found):
        return Stays.TOTAL_IN_DOUBT
    return Stays.TOO_OLD if window_named(one)[1] < oldest else Stays.PERSON


def _is_stale(one: Break) -> bool:
    return one.rule is Rule.WINDOW_STRIPE and one.cause in {Cause.STALE_OVERWRITE, Cause.NOT_SENT, Cause.REFUSED}


def _doubtful(found: Iterable[Break]) -> set[str]:
    return {one.item for one in found if one.rule is Rule.LEDGER_WINDOW}


def window_named(found: Break) -> Hour:
    """Return which window a break of R1 or R2 is about, by meter and UTC hour."""
    meter, _, hour = found.item.partition("/")
    return Meter(meter), hour


def item_of(window: Window) -> str:
    """Return what breaks call a window: `human/2026-11-21T03`."""
    return f"{window.meter}/{window.hour}"


def _of_hour(rule: Rule, tenant: str, of: Hour, sides: tuple[int, int], cause: Cause) -> Break:
    return Break(rule, tenant, "/".join(of), *sides, cause, kst_month(hour_millis(of[1])))


def _cause(window: Window | None, now: Millis) -> Cause:
    if window is None:
        return Cause.UNKNOWN_USAGE
    if window.refused:
        return Cause.REFUSED
    # Stripe sums events up some time after it has acknowledged them.
    if window.dirty_since is not None or now - window.sent_at < SETTLING:
        return Cause.IN_FLIGHT
    return Cause.STALE_OVERWRITE if window.sent_rev else Cause.NOT_SENT
