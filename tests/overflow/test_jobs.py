"""Overflow on the desk's own table and queue: intake, stream, pulls and the sweeper."""

import json
from typing import Any

import pytest

import app
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws import queues
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from tests.lambda_events import change, failed, schedule_event, stream_event
from tests.moto_desk import DANBI, JUNO, MINA, SHOP, Desk, agent

Json = dict[str, Any]
WITHIN = DANBI.contract.burst + 1
PATH = "/v1/tenants/danbi/contacts"


def flood(desk: Desk, number: int = WITHIN + 5, channel: str = "email") -> list[str]:
    return [desk.open(channel=channel) for _ in range(number)]


def held(desk: Desk, tenant: str = "danbi") -> list[Json]:
    rows = [row for row in desk.rows() if row["kind"]["S"] == "contact" and row["tenant"]["S"] == tenant]
    return [row for row in rows if row["status"]["S"] == "overflow"]


def relay(desk: Desk) -> list[str]:
    """Tell the relay of everything that is held back; return the records that failed."""
    return failed(app.relay_changes(stream_event(*map(change, held(desk))), None))


def tickets(desk: Desk) -> list[str]:
    found = queues.receive(settings().overflow_queue_url, 10)
    return [json.loads(body)["contact"] for body, _ in found]


def sweep() -> Json:
    answer: Json = app.sweep(schedule_event(), None)
    return answer


def test_beyond_its_contract_a_contact_is_accepted_and_held_back(desk: Desk) -> None:
    flood(desk, WITHIN)
    opened = desk.call(SHOP, f"POST {PATH}", {"channel": "email", "customer": {"id": "c1"}, "text": "언제 와요?"})
    assert (opened.status, opened.body["status"]) == (201, "overflow")
    [row] = held(desk)
    assert row["contact"]["S"] == opened.body["id"]
    assert row["work_pk"]["S"] == "~overflow#main"
    assert len(desk.index("work", "~queue#main")) == WITHIN
    assert desk.call(SHOP, f"GET {PATH}", query={"status": "overflow"}).body["contacts"][0]["status"] == "overflow"


def test_stream_sends_each_ticket_and_gives_the_shop_its_turn(desk: Desk) -> None:
    flood(desk)
    assert relay(desk) == []
    assert sorted(tickets(desk)) == sorted(row["contact"]["S"] for row in held(desk))
    assert len(desk.index("work", "~held#main")) == 1


def test_what_changes_while_it_is_held_sends_no_second_ticket(desk: Desk) -> None:
    flood(desk, WITHIN + 1)
    [row] = held(desk)
    assert failed(app.relay_changes(stream_event(change(row, row)), None)) == []
    assert tickets(desk) == []


def test_ticket_is_sent_again_after_a_failure_of_the_stream(desk: Desk) -> None:
    flood(desk, WITHIN + 1)
    desk.fail("UpdateItem", "ValidationException")
    assert relay(desk) == ["s0"]
    assert relay(desk) == []
    assert len(tickets(desk)) == 1


def test_pull_lets_in_what_the_pool_has_room_for(desk: Desk) -> None:
    # A third who takes nothing keeps the reserve free, however old its count: what is not due may be had.
    commit(Agents().add(Agent("nari", "nari", "main", 6)))
    desk.call(agent("nari"), "POST /v1/agents/me/heartbeat")
    opened = flood(desk, WITHIN + 5)
    relay(desk)
    pulled = [desk.call(who, "POST /v1/queue/next").body["contact"]["id"] for who in (MINA, JUNO) * 6]
    # Twelve of weight one: the eleven that were allowed, and one that was held back.
    assert set(opened[:WITHIN]) < set(pulled)
    assert len(set(pulled)) == 12
    assert len(held(desk)) < 5
    assert desk.call(MINA, "POST /v1/queue/next").status == 204


def test_sweeper_lets_in_and_takes_spent_messages_off(desk: Desk) -> None:
    flood(desk, WITHIN + 2)
    relay(desk)
    for name in ("nari", "sora", "jina", "dana"):
        commit(Agents().add(Agent(name, name, "main", 6)))
        desk.call(agent(name), "POST /v1/agents/me/heartbeat")
    assert sweep()["overflow"] == 2
    assert held(desk) == []
    assert desk.index("work", "~held#main") == []
    assert tickets(desk) == []
    assert desk.call(SHOP, f"GET {PATH}", query={"status": "waiting"}).body["contacts"].__len__() == WITHIN + 2


def test_sweeper_finds_what_the_queue_never_delivered(desk: Desk) -> None:
    flood(desk, WITHIN + 2)
    desk.later(121)
    for name in ("nari", "sora", "jina", "dana"):
        commit(Agents().add(Agent(name, name, "main", 6)))
        desk.call(agent(name), "POST /v1/agents/me/heartbeat")
    assert sweep()["overflow"] == 2
    assert held(desk) == []


def test_pull_works_on_while_the_overflow_queue_is_down(desk: Desk) -> None:
    flood(desk, WITHIN + 2)
    relay(desk)
    desk.shift(OVERFLOW_QUEUE_URL="https://sqs.ap-northeast-2.amazonaws.com/123456789012/gone")
    for _ in range(6):
        assert desk.call(MINA, "POST /v1/queue/next").status == 200
    assert desk.call(MINA, "POST /v1/queue/next").status == 204


def test_held_contact_can_be_claimed_out_of_turn_and_read_by_its_shop(desk: Desk) -> None:
    opened = flood(desk, WITHIN + 1)
    desk.act(MINA, opened[-1], "claim")
    assert held(desk) == []
    assert desk.call(SHOP, f"GET {PATH}/{opened[-1]}").body["contact"]["status"] == "claimed"


def test_customer_writes_more_while_held_and_keeps_the_place(desk: Desk) -> None:
    opened = flood(desk, WITHIN + 2)
    desk.act(SHOP, opened[-2], "messages", {"text": "그리고 하나 더요"})
    assert [row["work_sk"]["S"].split("#")[-1] for row in held(desk)].sort() == opened[-2:].sort()
    assert desk.index("work", "~overflow#main")[0].startswith("danbi#shop#")


@pytest.mark.parametrize("body", ["", "{", '{"tenant": "danbi"}', "[]", '"text"'])
def test_message_that_nobody_sent_lets_nobody_in(desk: Desk, body: str) -> None:
    flood(desk, WITHIN + 1)
    relay(desk)
    assert len(tickets(desk)) == 1
    queues._client().send_message(QueueUrl=settings().overflow_queue_url, MessageBody=body or " ")
    desk.call(MINA, "POST /v1/agents/me/heartbeat")
    for _ in range(6):
        assert desk.call(MINA, "POST /v1/queue/next").status == 200
    assert len(held(desk)) == 1
