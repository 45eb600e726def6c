"""What customers think of their answers: once for each time that the conversation was resolved."""

import pytest

from chalicelib.agents.timeline import day
from chalicelib.contacts.rows import partition
from chalicelib.kernel.caller import Caller, Kind
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Desk, shop
from tests.panel.entrance import AT, ask, visitor

GOOD = {"score": 5, "comment": "친절했어요"}
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")


def resolved(desk: Desk, contact: str = "") -> str:
    contact = contact or desk.open()
    desk.act(MINA, contact, "claim")
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    desk.act(MINA, contact, "resolve")
    return contact


def test_the_shop_sees_what_its_customer_thinks(desk: Desk) -> None:
    contact = resolved(desk)
    made = ask(desk, visitor(contact), f"POST {AT}/{contact}/rating", GOOD)
    assert made.status == 201
    assert made.body == {"episode": 1, "score": 5, "comment": "친절했어요", "at": made.body["at"]}
    for who in (SHOP, visitor(contact)):
        assert ask(desk, who, f"GET {AT}/{contact}/ratings").body == {"ratings": [made.body]}


def test_the_agent_who_resolved_it_is_rated(desk: Desk) -> None:
    for score in (5, 2):
        contact = resolved(desk)
        assert ask(desk, visitor(contact), f"POST {AT}/{contact}/rating", {"score": score}).status == 201
    counted = day("mina", "2026-11-21")
    assert (counted.ratings, counted.satisfied) == (2, 1)
    assert day("juno", "2026-11-21").ratings == 0


def test_an_episode_is_rated_once(desk: Desk) -> None:
    contact = resolved(desk)
    path = f"POST {AT}/{contact}/rating"
    first = ask(desk, visitor(contact), path, GOOD)
    again = ask(desk, visitor(contact), path, GOOD)
    assert (again.status, again.body) == (201, first.body)
    assert ask(desk, visitor(contact), path, {"score": 1}).refusal == (409, "already_rated")
    assert day("mina", "2026-11-21").ratings == 1
    assert ask(desk, visitor(contact), f"POST {AT}/{contact}/messages", {"text": "또 왔어요"}).status == 201
    assert ask(desk, visitor(contact), path, {"score": 1}).refusal == (409, "not_resolved")
    resolved(desk, contact)
    assert ask(desk, visitor(contact), path, {"score": 1}).refusal == (409, "already_rated")
    desk.later(73 * 3600)
    assert ask(desk, visitor(contact), f"POST {AT}/{contact}/messages", {"text": "나중에 또"}).status == 201
    resolved(desk, contact)
    assert ask(desk, visitor(contact), path, {"score": 1}).status == 201
    ratings = ask(desk, SHOP, f"GET {AT}/{contact}/ratings").body["ratings"]
    assert [(one["episode"], one["score"]) for one in ratings] == [(1, 5), (2, 1)]


def test_what_was_not_answered_is_not_rated(desk: Desk) -> None:
    waiting, held = desk.open(), desk.claimed()
    for contact in (waiting, held):
        answer = ask(desk, visitor(contact), f"POST {AT}/{contact}/rating", GOOD)
        assert answer.refusal == (409, "not_resolved")


@pytest.mark.parametrize("who", [MINA, SHOP, OWNER])
def test_nobody_rates_for_the_customer(desk: Desk, who: Caller) -> None:
    contact = resolved(desk)
    assert ask(desk, who, f"POST {AT}/{contact}/rating", GOOD).refusal == (403, "forbidden")
    assert ask(desk, visitor("f" * 32), f"POST {AT}/{contact}/rating", GOOD).refusal == (404, "not_found")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (JUNO, (409, "not_yours")),
        (STRANGER, (404, "not_found")),
        (shop("mungmeal"), (404, "not_found")),
        (visitor("f" * 32), (404, "not_found")),
    ],
)
def test_nobody_else_reads_a_rating(desk: Desk, who: Caller, refusal: tuple[int, str]) -> None:
    contact = resolved(desk)
    assert ask(desk, who, f"GET {AT}/{contact}/ratings").refusal == refusal


def test_a_comment_is_sealed_kept_without_card_numbers_and_erased(desk: Desk) -> None:
    contact = resolved(desk, desk.open(customer={"id": "gone"}))
    body = {"score": 1, "comment": "카드 4111-1111-1111-1111 환불해 주세요"}
    made = ask(desk, visitor(contact), f"POST {AT}/{contact}/rating", body)
    assert "4111-1111" not in made.body["comment"]
    row = desk.raw(partition("danbi", contact), "rating#00001")
    assert row is not None
    assert "환불".encode() not in row["content"]["B"]
    assert desk.call(OWNER, "POST /v1/tenants/danbi/customers/gone/erase", {"reason": "request"}).status < 300
    left = desk.raw(partition("danbi", contact), "rating#00001")
    assert left is not None
    assert ("content" in left, left["score"]) == (False, {"N": "1"})
    assert ask(desk, SHOP, f"GET {AT}/{contact}/ratings").refusal == (404, "not_found")
