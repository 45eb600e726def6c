"""What the shop's own people answer, what a contact is about, and what a lead reassigns, over HTTP."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.contacts import http as contacts_http
from chalicelib.intents.model import Intent, Scope
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR, SECOND
from chalicelib.letters.store import Letters
from chalicelib.tenants.aims import Stage
from chalicelib.tenants.model import Contract
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from tests.moto_desk import DANBI, JUNO, KEY, MINA, SHOP, STRANGER, Answer, Desk, shop

ALL = "/v1/tenants/danbi/contacts"
OWNER = Caller(Kind.OWNER, KEY, tenant="danbi", person="o1")
VIEWER = Caller(Kind.VIEWER, KEY, tenant="danbi", person="v1")
LEAD = Caller(Kind.LEAD, KEY, agent="zoe", pool="main")
ADMIN = Caller(Kind.ADMIN, KEY, person="p1")
ORIGIN = "https://danbi.example"
SYSTEM = "로그인이 안 돼요"


def act(desk: Desk, who: Caller, contact: str, action: str, body: Any = None, **options: Any) -> Answer:
    return desk.call(who, f"POST {ALL}/{contact}/{action}", body, **options)


def story(desk: Desk, who: Caller, contact: str) -> dict[str, Any]:
    answer = desk.call(who, f"GET {ALL}/{contact}")
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body
    return found


def listed(desk: Desk, status: str) -> list[str]:
    return [one["id"] for one in desk.call(SHOP, f"GET {ALL}", query={"status": status}).body["contacts"]]


def used(desk: Desk) -> int:
    return int(desk.call(SHOP, "GET /v1/tenants/danbi/usage").body["billable"])


@pytest.fixture
def keeping(desk: Desk) -> Desk:
    """A desk whose shop keeps what is about its pages to itself."""
    apply(replace(DANBI, scope=Scope(in_house=(Intent.SYSTEM,))), Tenants("danbi"), commit)
    return desk


def test_shop_is_told_how_many_wait_for_its_own_people(keeping: Desk) -> None:
    waiting = [keeping.open(text=SYSTEM) for _ in range(2)]
    keeping.open()
    seen = "GET /v1/tenants/danbi/overflow"
    assert keeping.call(OWNER, seen).body["for_shop"] == 2
    keeping.act(OWNER, waiting[0], "spam")
    assert keeping.call(OWNER, seen).body["for_shop"] == 1


def test_what_stays_in_house_comes_to_no_agent_and_on_no_bill(keeping: Desk) -> None:
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": SYSTEM}
    key = {"Idempotency-Key": "k1"}
    opened = keeping.call(SHOP, f"POST {ALL}", body, headers=key)
    assert (opened.status, opened.body["status"]) == (201, "shop")
    assert "가게에서 직접" in opened.body["notice"]["ko"]
    contact = opened.body["id"]
    told = keeping.call(SHOP, f"GET {ALL}/{contact}/wait").body
    assert told == {"contact": contact, "status": "shop", "notice": opened.body["notice"]}
    assert listed(keeping, "shop") == [contact]
    assert keeping.index("work", "~queue#main") == []
    assert keeping.call(MINA, "POST /v1/queue/next").status == 204
    assert act(keeping, MINA, contact, "claim").refusal == (409, "wrong_state")
    said = act(keeping, OWNER, contact, "answer-ourselves", {"text": "지금은 됩니다."})
    assert (said.status, said.body["author"]) == (201, "staff")
    assert keeping.call(SHOP, f"POST {ALL}", body, headers=key).body == opened.body
    assert story(keeping, SHOP, contact)["contact"]["status"] == "resolved"
    assert used(keeping) == 0
    act(keeping, SHOP, contact, "messages", {"text": "아직도 안 돼요"})
    assert listed(keeping, "shop") == [contact]
    assert [row for row in keeping.rows() if row["kind"]["S"] == "clock"] == []


def test_a_shop_in_setup_takes_no_contacts_yet(desk: Desk) -> None:
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": SYSTEM}
    apply(replace(DANBI, stage=Stage.SETUP), Tenants("danbi"), commit)
    assert desk.call(SHOP, f"POST {ALL}", body).refusal == (409, "not_live")
    assert desk.call(shop("mungmeal"), "POST /v1/tenants/mungmeal/contacts", body).status == 201


def test_what_is_about_something_else_waits_for_agents(keeping: Desk) -> None:
    contact = keeping.open(text="택배 언제 와요?")
    found = story(keeping, SHOP, contact)["contact"]
    assert (found["status"], found["intent"]) == ("waiting", "delivery")
    assert act(keeping, OWNER, contact, "answer-ourselves", {"text": "곧요"}).refusal == (409, "not_in_force")


def test_the_shop_leaves_it_to_the_desk(keeping: Desk) -> None:
    contact = keeping.open(text=SYSTEM)
    for who in (SHOP, VIEWER, MINA):
        assert act(keeping, who, contact, "give").refusal == (403, "forbidden")
    assert act(keeping, replace(OWNER, tenant="mungmeal"), contact, "give").refusal == (404, "not_found")
    given = act(keeping, OWNER, contact, "give")
    assert (given.status, given.body["status"], "kept_at" in given.body) == (200, "waiting", False)
    assert act(keeping, OWNER, contact, "give").refusal == (409, "wrong_state")
    assert keeping.call(MINA, "POST /v1/queue/next").body["contact"]["id"] == contact
    keeping.act(MINA, contact, "replies", {"text": "확인했어요."})
    assert used(keeping) == 1


def test_an_agent_passes_on_with_a_note_that_the_shop_reads(desk: Desk) -> None:
    contact = desk.claimed()
    assert act(desk, JUNO, contact, "pass").refusal == (409, "not_yours")
    assert act(desk, SHOP, contact, "pass").refusal == (403, "forbidden")
    assert act(desk, STRANGER, contact, "pass").refusal == (404, "not_found")
    desk.act(MINA, contact, "notes", {"text": "우리끼리"})
    passed = act(desk, MINA, contact, "pass", {"note": "재고는 가게만 알아요"})
    assert (passed.status, passed.body["status"]) == (200, "shop")
    assert desk.call(MINA, "GET /v1/agents/me").body["holding"] == []
    notes = [one for one in story(desk, SHOP, contact)["messages"] if one["author"] == "note"]
    assert [(one["text"], one["effect"]) for one in notes] == [("재고는 가게만 알아요", "for_shop")]
    visitor = Caller(Kind.VISITOR, KEY, tenant="danbi", contact=contact, origins=ORIGIN)
    shown = desk.call(visitor, f"GET {ALL}/{contact}", headers={"Origin": ORIGIN})
    assert shown.status == 200
    assert "재고" not in str(shown.body)
    assert "intent" not in shown.body["contact"]
    assert act(desk, MINA, contact, "pass").refusal == (409, "wrong_state")


def letters(desk: Desk) -> list[str]:
    return sorted(row["sk"]["S"] for row in desk.rows() if row["pk"]["S"] == "danbi#letter")


def test_the_shops_people_are_told_once_an_hour(keeping: Desk) -> None:
    keeping.open(text=SYSTEM)
    passed = keeping.claimed()
    keeping.act(MINA, passed, "pass")
    assert len(letters(keeping)) == 1
    keeping.later(HOUR // SECOND)
    keeping.open(text=SYSTEM)
    assert len(letters(keeping)) == 2


def deliveries(desk: Desk) -> list[str]:
    rows = [row for row in desk.rows() if row["kind"]["S"] == "delivery"]
    return sorted(row["event"]["S"] for row in rows)


def test_the_shops_server_hears_of_what_comes_to_the_shop_and_of_what_is_resolved(keeping: Desk) -> None:
    hook = {
        "url": "https://hooks.danbi.example/a",
        "events": ["contact.resolved", "contact.for_shop"],
        "label": "a",
    }
    assert keeping.call(SHOP, "POST /v1/tenants/danbi/hooks", hook).status == 201
    contact = keeping.open(text=SYSTEM)
    assert deliveries(keeping) == ["contact.for_shop"]
    keeping.act(OWNER, contact, "answer-ourselves", {"text": "지금은 됩니다."})
    passed = keeping.claimed()
    keeping.act(MINA, passed, "pass", {"note": "비밀"})
    assert deliveries(keeping) == ["contact.for_shop", "contact.for_shop", "contact.resolved"]
    sent = str([row for row in keeping.rows() if row["kind"]["S"] == "delivery"])
    assert contact in sent
    assert "customer" not in sent
    rehearsed = keeping.call(OWNER, "POST /v1/tenants/danbi/rehearsal", {"text": "택배 언제 와요?"})
    assert rehearsed.status == 201
    assert len(deliveries(keeping)) == 3


def test_the_shops_people_are_told_of_what_is_passed_on(desk: Desk) -> None:
    passed = desk.claimed()
    assert letters(desk) == []
    desk.act(MINA, passed, "pass")
    assert len(letters(desk)) == 1


def test_that_nobody_can_be_told_loses_no_contact(keeping: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no letters today")

    monkeypatch.setattr(Letters, "find", broken)
    contact = keeping.open(text=SYSTEM)
    assert listed(keeping, "shop") == [contact]


def test_an_intent_that_was_misread_is_mended(desk: Desk) -> None:
    contact = desk.open(text="택배 언제 와요?")
    mended = act(desk, MINA, contact, "intent", {"intent": "return"})
    assert (mended.status, mended.body["intent"], mended.body["status"]) == (200, "return", "waiting")
    [event] = story(desk, SHOP, contact)["events"]
    assert (event["action"], event["actor"], event["detail"]) == ("intent", "agent:mina", "delivery to return")
    assert act(desk, SHOP, contact, "intent", {"intent": "return"}).refusal == (409, "same_intent")
    assert act(desk, SHOP, contact, "intent", {"intent": "weather"}).refusal == (400, "invalid_field")
    assert act(desk, VIEWER, contact, "intent", {"intent": "other"}).refusal == (403, "forbidden")
    assert act(desk, shop("mungmeal"), contact, "intent", {"intent": "other"}).refusal == (404, "not_found")


def test_a_list_of_some(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts_http, "_PAGE", 2)
    apply(replace(DANBI, contract=Contract(1_000, 100)), Tenants("danbi"), commit)
    refunds = [desk.open(text="반품하고 싶어요", customer={"id": "c2"}) for _ in range(3)]
    for _ in range(23):
        desk.open(text="택배 언제 와요?")
    mailed = desk.open(text="반품하고 싶어요", channel="email")

    def pages(**query: str) -> list[list[str]]:
        found: list[list[str]] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = desk.call(SHOP, f"GET {ALL}", query={**query, "cursor": cursor})
            assert answer.status == 200, answer
            found.append([one["id"] for one in answer.body["contacts"]])
            cursor = answer.body.get("cursor")
        return found

    def listed_by(**query: str) -> list[str]:
        return sorted(one for page in pages(**query) for one in page)

    assert listed_by(intent="return") == sorted([*refunds, mailed])
    assert max(map(len, pages(intent="return"))) == 2
    assert listed_by(customer="c2") == sorted(refunds)
    assert listed_by(intent="return", channel="email") == [mailed]
    assert listed_by(customer="c2", channel="email") == []
    assert [] in pages(customer="c3")[:-1]
    cursor = desk.call(SHOP, f"GET {ALL}", query={"intent": "return"}).body["cursor"]
    other = desk.call(SHOP, f"GET {ALL}", query={"intent": "delivery", "cursor": cursor})
    assert other.refusal == (400, "invalid_cursor")
    wrong = desk.call(SHOP, f"GET {ALL}", query={"intent": "weather"})
    assert wrong.refusal == (400, "invalid_filter")


def test_a_lead_reassigns_what_is_held_and_what_waits(desk: Desk) -> None:
    held, waits = desk.claimed(), desk.open()
    assert act(desk, LEAD, held, "reassign", {"to": "juno"}).refusal == (409, "agent_unavailable")
    desk.call(JUNO, "POST /v1/agents/me/heartbeat")
    for contact in (held, waits):
        assert act(desk, MINA, contact, "reassign", {"to": "juno"}).refusal == (403, "forbidden")
        assert act(desk, OWNER, contact, "reassign", {"to": "juno"}).refusal == (403, "forbidden")
        far = act(desk, replace(LEAD, pool="other"), contact, "reassign", {"to": "juno"})
        assert far.refusal == (404, "not_found")
        moved = act(desk, LEAD if contact == held else ADMIN, contact, "reassign", {"to": "juno"})
        assert (moved.status, moved.body["status"], moved.body["agent"]) == (200, "claimed", "juno")
        assert act(desk, LEAD, contact, "reassign", {"to": "juno"}).refusal == (409, "same_agent")
    assert desk.call(MINA, "GET /v1/agents/me").body["load"] == 0
    assert len(desk.call(JUNO, "GET /v1/agents/me").body["holding"]) == 2
    event = story(desk, JUNO, held)["events"][-1]
    assert (event["action"], event["actor"], event["detail"]) == ("reassign", LEAD.name, "juno")
    assert used(desk) == 0
    assert act(desk, LEAD, waits, "reassign", {"to": "nobody"}).refusal == (404, "not_found")
    assert act(desk, LEAD, waits, "reassign", {"to": "solbi"}).refusal == (404, "not_found")


def test_a_lead_does_not_bring_back_a_customer_who_was_stopped(desk: Desk) -> None:
    desk.act(MINA, desk.claimed(), "stop", {"reason": "insult"})
    again = desk.open()
    assert act(desk, LEAD, again, "reassign", {"to": "mina"}).refusal == (409, "barred")


def test_what_is_reassigned_answers_in_time_and_is_there_since(desk: Desk) -> None:
    contact = desk.claimed()
    first = story(desk, SHOP, contact)["contact"]["taken_at"]
    desk.later(60)
    desk.call(JUNO, "POST /v1/agents/me/heartbeat")
    moved = act(desk, LEAD, contact, "reassign", {"to": "juno"}, headers={"If-Match": "9"})
    assert moved.refusal == (412, "version_mismatch")
    assert act(desk, LEAD, contact, "reassign", {"to": "juno"}).body["taken_at"] == first
