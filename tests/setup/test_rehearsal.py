"""A shop's trial of its own desk over HTTP, from the first message to the bill and off it again."""

from dataclasses import replace
from typing import Any

import pytest

import app
from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.closing.rules import contact_breaks, episodes
from chalicelib.contacts import service
from chalicelib.contacts.store import Contacts
from chalicelib.intents.model import Intent, Scope
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, SECOND
from chalicelib.metering.store import Ledger
from chalicelib.setup import rehearsal, script
from chalicelib.tenants.aims import Stage
from chalicelib.tenants.history import Choices
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from tests.lambda_events import schedule_event
from tests.moto_desk import DANBI, KEY, MINA, SHOP, Answer, Desk

PATH = "POST /v1/tenants/danbi/rehearsal"
OWNER = Caller(Kind.OWNER, KEY, tenant="danbi", person="o1")
STAFF = Caller(Kind.STAFF, KEY, tenant="danbi", person="s1")
VIEWER = Caller(Kind.VIEWER, KEY, tenant="danbi", person="v1")
ASKED = {"text": "택배 언제 와요?"}


def rehearse(desk: Desk, who: Caller = OWNER, key: str = "", **body: Any) -> Answer:
    return desk.call(who, PATH, {**ASKED, **body}, headers={"Idempotency-Key": key} if key else None)


def contact_of(desk: Desk, name: str) -> dict[str, Any]:
    answer = desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{name}")
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body
    return found


def breaks(contact: str) -> list[Any]:
    story = Contacts("danbi", sealed=True).story(contact)
    return contact_breaks("danbi", episodes(story), Ledger("danbi").of_contact(contact))


def test_a_trial_is_answered_in_the_shops_voice_and_costs_nothing(desk: Desk) -> None:
    answer = rehearse(desk)
    assert answer.status == 201, answer
    found = answer.body
    assert (found["question"], found["intent"], found["by"]) == (ASKED["text"], "delivery", "단비")
    assert found["answer"].startswith(DANBI.persona.greeting)
    assert found["answer"].endswith(DANBI.persona.signature)
    assert [(one["delta"], one["reason"]) for one in found["lines"]] == [(1, "handled"), (-1, "test")]
    assert "시험 문의" in found["lines"][1]["why"]["ko"]
    assert (found["cost_won"], found["list_won"]) == (0, DANBI.price_won)
    usage = desk.call(SHOP, "GET /v1/tenants/danbi/usage").body
    assert (usage["billable"], usage["won"], len(usage["entries"])) == (0, 0, 2)
    story = contact_of(desk, found["contact"])
    assert (story["contact"]["status"], story["contact"]["test"]) == ("resolved", True)
    assert [one["author"] for one in story["messages"]] == ["customer", "agent"]
    assert "effect" not in story["messages"][1]
    assert breaks(found["contact"]) == []


def test_who_rehearses_and_who_does_not(desk: Desk) -> None:
    assert rehearse(desk, STAFF).status == 201
    for who in (VIEWER, SHOP, MINA):
        assert rehearse(desk, who).refusal == (403, "forbidden")
    assert rehearse(desk, replace(OWNER, tenant="mungmeal")).refusal == (404, "not_found")
    assert rehearse(desk, text=" ").refusal == (400, "text_empty")


def test_a_shop_that_is_not_live_rehearses_also_what_it_keeps_to_itself(desk: Desk) -> None:
    scope = Scope(in_house=(Intent.DELIVERY,))
    apply(replace(DANBI, stage=Stage.SETUP, scope=scope), Tenants("danbi"), commit)
    assert rehearse(desk).body["intent"] == "delivery"


def test_no_agent_of_the_pool_sees_a_trial(desk: Desk) -> None:
    before = desk.index("work", "~queue#main")
    contact = rehearse(desk).body["contact"]
    assert desk.index("work", "~queue#main") == before == []
    assert desk.call(MINA, f"GET /v1/tenants/danbi/contacts/{contact}").refusal == (404, "not_found")
    assert desk.call(MINA, "POST /v1/queue/next").status == 204
    assert [row for row in desk.rows() if row["kind"]["S"] == "clock"] == []


