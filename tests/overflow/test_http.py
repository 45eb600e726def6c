"""A shop under pressure over HTTP: what it sees, and what its customers and its own people may do."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import iso
from chalicelib.metering.store import Ledger
from chalicelib.overflow.model import SurgeState
from chalicelib.overflow.store import Surges
from chalicelib.promotions.rules import parse_time
from chalicelib.results.rules import day_of
from chalicelib.tenants.aims import Holidays
from chalicelib.tenants.model import Cap, Hours, Step
from tests.moto_desk import DANBI, JUNO, KEY, MINA, SHOP, STRANGER, Answer, Desk, shop
from tests.overflow.test_jobs import WITHIN, flood, held, relay
from tests.overflow.test_surge import beat, change, climb
from tests.promotions.bad_input import IN

AT = "/v1/tenants/danbi"
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")
STAFF, VIEWER = replace(OWNER, kind=Kind.STAFF), replace(OWNER, kind=Kind.VIEWER)
PHONE, MAIL = {"by": "callback", "phone": "010-1234-5678"}, {"by": "mail", "mail": "Kim@Danbi.example"}
USUAL = {"rate_per_hour": 40, "burst": 10}
TEXT = {"text": "저희가 직접 답변드려요. 신한 110-123-456789로 입금해 주세요."}


def force(*steps: Step, shut: bool = False) -> None:
    """Let these steps be in force."""
    before = Surges("danbi").state()
    commit(Surges("danbi").save(before, SurgeState(1, 0, dict.fromkeys(steps, 1), shut=shut)))


def overflow(desk: Desk, who: Caller = SHOP) -> dict[str, Any]:
    answer = desk.call(who, f"GET {AT}/overflow")
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body
    return found


def act(desk: Desk, contact: str, action: str, body: Any, who: Caller = SHOP, **options: Any) -> Answer:
    return desk.call(who, f"POST {AT}/contacts/{contact}/{action}", body, **options)


def visitor(contact: str) -> Caller:
    return Caller(Kind.VISITOR, KEY, tenant="danbi", contact=contact, origins="https://danbi.kr")


@pytest.fixture
def pressed(desk: Desk) -> Desk:
    """Danbi is open, holds two contacts back, and its ladder has offered and called its staff."""
    change(hours=Hours(), message=1, offer=1, reserve=2, staff=2)
    beat(desk, MINA, JUNO)
    flood(desk, WITHIN + 2, channel="chat")
    relay(desk)
    climb()
    return desk


# What the shop sees.


def test_calm_shop_sees_that_nothing_is_held_back(desk: Desk) -> None:
    for who in (SHOP, OWNER, STAFF, VIEWER):
        calm = overflow(desk, who)
        assert calm == {"on": False, "held": 0, "for_shop": 0, "contract": USUAL, "steps": [], "events": []}


def test_shop_under_pressure_sees_since_when_and_what_is_done(pressed: Desk) -> None:
    seen = overflow(pressed)
    oldest = iso(min(int(row["held_at"]["N"]) for row in held(pressed)))
    assert (seen["on"], seen["held"], seen["since"], seen["oldest_held_since"]) == (True, 2, oldest, oldest)
    assert [step["step"] for step in seen["steps"]] == ["message", "offer", "staff"]
    wait = seen["expected_wait"]
    assert 0 <= wait["low_s"] <= wait["expected_s"] <= wait["high_s"]
    newest_first = [(event["what"], event.get("step")) for event in seen["events"]]
    assert newest_first == [
        ("step_on", "staff"),
        ("step_on", "offer"),
        ("step_on", "message"),
        ("overflow_on", None),
    ]
    assert {event["expected_s"] for event in seen["events"]} == {wait["expected_s"]}
    assert "cap" not in seen


def test_shop_sees_since_when_it_is_over(pressed: Desk) -> None:
    for row in held(pressed):
        pressed.act(SHOP, row["contact"]["S"], "spam")
    pressed.later(60)
    climb()
    seen = overflow(pressed)
    assert (seen["on"], seen["held"], seen["steps"]) == (False, 0, [])
    assert seen["since"] == seen["events"][0]["at"]
    assert seen["events"][0]["what"] == "overflow_off"
    assert len(seen["events"]) == 8


def test_ladder_knows_the_shops_own_holidays(desk: Desk) -> None:
    shut = Holidays(closed_on=(day_of(desk.now).isoformat(),))
    change(replace(DANBI, holidays=shut), hours=Hours(*[("00:00-23:59",)] * 7))
    beat(desk, MINA, JUNO)
    flood(desk, WITHIN + 2, channel="chat")
    relay(desk)
    climb()
    assert "after_hours" in [step["step"] for step in overflow(desk)["steps"]]


def test_shop_sees_its_cap_and_what_it_spent(desk: Desk) -> None:
    change(cap_won=2 * DANBI.price_won, cap=Cap.HARD)
    desk.answered()
    cap = {"won": 1800, "kind": "hard", "spent_won": 900, "reached": False}
    assert overflow(desk)["cap"] == cap
    desk.later(2 * 3600)
    desk.answered()
    assert overflow(desk)["cap"] == {**cap, "spent_won": 1800, "reached": True}
    desk.later(9 * 24 * 3600 + 12 * 3600)
    assert overflow(desk)["cap"] == {**cap, "spent_won": 0}


def test_shop_sees_its_contract_and_what_raises_it(desk: Desk) -> None:
    raised = {"rate_per_hour": 200, "burst": 50}
    calm = overflow(desk)
    assert (calm["contract"], calm.get("raises")) == (USUAL, None)
    made = desk.call(SHOP, f"POST {AT}/promotions", IN).body
    ahead = overflow(desk)
    assert ahead["contract"] == USUAL
    begins = "2026-11-28T00:45:00.000Z"
    told = {"promotion": made["id"], "name": IN["name"], "starts_at": begins, "ends_at": made["ends_at"]}
    assert ahead["raises"] == {**told, "contract": raised}
    desk.later((parse_time(begins, "begins") - desk.now) // 1000 + 1)
    running = overflow(desk)
    assert (running["contract"], running.get("raises")) == (raised, None)
    desk.call(SHOP, f"POST {AT}/promotions/{made['id']}/cancel")
    assert overflow(desk)["contract"] == USUAL


def test_pressure_is_the_shops_own_business(desk: Desk) -> None:
    for who in (MINA, visitor("c" * 32)):
        headers = {"Origin": "https://danbi.kr"}
        assert desk.call(who, f"GET {AT}/overflow", headers=headers).refusal == (403, "forbidden")
    assert desk.call(shop("mungmeal"), f"GET {AT}/overflow").refusal == (404, "not_found")


# Another way of an answer.


@pytest.mark.parametrize(
    ("body", "field", "stored"), [(PHONE, "phone", "+821012345678"), (MAIL, "mail", "kim@danbi.example")]
)
def test_customer_prefers_another_way_and_keeps_the_place(
    pressed: Desk, body: dict[str, str], field: str, stored: str
) -> None:
    contact = held(pressed)[0]["contact"]["S"]
    before = Contacts("danbi").get(contact)
    answer = act(pressed, contact, "prefer", body)
    assert (answer.status, answer.body["status"]) == (200, "overflow")
    assert answer.body["offers"] == ["callback", "mail"]
    after = Contacts("danbi").get(contact)
    assert replace(after, version=before.version, size=before.size) == before
    pressed.act(MINA, contact, "claim")
    story = pressed.call(MINA, f"GET {AT}/contacts/{contact}").body
    assert [(event["action"], event["detail"]) for event in story["events"]] == [("prefer", body["by"])]
    assert story["customer"][field]
    assert stored not in json.dumps(story)
    assert pressed.call(SHOP, f"GET {AT}/contacts/{contact}").body["customer"][field] == stored


def test_visitor_prefers_for_the_own_contact_alone(desk: Desk) -> None:
    mine, other = desk.open(), desk.open()
    force(Step.OFFER)
    page = {"Origin": "https://danbi.kr"}
    assert act(desk, mine, "prefer", PHONE, visitor(mine), headers=page).status == 200
    assert act(desk, other, "prefer", PHONE, visitor(mine), headers=page).refusal == (404, "not_found")
    assert act(desk, mine, "prefer", PHONE, MINA).refusal == (403, "forbidden")


def test_wish_is_refused_unless_it_is_offered_and_stores_nothing(desk: Desk) -> None:
    contact = desk.open()
    force(Step.MESSAGE, Step.STAFF)
    written = desk.written()
    assert act(desk, contact, "prefer", PHONE).refusal == (409, "not_offered")
    assert written == []


def test_wish_is_refused_of_what_does_not_wait(desk: Desk) -> None:
    force(Step.OFFER)
    contact = desk.claimed()
    assert act(desk, contact, "prefer", PHONE).refusal == (409, "wrong_state")
    desk.act(MINA, contact, "resolve")
    assert act(desk, contact, "prefer", PHONE).refusal == (409, "wrong_state")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"by": "callback"}, "missing_detail"),
        ({"by": "mail", "phone": "010-1234-5678"}, "missing_detail"),
        ({"by": "callback", "phone": "일이삼"}, "invalid_phone"),
        ({"by": "mail", "mail": "danbi@"}, "invalid_mail"),
        ({"by": "fax", "phone": "010-1234-5678"}, "invalid_field"),
    ],
)
def test_wish_needs_where_the_answer_goes(desk: Desk, body: dict[str, str], code: str) -> None:
    contact = desk.open()
    force(Step.OFFER)
    assert act(desk, contact, "prefer", body).refusal == (400, code)


def test_repeat_of_a_wish_is_told_once(desk: Desk) -> None:
    contact = desk.open()
    force(Step.OFFER)
    for _ in range(2):
        assert act(desk, contact, "prefer", PHONE, headers={"Idempotency-Key": "wish-1"}).status == 200
    assert len(desk.call(SHOP, f"GET {AT}/contacts/{contact}").body["events"]) == 1


# The shop answers itself.


def test_shops_people_answer_what_waits_without_a_bill(pressed: Desk) -> None:
    contact = held(pressed)[0]["contact"]["S"]
    for who in (OWNER, STAFF):
        answer = act(pressed, contact, "answer-ourselves", TEXT, who, headers={"Idempotency-Key": who.kind})
        assert (answer.status, answer.body["author"], answer.body["name"]) == (201, "staff", "staff")
        assert answer.body["text"] == TEXT["text"]
        assert Contacts("danbi").get(contact).status == "resolved"
        assert pressed.act(SHOP, contact, "messages", {"text": "더 있어요"}).body["effect"] == "reopened"
    assert Ledger("danbi").of_contact(contact) == []
    said = pressed.call(SHOP, f"GET {AT}/contacts/{contact}").body
    authors = [message["author"] for message in said["messages"]]
    assert authors == ["customer", "staff", "customer", "staff", "customer"]
    assert said["contact"]["status"] == "overflow"


def test_repeat_of_the_shops_answer_gets_the_first_even_after_the_step_was_undone(desk: Desk) -> None:
    contact = desk.open()
    force(Step.STAFF)
    key = {"Idempotency-Key": "answer-1"}
    first = act(desk, contact, "answer-ourselves", TEXT, OWNER, headers=key)
    force()
    again = act(desk, contact, "answer-ourselves", TEXT, OWNER, headers=key)
    assert (again.status, again.body) == (201, first.body)
    other = act(desk, contact, "answer-ourselves", {"text": "다른 글"}, OWNER, headers=key)
    assert other.refusal == (409, "idempotency_mismatch")


def test_shop_answers_itself_only_while_it_is_called_or_shut(desk: Desk) -> None:
    contact = desk.open()
    force(Step.MESSAGE, Step.OFFER, Step.RESERVE)
    assert act(desk, contact, "answer-ourselves", TEXT, OWNER).refusal == (409, "not_in_force")
    force(shut=True)
    assert act(desk, contact, "answer-ourselves", TEXT, OWNER).status == 201


def test_shop_does_not_answer_over_an_agents_head(desk: Desk) -> None:
    force(Step.STAFF)
    assert act(desk, desk.claimed(), "answer-ourselves", TEXT, OWNER).refusal == (409, "wrong_state")


@pytest.mark.parametrize("who", [SHOP, VIEWER, MINA, STRANGER, visitor("c" * 32)])
def test_nobody_but_the_shops_people_answers_for_it(desk: Desk, who: Caller) -> None:
    contact = desk.open()
    force(Step.STAFF)
    headers = {"Origin": "https://danbi.kr"}
    assert act(desk, contact, "answer-ourselves", TEXT, who, headers=headers).refusal == (403, "forbidden")


def test_wish_and_answer_of_a_stale_look_are_refused(desk: Desk) -> None:
    contact = desk.open()
    force(Step.OFFER, Step.STAFF)
    stale = {"If-Match": '"9"'}
    assert act(desk, contact, "prefer", PHONE, headers=stale).refusal == (412, "version_mismatch")
    assert act(desk, contact, "answer-ourselves", TEXT, OWNER, headers=stale).refusal == (412, "version_mismatch")
