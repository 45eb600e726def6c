"""The ladder: which step when, undone when, and never back and forth while nothing changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import HOUR, MINUTE
from chalicelib.overflow.ladder import Sight, climb, events, is_reached, next_state
from chalicelib.overflow.model import Happening, SurgeState
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Cap, Step, Surge
from tests.samples import NOON

SURGE = Surge(reserve_pool="other")
MESSAGE, OFFER, RESERVE, STAFF, AFTER_HOURS = Step
NONE: frozenset[Step] = frozenset()
ALL = frozenset({MESSAGE, OFFER, RESERVE, STAFF})


def wait(seconds: int) -> Wait:
    return Wait(seconds // 2, seconds, seconds * 2)


def climbed(seconds: int | None, current: frozenset[Step] = NONE, surge: Surge = SURGE, **now: bool) -> set[Step]:
    expected = None if seconds is None else wait(seconds)
    return set(climb(surge, expected, open_now=now.pop("open_now", True), current=current, **now))


surges = st.builds(
    lambda steps, pool, won, cap: Surge(
        **dict(zip(("message", "offer", "reserve", "staff"), sorted(steps), strict=True)),
        reserve_pool=pool,
        cap_won=won,
        cap=cap,
    ),
    st.lists(st.integers(1, 86_400), min_size=4, max_size=4),
    st.sampled_from(["", "other"]),
    st.sampled_from([0, 1, 10_000]),
    st.sampled_from(Cap),
)
waits = st.one_of(st.none(), st.integers(0, 100_000).map(wait))
currents = st.frozensets(st.sampled_from(Step))


@pytest.mark.parametrize(
    ("seconds", "steps"),
    [
        (0, set()),
        (59, set()),
        (60, {MESSAGE}),
        (300, {MESSAGE, OFFER}),
        (600, {MESSAGE, OFFER, RESERVE}),
        (1200, {MESSAGE, OFFER, RESERVE, STAFF}),
        (100_000, {MESSAGE, OFFER, RESERVE, STAFF}),
        (None, {MESSAGE, OFFER, RESERVE, STAFF, AFTER_HOURS}),
    ],
)
def test_each_step_is_taken_from_its_threshold_on(seconds: int | None, steps: set[Step]) -> None:
    assert climbed(seconds) == steps
    assert climbed(seconds, surge=Surge()) == steps - {RESERVE}


@pytest.mark.parametrize(
    ("seconds", "steps"),
    [
        (1199, {MESSAGE, OFFER, RESERVE, STAFF}),
        (600, {MESSAGE, OFFER, RESERVE, STAFF}),
        (599, {MESSAGE, OFFER, RESERVE}),
        (299, {MESSAGE, OFFER}),
        (149, {MESSAGE}),
        (30, {MESSAGE}),
        (29, set()),
    ],
)
def test_each_step_is_undone_below_half_of_its_threshold(seconds: int, steps: set[Step]) -> None:
    assert climbed(seconds, ALL) == steps


def test_after_hours_goes_by_hours_and_presence_alone() -> None:
    for seconds in (0, 100, 10_000):
        assert AFTER_HOURS not in climbed(seconds)
        assert AFTER_HOURS in climbed(seconds, open_now=False)
    assert AFTER_HOURS in climbed(None)


def test_nobody_is_called_after_hours_because_nobody_is_there() -> None:
    assert climbed(None, open_now=False) == {AFTER_HOURS}
    assert climbed(None, frozenset({MESSAGE, AFTER_HOURS}), open_now=False) == {MESSAGE, AFTER_HOURS}
    assert climbed(700, open_now=False) == {MESSAGE, OFFER, RESERVE, AFTER_HOURS}


def test_shop_that_is_shut_calls_nobody_who_costs_money() -> None:
    assert climbed(0, shut=True) == {MESSAGE, OFFER, STAFF}
    assert climbed(None, ALL, open_now=False, shut=True) == {MESSAGE, OFFER, STAFF, AFTER_HOURS}


@given(surges, waits, st.booleans(), currents, st.booleans())
def test_nothing_flaps_on_what_does_not_change(
    surge: Surge, expected: Wait | None, open_now: bool, current: frozenset[Step], shut: bool
) -> None:
    once = climb(surge, expected, open_now=open_now, current=current, shut=shut)
    assert climb(surge, expected, open_now=open_now, current=once, shut=shut) == once


@given(surges, st.integers(0, 100_000), st.integers(0, 100_000), st.booleans(), currents)
def test_longer_wait_takes_no_fewer_steps(
    surge: Surge, seconds: int, more: int, open_now: bool, current: frozenset[Step]
) -> None:
    shorter = climb(surge, wait(seconds), open_now=open_now, current=current)
    assert shorter <= climb(surge, wait(seconds + more), open_now=open_now, current=current)
    assert shorter <= climb(surge, None, open_now=True, current=current) | {AFTER_HOURS}


@given(surges, waits, st.booleans(), currents, currents)
def test_what_is_in_force_only_ever_keeps_steps(
    surge: Surge, expected: Wait | None, open_now: bool, current: frozenset[Step], more: frozenset[Step]
) -> None:
    before = climb(surge, expected, open_now=open_now, current=current)
    assert before <= climb(surge, expected, open_now=open_now, current=current | more)


@pytest.mark.parametrize(
    ("cap", "spent", "reached"), [(0, 0, False), (0, 10**9, False), (900, 899, False), (900, 900, True)]
)
def test_cap_is_reached_by_what_was_spent(cap: int, spent: int, reached: bool) -> None:
    assert is_reached(Surge(cap_won=cap), spent) is reached


HELD = Sight(NOON, held_since=NOON - MINUTE, wait=wait(400))


def told(before: SurgeState, sight: Sight, surge: Surge = SURGE) -> tuple[SurgeState, list[tuple[str, str]]]:
    after = next_state(before, surge, sight)
    happened = events(before, after, sight)
    assert len({event.id for event in happened}) == len(happened)
    assert all(event.at == sight.now for event in happened)
    return after, [(event.what.value, event.step.value if event.step else "") for event in happened]


def test_pressure_begins_with_the_oldest_and_ends_when_nothing_is_held_back() -> None:
    on, began = told(SurgeState(), HELD)
    assert began == [("overflow_on", ""), ("step_on", "message"), ("step_on", "offer")]
    assert (on.since, on.steps, on.in_force) == (NOON - MINUTE, {MESSAGE: NOON, OFFER: NOON}, True)
    later = replace(HELD, now=NOON + MINUTE, held_since=NOON, wait=wait(100))
    assert told(on, replace(later, wait=wait(400))) == (on, [])
    eased, undone = told(on, later)
    assert undone == [("step_off", "offer")]
    assert (eased.since, eased.steps) == (NOON - MINUTE, {MESSAGE: NOON})
    off, ended = told(eased, Sight(NOON + HOUR))
    assert ended == [("step_off", "message"), ("overflow_off", "")]
    assert off == SurgeState(ended=NOON + HOUR)
    assert not off.in_force


def test_event_says_what_wait_was_expected() -> None:
    after = next_state(SurgeState(), SURGE, HELD)
    assert {event.expected for event in events(SurgeState(), after, HELD)} == {400}
    nobody = replace(HELD, wait=None)
    after = next_state(SurgeState(), SURGE, nobody)
    assert {event.expected for event in events(SurgeState(), after, nobody)} == {None}


def test_soft_cap_is_told_once_a_month_and_ends_nothing() -> None:
    soft = Surge(cap_won=900)
    over = Sight(NOON, spent=900)
    reached, happened = told(SurgeState(), over, soft)
    assert happened == [("cap_reached", "")]
    assert (reached.shut, reached.in_force) == (False, False)
    assert told(reached, replace(over, spent=2_000, now=NOON + HOUR), soft) == (reached, [])
    december = replace(over, now=NOON + 20 * 24 * HOUR)
    assert told(reached, replace(december, spent=0), soft)[1] == []
    assert told(reached, december, soft)[1] == [("cap_reached", "")]


def test_hard_cap_shuts_until_the_month_ends_or_it_is_raised() -> None:
    hard = Surge(cap_won=900, cap=Cap.HARD, reserve_pool="other")
    shut, happened = told(SurgeState(), Sight(NOON, spent=900), hard)
    assert happened == [("cap_reached", "")]
    assert (shut.shut, shut.steps, shut.in_force) == (True, {}, True)
    held, steps = told(shut, replace(HELD, spent=900), hard)
    assert set(held.steps) == {MESSAGE, OFFER, STAFF}
    assert steps[0] == ("overflow_on", "")
    for eased in (Sight(NOON + 20 * 24 * HOUR), Sight(NOON, spent=900)):
        raised = replace(hard, cap_won=10_000)
        after, happened = told(shut, eased, raised)
        assert (after.shut, happened) == (False, [("cap_lifted", "")])
    raised_and_reached = replace(hard, cap_won=10_000)
    lifted = next_state(shut, raised_and_reached, Sight(NOON, spent=900))
    again = told(lifted, Sight(NOON, spent=10_000), raised_and_reached)
    assert (again[0].shut, again[1]) == (True, [("cap_reached", "")])


@given(surges, waits, st.booleans(), st.integers(0, 20_000), st.booleans())
def test_second_look_at_the_same_changes_nothing(
    surge: Surge, expected: Wait | None, open_now: bool, spent: int, held: bool
) -> None:
    sight = Sight(NOON, NOON - HOUR if held else 0, expected, open_now, spent)
    once = next_state(SurgeState(), surge, sight)
    assert next_state(once, surge, replace(sight, now=NOON + 1)) == once
    assert events(once, once, sight) == []
    on = [event for event in events(SurgeState(), once, sight) if event.what is Happening.STEP_ON]
    assert [event.step for event in on] == list(once.steps)