def test_a_repeat_is_the_same_trial(desk: Desk) -> None:
    first = rehearse(desk, key="k1")
    assert rehearse(desk, key="k1").body == first.body
    assert rehearse(desk, key="k1", text="다른 글").refusal == (409, "idempotency_mismatch")
    assert len(desk.call(SHOP, "GET /v1/tenants/danbi/usage").body["entries"]) == 2
    assert len(Choices("danbi").page("rehearsal", limit=9, after=None)[0]) == 1
    other = rehearse(desk, key="k2")
    assert other.body["contact"] != first.body["contact"]
    assert len(Choices("danbi").page("rehearsal", limit=9, after=None)[0]) == 2


@pytest.mark.parametrize("dies_at", ["claim", "reply", "resolve"])
def test_it_goes_on_where_it_died(desk: Desk, monkeypatch: pytest.MonkeyPatch, dies_at: str) -> None:
    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("out of time")

    with monkeypatch.context() as patched:
        patched.setattr(service, dies_at, dies)
        assert rehearse(desk, key="k1").status == 500
    assert Choices("danbi").current("rehearsal") is None
    answer = rehearse(desk, key="k1")
    assert (answer.status, answer.body["cost_won"]) == (201, 0)
    assert len(answer.body["lines"]) == 2
    assert contact_of(desk, answer.body["contact"])["contact"]["status"] == "resolved"
    agent = Agents().find("rehearsal")
    assert agent is not None
    assert (agent.load, agent.holding) == (0, frozenset())


@pytest.mark.parametrize("dies_at", ["reply", "resolve"])
def test_what_nobody_goes_on_with_is_over_and_on_no_bill(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("out of time")

    monkeypatch.setattr(service, dies_at, dies)
    assert rehearse(desk).status == 500
    desk.later(91)
    app.sweep(schedule_event(), None)
    [found] = desk.call(SHOP, "GET /v1/tenants/danbi/contacts", query={"status": "resolved"}).body["contacts"]
    assert found["test"]
    assert desk.call(SHOP, "GET /v1/tenants/danbi/usage").body["won"] == 0
    assert breaks(found["id"]) == []
    assert desk.index("work", "~queue#rehearsal") == []


def test_nothing_more_is_made_of_a_trial(desk: Desk) -> None:
    contact = rehearse(desk).body["contact"]
    for who, action, body in (
        (SHOP, "messages", {"text": "진짜 질문이에요"}),
        (SHOP, "reopen", None),
        (SHOP, "spam", None),
        (SHOP, "undo-spam", None),
        (OWNER, "give", None),
        (OWNER, "answer-ourselves", {"text": "네"}),
    ):
        answer = desk.call(who, f"POST /v1/tenants/danbi/contacts/{contact}/{action}", body)
        assert answer.refusal == (409, "test_contact"), action


def test_what_the_shops_rules_forbid_is_refused_before_anything_is_stored(desk: Desk) -> None:
    word = {"word": DANBI.persona.signature.split()[0], "severity": "refuse"}
    put = desk.call(
        OWNER,
        "PUT /v1/tenants/danbi/handbook",
        {"forbidden": [word]},
        headers={"If-Match": str(desk.call(OWNER, "GET /v1/tenants/danbi/handbook").body["version"])},
    )
    assert put.status == 200, put
    before = len(desk.rows())
    assert rehearse(desk).refusal == (409, "forbidden_word")
    assert len(desk.rows()) == before


def test_twenty_a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "A_DAY", 2)
    monkeypatch.setattr(script, "A_DAY", 2)
    assert [rehearse(desk, key=key).status for key in ("k1", "k2", "k1")] == [201, 201, 201]
    assert rehearse(desk, key="k3").refusal == (429, "too_many_rehearsals")
    desk.later(DAY // SECOND)
    assert rehearse(desk, key="k3").status == 201
