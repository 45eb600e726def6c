from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import HOUR, MINUTE, Millis
from chalicelib.kernel.errors import Busy
from chalicelib.routing.model import Reading
from chalicelib.routing.ports import Clock
from chalicelib.routing.service import arrive
from chalicelib.tenants.model import Contract
from tests.fakes import FakeClock, commit

CONTRACT = Contract(rate_per_hour=60, burst=3)
NOW: Millis = 1_795_230_000_000


@dataclass
class Process:
    """A process that shares the clock with others and remembers what it last saw."""

    table: FakeClock
    known: Millis = 0

    def held_lately(self, now: Millis) -> bool:
        return False

    def read(self) -> Reading:
        return Reading(self.known)

    def look(self) -> Reading:
        return self.table.look()

    def advance(self, before: Reading, after: Millis) -> Write:
        return self.table.advance(before, after)

    def seen(self, clock: Millis) -> None:
        self.known = clock

    def seen_held(self, now: Millis) -> None:
        """Others hear of it by their own look."""


def arrival(clock: Clock, now: Millis = NOW, *, waiting: bool = True) -> Millis | None:
    return arrive(clock, CONTRACT, now, any_waiting=lambda: waiting, commit=commit)


def test_a_first_contact_ranks_at_its_arrival_and_starts_the_clock() -> None:
    clock = FakeClock()
    assert arrival(clock) == NOW
    assert (clock.shows, clock.cached) == (NOW + MINUTE, NOW + MINUTE)


def test_the_last_value_seen_is_tried_first_and_corrected_by_the_refusal() -> None:
    clock = FakeClock(shows=NOW + 2 * MINUTE, cached=NOW)
    assert arrival(clock) == NOW
    assert clock.shows == clock.cached == NOW + 3 * MINUTE


def test_a_forgotten_clock_starts_anew() -> None:
    clock = FakeClock(shows=0, cached=NOW + 10 * MINUTE)
    assert arrival(clock) == NOW


def test_beyond_the_contract_it_is_held_back_while_something_waits_and_the_clock_stands_still() -> None:
    clock = FakeClock(shows=NOW + 4 * MINUTE)
    assert arrival(clock) is None
    assert clock.history == []
    assert arrival(FakeClock(shows=NOW + 3 * MINUTE)) == NOW
    assert arrival(FakeClock(shows=NOW + 90 * MINUTE), waiting=False) == NOW


def test_behind_what_is_held_it_is_held_back_whatever_the_contract_allows() -> None:
    assert arrival(FakeClock(shows=NOW, held_since=NOW - 1), waiting=False) is None
    assert arrival(FakeClock(shows=NOW), waiting=False) == NOW


def test_nobody_is_held_back_on_an_old_reading_alone() -> None:
    assert arrival(FakeClock(shows=NOW, cached=NOW + 90 * MINUTE)) == NOW


@pytest.mark.parametrize("lost", [0, 1, 3, 4, 49])
def test_lost_races_are_tried_again(lost: int) -> None:
    clock = FakeClock(rivals=[NOW + (i + 1) * MINUTE for i in range(lost)])
    if lost > CONTRACT.burst:
        assert arrival(clock) is None
        assert clock.shows == NOW + (CONTRACT.burst + 1) * MINUTE
    else:
        assert arrival(clock) == NOW
        assert clock.shows == NOW + (lost + 1) * MINUTE


def test_fifty_lost_races_are_busy_and_leave_the_clock_to_the_others() -> None:
    rivals = [NOW + i + 1 for i in range(50)]
    clock = FakeClock(rivals=list(rivals))
    with pytest.raises(Busy):
        arrival(clock)
    assert clock.history == rivals


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5 * MINUTE)), max_size=40))
def test_any_interleaving_gives_each_arrival_a_place_of_its_own(order: list[tuple[int, Millis]]) -> None:
    table = FakeClock()
    processes = [Process(table) for _ in range(3)]
    now, ranks = NOW, []
    for process, gap in order:
        now += gap
        ranks.append(arrival(processes[process], now))
    alone, expected, now = FakeClock(), [], NOW
    for _, gap in order:
        now += gap
        expected.append(arrival(alone, now))
    assert ranks == expected
    assert table.history == alone.history == sorted(set(table.history))


@given(
    st.lists(
        st.tuples(st.integers(-80 * HOUR, 80 * HOUR), st.lists(st.integers(1, HOUR), max_size=3)), max_size=20
    )
)
def test_rivals_and_jumps_of_the_time_lose_nothing(steps: list[tuple[Millis, list[Millis]]]) -> None:
    clock, now = FakeClock(), NOW
    for jump, ahead in steps:
        now, before = now + jump, clock.shows
        clock.rivals = [before + sum(ahead[: i + 1]) for i in range(len(ahead))]
        rank = arrival(clock, now)
        if rank is None:
            assert clock.shows > now + CONTRACT.allowance
        else:
            assert rank == now
            assert clock.shows >= now + CONTRACT.tick
    assert clock.history == sorted(set(clock.history))
