"""The bill contact by contact: every ledger entry with the won that it added or took off."""

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.metering.rules import is_adjustment
from chalicelib.pricing.model import Plan, RatedEntry
from chalicelib.pricing.rules import PlanIn, adjust, rate, tier_at, tiers_for


def rated(plan: Plan, entries: Iterable[UsageEntry]) -> list[RatedEntry]:
    """Return a month's entries in the order of the ledger, each at what it changed; adjustments are left out.

    The running sum is of the entry's meter, and its last one what the month's usage costs.
    """
    counts: Counter[Meter] = Counter()
    lines = []
    for entry in _in_order(entries):
        if is_adjustment(entry):
            continue
        tiers = tiers_for(plan, entry.meter)
        before = rate(tiers, counts[entry.meter])
        counts[entry.meter] += entry.delta
        running = rate(tiers, counts[entry.meter])
        lines.append(_line(plan, entry, counts[entry.meter], running - before, running))
    return lines


def rated_adjustments(
    plan_in: PlanIn, billed: Mapping[tuple[str, Meter], int], entries: Iterable[UsageEntry]
) -> list[RatedEntry]:
    """Return a month's adjustments in the order of the ledger, each at what it changed of its origin's bill.

    `billed` is that of `rules.adjustments`. The running sum is of the entry's origin, and its last one that
    origin's line.
    """
    counts: dict[str, dict[Meter, int]] = {}
    running: Counter[str] = Counter()
    lines = []
    for entry in _in_order(entries):
        if not is_adjustment(entry):
            continue
        origin, plan = entry.origin, plan_in(entry.origin)
        before = counts.get(origin) or {meter: billed[origin, meter] for meter in Meter}
        counts[origin] = {**before, entry.meter: before[entry.meter] + entry.delta}
        won = adjust(plan, before, counts[origin])
        running[origin] += won
        lines.append(_line(plan, entry, counts[origin][entry.meter], won, running[origin]))
    return lines


def _in_order(entries: Iterable[UsageEntry]) -> list[UsageEntry]:
    # Entries of one time are a correction and what it corrects, or what a merge moved: contacts may come in any
    # order that is always the same, as long as one contact's own entries follow one another.
    return sorted(entries, key=lambda one: (one.booked_at, one.contact, one.episode, one.n))


def _line(plan: Plan, entry: UsageEntry, count: int, won: Won, running: Won) -> RatedEntry:
    """Return the line of an entry after which its meter stands at `count`: what it took off was the one beyond."""
    tiers = tiers_for(plan, entry.meter)
    tier = tier_at(tiers, max(count, count - entry.delta))
    return RatedEntry(entry, won, running, tier, tiers[tier - 1].won)
