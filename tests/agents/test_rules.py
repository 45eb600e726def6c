"""Breaks and days."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.agents.model import Break, BreakKind, Colleague, Day
from chalicelib.agents.rules import MOST_COLLEAGUES, break_time, colleagues_of, date_of, require_room, so_far
from chalicelib.kernel.clock import DAY, HOUR
from chalicelib.kernel.errors import Conflict
from tests.samples import NOON, an_agent

TIMES = st.integers(NOON, NOON + 2 * DAY)


@given(since=TIMES, now=TIMES)
def test_a_break_lasts_until_now_but_not_into_the_next_day(since: int, now: int) -> None:
    passed = break_time(since, now)
    assert 0 <= passed <= max(0, now - since)
    assert passed == 0 or date_of(since + passed - 1) == date_of(since)
    if now >= since and date_of(now) == date_of(since):
        assert passed == now - since


@given(since=TIMES, first=TIMES, then=TIMES)
def test_a_break_never_gets_shorter(since: int, first: int, then: int) -> None:
    assert break_time(since, min(first, then)) <= break_time(since, max(first, then))


@pytest.mark.parametrize(("kind", "told"), [(BreakKind.MEAL, 3 * HOUR), (BreakKind.REST, 2 * HOUR)])
def test_a_break_that_goes_on_is_added_to_those_of_its_kind(kind: BreakKind, told: int) -> None:
    paused = an_agent(capacity=0, paused=Break(kind, NOON, 6))
    day = Day(date_of(NOON), breaks={BreakKind.MEAL: HOUR})
    seen = so_far(day, paused, NOON + 2 * HOUR)
    assert seen.breaks[kind] == told
    assert so_far(day, an_agent(), NOON + 2 * HOUR) == day
    assert so_far(Day("2026-11-22"), paused, NOON + DAY) == Day("2026-11-22")


def test_there_is_no_room_during_a_break() -> None:
    with pytest.raises(Conflict, match="on_break"):
        require_room(an_agent(capacity=0, paused=Break(BreakKind.CARE, NOON, 6)), 1)
    with pytest.raises(Conflict, match="capacity_exceeded"):
        require_room(an_agent(load=6), 1)
    require_room(an_agent(load=5), 1)


COLLEAGUES = st.lists(
    st.builds(Colleague, st.text("abcd", min_size=1), st.text("가나다"), st.integers(0, 7), st.integers(0, 7)),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(COLLEAGUES, st.sampled_from("abcd"))
def test_colleagues_are_those_who_work_and_who_has_room_comes_first(found: list[Colleague], me: str) -> None:
    listed = colleagues_of(me, found)
    assert {one.id for one in listed} == {one.id for one in found if one.capacity > 0 and one.id != me}
    ranks = [(one.load >= one.capacity, one.name, one.id) for one in listed]
    assert ranks == sorted(ranks)
    assert colleagues_of(me, reversed(found)) == listed


@pytest.mark.parametrize(("load", "free"), [(0, True), (5, True), (6, False), (7, False)])
def test_a_colleague_is_free_until_the_capacity_is_reached(load: int, free: bool) -> None:
    assert Colleague("juno", "Juno", load, 6).free is free


def test_the_first_two_hundred_colleagues_are_listed() -> None:
    many = [Colleague(f"{number:04d}", "", 0, 6) for number in range(MOST_COLLEAGUES + 1)]
    assert colleagues_of("mina", many) == many[:-1]
