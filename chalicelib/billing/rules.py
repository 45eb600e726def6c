"""Reconciliation: contacts against ledger, ledger against windows, windows against Stripe; tolerance 0."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.billing.model import Break, Cause, Episodes, Rule
from chalicelib.contacts.model import Action, Author, Status, Story
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.metering.model import UsageEntry, Window
from chalicelib.metering.rules import window_of

SETTLING: Millis = 15 * MINUTE
"""How long Stripe may take until its summaries show what it has acknowledged."""


def identifier(stage: str, window: Window) -> str:
    """Return the name under which Stripe gets this revision of the window: a repeat has the same one."""
    return f"{stage}:{window.tenant}:{window.meter}:{window.hour}:r{window.rev}:g{window.gen}"


def episodes(story: Story) -> Episodes:
    """Return which episodes of a contact are billable, from what was said and done alone."""
    said = {message.episode for message in story.messages if message.author is Author.AGENT}
    # A contact that absorbed an answered one before its own first answer carries that answer.
    absorbed = {
        event.episode
        for event in story.events
        if event.action is Action.ABSORB and event.detail.startswith("answered ")
    }
    contact = story.contact
    void = contact.episode.number if contact.status in {Status.SPAM, Status.MERGED} else 0
    last = contact.episode
    return Episodes(contact.id, frozenset(said | absorbed), void, last.number, last.price)


def contact_breaks(tenant: str, found: Episodes, entries: Sequence[UsageEntry]) -> list[Break]:
    """R0: each answered episode is in the ledger once net, at one price, and nothing else is."""
    net: Counter[int] = Counter()
    for entry in entries:
        net[entry.episode] += entry.delta
    breaks = []
    for episode in sorted(found.answered | net.keys()):
        left = int(episode in found.answered and episode != found.void)
        if left != net[episode]:
            cause = Cause.MISSED if net[episode] < left else Cause.DOUBLED
            item = f"{found.contact}/{episode}"
            breaks.append(Break(Rule.CONTACT_LEDGER, tenant, item, left, net[episode], cause))
    return breaks + _price_breaks(tenant, found, entries)


def _price_breaks(tenant: str, found: Episodes, entries: Iterable[UsageEntry]) -> list[Break]:
    """Return the entries whose price is not their episode's: as the contact has it, or else its first entry."""
    prices = {found.current: found.price} if found.price else {}
    breaks = []
    for entry in entries:
        price = prices.setdefault(entry.episode, entry.price)
        if price is not None and entry.price != price:
            item = f"{found.contact}/{entry.episode}#{entry.n}"
            breaks.append(
                Break(Rule.CONTACT_LEDGER, tenant, item, price.won, entry.price.won, Cause.PRICE_DIFFERS)
            )
    return breaks


def orphan_breaks(tenant: str, contact: str, entries: Iterable[UsageEntry]) -> list[Break]:
    """R0 of entries without a contact."""
    booked = sum(entry.delta for entry in entries)
    return [Break(Rule.CONTACT_LEDGER, tenant, contact, 0, booked, Cause.NO_CONTACT)]


def window_breaks(tenant: str, entries: Iterable[UsageEntry], windows: Iterable[Window]) -> list[Break]:
    """R1: each window is the sum of its entries; the entry of one that is still dirty may not be listed yet."""
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[window_of(entry)[1]] += entry.delta
    held = {window.hour: window for window in windows}
    breaks = []
    for hour in sorted(sums.keys() | held.keys()):
        window = held.get(hour)
        right = window.total if window else 0
        if sums[hour] != right:
            moving = window is not None and window.dirty_since is not None
            cause = Cause.IN_FLIGHT if moving else Cause.SUM_WRONG
            breaks.append(Break(Rule.LEDGER_WINDOW, tenant, hour, sums[hour], right, cause))
    return breaks


def stripe_breaks(tenant: str, windows: Iterable[Window], stripe: Mapping[str, int], now: Millis) -> list[Break]:
    """R2: Stripe holds each window's total for its hour, and nothing for any other hour."""
    held = {window.hour: window for window in windows}
    breaks = []
    for hour in sorted(held.keys() | stripe.keys()):
        window, right = held.get(hour), stripe.get(hour, 0)
        left = window.total if window else 0
        if left != right:
            breaks.append(Break(Rule.WINDOW_STRIPE, tenant, hour, left, right, _cause(window, now)))
    return breaks


def in_flight(breaks: Iterable[Break], before: Iterable[Window], after: Iterable[Window]) -> list[Break]:
    """Return `breaks` with those of windows that changed while they were compared named as such."""
    old = {(window.hour, window.rev, window.sent_rev) for window in before}
    moved = {window.hour for window in after if (window.hour, window.rev, window.sent_rev) not in old}
    return [replace(found, cause=Cause.IN_FLIGHT) if found.item in moved else found for found in breaks]


def repairable(breaks: Iterable[Break]) -> list[str]:
    """Return the hours that sending again would mend: never one whose own total is in doubt."""
    found = list(breaks)
    doubtful = {one.item for one in found if one.rule is Rule.LEDGER_WINDOW}
    mendable = {Cause.STALE_OVERWRITE, Cause.NOT_SENT, Cause.REFUSED}
    return [
        one.item
        for one in found
        if one.rule is Rule.WINDOW_STRIPE and one.cause in mendable and one.item not in doubtful
    ]


def _cause(window: Window | None, now: Millis) -> Cause:
    if window is None:
        return Cause.UNKNOWN_USAGE
    if window.refused:
        return Cause.REFUSED
    # Stripe sums events up some time after it has acknowledged them.
    if window.dirty_since is not None or now - window.sent_at < SETTLING:
        return Cause.IN_FLIGHT
    return Cause.STALE_OVERWRITE if window.sent_rev else Cause.NOT_SENT
