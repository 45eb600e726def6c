"""The customer behind a conversation: with this shop alone, for the agent who holds it, and on record."""

import json

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.panel.rules import first_line
from chalicelib.privacy.breadth import Breadth
from chalicelib.privacy.model import Limits
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Desk
from tests.panel.entrance import AT, ask, visitor

KIM = {"id": "kim", "name": "김단비", "phone": "010-1234-5678", "order_number": "20261121-0001"}
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")


def customer(desk: Desk, contact: str, who: Caller = MINA) -> dict[str, object]:
    answer = ask(desk, who, f"GET {AT}/{contact}/customer")
    assert answer.status == 200, answer
    assert isinstance(answer.body, dict)
    return answer.body


def test_the_holder_sees_who_it_is_and_what_went_before(desk: Desk) -> None:
    first = desk.open(customer=KIM, text="첫 문의예요\n둘째 줄")
    desk.later(60)
    second = desk.open(customer=KIM, text="가" * 200)
    desk.later(120)
    here = desk.claimed(customer=KIM)
    desk.open(customer={"id": "lee"}, text="다른 사람")
    desk.open("mungmeal", customer=KIM, text="다른 가게")
    seen = customer(desk, here)
    assert seen["other_open"] == 2
    listed = seen["contacts"]
    assert isinstance(listed, list)
    assert [one["contact"]["id"] for one in listed] == [second, first]
    assert [one["first_line"] for one in listed] == ["가" * 119 + "…", "첫 문의예요"]
    assert all(one["contact"]["customer"] == "" for one in listed)


def test_details_are_masked(desk: Desk) -> None:
    details = customer(desk, desk.claimed(customer=KIM))["details"]
    told = json.dumps(details, ensure_ascii=False)
    assert isinstance(details, dict)
    assert set(details) == {"name", "phone", "order_number"}
    assert not [value for name, value in KIM.items() if name != "id" and value in told]
    assert "12345678" not in told


def test_twenty_are_listed_newest_first_and_all_open_ones_counted(desk: Desk) -> None:
    made = []
    for number in range(22):
        desk.later(number)
        made.append(desk.open(customer=KIM))
    desk.later(60)
    desk.act(SHOP, made[0], "spam")
    seen = customer(desk, desk.claimed(customer=KIM))
    listed = seen["contacts"]
    assert isinstance(listed, list)
    assert [one["contact"]["id"] for one in listed] == made[:1:-1]
    assert seen["other_open"] == 21


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (JUNO, (409, "not_yours")),
        (STRANGER, (404, "not_found")),
        (SHOP, (403, "forbidden")),
        (visitor("f" * 32), (403, "forbidden")),
    ],
)
def test_it_is_for_the_holder(desk: Desk, who: Caller, refusal: tuple[int, str]) -> None:
    past, here = desk.open(customer=KIM), desk.claimed(customer=KIM)
    for path in (f"GET {AT}/{here}/customer", f"GET {AT}/{here}/past/{past}"):
        assert ask(desk, who, path).refusal == refusal
        assert ask(desk, MINA, path).status == 200


def test_a_contact_that_is_not_held_shows_nothing(desk: Desk) -> None:
    waiting = desk.open(customer=KIM)
    assert ask(desk, MINA, f"GET {AT}/{waiting}/customer").refusal == (409, "not_yours")


def test_the_past_of_the_same_customer_is_read_in_full(desk: Desk) -> None:
    past = desk.answered(JUNO)
    desk.act(JUNO, past, "notes", {"text": "까다로움"})
    here = desk.claimed()
    story = ask(desk, MINA, f"GET {AT}/{here}/past/{past}").body
    assert [said["text"] for said in story["messages"]] == ["언제 와요?", "내일 도착해요.", "까다로움"]
    assert (story["contact"]["id"], story["contact"]["customer"]) == (past, "")
    assert story["shop"]["name"] == "단비옷장"


def test_the_past_of_others_is_absent(desk: Desk) -> None:
    here = desk.claimed(customer=KIM)
    other, foreign = desk.open(customer={"id": "lee"}), desk.open("mungmeal", customer=KIM)
    for contact in (other, foreign, "f" * 32, "A" * 32):
        assert ask(desk, MINA, f"GET {AT}/{here}/past/{contact}").refusal == (404, "not_found")


def test_both_go_on_record(desk: Desk) -> None:
    past, here = desk.open(customer=KIM), desk.claimed(customer=KIM)
    customer(desk, here)
    assert ask(desk, MINA, f"GET {AT}/{here}/past/{past}").status == 200
    seen = desk.call(OWNER, "GET /v1/tenants/danbi/access-records").body["records"]
    assert {one["what"] for one in seen if one["who"] == "agent:mina"} == {f"customer {here}", f"past {past}"}


@pytest.mark.parametrize("beside", ["customer", "files", "ratings"])
def test_who_looks_too_widely_sees_nothing_beside_the_story_either(desk: Desk, beside: str) -> None:
    seen, other = desk.claimed(customer={"id": "seen"}), desk.claimed(customer={"id": "other"})
    assert ask(desk, MINA, f"GET {AT}/{seen}/{beside}").status == 200
    Breadth("mina").look("danbi", [f"c{number}" for number in range(Limits().hour - 1)], now=desk.now)
    assert ask(desk, MINA, f"GET {AT}/{other}/{beside}").refusal == (403, "breadth_exceeded")
    assert ask(desk, MINA, f"GET {AT}/{seen}/{beside}").status == 200


def test_what_came_before_an_erasure_is_gone(desk: Desk) -> None:
    past = desk.open(customer=KIM)
    held = desk.claimed(customer=KIM)
    assert ask(desk, MINA, f"GET {AT}/{held}/past/{past}").status == 200
    assert desk.call(OWNER, "POST /v1/tenants/danbi/customers/kim/erase", {"reason": "request"}).status < 300
    for path in (f"GET {AT}/{held}/customer", f"GET {AT}/{held}/past/{past}"):
        assert ask(desk, MINA, path).refusal == (404, "not_found")


def test_a_first_line_is_short() -> None:
    assert first_line("a\nb") == "a"
    assert first_line("가" * 120) == "가" * 120
    assert first_line("가" * 121) == "가" * 119 + "…"
    assert first_line("") == ""
