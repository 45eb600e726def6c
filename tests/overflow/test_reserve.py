"""A lead calls a shop's reserve in, whatever the wait, and off again; then the ladder goes on by itself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR, MINUTE, iso
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.overflow.ladder import LONGEST_CALL, Sight, called_in, events, next_state
from chalicelib.overflow.model import SurgeState
from chalicelib.overflow.store import tenants_in_surge
from chalicelib.tenants.model import Cap, Hours, Step, Surge
from tests.bills.world import book
from tests.floor.test_floor import pool as floor
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Answer, Desk
from tests.overflow.test_jobs import flood, relay
from tests.overflow.test_ladder import surges, wait, waits
from tests.overflow.test_surge import SURGES, beat, change, climb, reading, told
from tests.samples import NOON

SURGE = Surge(reserve_pool="other")
LEAD = Caller(Kind.LEAD, "", agent="boss", pool="main", person="l")
CHIEF = Caller(Kind.ADMIN, "", person="a")
UNTIL = NOON + HOUR


def happened(before: SurgeState, after: SurgeState, now: int = NOON) -> list[tuple[str, str]]:
    return [(one.what.value, one.step or "") for one in events(before, after, Sight(now))]


def test_reserve_is_called_in_for_a_while_and_then_off_by_itself() -> None:
    called = called_in(SurgeState(), SURGE, UNTIL, Sight(NOON))
    assert (happened(SurgeState(), called), called.in_force) == ([("called_in", "")], True)
    on = next_state(called, SURGE, Sight(NOON + 1))
    assert (dict(on.steps), on.in_force) == ({Step.RESERVE: NOON + 1}, True)
    assert next_state(on, SURGE, Sight(UNTIL - 1)) == on
    off = next_state(on, SURGE, Sight(UNTIL))
    assert (off.steps, off.called_until, off.in_force) == ({}, 0, False)
    assert happened(on, off) == [("called_off", ""), ("step_off", "reserve")]


def test_call_that_is_over_leaves_the_ladder_its_own_steps() -> None:
    pressed = Sight(UNTIL, held_since=NOON, wait=wait(700))
    before = SurgeState(since=NOON, steps={Step.RESERVE: NOON}, called_until=UNTIL)
    assert Step.RESERVE in next_state(before, SURGE, pressed).steps


def test_shop_that_is_shut_has_nobody_in_who_costs_money_though_a_lead_has_called() -> None:
    capped = replace(SURGE, cap_won=1_000, cap=Cap.HARD)
    called = SurgeState(called_until=UNTIL)
    shut = next_state(called, capped, Sight(NOON, held_since=NOON, wait=wait(9_999), spent=1_000))
    assert (shut.shut, Step.RESERVE in shut.steps, shut.called_until) == (True, False, UNTIL)
    assert Step.RESERVE in next_state(shut, capped, Sight(NOON + 1, spent=999)).steps


@given(surges, waits, st.sampled_from([0, NOON]), st.integers(0, 2_000))
def test_call_adds_the_reserve_and_nothing_else(surge: Surge, expected: None, held: int, spent: int) -> None:
    sight = Sight(NOON, held_since=held, wait=expected, spent=spent)
    usual = next_state(SurgeState(), surge, sight)
    called = next_state(SurgeState(called_until=UNTIL), surge, sight)
    added = {Step.RESERVE} if surge.reserve_pool and not usual.shut else set()
    assert set(called.steps) == set(usual.steps) | added
    assert replace(called, steps=usual.steps, called_until=0) == usual


@pytest.mark.parametrize("until", [NOON, NOON - 1, NOON + LONGEST_CALL + 1])
def test_call_is_ahead_and_short(until: int) -> None:
    with pytest.raises(BadInput, match="4 hours"):
        called_in(SurgeState(), SURGE, until, Sight(NOON))
    assert called_in(SurgeState(), SURGE, NOON + LONGEST_CALL, Sight(NOON)).called_until == NOON + LONGEST_CALL


def test_nobody_is_called_whom_the_shop_did_not_choose_or_cannot_pay() -> None:
    with pytest.raises(Conflict) as refusal:
        called_in(SurgeState(), Surge(), UNTIL, Sight(NOON))
    assert refusal.value.code == "no_reserve_pool"
    capped = replace(SURGE, cap_won=1_000, cap=Cap.HARD)
    with pytest.raises(Conflict) as refusal:
        called_in(SurgeState(), capped, UNTIL, Sight(NOON, spent=1_000))
    assert refusal.value.code == "cap_reached"
    assert called_in(SurgeState(), capped, UNTIL, Sight(NOON, spent=999)).called_until
    assert called_in(SurgeState(), replace(capped, cap=Cap.SOFT), UNTIL, Sight(NOON, spent=1_000)).called_until
    assert not called_in(SurgeState(called_until=UNTIL), Surge(), 0, Sight(NOON)).called_until


def call(desk: Desk, until: int | None, who: Caller = LEAD) -> Answer:
    body = {"until": None if until is None else iso(until)}
    return desk.call(who, "POST /v1/tenants/danbi/reserve", body)


@pytest.fixture
def pressed(desk: Desk) -> Desk:
    """Danbi has a reserve, agents here and there, and holds contacts back for a wait that calls nobody."""
    change(hours=Hours(), reserve_pool="other", message=80_000, offer=81_000, reserve=82_000, staff=83_000)
    beat(desk, MINA, JUNO, STRANGER)
    flood(desk, 20)
    assert relay(desk) == []
    climb()
    return desk


def test_lead_calls_the_reserve_in_and_it_has_its_turn_at_once(pressed: Desk) -> None:
    assert not reading("other").held
    answer = call(pressed, pressed.now + HOUR)
    assert answer.status == 200, answer
    assert [one["step"] for one in answer.body["steps"]] == ["reserve"]
    assert reading("other").held
    assert told()[-2:] == [("called_in", ""), ("step_on", "reserve")]
    shown = pressed.call(SHOP, "GET /v1/tenants/danbi/overflow").body
    assert shown["reserve_until"] == answer.body["until"]
    [danbi] = floor(pressed)["tenants"]
    assert danbi["reserve_until"] == answer.body["until"]
    again = pressed.call(LEAD, "POST /v1/tenants/danbi/reserve", {"until": answer.body["until"]})
    assert (again.body, told().count(("called_in", ""))) == (answer.body, 1)


def test_lead_calls_it_off_and_so_does_time(pressed: Desk) -> None:
    call(pressed, pressed.now + HOUR)
    off = call(pressed, None)
    assert (off.body, reading("other").held) == ({"until": None, "steps": []}, False)
    assert told()[-2:] == [("called_off", ""), ("step_off", "reserve")]
    call(pressed, pressed.now + 10 * MINUTE)
    pressed.later(11 * 60)
    beat(pressed, MINA, JUNO, STRANGER)
    climb()
    assert SURGES.state().called_until == 0
    assert ("called_off", "") in told()[-2:]


def test_shop_that_holds_nothing_back_is_watched_until_the_call_is_over(desk: Desk) -> None:
    change(hours=Hours(), reserve_pool="other")
    assert call(desk, desk.now + HOUR).status == 200
    assert tenants_in_surge() == ["danbi"]
    desk.later(3_700)
    climb()
    assert tenants_in_surge() == []
    assert told()[-2:] == [("called_off", ""), ("step_off", "reserve")]


def test_reserve_of_a_shop_at_its_hard_cap_is_not_called(desk: Desk) -> None:
    change(hours=Hours(), reserve_pool="other", cap_won=1_000, cap=Cap.HARD)
    book(2)
    assert call(desk, desk.now + HOUR).refusal == (409, "cap_reached")
    change(hours=Hours())
    assert call(desk, desk.now + HOUR).refusal == (409, "no_reserve_pool")


def test_reserve_is_called_by_leads_of_the_pool_and_admins(desk: Desk) -> None:
    change(hours=Hours(), reserve_pool="other")
    until = desk.now + HOUR
    assert call(desk, until, CHIEF).status == 200
    other = replace(LEAD, pool="other")
    assert call(desk, until, other).refusal == (404, "not_found")
    absent = desk.call(other, "POST /v1/tenants/absent00/reserve", {"until": iso(until)})
    assert absent.refusal == (404, "not_found")
    for who in (MINA, SHOP, Caller(Kind.OWNER, "", tenant="danbi", person="p")):
        assert call(desk, until, who).refusal == (403, "forbidden")
