"""The ladder on the desk's own table: its state and events, what each step does, and the monthly cap."""

from dataclasses import replace
from typing import Any

import pytest

import app
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents, forget_presence
from chalicelib.aws.tables import commit
from chalicelib.contacts.outlooks import forget_counts
from chalicelib.kernel.caller import Caller
from chalicelib.overflow.climbing import climb_ladder
from chalicelib.overflow.jobs import climb_ladders, sweep_overflow
from chalicelib.overflow.model import Happening, SurgeEvent, SurgeMoved, SurgeState
from chalicelib.overflow.store import Surges, tenants_in_surge
from chalicelib.overflow.turns import let_in
from chalicelib.overflow.wiring import gate, watch
from chalicelib.routing.model import ClockMoved, Lane, Reading, Turn
from chalicelib.routing.store import VirtualClock, turns
from chalicelib.tenants.model import Cap, Hours, Step, Surge, Tenant
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, capped_tenants, forget_profiles
from tests.lambda_events import schedule_event
from tests.moto_desk import DANBI, JUNO, MINA, STRANGER, Desk
from tests.overflow.test_jobs import WITHIN, flood, held, relay
from tests.samples import NOON
from tests.wall import behind

STATE = SurgeState(since=NOON - 1, steps={Step.OFFER: NOON})
SURGES = Surges("danbi")


def change(tenant: Tenant = DANBI, *, hours: Hours | None = None, **surge: Any) -> Tenant:
    """Let the shop choose another ladder."""
    chosen = replace(tenant, hours=tenant.hours if hours is None else hours, surge=Surge(**surge))
    apply(chosen, Tenants(tenant.id), commit)
    forget_profiles()
    return chosen


def beat(desk: Desk, *agents: Caller) -> None:
    for who in agents:
        assert desk.call(who, "POST /v1/agents/me/heartbeat").status == 200
    forget_presence()


def climb() -> int:
    """Do what the sweeper does each minute."""
    forget_counts()
    with behind("sweep"):
        happened = climb_ladders(app.now())
    forget_counts()
    return happened


def sweep() -> int:
    """Do the sweeper's part of letting in, and then of the ladder."""
    with behind("sweep"):
        entered = sweep_overflow(app.now())
    climb()
    return entered


def told() -> list[tuple[str, str]]:
    """What has happened to danbi, oldest first."""
    found = [(event.what.value, event.step.value if event.step else "") for event in SURGES.events(100, app.now())]
    return found[::-1]


def reading(pool: str = "main", lane: Lane = Lane.SHOP) -> Reading:
    return VirtualClock("danbi", pool, lane).look()


@pytest.fixture
def pressed(desk: Desk) -> Desk:
    """Danbi is open, and holds three contacts back."""
    change(hours=Hours(), reserve_pool="other")
    beat(desk, MINA, JUNO)
    flood(desk, WITHIN + 3, channel="chat")
    relay(desk)
    return desk


def test_state_comes_back_whole_and_is_listed_while_anything_is_in_force(desk: Desk) -> None:
    assert SURGES.state() == SurgeState()
    full = SurgeState(NOON, NOON - 1, {Step.MESSAGE: 1, Step.STAFF: 2}, "2026-11", shut=True)
    commit(SURGES.save(SurgeState(), full))
    assert SURGES.state() == replace(full, version=1)
    assert tenants_in_surge() == ["danbi"]
    commit(SURGES.save(SURGES.state(), SurgeState(ended=NOON)))
    assert (SURGES.state(), tenants_in_surge()) == (SurgeState(ended=NOON, version=2), [])


def test_of_two_sweepers_one_writes(desk: Desk) -> None:
    event = SurgeEvent("1", Happening.OVERFLOW_ON, NOON)
    commit(SURGES.save(SurgeState(), STATE), SURGES.record(event))
    for before in (SurgeState(), replace(STATE, version=2)):
        with pytest.raises(SurgeMoved):
            commit(SURGES.save(before, STATE), SURGES.record(replace(event, id="2")))
    assert SURGES.events(10, NOON) == [event]
    commit(SURGES.save(SURGES.state(), STATE))


def test_events_are_the_last_of_a_year_newest_first(desk: Desk) -> None:
    year = 365 * 24 * 3600 * 1000
    found = [SurgeEvent(f"{n}", Happening.STEP_ON, NOON + n, Step.OFFER, n) for n in range(4)]
    commit(*map(SURGES.record, found))
    assert SURGES.events(3, NOON + 3) == found[:0:-1]
    assert SURGES.events(9, NOON + 1 + year) == found[:1:-1]
    row = desk.raw("danbi#tenant", f"surge#{NOON:015d}#0")
    assert row is not None
    assert int(row["ttl"]["N"]) == (NOON + year) // 1000


