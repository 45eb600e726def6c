"""What the month is going to cost, from what is booked so far."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from chalicelib.kernel.clock import DAY, KST, Millis, kst_month, month_span, utc
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.metering.rules import is_adjustment
from chalicelib.pricing.model import Bill, Credit, Forecast, Item, Line, Plan
from chalicelib.pricing.rules import bill

# A standard normal variable is within this of its mean four times out of five.
_EIGHTY_PERCENT = 1.28
_SATURDAY = 5

Days = Mapping[int, int]
"""Contacts by the day of the month, from 1, in Asia/Seoul."""


def by_day(entries: Iterable[UsageEntry]) -> dict[Meter, dict[int, int]]:
    """Return the contacts of each meter on each day of a month, of its `entries` but the adjustments."""
    days: dict[Meter, dict[int, int]] = {meter: {} for meter in Meter}
    for entry in entries:
        if not is_adjustment(entry):
            day = utc(entry.booked_at).astimezone(KST).day
            days[entry.meter][day] = days[entry.meter].get(day, 0) + entry.delta
    return days


def forecast(
    plan: Plan,
    booked: Mapping[Meter, Days],
    now: Millis,
    adjustments: Sequence[Line] = (),
    credits: Sequence[Credit] = (),
) -> Forecast | None:
    """Return the bill of the month of `now` if it goes on as it began; None in its first day, which tells nothing.

    Adjustments and credits stand as they are booked. A promotion that has not begun is not in it.
    """
    start, _ = month_span(kst_month(now))
    if now - start < DAY:
        return None
    ends = {meter: _month_end(booked.get(meter, {}), now) for meter in Meter}
    low, expected, high = (
        bill(kst_month(now), plan, {meter: ends[meter][i] for meter in Meter}, adjustments, credits)
        for i in range(3)
    )
    return Forecast(low, expected, high)


def alike(month: str, plan: Plan, expected: Bill, more: int, adjustments: Sequence[Line] = ()) -> Bill:
    """Return the bill of `month` if as many contacts come as in `expected`, and `more` whom people answer."""
    counts = Counter({meter: 0 for meter in Meter} | {Meter.HUMAN: more})
    for line in expected.lines:
        if line.item is Item.USAGE and line.meter is not None:
            counts[line.meter] += line.quantity
    return bill(month, plan, counts, adjustments)


def _month_end(days: Days, now: Millis) -> tuple[int, int, int]:
    """Return the least, the expected and the most contacts of the month, from those of its days until `now`.

    The spread is that of a count whose pace is known from another count, widened as far as the finished days
    differ more than counts do. Nothing booked counts as one contact: nought so far is no promise.
    """
    start, end = month_span(kst_month(now))
    past, left = Fraction(now - start, DAY), Fraction(end - now, DAY)
    total, coming = sum(days.values()), _coming(days, now)
    variance = _unevenness(days, math.floor(past)) * max(coming, left / past) * (past + left) / past
    spread = _EIGHTY_PERCENT * math.sqrt(variance)
    low, high = max(0, math.floor(coming - spread)), math.ceil(coming + spread)
    return total + low, total + round(coming), total + high


def _coming(days: Days, now: Millis) -> Fraction:
    """Return what the rest of the month brings if weekdays and weekends go on each at their own pace.

    Before a whole day of a kind has passed, that kind goes at the pace of all days.
    """
    start, end = month_span(kst_month(now))
    seen: Counter[bool] = Counter()
    past: Counter[bool] = Counter()
    left: Counter[bool] = Counter()
    for begin in range(start, end, DAY):
        day = utc(begin).astimezone(KST)
        weekend, gone = day.weekday() >= _SATURDAY, min(max(now - begin, 0), DAY)
        past[weekend] += gone
        left[weekend] += DAY - gone
        seen[weekend] += days.get(day.day, 0)
    usual = Fraction(seen.total(), past.total())
    paces = {kind: Fraction(seen[kind], past[kind]) if past[kind] >= DAY else usual for kind in past}
    return sum((paces[kind] * left[kind] for kind in past), Fraction())


def _unevenness(days: Days, finished: int) -> Fraction:
    """Return the variance of the first `finished` days over their mean, at least 1: that of a count."""
    counts = [days.get(day, 0) for day in range(1, finished + 1)]
    mean = Fraction(sum(counts), finished)
    if finished == 1 or not mean:
        return Fraction(1)
    variance = sum(((count - mean) ** 2 for count in counts), Fraction()) / (finished - 1)
    return max(Fraction(1), variance / mean)
