"""Erlang C against the exact formula, what the targets ask for, and what pooling saves."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import factorial
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.kernel.clock import DAY, HOUR, MINUTE
from chalicelib.promotions.model import Demand, Plan, Promotion, Span
from chalicelib.promotions.staffing import (
    ANSWERED,
    HORIZON,
    OCCUPANCY,
    agents_needed,
    calendar,
    erlang_b,
    erlang_c,
    late,
    plan,
)
from chalicelib.tenants.model import Contract, Tenant
from tests.promotions.samples import a_promotion
from tests.samples import NOON, SHOP

DEMAND = Demand(5 * MINUTE, 3)
LOADS = st.fractions(Fraction(1, 50), 400, max_denominator=60)


def exact_c(servers: int, load: Fraction) -> Fraction:
    """Return the share that waits, straight from the textbook's formula."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


def exact_b(servers: int, load: Fraction) -> Fraction:
    return load**servers / factorial(servers) / sum(load**k / factorial(k) for k in range(servers + 1))


@pytest.mark.parametrize("load", [Fraction(1, 10), Fraction(1), Fraction(7, 2), Fraction(10), Fraction(60)])
@pytest.mark.parametrize("more", [1, 2, 5, 20])
def test_recursion_gives_what_the_formula_says(load: Fraction, more: int) -> None:
    servers = int(load) + more
    assert erlang_b(servers, float(load)) == pytest.approx(float(exact_b(servers, load)), rel=1e-12)
    assert erlang_c(servers, float(load)) == pytest.approx(float(exact_c(servers, load)), rel=1e-12)


@pytest.mark.parametrize(
    ("servers", "load", "blocked", "waiting"),
    [(1, 0.5, 1 / 3, 0.5), (2, 1.0, 0.2, 1 / 3), (12, 10.0, 0.1197, 0.4494), (10, 5.0, 0.0184, 0.0361)],
)
def test_recursion_gives_what_tables_print(servers: int, load: float, blocked: float, waiting: float) -> None:
    assert erlang_b(servers, load) == pytest.approx(blocked, abs=5e-5)
    assert erlang_c(servers, load) == pytest.approx(waiting, abs=5e-5)


@pytest.mark.parametrize(("servers", "load"), [(0, 0.5), (3, 3.0), (3, 7.0)])
def test_everybody_waits_for_a_team_that_cannot_carry_the_load(servers: int, load: float) -> None:
    assert erlang_c(servers, load) == late(servers, load, 5 * MINUTE) == 1.0
    assert erlang_c(int(load) + 1, load) < 1


def test_a_hundred_thousand_servers_are_counted_without_overflow() -> None:
    assert erlang_b(100_000, 100_000.0) == pytest.approx((2 / 3.141592653589793 / 100_000) ** 0.5, rel=1e-2)
    assert agents_needed(Fraction(85_000), 5 * MINUTE, 1) == 100_000


@given(LOADS, st.integers(1, 500))
def test_more_agents_never_wait_longer(load: Fraction, servers: int) -> None:
    shares = [late(servers + more, float(load), 5 * MINUTE) for more in range(5)]
    assert all(0 <= after <= before <= 1 for before, after in pairwise(shares))


@given(LOADS, st.integers(1, 30), st.integers(1, 8))
def test_the_fewest_agents_who_meet_both_targets_are_asked_for(
    load: Fraction, minutes: int, parallel: int
) -> None:
    handling = minutes * MINUTE

    def enough(agents: int) -> bool:
        servers = agents * parallel
        return load <= OCCUPANCY * servers and late(servers, float(load), handling) <= 1 - ANSWERED

    agents = agents_needed(load, handling, parallel)
    assert enough(agents)
    assert not enough(agents - 1)


@given(st.lists(LOADS, min_size=1, max_size=6), st.integers(1, 30), st.integers(1, 8))
def test_shops_together_need_no_more_than_each_apart(loads: list[Fraction], minutes: int, parallel: int) -> None:
    apart = sum(agents_needed(load, minutes * MINUTE, parallel) for load in loads)
    assert agents_needed(sum(loads, Fraction()), minutes * MINUTE, parallel) <= apart


