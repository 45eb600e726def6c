"""What a console polls: all that its agent must notice, a 304 while there is nothing, and few calls."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.agents import timeline
from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.incidents.wiring import current
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR, iso
from chalicelib.queue.console import held
from chalicelib.queue.wiring import MOST_SHOWN, console, forget_waiting
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Answer, Desk
from tests.samples import NOON

DESK = "GET /v1/agents/me/desk"
LEAD = replace(JUNO, kind=Kind.LEAD)


def poll(desk: Desk, who: Caller = MINA, known: str = "") -> Answer:
    forget_waiting()
    return desk.call(who, DESK, headers={"If-None-Match": known} if known else {})


def shown(desk: Desk, who: Caller = MINA) -> Any:
    answer = poll(desk, who)
    assert answer.status == 200, answer
    return answer.body


def test_the_desk_shows_what_is_held_what_waits_and_when_it_is(desk: Desk) -> None:
    desk.call(MINA, "POST /v1/agents/me/heartbeat")
    first, other = desk.claimed(), desk.claimed(tenant="mungmeal")
    desk.open()
    found = shown(desk)
    assert found["agent"] == desk.call(MINA, "GET /v1/agents/me").body
    assert {(one["tenant"], one["id"], one["agent"]) for one in found["held"]} == {
        ("danbi", first, "mina"),
        ("mungmeal", other, "mina"),
    }
    assert (found["waiting"], found["hands"]) == (1, 0)
    assert found["now"].startswith("2026-11-21T03:")
    assert [one["customer"] for one in found["held"]] == ["", ""]
    assert shown(desk, JUNO)["held"] == []
    assert shown(desk, STRANGER)["waiting"] == 0


def test_an_unchanged_desk_is_304_until_something_moves(desk: Desk) -> None:
    contact = desk.claimed()
    tag = poll(desk).headers["ETag"]
    again = poll(desk, known=tag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, tag)
    desk.later(30)
    desk.call(MINA, "POST /v1/agents/me/heartbeat")
    assert poll(desk, known=tag).status == 304
    moves: list[Callable[[], object]] = [
        lambda: desk.act(SHOP, contact, "messages", {"text": "여보세요"}),
        lambda: desk.act(MINA, contact, "replies", {"text": "네"}),
        desk.open,
        lambda: desk.call(MINA, "POST /v1/agents/me/break", {"kind": "rest"}),
        lambda: desk.call(MINA, "POST /v1/agents/me/back"),
        lambda: desk.act(MINA, contact, "resolve"),
    ]
    for move in moves:
        move()
        moved = poll(desk, known=tag)
        assert moved.status == 200
        tag = moved.headers["ETag"]
        assert poll(desk, known=tag).status == 304


def test_an_answer_of_another_agent_is_none_of_mine(desk: Desk) -> None:
    desk.claimed()
    assert poll(desk, JUNO, poll(desk).headers["ETag"]).status == 200


def test_two_empty_desks_are_two_answers(desk: Desk) -> None:
    assert poll(desk, JUNO, poll(desk).headers["ETag"]).status == 200


def test_what_lapsed_is_no_longer_held(desk: Desk) -> None:
    contact = desk.claimed()
    tag = poll(desk).headers["ETag"]
    desk.later(200)
    assert poll(desk, known=tag).status == 304
    desk.call(JUNO, "POST /v1/agents/me/heartbeat")
    desk.act(MINA, contact, "transfer", {"to": "juno"})
    assert poll(desk, known=tag).body["held"] == []
    assert [one["id"] for one in shown(desk, JUNO)["held"]] == [contact]


def test_what_moved_on_since_the_agent_was_read_is_not_shown(desk: Desk) -> None:
    mine, theirs = desk.claimed(), desk.claimed(JUNO)
    mina = Agents().find("mina")
    assert mina is not None
    behind = replace(mina, holding=frozenset({f"danbi/{mine}", f"danbi/{theirs}", f"danbi/{'f' * 32}"}))
    assert [contact.id for contact in held(console(), behind)] == [mine]


def test_leads_alone_are_told_how_many_hands_are_up_in_their_pool(desk: Desk) -> None:
    raised, lowered = desk.claimed(), desk.claimed()
    for contact in (raised, lowered):
        desk.act(MINA, contact, "hand", {"reason": "환불 한도를 넘어요"})
    far = desk.claimed(STRANGER, "faraway")
    desk.act(STRANGER, far, "hand", {"reason": "도와주세요"}, "faraway")
    assert (shown(desk, LEAD)["hands"], shown(desk)["hands"]) == (2, 0)
    desk.act(MINA, lowered, "lower-hand")
    assert shown(desk, LEAD)["hands"] == 1


def test_a_pool_is_told_of_its_incidents(desk: Desk) -> None:
    tag = poll(desk).headers["ETag"]
    until = iso(desk.now + HOUR)
    for who, text in ((LEAD, "지연되고 있어요"), (replace(LEAD, agent="solbi", pool="other"), "다른 팀")):
        body = {"text": text, "text_en": "Delays", "until": until}
        assert desk.call(who, "POST /v1/incidents", body).status == 201
    assert [(one["text"], one["text_en"]) for one in shown(desk)["notices"]] == [("지연되고 있어요", "Delays")]
    assert poll(desk, known=tag).status == 200


def test_a_long_queue_is_not_counted_to_its_end(desk: Desk) -> None:
    for number in range(MOST_SHOWN + 3):
        desk.dynamodb.put_item(
            TableName=desk.table,
            Item={
                **{"pk": {"S": f"x{number}"}, "sk": {"S": "x"}, "kind": {"S": "contact"}, "weight": {"N": "1"}},
                **{"work_pk": {"S": "~queue#main"}, "work_sk": {"S": f"1#{number:015d}#danbi#x{number}"}},
            },
        )
    assert shown(desk)["waiting"] == MOST_SHOWN


@pytest.mark.parametrize("known", [False, True])
def test_a_poll_reads_the_agent_and_each_contact_once_and_writes_nothing(desk: Desk, known: bool) -> None:
    for tenant in ("danbi", "mungmeal", "danbi"):
        desk.claimed(tenant=tenant)
    tag = poll(desk).headers["ETag"] if known else ""
    # Incidents are looked for once in fifteen seconds.
    current(desk.now)
    seen = {name: desk.watch(name) for name in ("GetItem", "Query", "BatchGetItem")}
    written = desk.written()
    poll(desk, known=tag)
    assert {name: len(calls) for name, calls in seen.items()} == {"GetItem": 4, "Query": 1, "BatchGetItem": 0}
    # All agents whom a process serves share the count of the queue for two seconds.
    desk.call(JUNO, DESK)
    assert (len(seen["GetItem"]), len(seen["Query"]), written) == (5, 1, [])


def test_ratings_are_counted_on_their_day(desk: Desk) -> None:
    for score, at in ((5, NOON), (4, NOON), (3, NOON), (1, NOON - 24 * 3600 * 1000)):
        commit(timeline.rated("mina", score, at))
    told = desk.call(MINA, "GET /v1/agents/me/figures").body
    assert (told["ratings"], told["satisfied_percent"]) == (3, 66)
    assert "satisfied_percent" not in desk.call(JUNO, "GET /v1/agents/me/figures").body


def test_size_of_an_answer(desk: Desk) -> None:
    for tenant in ("danbi", "mungmeal", "danbi"):
        desk.claimed(tenant=tenant)
    assert len(json.dumps(shown(desk))) < 2_500
