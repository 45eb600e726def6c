"""What answering costs a shop in a month: at the shared desk, by its own people, at a centre of its own.

In won without VAT. Of own people only pay is counted, not desks, telephones, software, hiring, training or
illness: they look cheaper than they are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.figures import (
    AWS,
    FIGURES,
    INSURANCE,
    MINIMUM_WAGE,
    OCCUPANCY,
    SEAT_HIGH,
    SEAT_HOURS,
    SEAT_LOW,
    SEVERANCE,
    WEEKLY_HOLIDAY,
    Figure,
)
from chalicelib.pricing.model import Item, Line, Plan
from chalicelib.pricing.rules import price_month, tiers_for, tiers_of

_HOUR_MINUTES = 60


PerDay = Annotated[int, Meta(ge=0, le=100_000)]


@dataclass(frozen=True, slots=True)
class Workload:
    """A shop's own numbers: contacts a day, usually and at promotions, and how it would answer them itself.

    Days are those of a month, `promotion_days` among them; hours are those of a day.
    """

    usual: PerDay
    promotion: PerDay
    handling_minutes: Annotated[int, Meta(ge=1, le=240)]
    hours_open: Annotated[int, Meta(ge=1, le=24)]
    days_open: Annotated[int, Meta(ge=1, le=31)] = 30
    promotion_days: Annotated[int, Meta(ge=0, le=31)] = 0
    wage: Annotated[Won, Meta(ge=1, le=1_000_000)] = int(MINIMUM_WAGE.value)

    @property
    def contacts(self) -> int:
        """Return the contacts of a month."""
        return self.usual * (self.days_open - self.promotion_days) + self.promotion * self.promotion_days


@dataclass(frozen=True, slots=True)
class Step:
    """One summand of a month's cost, and `how` it was reckoned, in figures."""

    label_ko: str
    label_en: str
    won: Won
    how: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have a month's contacts answered."""

    key: str
    name_ko: str
    name_en: str
    steps: tuple[Step, ...]

    @property
    def won(self) -> Won:
        """Return what the month costs."""
        return sum(step.won for step in self.steps)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ways side by side for one month of `contacts`, and what these cost us at AWS."""

    contacts: int
    ways: tuple[Way, ...]
    aws: Step
    figures: tuple[Figure, ...] = FIGURES

    def share_percent(self, way: Way) -> int:
        """Return what a way costs in percent of the dearest one."""
        dearest = max(one.won for one in self.ways)
        return (200 * way.won + dearest) // (2 * dearest) if dearest else 0


def compare(load: Workload, plan: Plan) -> Comparison:
    """Return a month of the shop under `plan`, every contact answered by a human, beside the other ways.

    Raises BadInput("promotion_days") if the promotions have more days than the shop is open.
    """
    if load.promotion_days > load.days_open:
        raise BadInput("promotion_days", "a promotion is held on days on which the shop is open")
    working, present = Fraction(load.contacts * load.handling_minutes, _HOUR_MINUTES), Fraction(_present(load))
    ways = (
        Way("shared", "두레데스크", "Shared desk", _shared(load.contacts, plan)),
        Way("own_spare", "직원이 틈틈이", "In-house, paid only while answering", _own(working, load.wage)),
        Way("own_present", "전담 직원", "In-house, present all day", _own(present, load.wage)),
        Way("centre_low", "전담 센터(하한)", "Dedicated centre, low", _centre(present, SEAT_LOW)),
        Way("centre_high", "전담 센터(상한)", "Dedicated centre, high", _centre(present, SEAT_HIGH)),
    )
    aws = math.ceil(load.contacts * AWS.value / 1_000)
    return Comparison(
        load.contacts, ways, Step("AWS 원가", "AWS, our cost", aws, f"{load.contacts:,} × {AWS.value} / 1,000")
    )


def cheapest(load: Workload, plans: Sequence[Plan]) -> Plan:
    """Return the plan under which the shop's month costs least; of equal ones the first."""
    return min(plans, key=lambda one: sum(step.won for step in _shared(load.contacts, one)))


def _present(load: Workload) -> int:
    """Return the hours of a month in which people are there: as many as the day's contacts take, at least one."""
    usual, promotion = (
        max(1, math.ceil(contacts * load.handling_minutes / (OCCUPANCY.value * load.hours_open * _HOUR_MINUTES)))
        for contacts in (load.usual, load.promotion)
    )
    return load.hours_open * (usual * (load.days_open - load.promotion_days) + promotion * load.promotion_days)


def _shared(contacts: int, plan: Plan) -> tuple[Step, ...]:
    lines = [line for line in price_month(plan, {Meter.HUMAN: contacts}) if line.meter is not Meter.BOT]
    return tuple(_step(line, plan) for line in lines)


def _step(line: Line, plan: Plan) -> Step:
    if line.item is Item.BASE:
        return Step("기본료", "Base fee", line.won, f"{plan.base_won:,}")
    if line.item is Item.MINIMUM:
        below = plan.minimum_won - line.won
        return Step("최소 요금까지", "Up to the minimum", line.won, f"{plan.minimum_won:,} - {below:,}")
    tiers = tiers_for(plan, Meter.HUMAN)
    shares = zip(tiers_of(tiers, line.quantity), tiers, strict=True)
    how = " + ".join(f"{share:,} × {tier.won:,}" for share, tier in shares if share)
    return Step("상담 응대", "Contacts", line.won, how or "0")


def _own(hours: Fraction, wage: Won) -> tuple[Step, ...]:
    wages = math.floor(hours * wage)
    holiday = math.floor(wages * WEEKLY_HOLIDAY.value)
    paid = wages + holiday
    return (
        Step("임금", "Wages", wages, f"{float(hours):,.1f} h × {wage:,}"),
        Step("주휴수당", "Paid weekly holiday", holiday, f"{wages:,} × {WEEKLY_HOLIDAY.value}"),
        Step(
            "사회보험(사업주)",
            "Social insurance",
            math.floor(paid * INSURANCE),
            f"{paid:,} × {float(INSURANCE):.4%}",
        ),
        Step("퇴직급여", "Severance", math.floor(paid * SEVERANCE.value), f"{paid:,} × {SEVERANCE.value}"),
    )


def _centre(hours: Fraction, seat: Figure) -> tuple[Step, ...]:
    seats = math.ceil(hours / SEAT_HOURS.value)
    return (Step("전담 좌석", "Dedicated seats", int(seats * seat.value), f"{seats} × {int(seat.value):,}"),)