def test_no_load_needs_nobody() -> None:
    assert agents_needed(Fraction(0), 5 * MINUTE, 3) == 0
    assert agents_needed(Fraction(1, 1000), 5 * MINUTE, 3) == 1


def test_ten_erlangs_need_thirteen_conversations_at_once() -> None:
    # Of the 44.9 % and 28.5 % who wait at all, e^-0.4 and e^-0.6 still do after a minute of five.
    assert [late(servers, 10.0, 5 * MINUTE) for servers in (12, 13)] == [
        pytest.approx(0.3012, abs=1e-4),
        pytest.approx(0.1566, abs=1e-4),
    ]
    assert [agents_needed(Fraction(10), 5 * MINUTE, parallel) for parallel in (1, 2, 3, 7)] == [13, 7, 5, 2]


def test_no_team_is_busier_than_its_limit() -> None:
    # 300 servers answer 280 erlangs soon enough; the limit asks for 330.
    assert late(300, 280.0, 5 * MINUTE) < 0.2
    assert agents_needed(Fraction(280), 5 * MINUTE, 1) == 330


def test_plan_says_what_a_promotion_means() -> None:
    # 40 an hour contracted are 20 usual; five times as many for four hours.
    found = plan(a_promotion(), SHOP, DEMAND)
    assert found.contacts == Span(low=240, expected=400, high=560)
    assert found.won == Span(240 * 900, 400 * 900, 560 * 900)
    assert found.price_version == "flat/900"
    assert found.contract == Contract(rate_per_hour=200, burst=50)
    assert (found.per_hour, found.load) == (Fraction(100), Fraction(100 * 5, 60))
    assert found.agents == agents_needed(found.load, 5 * MINUTE, 3) == 4


def test_plan_follows_the_measured_handling_time() -> None:
    slower = plan(a_promotion(), SHOP, replace(DEMAND, handling=15 * MINUTE))
    assert slower.load == 25
    assert slower.agents > plan(a_promotion(), SHOP, DEMAND).agents


@given(st.integers(1, 100_000), st.integers(15, 1000), st.integers(1, 14 * 24 * 60))
def test_spans_are_in_order_and_never_below_the_usual(rate: int, tenths: int, minutes: int) -> None:
    profile = replace(SHOP, contract=Contract(rate, 1))
    one = a_promotion(multiple_tenths=tenths)
    # The load would take long to staff, and is not looked at here.
    found = plan(replace(one, ends_at=one.starts_at + minutes * MINUTE), profile, Demand(1, 1000))
    usual = rate * minutes // 120
    assert usual <= found.contacts.low <= found.contacts.expected <= found.contacts.high


def shifts(**changes: Any) -> list[tuple[float, float, int]]:
    """Return the shifts in hours after the full hour before the start, with their contacts."""
    promotion = a_promotion(**changes)
    zero = promotion.starts_at - promotion.starts_at % HOUR
    found = plan(promotion, SHOP, DEMAND).shifts
    return [((one.starts_at - zero) / HOUR, (one.ends_at - zero) / HOUR, one.contacts) for one in found]


def test_long_promotions_are_staffed_by_the_full_hour() -> None:
    start = NOON - NOON % HOUR + DAY + HOUR // 2
    assert shifts(starts_at=start, ends_at=start + 3 * HOUR + MINUTE) == [
        (0.5, 1, 50),
        (1, 2, 100),
        (2, 3, 100),
        (3, 3.5 + 1 / 60, 52),
    ]


def test_short_promotions_are_staffed_by_the_half_hour() -> None:
    start = NOON - NOON % HOUR + DAY
    assert shifts(starts_at=start, ends_at=start + HOUR) == [(0, 0.5, 50), (0.5, 1, 50)]
    assert len(shifts(starts_at=start, ends_at=start + 3 * HOUR)) == 6
    assert shifts(starts_at=start, ends_at=start + 1) == [(0, 1 / HOUR, 1)]


