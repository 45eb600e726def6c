"""Breaks: nothing is taken during one, what is held is kept, and the time is counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.agents.model import Agent, BreakKind, Presence
from chalicelib.agents.store import Agents, forget_presence
from chalicelib.aws.tables import commit
from chalicelib.kernel.errors import Conflict
from chalicelib.queue.jobs import sweep_leases
from tests.moto_desk import JUNO, MINA, SHOP, Desk, agent, moto_desk
from tests.samples import NOON

BREAK, BACK, NEXT = "POST /v1/agents/me/break", "POST /v1/agents/me/back", "POST /v1/queue/next"
BEAT, LEAVE, FIGURES = "POST /v1/agents/me/heartbeat", "POST /v1/agents/me/leave", "GET /v1/agents/me/figures"
MEAL = {"kind": "meal"}


def mina() -> Agent:
    found = Agents().find("mina")
    assert found is not None
    return found


def must(desk: Desk, request: str, body: Any = None, *, at: int | None = None) -> Any:
    """Send a request that must succeed, so many seconds after noon if that matters."""
    if at is not None:
        desk.shift(CLOCK_HEADER="1")
    headers = {} if at is None else {"X-Duredesk-Now": str(NOON + at * 1000)}
    answer = desk.call(MINA, request, body, headers=headers)
    assert answer.status < 300, answer
    return answer.body


def test_a_break_is_shown_and_ends(desk: Desk) -> None:
    held = desk.claimed()
    shown = must(desk, BREAK, MEAL, at=0)
    assert (shown["break_kind"], shown["break_since"]) == ("meal", "2026-11-21T03:00:00.000Z")
    assert (shown["capacity"], shown["holding"]) == (6, [f"danbi/{held}"])
    assert must(desk, "GET /v1/agents/me") == shown
    back = must(desk, BACK)
    assert "break_kind" not in back
    assert (back["capacity"], back["holding"], mina().capacity) == (6, [f"danbi/{held}"], 6)


def test_nothing_is_taken_during_a_break_by_any_way(desk: Desk) -> None:
    mine, theirs = desk.open(), desk.claimed(JUNO)
    must(desk, BREAK, MEAL)
    claim = desk.call(MINA, f"POST /v1/tenants/danbi/contacts/{mine}/claim")
    handed = desk.call(JUNO, f"POST /v1/tenants/danbi/contacts/{theirs}/transfer", {"to": "mina"})
    assert {desk.call(MINA, NEXT).refusal, claim.refusal, handed.refusal} == {(409, "on_break")}
    must(desk, BACK)
    assert must(desk, NEXT)["contact"]["id"] == mine


def test_what_is_held_can_be_answered_resolved_and_given_away_during_a_break(desk: Desk) -> None:
    first, second = desk.claimed(), desk.claimed()
    must(desk, BREAK, MEAL)
    desk.act(MINA, first, "replies", {"text": "네"})
    desk.act(MINA, first, "resolve")
    desk.act(MINA, second, "release")
    assert (mina().load, mina().capacity) == (0, 0)
    must(desk, BACK)
    assert mina().capacity == 6


def test_the_lease_runs_on_while_the_heart_beats_and_the_break_outlasts_it(desk: Desk) -> None:
    held = desk.claimed()
    desk.later(60)
    must(desk, BREAK, MEAL)
    desk.later(149)
    must(desk, BEAT)
    assert sweep_leases(desk.now) == 0
    desk.later(240)
    assert sweep_leases(desk.now) == 1
    assert mina().paused is not None
    must(desk, BEAT)
    assert desk.call(MINA, NEXT).refusal == (409, "on_break")
    must(desk, BACK)
    assert must(desk, NEXT)["contact"]["id"] == held


def test_a_repeat_changes_nothing_and_another_kind_is_refused(desk: Desk) -> None:
    first = must(desk, BREAK, MEAL)
    desk.later(30)
    assert must(desk, BREAK, MEAL) == first
    assert desk.call(MINA, BREAK, {"kind": "care"}).refusal == (409, "on_break")
    must(desk, BACK)
    back = must(desk, BACK)
    assert (back["capacity"], "break_kind" in back) == (6, False)
    assert must(desk, BREAK, {"kind": "care"})["break_kind"] == "care"


def test_a_break_adds_no_capacity_and_takes_none_from_colleagues(desk: Desk) -> None:
    desk.claimed()
    desk.call(JUNO, BEAT)
    forget_presence()
    assert Agents().presence("main", desk.now) == Presence(capacity=12, load=2)
    must(desk, BREAK, MEAL)
    forget_presence()
    assert Agents().presence("main", desk.now) == Presence(capacity=6, load=0)


def test_going_home_ends_the_break(desk: Desk) -> None:
    must(desk, BREAK, MEAL, at=0)
    assert "break_kind" not in must(desk, LEAVE, at=600)
    assert (mina().capacity, mina().paused) == (6, None)
    assert must(desk, FIGURES, at=900)["break_seconds"] == {"meal": 600}


def test_whoever_was_let_out_during_a_break_does_not_come_back(desk: Desk) -> None:
    must(desk, BREAK, MEAL)
    before = mina()
    assert before.paused is not None
    commit(Agents().retire(before))
    with pytest.raises(Conflict, match="break_over"):
        commit(Agents().resume(before, before.paused, NOON))
    assert desk.call(MINA, BREAK, MEAL).refusal == (409, "agent_gone")
    assert desk.call(MINA, BEAT).refusal == (409, "agent_gone")
    assert (mina().capacity, mina().paused) == (0, None)


def test_two_tabs_end_one_break_once(desk: Desk) -> None:
    must(desk, BREAK, MEAL, at=0)
    before = mina()
    assert before.paused is not None
    must(desk, BACK, at=60)
    with pytest.raises(Conflict, match="break_over"):
        commit(Agents().resume(before, before.paused, NOON + 90_000))
    assert must(desk, FIGURES, at=90)["break_seconds"] == {"meal": 60}


def test_figures_are_of_the_day_in_seoul(desk: Desk) -> None:
    assert must(desk, FIGURES) == {
        "date": "2026-11-21",
        "finished": 0,
        "handling_seconds": 0,
        "break_seconds": {},
        "ratings": 0,
    }
    for seconds in (100, 160):
        contact = desk.open(channel="email")
        at = f"POST /v1/tenants/danbi/contacts/{contact}"
        must(desk, f"{at}/claim", at=0)
        must(desk, f"{at}/resolve", at=seconds)
    released = desk.claimed()
    desk.act(MINA, released, "release")
    told = must(desk, FIGURES)
    assert (told["finished"], told["handling_seconds"]) == (2, 260)
    assert desk.call(JUNO, FIGURES).body["finished"] == 0
    tomorrow = must(desk, FIGURES, at=12 * 3600)
    assert (tomorrow["date"], tomorrow["finished"]) == ("2026-11-22", 0)


def test_a_contact_is_counted_once_however_often_its_end_is_sent(desk: Desk) -> None:
    held = desk.claimed()
    desk.act(MINA, held, "resolve")
    assert desk.call(MINA, f"POST /v1/tenants/danbi/contacts/{held}/resolve").status == 409
    assert must(desk, FIGURES)["finished"] == 1
    desk.act(SHOP, held, "reopen")
    must(desk, NEXT)
    desk.act(MINA, held, "resolve")
    assert must(desk, FIGURES)["finished"] == 2


def test_a_break_counts_while_it_goes_on_and_not_beyond_midnight(desk: Desk) -> None:
    must(desk, BREAK, MEAL, at=0)
    assert must(desk, FIGURES, at=1800)["break_seconds"] == {"meal": 1800}
    must(desk, BACK, at=1800)
    must(desk, BREAK, {"kind": "rest"}, at=1800)
    assert must(desk, FIGURES, at=13 * 3600)["break_seconds"] == {}
    must(desk, BACK, at=13 * 3600)
    assert must(desk, FIGURES, at=0)["break_seconds"] == {"meal": 1800, "rest": 12 * 3600 - 1800}


def race(desk: Desk, *calls: Callable[[], object]) -> None:
    """Make all calls at once."""
    start = Barrier(len(calls))

    def one(call: Callable[[], object]) -> None:
        start.wait()
        call()

    with desk.atomic(), ThreadPoolExecutor(len(calls)) as threads:
        list(threads.map(one, calls))


@pytest.mark.parametrize("turn", range(6))
def test_whoever_goes_on_a_break_while_pulling_has_it_before_the_break_or_not_at_all(
    desk: Desk, turn: int
) -> None:
    for _ in range(2):
        desk.open()
    must(desk, BEAT)
    answers: dict[str, Any] = {}

    def pull() -> None:
        answers["pull"] = desk.call(MINA, NEXT)

    def rest() -> None:
        answers["break"] = desk.call(MINA, BREAK, MEAL)

    race(desk, *((pull, rest) if turn % 2 else (rest, pull)))
    assert answers["break"].status == 200
    after = mina()
    assert (after.capacity, after.load) == (0, 2 * len(after.holding))
    if answers["pull"].status == 200:
        assert after.holding == {f"danbi/{answers['pull'].body['contact']['id']}"}
    else:
        assert (answers["pull"].refusal, after.holding) == ((409, "on_break"), frozenset())
    assert desk.call(MINA, NEXT).refusal == (409, "on_break")


class Breaks(RuleBasedStateMachine):
    """Agents rest, come back, pull, claim, hand over, go and fall silent in any order, over the real store."""

    names = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.moto = moto_desk()
        self.desk = self.moto.__enter__()
        self.seconds = 0
        self.resting: dict[str, frozenset[str]] = {}

    @initialize(target=names)
    def one(self) -> str:
        return "mina"

    @initialize(target=names)
    def other(self) -> str:
        return "juno"

    @rule(channel=st.sampled_from(["chat", "email"]))
    def opens(self, channel: str) -> None:
        self.desk.open(channel=channel)

    @rule(name=names, kind=st.sampled_from(BreakKind))
    def rests(self, name: str, kind: BreakKind) -> None:
        if self.call(name, BREAK, {"kind": kind}).status == 200:
            self.resting.setdefault(name, self.agent(name).holding)

    @rule(name=names)
    def comes_back(self, name: str) -> None:
        assert self.call(name, BACK).status == 200
        self.resting.pop(name, None)

    @rule(name=names)
    def pulls(self, name: str) -> None:
        answer = self.call(name, NEXT)
        assert (answer.refusal == (409, "on_break")) is (name in self.resting), answer

    @rule(name=names, data=st.data())
    def hands_over(self, name: str, data: st.DataObject) -> None:
        holding = sorted(self.agent(name).holding)
        if holding:
            contact = data.draw(st.sampled_from(holding)).removeprefix("danbi/")
            to = "juno" if name == "mina" else "mina"
            self.call(name, f"POST /v1/tenants/danbi/contacts/{contact}/transfer", {"to": to})

    @rule(name=names, data=st.data())
    def resolves(self, name: str, data: st.DataObject) -> None:
        holding = sorted(self.agent(name).holding)
        if holding:
            contact = data.draw(st.sampled_from(holding)).removeprefix("danbi/")
            assert self.call(name, f"POST /v1/tenants/danbi/contacts/{contact}/resolve").status == 200

    @rule(name=names)
    def leaves(self, name: str) -> None:
        if self.call(name, LEAVE).status == 200:
            self.resting.pop(name, None)

    @rule(name=names)
    def beats(self, name: str) -> None:
        assert self.call(name, BEAT).status == 200

    @rule(seconds=st.sampled_from([20, 100]))
    def time_passes(self, seconds: int) -> None:
        self.seconds += seconds
        self.desk.later(self.seconds)
        sweep_leases(self.desk.now)

    @invariant()
    def nobody_on_a_break_holds_more_than_before(self) -> None:
        for name, held in self.resting.items():
            assert self.agent(name).holding <= held
            assert self.agent(name).capacity == 0

    @invariant()
    def whoever_works_has_all_the_capacity(self) -> None:
        for name in {"mina", "juno"} - self.resting.keys():
            found = self.agent(name)
            assert (found.capacity, found.paused) == (6, None)

    def call(self, name: str, request: str, body: Any = None) -> Any:
        return self.desk.call(agent(name), request, body)

    def agent(self, name: str) -> Agent:
        found = Agents().find(name)
        assert found is not None
        return found

    def teardown(self) -> None:
        self.moto.__exit__(None, None, None)


TestBreaks = Breaks.TestCase
TestBreaks.settings = settings(max_examples=12, stateful_step_count=25)