def test_sweeper_climbs_says_so_and_comes_down(pressed: Desk) -> None:
    change(hours=Hours(), message=1, offer=60, reserve=86_400, staff=86_400)
    assert app.sweep(schedule_event(), None)["ladders"] == 3
    assert told() == [("overflow_on", ""), ("step_on", "message"), ("step_on", "offer")]
    state = SURGES.state()
    assert state.since == min(int(row["held_at"]["N"]) for row in held(pressed))
    assert reading().steps == {Step.MESSAGE, Step.OFFER}
    assert (climb(), SURGES.state()) == (0, state)
    for row in held(pressed):
        pressed.act(MINA, row["contact"]["S"], "spam")
    pressed.later(60)
    assert climb() == 3
    assert told()[3:] == [("step_off", "message"), ("step_off", "offer"), ("overflow_off", "")]
    assert (SURGES.state().steps, SURGES.state().since, reading().steps) == ({}, 0, frozenset())
    assert tenants_in_surge() == []


def test_calm_shop_is_not_looked_at(desk: Desk) -> None:
    desk.open()
    reads = desk.watch("GetItem")
    assert climb() == 0
    assert reads == []


def test_ladder_that_fails_stops_no_other(pressed: Desk) -> None:
    change(hours=Hours())
    commit(Surges("aaaa").save(SurgeState(), STATE))
    with pytest.raises(ExceptionGroup):
        climb()
    assert told()[0] == ("overflow_on", "")


def test_two_sweepers_at_once_write_once(pressed: Desk) -> None:
    first = watch("danbi")
    raced: list[int] = []

    def commit_second(*writes: Any) -> None:
        if len(writes) > 1 and not raced:
            raced.append(0)
            raced[0] = climb_ladder(watch("danbi"), app.now())
        commit(*writes)

    assert climb_ladder(replace(first, commit=commit_second), app.now()) == 0
    assert raced[0] == len(told()) > 0


def test_clock_that_moves_meanwhile_is_told_anew(pressed: Desk) -> None:
    clock, before = VirtualClock("danbi", "main"), reading()
    moved = replace(before, clock=before.clock + 1)
    with pytest.raises(ClockMoved):
        commit(clock.tell(moved, frozenset({Step.OFFER}), shut=False, rank=0))
    with pytest.raises(ClockMoved):
        commit(clock.tell(replace(before, held_since=0), frozenset(), shut=True, rank=0))
    commit(clock.tell(before, frozenset({Step.OFFER}), shut=False, rank=0))
    assert reading() == replace(before, steps=frozenset({Step.OFFER}))


def test_what_is_cut_off_before_it_was_written_is_written_a_minute_later(pressed: Desk) -> None:
    change(hours=Hours(), message=1, offer=86_400, reserve=86_400, staff=86_400)

    def cut_off(*writes: Any) -> None:
        if len(writes) > 1:
            raise ConnectionError
        commit(*writes)

    with pytest.raises(ConnectionError):
        climb_ladder(replace(watch("danbi"), commit=cut_off), app.now())
    assert reading().steps == {Step.MESSAGE}
    assert told() == []
    assert climb() == 2
    assert told() == [("overflow_on", ""), ("step_on", "message")]


# The reserve pool.


def test_reserve_takes_what_is_held_back_and_answers_end_to_end(pressed: Desk) -> None:
    change(hours=Hours(), reserve=1, message=1, offer=1, staff=86_400, reserve_pool="other")
    beat(pressed, STRANGER)
    climb()
    assert [turn.tenant for turn in turns("other", 9)] == ["danbi"]
    before = {row["contact"]["S"] for row in held(pressed)}
    taken = str(pressed.call(STRANGER, "POST /v1/queue/next").body["contact"]["id"])
    assert taken in before
    at = f"/v1/tenants/danbi/contacts/{taken}"
    for who in (MINA, JUNO):
        assert pressed.call(who, f"GET {at}").refusal == (404, "not_found")
        assert pressed.call(who, f"POST {at}/replies", {"text": "저요"}).refusal == (404, "not_found")
    assert pressed.call(STRANGER, f"GET {at}").body["messages"][0]["text"] == "언제 와요?"
    assert pressed.act(STRANGER, taken, "replies", {"text": "내일 가요."}).body["effect"] == "billable"
    assert pressed.act(STRANGER, taken, "resolve").body["status"] == "resolved"
    assert pressed.call(STRANGER, f"GET {at}").refusal == (404, "not_found")


def test_reserve_is_let_go_when_the_pressure_ends(pressed: Desk) -> None:
    change(hours=Hours(), reserve=1, message=1, offer=1, staff=86_400, reserve_pool="other")
    climb()
    assert not reading("other").held, "nobody is there"
    beat(pressed, STRANGER)
    climb()
    assert reading("other").held
    for row in held(pressed)[:2]:
        pressed.act(MINA, row["contact"]["S"], "spam")
    change(hours=Hours(), reserve=86_000, message=1, offer=1, staff=86_400, reserve_pool="other")
    pressed.later(60)
    climb()
    assert ("step_off", "reserve") in told()
    assert (reading("other").held, turns("other", 9)) == (False, [])
    assert reading("main").held


def test_reserve_pool_that_is_taken_away_gets_nothing_more(pressed: Desk) -> None:
    change(hours=Hours(), reserve=1, message=1, offer=1, staff=86_400, reserve_pool="other")
    beat(pressed, STRANGER)
    climb()
    assert turns("other", 9) != []
    change(hours=Hours(), reserve=1, message=1, offer=1, staff=86_400)
    assert pressed.call(STRANGER, "POST /v1/queue/next").status == 204
    pressed.later(60)
    sweep()
    assert turns("other", 9) == []


