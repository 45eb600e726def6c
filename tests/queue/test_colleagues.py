"""To whom an agent can hand a contact over: who is there, and what of them is shown."""

from dataclasses import replace

import pytest

from chalicelib.agents.model import LEASE, Agent
from chalicelib.agents.store import Agents, forget_presence
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Kind
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Desk, agent
from tests.samples import NOON

ROUTE, BEAT = "GET /v1/agents/me/colleagues", "POST /v1/agents/me/heartbeat"


def listed(desk: Desk, who: object = MINA) -> list[str]:
    answer = desk.call(who, ROUTE)  # type: ignore[arg-type]
    assert answer.status == 200, answer
    return [one["agent"] for one in answer.body["colleagues"]]


def come(desk: Desk, *names: str) -> None:
    for name in names:
        assert desk.call(agent(name), BEAT).status == 200


def hire(name: str, shown: str, capacity: int = 6, pool: str = "main") -> None:
    commit(Agents().add(Agent(name, shown, pool, capacity)))


def test_a_colleague_is_shown_with_name_load_and_room(desk: Desk) -> None:
    come(desk, "mina", "juno")
    desk.claimed(JUNO)
    load = desk.call(JUNO, "GET /v1/agents/me").body["load"]
    assert load > 0
    assert desk.call(MINA, ROUTE).body == {
        "colleagues": [{"agent": "juno", "name": "Juno", "load": load, "capacity": 6, "free": True}]
    }


def test_only_who_is_there_is_shown(desk: Desk) -> None:
    hire("sora", "소라")
    assert listed(desk) == []
    come(desk, "mina", "juno", "sora")
    assert desk.call(STRANGER, BEAT).status == 200
    assert listed(desk) == ["juno", "sora"]
    assert listed(desk, JUNO) == ["mina", "sora"]
    assert listed(desk, STRANGER) == []
    assert desk.call(JUNO, "POST /v1/agents/me/break", {"kind": "rest"}).status == 200
    assert listed(desk) == ["sora"]
    assert desk.call(JUNO, "POST /v1/agents/me/back").status == 200
    assert desk.call(agent("sora"), "POST /v1/agents/me/leave").status == 200
    assert listed(desk) == ["juno"]
    desk.later(LEASE // 1000 + 1)
    assert listed(desk) == []


def test_those_with_room_come_first_and_then_by_name(desk: Desk) -> None:
    for name, shown, capacity in (("zoe1", "가람", 6), ("aaa1", "하늘", 6), ("full", "가가", 2)):
        hire(name, shown, capacity)
    come(desk, "zoe1", "aaa1", "full")
    desk.act(agent("full"), desk.open(), "claim")
    shown = desk.call(MINA, ROUTE).body["colleagues"]
    assert [(one["agent"], one["free"]) for one in shown] == [("zoe1", True), ("aaa1", True), ("full", False)]


def test_whoever_is_listed_with_room_takes_the_contact_over(desk: Desk) -> None:
    come(desk, "juno")
    contact = desk.claimed()
    assert listed(desk) == ["juno"]
    assert desk.act(MINA, contact, "transfer", {"to": "juno"}).body["agent"] == "juno"


@pytest.mark.parametrize("kind", [Kind.LEAD, Kind.AGENT])
def test_agents_and_leads_of_a_pool_see_their_own(desk: Desk, kind: Kind) -> None:
    come(desk, "juno")
    assert listed(desk, replace(MINA, kind=kind)) == ["juno"]
    # The pool is that of the key, whatever the agent's name.
    assert listed(desk, replace(agent("mina", "other"), kind=kind)) == []
    assert desk.call(SHOP, ROUTE).refusal == (403, "forbidden")
    assert desk.call(agent("gone"), ROUTE).refusal == (404, "not_found")


def test_names_are_read_once_a_minute_at_most_and_nothing_is_written(desk: Desk) -> None:
    come(desk, "mina", "juno")
    forget_presence()
    reads, queries, written = desk.watch("GetItem"), desk.watch("Query"), desk.written()
    listed(desk)
    assert (len(reads), len(queries)) == (2, 1)
    listed(desk)
    assert (len(reads), len(queries), written) == (3, 2, [])


def test_no_more_than_two_hundred_are_shown_and_read(desk: Desk) -> None:
    for number in range(203):
        one = Agent(f"n{number:03d}", f"n{number:03d}", "main", 6)
        commit(Agents().add(one))
        commit(Agents().beat(one, NOON))
    reads = desk.watch("GetItem")
    assert listed(desk) == [f"n{number:03d}" for number in range(200)]
    assert len(reads) == 201
