"""For which shops an agent answers, over HTTP and in the queue."""

from dataclasses import replace

import pytest

from chalicelib.kernel.caller import Caller, Kind
from tests.moto_desk import JUNO, KEY, MINA, SHOP, Answer, Desk

LEAD = Caller(Kind.LEAD, KEY, agent="zoe", pool="main")
ADMIN = Caller(Kind.ADMIN, KEY, person="p1")


def certify(desk: Desk, who: Caller, tenants: list[str] | None, agent: str = "mina") -> Answer:
    return desk.call(who, f"PUT /v1/floor/agents/{agent}/certified", {"tenants": tenants})


def pulled(desk: Desk, who: Caller = MINA) -> str:
    answer = desk.call(who, "POST /v1/queue/next")
    return str(answer.body["contact"]["id"]) if answer.status == 200 else ""


def test_a_pull_passes_over_what_the_agent_does_not_answer(desk: Desk) -> None:
    ours, theirs = desk.open(), desk.open("mungmeal")
    done = certify(desk, LEAD, ["mungmeal"])
    assert (done.status, done.body) == (200, {"agent": "mina", "tenants": ["mungmeal"]})
    assert [pulled(desk), pulled(desk)] == [theirs, ""]
    again = certify(desk, ADMIN, None)
    assert again.body == {"agent": "mina", "tenants": None}
    assert pulled(desk) == ours


def test_what_was_held_when_it_was_taken_away_is_kept(desk: Desk) -> None:
    contact = desk.claimed()
    certify(desk, LEAD, ["mungmeal"])
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    desk.act(MINA, contact, "resolve")


def test_everything_behind_a_long_queue_of_others_is_found(desk: Desk) -> None:
    for _ in range(25):
        desk.open()
    theirs = desk.open("mungmeal")
    certify(desk, LEAD, ["mungmeal"])
    assert pulled(desk) == theirs


@pytest.mark.parametrize("action", ["claim", "transfer", "reassign"])
def test_nobody_else_brings_it_to_them_either(desk: Desk, action: str) -> None:
    contact = desk.open() if action == "claim" else desk.claimed(JUNO)
    desk.call(MINA, "POST /v1/agents/me/heartbeat")
    certify(desk, LEAD, ["mungmeal"])
    who, body = {"claim": (MINA, None), "transfer": (JUNO, {"to": "mina"}), "reassign": (LEAD, {"to": "mina"})}[
        action
    ]
    path = f"POST /v1/tenants/danbi/contacts/{contact}/{action}"
    assert desk.call(who, path, body).refusal == (409, "not_certified")
    certify(desk, LEAD, ["danbi"])
    assert desk.call(who, path, body).status == 200


def test_who_may_not_certify_and_whom(desk: Desk) -> None:
    for who in (MINA, SHOP):
        assert certify(desk, who, ["danbi"]).refusal == (403, "forbidden")
    assert certify(desk, replace(LEAD, pool="other"), ["danbi"]).refusal == (404, "not_found")
    assert certify(desk, LEAD, ["danbi"], agent="nobody").refusal == (404, "not_found")
    for wrong in ([], ["d"], ["danbi#x"], ["danbi"] * 101):
        assert certify(desk, LEAD, wrong).refusal == (400, "invalid_field")
