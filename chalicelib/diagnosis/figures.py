"""What past contacts tell when they are counted; days and hours are those of Asia/Seoul."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import fmean, pstdev

from chalicelib.diagnosis.findings import Hourly, IntentShare, Peak, Share
from chalicelib.diagnosis.model import Past
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import KST, SECOND, Millis

MONTH_DAYS = 30
_PEAKS = 10
_FAR = 3
_WEEK, _HOURS = 7, 24

MINUTES: Mapping[Intent, int] = {
    Intent.DELIVERY: 4,
    Intent.PRESALE: 5,
    Intent.RETURN: 7,
    Intent.PAYMENT: 5,
    Intent.OTHER: 5,
    Intent.DEFECT: 9,
    Intent.EXCHANGE: 7,
    Intent.COMPLAINT: 10,
    Intent.WARRANTY: 8,
    Intent.SHIPPING_FEE: 3,
    Intent.SYSTEM: 6,
}
"""How long answering takes: assumed, since a file of questions does not tell it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Contacts by day (its number in the calendar), by hour since 1970, and by name."""

    total: int
    days: Mapping[int, int]
    hours: Mapping[int, int]
    intents: Mapping[Intent, int]
    channels: Mapping[str, int]
    sales_channels: Mapping[str, int]
    closed: int | None

    @property
    def span(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return date.fromordinal(min(self.days)), date.fromordinal(max(self.days))

    @property
    def length(self) -> int:
        """Return how many days there are from the first to the last, both counted."""
        return max(self.days) - min(self.days) + 1

    @property
    def per_month(self) -> int:
        """Return the contacts of thirty such days."""
        return round(Fraction(self.total * MONTH_DAYS, self.length))

    @property
    def examined(self) -> int:
        """Return how many contacts have an intent."""
        return sum(self.intents.values())

    @property
    def timed(self) -> int:
        """Return how many contacts have an hour."""
        return sum(self.hours.values())


def counted(past: Iterable[Past], is_open: Callable[[Millis], bool] | None) -> Counts:
    """Count `past`; `is_open` tells whether the shop is, and is None for one that names no hours."""
    days, hours, closed, total = Counter[int](), Counter[int](), 0, 0
    intents, channels, sales = Counter[Intent](), Counter[str](), Counter[str]()
    for one in past:
        at = datetime.fromtimestamp(one.at // SECOND, KST)
        total += 1
        days[at.toordinal()] += 1
        if one.intent:
            intents[one.intent] += 1
        channels[one.channel] += 1
        sales[one.sales_channel] += 1
        if one.timed:
            hours[at.toordinal() * _HOURS + at.hour] += 1
            closed += is_open is not None and not is_open(one.at)
    known = None if is_open is None or not hours else closed
    return Counts(total, days, hours, intents, channels, sales, known)


def percent(count: int, total: int) -> float:
    """Return the share of `count` in percent, with one decimal; 0 of nothing."""
    return round(100 * count / total, 1) if total else 0.0


def by_intent(counts: Counts) -> tuple[IntentShare, ...]:
    """Return how many contacts each intent has, the most first; intents without any are left out."""
    ordered = sorted(counts.intents.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(IntentShare(one, many, percent(many, counts.examined), MINUTES[one]) for one, many in ordered)


def by_name(counts: Mapping[str, int]) -> tuple[Share, ...]:
    """Return the names with their counts, the most first; of those contacts that have one."""
    named = {name: many for name, many in counts.items() if name}
    total = sum(named.values())
    ordered = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Share(name, many, percent(many, total)) for name, many in ordered)


def by_hour(counts: Counts) -> Hourly:
    """Return the contacts of each hour of the week."""
    week = [[0] * _HOURS for _ in range(_WEEK)]
    for hour, many in counts.hours.items():
        ordinal, of_day = divmod(hour, _HOURS)
        week[date.fromordinal(ordinal).weekday()][of_day] += many
    return Hourly(tuple(map(tuple, week)), max(map(max, week)), counts.timed)


def peaks(counts: Counts) -> tuple[Peak, ...]:
    """Return the ten greatest days that are over the mean by more than three standard deviations, by date."""
    first, last = (day.toordinal() for day in counts.span)
    daily = [counts.days.get(day, 0) for day in range(first, last + 1)]
    mean, most = fmean(daily), fmean(daily) + _FAR * pstdev(daily)
    found = [(many, day) for day, many in counts.days.items() if many > most]
    greatest = sorted(found, reverse=True)[:_PEAKS]
    return tuple(
        Peak(date.fromordinal(day).isoformat(), many, round(many / mean, 1))
        for day, many in sorted((day, many) for many, day in greatest)
    )


def percentile(counts: Sequence[int], share: Fraction) -> int:
    """Return the least of `counts` that at least `share` of them do not exceed; 0 of none."""
    ordered = sorted(counts)
    return ordered[max(0, -(-len(ordered) * share.numerator // share.denominator) - 1)] if ordered else 0
