"""What usage costs: graduated prices in whole won, always of a month's whole sum.

A contact's price depends on how many came before it, so a change is never priced by itself: the month is rated
before and after it, and the difference is what it costs.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.metering.rules import is_adjustment
from chalicelib.pricing.model import Bill, Credit, Item, Line, Plan, Tier

VAT = Fraction(10, 100)
"""The share of value-added tax."""

PlanIn = Callable[[str], Plan]
"""The plan that a shop had in a month (KST, `yyyy-mm`)."""


def tiers_for(plan: Plan, meter: Meter) -> tuple[Tier, ...]:
    """Return the graduated prices of `meter`; a plan prices every meter."""
    return {one.meter: one.tiers for one in plan.rates}[meter]


def tiers_of(tiers: Sequence[Tier], quantity: int) -> tuple[int, ...]:
    """Return how many of a month's `quantity` contacts fall into each tier; below 0 counts as 0."""
    shares: list[int] = []
    for tier in tiers:
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        shares.append(max(0, top - sum(shares)))
    return tuple(shares)


def rate(tiers: Sequence[Tier], quantity: int) -> Won:
    """Return what a month's `quantity` contacts cost together; below 0 costs 0, as at the payment provider."""
    shares = tiers_of(tiers, quantity)
    return sum(share * tier.won for share, tier in zip(shares, tiers, strict=True))


def tier_at(tiers: Sequence[Tier], nth: int) -> int:
    """Return the number, from 1, of the tier that a month's `nth` contact falls into."""
    return next(i for i, tier in enumerate(tiers, 1) if tier.up_to is None or nth <= tier.up_to)


def unit(tiers: Sequence[Tier], nth: int) -> Won:
    """Return what a month's `nth` contact, from 1, costs."""
    return tiers[tier_at(tiers, nth) - 1].won


def list_won(plan: Plan, meter: Meter) -> Won:
    """Return the price that the plan is known by: of the first contact beyond the free ones; 0 if all are free."""
    return next((tier.won for tier in tiers_for(plan, meter) if tier.won), 0)


def vat(won: Won) -> Won:
    """Return the tax on `won`, cut off below one won: of -15 it is -1, as much as was charged on 15."""
    return math.trunc(won * VAT)


def price_month(plan: Plan, quantities: Mapping[Meter, int]) -> tuple[Line, ...]:
    """Return a month's lines for its `quantities` (absent: 0): the usage of all meters, base fee, minimum."""
    lines = [_usage(plan, meter, quantities.get(meter, 0)) for meter in Meter]
    if plan.base_won:
        lines.append(Line(Item.BASE, "base", 1, plan.base_won))
    missing = plan.minimum_won - _sum(lines)
    if missing > 0:
        lines.append(Line(Item.MINIMUM, "minimum", 1, missing))
    return tuple(lines)


def adjust(plan: Plan, before: Mapping[Meter, int], after: Mapping[Meter, int]) -> Won:
    """Return what a month costs more (or less, negative) with the quantities `after` than with those `before`."""
    return _sum(price_month(plan, after)) - _sum(price_month(plan, before))


def adjustments(
    plan_in: PlanIn, billed: Mapping[tuple[str, Meter], int], entries: Iterable[UsageEntry]
) -> list[Line]:
    """Return a line for each passed month that a month's `entries` change, the oldest first.

    `billed` holds, by origin month and meter, what was metered of that month and all adjustments of it that were
    billed before; for these origins it holds every meter, since an absent number is a mistake and not 0.
    """
    changes: dict[str, Counter[Meter]] = {}
    for entry in entries:
        if is_adjustment(entry):
            changes.setdefault(entry.origin, Counter())[entry.meter] += entry.delta
    return [_adjustment(plan_in(origin), origin, billed, changes[origin]) for origin in sorted(changes)]


def bill(
    month: str,
    plan: Plan,
    quantities: Mapping[Meter, int],
    adjustments: Sequence[Line] = (),
    credits: Sequence[Credit] = (),
) -> Bill:
    """Return the bill of `month` (KST), which never falls below 0: a last line carries what would be over.

    Among `adjustments` is what the month before `carried` over.
    """
    given_back = [Line(one.item, f"{one.item}:{one.id}", 1, -one.won, origin=one.origin) for one in credits]
    lines = (*price_month(plan, quantities), *adjustments, *given_back)
    over = -_sum(lines)
    if over > 0:
        lines = (*lines, Line(Item.CARRIED, f"carried:{month}", 1, over, origin=month))
    return Bill(month, plan.version, lines)


def carried(before: Bill) -> tuple[Line, ...]:
    """Return what `before` carries over, as the next month's bill takes it off; nothing, or one line."""
    return tuple(
        replace(line, won=-line.won)
        for line in before.lines
        if line.item is Item.CARRIED and line.origin == before.month
    )


def _usage(plan: Plan, meter: Meter, quantity: int) -> Line:
    won = rate(tiers_for(plan, meter), quantity)
    return Line(Item.USAGE, f"usage:{meter}", quantity, won, meter=meter)


def _adjustment(
    plan: Plan, origin: str, billed: Mapping[tuple[str, Meter], int], change: Mapping[Meter, int]
) -> Line:
    before = {meter: billed[origin, meter] for meter in Meter}
    after = {meter: before[meter] + change.get(meter, 0) for meter in Meter}
    won = adjust(plan, before, after)
    return Line(Item.ADJUSTMENT, f"adjustment:{origin}", sum(change.values()), won, origin=origin)


def _sum(lines: Iterable[Line]) -> Won:
    return sum(line.won for line in lines)