def entry(tenant: str, starts_at: int, hours: float, tenths: int = 50) -> tuple[Tenant, Plan]:
    profile = replace(SHOP, id=tenant, name=f"{tenant} 상점")
    ends_at = starts_at + int(hours * HOUR)
    one: Promotion = a_promotion(tenant=tenant, starts_at=starts_at, ends_at=ends_at, multiple_tenths=tenths)
    return profile, plan(one, profile, DEMAND)


FULL = NOON - NOON % HOUR + DAY


def test_calendar_counts_agents_of_all_shops_together_and_apart() -> None:
    entries = [entry("mungmeal", FULL + HOUR, 2), entry("danbi", FULL, 2)]
    found = calendar("main", entries, NOON, complete=True)
    assert [name for name, _ in found.entries] == ["danbi 상점", "mungmeal 상점"]
    assert [(hour.starts_at - FULL) // HOUR for hour in found.hours] == [0, 1, 2]
    assert [hour.tenants for hour in found.hours] == [("danbi",), ("danbi", "mungmeal"), ("mungmeal",)]
    assert [hour.contacts for hour in found.hours] == [100, 200, 100]
    both = agents_needed(Fraction(200 * 5, 60), 5 * MINUTE, 3)
    assert [(hour.agents, hour.agents_apart, hour.saved) for hour in found.hours] == [
        (4, 4, 0),
        (both, 8, 8 - both),
        (4, 4, 0),
    ]
    assert both < 8


def test_hours_begin_now_and_end_at_the_horizon() -> None:
    running, far = entry("danbi", NOON - 5 * HOUR, 6.5), entry("mungmeal", NOON + HORIZON - HOUR, 10)
    beyond = entry("faraway", NOON + HORIZON + DAY, 4)
    found = calendar("main", [running, far, beyond], NOON, complete=True)
    assert found.until == NOON + HORIZON
    assert [hour.starts_at for hour in found.hours if hour.tenants == ("danbi",)] == [
        NOON - NOON % HOUR,
        NOON - NOON % HOUR + HOUR,
    ]
    assert all(hour.starts_at < found.until for hour in found.hours)
    assert len(found.entries) == 3
    assert {hour.tenants for hour in found.hours} == {("danbi",), ("mungmeal",)}


def test_hours_of_a_cut_calendar_end_where_the_cut_is() -> None:
    entries = [entry("danbi", FULL, 8), entry("mungmeal", FULL + 2 * HOUR, 8)]
    found = calendar("main", entries, NOON, complete=False)
    assert (found.until, len(found.hours)) == (FULL + 2 * HOUR, 2)
    assert len(calendar("main", entries, NOON, complete=True).hours) == 10


@pytest.mark.parametrize("tenths", [(100, 20), (20, 100)])
def test_two_of_one_shop_within_an_hour_are_staffed_as_the_busier_one(tenths: tuple[int, int]) -> None:
    half = FULL + HOUR // 2
    entries = [entry("danbi", FULL, 0.5, tenths[0]), entry("danbi", half, 0.5, tenths[1])]
    [hour] = calendar("main", entries, NOON, complete=True).hours
    assert (hour.tenants, hour.contacts) == (("danbi",), 200)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60), st.integers(1, 40)), max_size=8))
def test_no_hour_of_a_pool_needs_more_than_its_shops_apart(drawn: list[tuple[str, int, int]]) -> None:
    entries = [entry(f"shop{name}", FULL + at * HOUR // 2, lasts / 2) for name, at, lasts in drawn]
    found = calendar("main", entries, NOON, complete=True)
    assume(found.hours)
    assert all(0 < hour.agents <= hour.agents_apart for hour in found.hours)
    for _, known in found.entries:
        one = known.promotion
        first, last = one.starts_at - HOUR, one.ends_at
        inside = [hour for hour in found.hours if first < hour.starts_at < last]
        assert inside
        assert all(one.tenant in hour.tenants and hour.agents >= known.agents for hour in inside)
