"""How long a contact waits: what the counts say, and what must hold of it whatever they are."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import HOUR, MINUTE, SECOND
from chalicelib.routing.model import Band, Candidate, Reading
from chalicelib.routing.waits import AT_ONCE, Held, Wait, drain_rate, wait_held_back, wait_in_queue
from chalicelib.tenants.model import Contract
from tests.samples import NOON

# Ten agents whose contacts took four minutes each, counted with the twenty that are assumed to take five.
FULL = Presence(capacity=60, load=60, finished=10_000, worked=10_020 * 4 * MINUTE - 20 * 5 * MINUTE)
IDLE = replace(FULL, load=0)
NOBODY = Presence(0, 0)
CONTRACT = Contract(rate_per_hour=60, burst=10)
DUE = Candidate("danbi", "c1", 2, Band.ARRIVED, NOON)
HELD = Held(ahead=0, reading=Reading(), contract=CONTRACT, lanes=1, queued=0)

CAPACITIES = st.integers(1, 10_000)
presences = st.builds(
    lambda capacity, busy, finished, mean: Presence(capacity, round(capacity * busy), finished, finished * mean),
    CAPACITIES,
    st.floats(0, 1),
    st.integers(0, 100_000),
    st.integers(10 * SECOND, HOUR),
)
readings = st.builds(
    lambda admitted, elapsed: Reading(NOON, NOON - elapsed, admitted),
    st.integers(0, 50_000),
    st.integers(0, 24 * HOUR),
)
held_backs = st.builds(
    Held,
    ahead=st.integers(0, 20_000),
    reading=st.one_of(st.just(Reading()), readings),
    contract=st.builds(Contract, st.integers(1, 100_000), st.integers(1, 1_000)),
    lanes=st.integers(0, 100),
    queued=st.integers(0, 2_000),
)


@pytest.mark.parametrize(
    ("ahead", "presence", "expected"),
    [
        (0, NOBODY, None),
        (0, IDLE, AT_ONCE),
        (58, IDLE, AT_ONCE),
        # 60 weights a 4 minutes: one weight is free every 4 seconds.
        (59, IDLE, Wait(0, 4, 10)),
        (0, FULL, Wait(0, 8, 19)),
        (98, FULL, Wait(327, 400, 473)),
    ],
)
def test_contact_in_the_queue_waits_until_what_is_before_it_is_finished(
    ahead: int, presence: Presence, expected: Wait | None
) -> None:
    assert wait_in_queue(DUE, ahead, presence, NOON) == expected


def test_rank_that_is_not_due_lets_others_pass_until_it_is() -> None:
    later = replace(DUE, rank=NOON + 10 * MINUTE)
    soon = replace(DUE, rank=NOON + 5 * SECOND)
    due, slow, soon_due = (wait_in_queue(one, 100, FULL, NOON) for one in (DUE, later, soon))
    assert due is not None
    assert slow is not None
    assert soon_due is not None
    assert (due.expected, slow.expected, soon_due.expected) == (408, 1008, 413)
    assert slow.high > due.high
    front = replace(later, band=Band.FRONT)
    assert wait_in_queue(front, 100, FULL, NOON) == due


def test_rank_that_is_not_due_is_taken_at_once_only_beyond_the_guard() -> None:
    later = replace(DUE, rank=NOON + 10 * MINUTE)
    assert wait_in_queue(later, 0, IDLE, NOON) == AT_ONCE
    nearly_full = replace(FULL, load=56)
    assert wait_in_queue(DUE, 0, nearly_full, NOON) == AT_ONCE
    guarded = wait_in_queue(later, 4, nearly_full, NOON)
    assert guarded is not None
    assert guarded.expected > 0


def test_lane_drains_at_what_was_measured_once_there_is_enough_of_it() -> None:
    # Assumed at first: the middle of 60 an hour and 0.3 * 60 / 2 / 4 minutes = 135 an hour.
    assert drain_rate(HELD, FULL, NOON) * HOUR == pytest.approx(97.5)
    measured = replace(HELD, reading=Reading(NOON, NOON - HOUR, 600))
    assert drain_rate(measured, FULL, NOON) * HOUR == pytest.approx(620 / (1 + 20 / 97.5))
    slow = replace(HELD, reading=Reading(NOON, NOON - HOUR, 10))
    assert drain_rate(slow, FULL, NOON) * HOUR == pytest.approx(60)
    assert drain_rate(replace(HELD, lanes=3), FULL, NOON) * HOUR == pytest.approx(60)


def test_contact_that_is_held_back_waits_for_its_lane_and_then_for_the_queue() -> None:
    wait = wait_held_back(replace(HELD, ahead=194, queued=28), FULL, 2, NOON)
    # 195 contacts at 97.5 an hour, and 30 weights at one in four seconds.
    assert wait is not None
    assert wait.expected == 7200 + 120
    assert wait_held_back(HELD, NOBODY, 2, NOON) is None


@given(held_backs, presences, st.integers(1, 6))
def test_range_holds_the_expected_wait(held: Held, presence: Presence, weight: int) -> None:
    candidate = replace(DUE, weight=weight)
    for wait in (
        wait_held_back(held, presence, weight, NOON),
        wait_in_queue(candidate, held.queued, presence, NOON),
        wait_in_queue(replace(candidate, rank=NOON + held.ahead * SECOND), held.queued, presence, NOON),
    ):
        assert wait is not None
        assert 0 <= wait.low <= wait.expected <= wait.high


@given(held_backs, presences, st.integers(1, 1_000))
def test_wait_shrinks_as_what_is_before_it_goes(held: Held, presence: Presence, gone: int) -> None:
    assume(held.ahead >= gone)
    before = wait_held_back(held, presence, 2, NOON)
    after = wait_held_back(replace(held, ahead=held.ahead - gone), presence, 2, NOON)
    let_in = replace(held, ahead=held.ahead - gone, reading=_more(held.reading, gone))
    faster = wait_held_back(let_in, presence, 2, NOON)
    assert before is not None
    assert after is not None
    assert faster is not None
    assert faster.expected <= after.expected <= before.expected
    shorter = wait_in_queue(DUE, max(0, held.queued - gone), presence, NOON)
    longer = wait_in_queue(DUE, held.queued, presence, NOON)
    assert shorter is not None
    assert longer is not None
    assert shorter.expected <= longer.expected


def _more(reading: Reading, let_in: int) -> Reading:
    return replace(reading, admitted=reading.admitted + let_in)


@given(held_backs, presences)
def test_drain_is_never_slower_than_the_contract_guarantees(held: Held, presence: Presence) -> None:
    assert drain_rate(held, presence, NOON) >= held.contract.rate_per_hour / HOUR
    wait = wait_held_back(replace(held, queued=0), replace(presence, load=0), 1, NOON)
    guaranteed = (held.ahead + 1) * HOUR / held.contract.rate_per_hour
    assert wait is not None
    assert wait.expected * SECOND <= guaranteed + SECOND


@given(held_backs, presences, st.integers(1, 50))
def test_lanes_share_what_is_left_over(held: Held, presence: Presence, more: int) -> None:
    crowded = replace(held, lanes=held.lanes + more)
    assert drain_rate(crowded, presence, NOON) <= drain_rate(held, presence, NOON)
