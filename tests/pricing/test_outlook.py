import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import DAY, HOUR, Millis, month_span
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Bill, Credit, Item, Line, Rate, Tier
from chalicelib.pricing.outlook import by_day, forecast
from tests.pricing.slow import a_plan, entry
from tests.samples import NOON

# November 2026 begins with a Sunday: 21 weekdays and 9 days of weekends.
START, END = month_span("2026-11")
PLAN = a_plan(Rate(Meter.HUMAN, (Tier(None, 1_000),)), Rate(Meter.BOT, (Tier(None, 1),)))
WEEKEND = {1, 7, 8, 14, 15, 21, 22, 28, 29}


def contacts(one: Bill, meter: Meter = Meter.HUMAN) -> int:
    return next(line.quantity for line in one.lines if line.meter is meter)


def span(days: Mapping[int, int], now: Millis) -> tuple[int, int, int]:
    found = forecast(PLAN, {Meter.HUMAN: days}, now)
    assert found is not None
    return contacts(found.low), contacts(found.expected), contacts(found.high)


def every_day(until: int, weekday: int, weekend: int) -> dict[int, int]:
    return {day: weekend if day in WEEKEND else weekday for day in range(1, until + 1)}


@pytest.mark.parametrize(("now", "known"), [(START, False), (START + DAY - 1, False), (START + DAY, True)])
def test_the_first_day_tells_nothing(now: Millis, known: bool) -> None:
    assert (forecast(PLAN, {}, now) is not None) is known


@pytest.mark.parametrize(
    ("days", "now", "expected"),
    [
        # Ten a day: 150 to come, variance 150 * 30 / 15 = 300, and 1.28 * 17.32 = 22.17.
        (every_day(15, 10, 10), START + 15 * DAY, (277, 300, 323)),
        # At noon of the sixteenth, five of its contacts are there.
        (every_day(15, 10, 10) | {16: 5}, START + 15 * DAY + 12 * HOUR, (278, 300, 322)),
        # Nothing yet: as if one had come, variance 1 * 30 / 15.
        ({}, START + 15 * DAY, (0, 0, 2)),
        ({}, START + DAY, (0, 0, 38)),
        # 20 and 0 by turns, variance over mean 16 * 100 / 15 / 10. To come: 4 * 60 / 5 + 10 * 100 / 11 = 138.9.
        ({day: 20 * (day % 2) for day in range(1, 17)}, START + 16 * DAY, (231, 299, 367)),
        # The last millisecond.
        (every_day(30, 10, 10), END - 1, (300, 300, 301)),
    ],
)
def test_the_rest_of_the_month_goes_on_as_it_began(
    days: dict[int, int], now: Millis, expected: tuple[int, int, int]
) -> None:
    assert span(days, now) == expected


@pytest.mark.parametrize("until", [8, 12, 14, 20, 27])
def test_weekdays_and_weekends_each_go_on_at_their_own_pace(until: int) -> None:
    assert span(every_day(until, 10, 4), START + until * DAY)[1] == 21 * 10 + 9 * 4


def test_a_kind_of_day_of_which_none_has_passed_goes_at_the_pace_of_all() -> None:
    assert span({1: 7}, START + DAY)[1] == 7 * 30
    # August 2026 begins with a weekend: 21 weekdays are to come.
    august, _ = month_span("2026-08")
    found = forecast(PLAN, {Meter.HUMAN: {1: 3, 2: 3}}, august + 2 * DAY)
    assert found is not None
    assert contacts(found.expected) == 3 * 31


def test_a_few_hours_of_a_kind_are_not_its_pace() -> None:
    # Sunday brought 24; 40 came within the first hour of Monday, which goes at the pace of all 25 hours.
    assert span({1: 24, 2: 40}, START + DAY + HOUR)[1] == 64 + round(8 * 24 + 64 / 25 * (21 * 24 - 1))


def test_meters_are_forecast_apart_and_priced_as_a_bill() -> None:
    adjusted = Line(Item.ADJUSTMENT, "adjustment:2026-10", -1, -500, origin="2026-10")
    credit = Credit("danbi", "d1", Item.DISPUTE, 700, "2026-10", NOON, "c1", "agent:kim")
    booked = {Meter.HUMAN: every_day(15, 2, 2), Meter.BOT: every_day(15, 10, 10)}
    found = forecast(PLAN, booked, START + 15 * DAY, [adjusted], [credit])
    assert found is not None
    assert [contacts(one, Meter.BOT) for one in (found.low, found.expected, found.high)] == [277, 300, 323]
    assert found.expected.subtotal == 60 * 1_000 + 300 - 500 - 700
    assert [line.key for line in found.low.lines] == [
        "usage:human",
        "usage:bot",
        "adjustment:2026-10",
        "dispute:d1",
    ]
    assert (found.expected.month, found.expected.plan) == ("2026-11", "test/1")


@given(st.dictionaries(st.integers(1, 31), st.integers(0, 500)), st.integers(DAY, 31 * DAY - 1))
def test_nothing_that_is_booked_is_forgotten(days: dict[int, int], elapsed: Millis) -> None:
    december, _ = month_span("2026-12")
    found = forecast(PLAN, {Meter.HUMAN: days}, december + elapsed)
    assert found is not None
    low, expected, high = contacts(found.low), contacts(found.expected), contacts(found.high)
    assert sum(days.values()) <= low <= expected <= high


@pytest.mark.parametrize("spread", [0, 6])
def test_four_of_five_months_end_within_the_span(spread: int) -> None:
    chance, within = random.Random(7), 0
    for _ in range(400):
        days = {}
        for day in range(1, 31):
            pace = max(0.0, chance.gauss(12, spread))
            days[day] = sum(chance.random() < pace / 1_000 for _ in range(1_000))
        low, _, high = span({day: days[day] for day in range(1, 13)}, START + 12 * DAY)
        within += low <= sum(days.values()) <= high
    assert 300 <= within <= 360


@pytest.mark.parametrize(("at", "day"), [(START, 1), (START + DAY - 1, 1), (START + DAY, 2), (END - 1, 30)])
def test_days_are_those_of_seoul(at: Millis, day: int) -> None:
    assert by_day([entry(at=at)]) == {Meter.HUMAN: {day: 1}, Meter.BOT: {}}


def test_days_count_what_is_left_of_each_meter_without_adjustments() -> None:
    entries = [
        entry("c1"),
        entry("c2"),
        entry("c2", 2, -1),
        entry("c3", at=NOON + DAY),
        entry("c4", meter=Meter.BOT),
        entry("c5", 2, -1, origin="2026-10"),
    ]
    assert by_day(entries) == {Meter.HUMAN: {21: 1, 22: 1}, Meter.BOT: {21: 1}}