def test_shop_that_moves_to_another_pool_leaves_nothing_behind(pressed: Desk) -> None:
    left = len(held(pressed))
    assert left
    change(replace(DANBI, pool="other"), hours=Hours())
    pressed.later(180)
    for who in [MINA, JUNO] * 20:
        beat(pressed, MINA, JUNO)
        pulled = pressed.call(who, "POST /v1/queue/next")
        if pulled.status == 200:
            pressed.act(who, pulled.body["contact"]["id"], "resolve")
        else:
            sweep()
    assert held(pressed) == []


def test_without_a_reserve_pool_the_step_is_left_out(pressed: Desk) -> None:
    change(hours=Hours(), message=1, offer=1, reserve=1, staff=1)
    climb()
    assert [step for what, step in told() if what == "step_on"] == ["message", "offer", "staff"]
    assert turns("other", 9) == []


# The monthly cap.


def capped(desk: Desk, cap: Cap = Cap.HARD, won: int = DANBI.price_won) -> None:
    change(hours=Hours(), cap_won=won, cap=cap)
    desk.act(MINA, desk.answered(), "resolve")


def test_soft_cap_is_told_and_all_goes_on(desk: Desk) -> None:
    capped(desk, Cap.SOFT)
    assert climb() == 1
    assert told() == [("cap_reached", "")]
    assert climb() == 0
    desk.open()
    assert held(desk) == []


def test_cap_counts_this_months_bill_at_the_price_in_force(desk: Desk) -> None:
    capped(desk, won=DANBI.price_won + 1)
    assert climb() == 0
    desk.answered()
    assert climb() == 1


def test_hard_cap_holds_all_back_and_lets_nobody_in(desk: Desk) -> None:
    capped(desk)
    beat(desk, MINA, JUNO)
    waiting = desk.open()
    climb()
    assert (reading().shut, reading(lane=Lane.WIDGET).shut) == (True, True)
    later = desk.open()
    assert [row["contact"]["S"] for row in held(desk)] == [later]
    relay(desk)
    assert turns("main", 9) == []
    # What was let in before is still answered.
    assert desk.call(JUNO, "POST /v1/queue/next").body["contact"]["id"] == waiting
    desk.act(JUNO, waiting, "resolve")
    for seconds in (60, 130, 200):
        desk.later(seconds)
        sweep()
        assert desk.call(JUNO, "POST /v1/queue/next").status == 204
    assert [row["contact"]["S"] for row in held(desk)] == [later]
    assert ("overflow_on", "") in told()


def test_old_look_at_a_shut_lane_lets_nobody_in(desk: Desk) -> None:
    capped(desk)
    climb()
    contact = desk.open()
    relay(desk)
    stale = [Turn(0, "danbi", Lane.SHOP)]
    assert let_in(gate(), "main", stale, space=9, now=app.now()) is None
    assert [row["contact"]["S"] for row in held(desk)] == [contact]
    clock = VirtualClock("danbi", "main", Lane.WIDGET)
    for write in (clock.hold(Reading(), 0, 0, NOON), clock.advance(Reading(), NOON)):
        with pytest.raises(ClockMoved):
            commit(write)
    commit(clock.hold(clock.look(), 0, 0, NOON))
    assert turns("main", 9) == []


@pytest.mark.parametrize("how", ["the month ends", "the cap is raised"])
def test_hard_cap_ends_and_what_was_held_is_let_in(desk: Desk, how: str) -> None:
    capped(desk)
    climb()
    contact = desk.open()
    relay(desk)
    desk.later(180)
    sweep()
    assert len(held(desk)) == 1
    if how == "the month ends":
        desk.later(10 * 24 * 3600)
    else:
        change(hours=Hours(), cap_won=10 * DANBI.price_won, cap=Cap.HARD)
    beat(desk, JUNO)
    climb()
    assert not reading().shut
    assert [turn.tenant for turn in turns("main", 9)] == ["danbi"]
    sweep()
    assert held(desk) == []
    assert desk.call(JUNO, "POST /v1/queue/next").body["contact"]["id"] == contact
    assert ("cap_lifted", "") in told()


def test_message_of_a_shut_shop_is_taken_off_and_rings_no_alarm(desk: Desk) -> None:
    capped(desk)
    climb()
    desk.open()
    relay(desk)
    assert sweep() == 1
    assert len(held(desk)) == 1


def test_shops_with_a_cap_are_listed_and_no_others(desk: Desk) -> None:
    assert capped_tenants() == []
    change(cap_won=1)
    assert capped_tenants() == ["danbi"]
    change()
    assert capped_tenants() == []


def test_new_agent_of_nobody_is_counted_at_once(desk: Desk) -> None:
    assert Agents().presence("main", NOON).capacity == 0
    commit(Agents().beat(Agent("mina", "Mina", "main", 6), NOON))
    assert Agents().presence("main", NOON).capacity == 6
