"""A tenant's virtual clock in the table."""

import pytest

from chalicelib.aws.tables import commit
from chalicelib.routing.model import ClockMoved, Reading
from chalicelib.routing.store import VirtualClock, forget_clocks
from tests.moto_desk import Desk
from tests.samples import NOON


def shown(desk: Desk, tenant: str = "danbi", pool: str = "main") -> str | None:
    row = desk.raw(f"{tenant}#clock", pool)
    return None if row is None else str(row["clock"]["N"])


def test_clock_that_was_never_used_shows_zero_and_has_no_row(desk: Desk) -> None:
    assert VirtualClock("danbi", "main").read().clock == 0
    assert shown(desk) is None


def test_clock_advances_from_what_it_shows(desk: Desk) -> None:
    clock = VirtualClock("danbi", "main")
    commit(clock.advance(Reading(0), NOON))
    commit(clock.advance(Reading(NOON), NOON + 90))
    assert clock.read().clock == NOON + 90
    assert shown(desk) == str(NOON + 90)
    assert shown(desk, "mungmeal") is None


@pytest.mark.parametrize("before", [0, NOON - 1, NOON + 1])
def test_advance_from_anything_else_is_refused_and_says_what_it_shows(desk: Desk, before: int) -> None:
    clock = VirtualClock("danbi", "main")
    commit(clock.advance(Reading(0), NOON))
    with pytest.raises(ClockMoved) as moved:
        commit(clock.advance(Reading(before), NOON + 5))
    assert moved.value.reading.clock == NOON
    assert shown(desk) == str(NOON)


def test_advance_of_an_absent_clock_is_refused_as_zero(desk: Desk) -> None:
    with pytest.raises(ClockMoved) as moved:
        commit(VirtualClock("danbi", "main").advance(Reading(NOON), NOON + 1))
    assert moved.value.reading.clock == 0


def test_last_value_seen_spares_the_read(desk: Desk) -> None:
    clock = VirtualClock("danbi", "main")
    commit(clock.advance(Reading(0), NOON))
    reads = desk.watch("GetItem")
    clock.seen(NOON)
    assert (clock.read().clock, len(reads)) == (NOON, 0)
    forget_clocks()
    assert (clock.read().clock, len(reads)) == (NOON, 1)
    assert VirtualClock("danbi", "other").read().clock == 0
