"""What a shop should begin with, from what came so far."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from chalicelib.agents.model import DEFAULT_CAPACITY
from chalicelib.diagnosis.figures import (
    MINUTES,
    Counts,
    by_hour,
    by_intent,
    by_name,
    peaks,
    percent,
    percentile,
)
from chalicelib.diagnosis.findings import Advised, Automatable, Offer, Proposal, Report
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import HOUR, MINUTE, Millis
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Line
from chalicelib.pricing.plans import offered
from chalicelib.pricing.rules import price_month
from chalicelib.promotions.staffing import agents_needed
from chalicelib.tenants.model import Channel

LEAST_RATE, MOST_RATE = 5, 100_000
LEAST_BURST = 3
_PARALLEL = DEFAULT_CAPACITY // 2
_USUALLY = Fraction(95, 100)
_BURST_SHARE = 6
_CAP, _CAP_STEP = Fraction(3, 2), 1_000
# Of a file without hours, a day's contacts are thought to come in as many.
_WORKDAY = 10
_WORTH_IT, _PICTURED = 5.0, 10.0
_PICTURES = (Intent.DEFECT, Intent.EXCHANGE, Intent.WARRANTY)


def report(counts: Counts, month: str) -> Report:
    """Return all that the counts tell; plans are those that can be chosen from `month` (KST, `yyyy-mm`) on."""
    first, last = counts.span
    closed = None if counts.closed is None else percent(counts.closed, counts.timed)
    return Report(
        first=first.isoformat(),
        last=last.isoformat(),
        days=counts.length,
        contacts=counts.total,
        per_day=round(counts.total / counts.length, 1),
        per_month=counts.per_month,
        examined=counts.examined,
        intents=by_intent(counts),
        hours=by_hour(counts),
        channels=by_name(counts.channels),
        sales_channels=by_name(counts.sales_channels),
        peaks=peaks(counts),
        closed_hours_percent=closed,
        proposal=proposal(counts, month),
    )


def proposal(counts: Counts, month: str) -> Proposal:
    """Return what a shop of such a past should begin with."""
    plans = _offers(counts.per_month, month)
    hourly = _hourly(counts)
    rate = min(max(LEAST_RATE, 2 * percentile(hourly, _USUALLY)), MOST_RATE)
    handling = _handling(counts)
    usual = Fraction(sum(hourly), len(hourly))
    return Proposal(
        plans=plans,
        channels=tuple(_channels(counts)),
        rate_per_hour=rate,
        burst=max(LEAST_BURST, math.ceil(rate / _BURST_SHARE)),
        agents_usual=agents_needed(usual * handling / HOUR, handling, _PARALLEL),
        agents_peak=agents_needed(Fraction(max(hourly)) * handling / HOUR, handling, _PARALLEL),
        automation=tuple(_automation(counts)),
        cap_won=_cap(plans[0].won),
    )


def _offers(per_month: int, month: str) -> tuple[Offer, ...]:
    priced = (
        Offer(one.version, one.name_ko, one.name_en, _won(price_month(one, {Meter.HUMAN: per_month})))
        for one in offered(month)
    )
    return tuple(sorted(priced, key=lambda offer: (offer.won, offer.plan)))


def _won(lines: Sequence[Line]) -> Won:
    return sum(line.won for line in lines)


def _cap(expected: Won) -> Won:
    """Return half as much again as the expected month, in whole thousands."""
    return math.ceil(expected * _CAP / _CAP_STEP) * _CAP_STEP


def _hourly(counts: Counts) -> list[int]:
    """Return the contacts of each hour that had any."""
    if counts.hours:
        return list(counts.hours.values())
    return [math.ceil(Fraction(many, _WORKDAY)) for many in counts.days.values()]


def _handling(counts: Counts) -> Millis:
    minutes = sum(MINUTES[intent] * many for intent, many in counts.intents.items())
    return minutes * MINUTE // counts.examined


def _automation(counts: Counts) -> Iterator[Automatable]:
    """Yield the intents by the time that they take in a month; what nobody can name, nobody can automate."""
    monthly = Fraction(counts.per_month, counts.examined)
    minutes = {
        intent: many * MINUTES[intent] * monthly
        for intent, many in counts.intents.items()
        if intent is not Intent.OTHER
    }
    for intent in sorted(minutes, key=lambda one: (-minutes[one], one)):
        yield Automatable(intent, round(float(minutes[intent]) / 60, 1))


def _channels(counts: Counts) -> Iterator[Advised]:
    """Yield the channels that matter to the shop's customers; chat is always among them."""
    chat = ("급한 문의는 채팅이 가장 빨라요.", "What is urgent is answered fastest by chat.")
    yield Advised(Channel.CHAT, *chat)
    used = {share.name: share.percent for share in by_name(counts.channels) if share.percent >= _WORTH_IT}
    pictured = percent(sum(counts.intents.get(intent, 0) for intent in _PICTURES), counts.examined)
    if Channel.EMAIL not in used and pictured >= _PICTURED:
        why = (f"문의의 {pictured}%는 사진이 필요해요.", f"{pictured} % of the contacts need pictures.")
        yield Advised(Channel.EMAIL, *why)
    for channel in Channel:
        if channel in used and channel is not Channel.CHAT:
            share = used[channel]
            yield Advised(channel, f"문의의 {share}%가 왔어요.", f"{share} % of the contacts came so.")
