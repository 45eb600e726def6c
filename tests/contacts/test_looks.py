"""Who sees what of a contact, and that every look is on record before anything is shown."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, SECOND
from chalicelib.privacy.breadth import Breadth
from chalicelib.privacy.model import Limits
from tests.moto_desk import JUNO, MINA, SHOP, Answer, Desk, Json

ALL = "/v1/tenants/danbi/contacts"
KNOWN = {
    "name": "김단비",
    "phone": "010-2345-6789",
    "mail": "danbi.kim@example.com",
    "address": "서울 강남구 테헤란로 1길 23",
    "order_number": "20261121-0001",
    "account": "국민 123456-78-901234",
}
CUSTOMER = {"id": "c1", **KNOWN}
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p-owner")
VIEWER = Caller(Kind.VIEWER, "", tenant="danbi", person="p-viewer")
LEAD = Caller(Kind.LEAD, "", agent="lena", pool="main", person="p-lead")


def visitor(contact: str) -> Caller:
    return Caller(Kind.VISITOR, "a" * 16, tenant="danbi", contact=contact, origins="https://danbi.kr")


def story(desk: Desk, who: Caller, contact: str) -> Json:
    headers = {"Origin": "https://danbi.kr"} if who.kind is Kind.VISITOR else {}
    answer = desk.call(who, f"GET {ALL}/{contact}", headers=headers)
    assert answer.status == 200, answer
    found: Json = answer.body
    return found


def unmask(desk: Desk, who: Caller, contact: str, field: str = "phone", reason: str = "택배사에 전화") -> Answer:
    return desk.call(who, f"POST {ALL}/{contact}/unmask", {"field": field, "reason": reason})


def records(desk: Desk) -> list[dict[str, Any]]:
    rows = [row for row in desk.rows() if row["kind"]["S"] == "access"]
    shown = [{name: next(iter(value.values())) for name, value in row.items()} for row in rows]
    return sorted(shown, key=lambda row: (row["pk"], row["sk"]))


def asked(desk: Desk, **fields: Any) -> str:
    return desk.open(customer=CUSTOMER, text="언제 와요?", **fields)


@pytest.mark.parametrize("who", [SHOP, OWNER])
def test_the_shop_sees_what_it_told(desk: Desk, who: Caller) -> None:
    assert story(desk, who, asked(desk))["customer"] == {**KNOWN, "phone": "+821023456789"}


@pytest.mark.parametrize("who", [MINA, VIEWER])
def test_holder_and_viewer_see_details_masked(desk: Desk, who: Caller) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    shown = story(desk, who, contact)
    assert shown["customer"]["phone"] == "010-****-6789"
    assert set(shown["customer"]) == set(KNOWN)
    seen = [value for value in KNOWN.values() if value in json.dumps(shown["customer"], ensure_ascii=False)]
    # Whoever answers may greet by name.
    assert seen == ([KNOWN["name"]] if who is MINA else [])
    assert [message["text"] for message in shown["messages"]] == ["언제 와요?"]


def test_a_viewer_sees_no_name_beside_what_was_said_and_the_shop_does(desk: Desk) -> None:
    contact = asked(desk)
    names = [story(desk, who, contact)["messages"][0]["name"] for who in (VIEWER, OWNER)]
    assert names == ["김*비", "김단비"]


@pytest.mark.parametrize("who", [JUNO, LEAD])
def test_a_colleague_sees_where_it_is_and_nobodys_data(desk: Desk, who: Caller) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요, 단비님."})
    shown = story(desk, who, contact)
    assert (shown["withheld"], shown["messages"], shown["contact"]["status"]) == (True, [], "claimed")
    told = json.dumps(shown, ensure_ascii=False)
    assert [value for value in (*KNOWN.values(), "언제 와요", "단비님", '"c1"') if value in told] == []
    assert [one["actor"] for one in records(desk)] == []


def test_what_was_the_holders_is_withheld_once_it_is_resolved(desk: Desk) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    assert "withheld" not in story(desk, MINA, contact)
    desk.act(MINA, contact, "resolve")
    assert story(desk, MINA, contact)["withheld"]


def test_a_visitor_sees_the_conversation_and_no_names_of_ours(desk: Desk) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    desk.act(MINA, contact, "notes", {"text": "단골"})
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    shown = story(desk, visitor(contact), contact)
    assert [message["text"] for message in shown["messages"]] == ["언제 와요?", "내일 도착해요."]
    told = json.dumps(shown, ensure_ascii=False)
    assert [word for word in ("mina", "단골", "2345", "address") if word in told] == []
    assert (shown["events"], "customer" in shown, "effect" in shown["messages"][1]) == ([], False, False)
    assert story(desk, OWNER, contact)["messages"][1]["effect"] == "billable"


def test_a_visitor_is_bound_to_the_own_conversation(desk: Desk) -> None:
    mine, other = asked(desk), asked(desk)
    headers = {"Origin": "https://danbi.kr"}
    assert desk.call(visitor(mine), f"GET {ALL}/{other}", headers=headers).refusal == (404, "not_found")
    assert desk.call(visitor(mine), f"GET {ALL}/{mine}", headers=headers).status == 200


def test_one_detail_is_unmasked_with_a_reason(desk: Desk) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    answer = unmask(desk, MINA, contact)
    assert (answer.status, answer.body) == (200, {"field": "phone", "value": "+821023456789"})
    [record] = records(desk)
    assert (record["actor"], record["what"], record["why"]) == (
        "agent:mina",
        f"unmask phone {contact}",
        "택배사에 전화",
    )
    assert record["source"] == "192.0.2.1"


def test_only_the_holder_unmasks(desk: Desk) -> None:
    contact = asked(desk)
    assert unmask(desk, MINA, contact).refusal == (409, "not_yours")
    desk.act(JUNO, contact, "claim")
    assert unmask(desk, MINA, contact).refusal == (409, "not_yours")
    assert unmask(desk, SHOP, contact).refusal == (403, "forbidden")
    assert records(desk) == []


def test_every_look_is_on_record_with_whose_data_it_was(desk: Desk) -> None:
    contact = asked(desk)
    desk.call(SHOP, f"GET {ALL}")
    story(desk, SHOP, contact)
    story(desk, OWNER, contact)
    pulled = desk.call(MINA, "POST /v1/queue/next").body
    assert pulled["customer"]["phone"] == "010-****-6789"
    story(desk, MINA, contact)
    found = [(one["actor"], one["what"]) for one in records(desk)]
    assert sorted(found) == sorted(
        [
            ("shop:danbi", "list waiting"),
            ("shop:danbi", f"story {contact}"),
            ("owner:p-owner", f"story {contact}"),
            ("agent:mina", f"story {contact}"),
            ("agent:mina", f"story {contact}"),
        ]
    )
    # Whose it was stands there by a keyed hash: after an erasure nobody is named.
    assert len({str(one["whose"]) for one in records(desk)}) == 1
    assert "'c1'" not in str([one["whose"] for one in records(desk)])


@pytest.mark.parametrize("request_line", ["GET {all}", "GET {one}", "POST {one}/unmask"])
def test_nothing_is_shown_that_could_not_be_recorded(desk: Desk, request_line: str) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    line = request_line.format(all=ALL, one=f"{ALL}/{contact}")
    query = {"status": "claimed"} if line.endswith("contacts") else None
    who, body = (MINA, {"field": "phone", "reason": "택배"}) if "unmask" in line else (SHOP, None)
    desk.fail("PutItem", "InternalServerError", status=500)
    answer = desk.call(who, line, body, query=query)
    assert answer.refusal == (503, "unavailable")
    told = json.dumps(answer.body, ensure_ascii=False)
    assert [value for value in (*KNOWN.values(), "언제 와요", "+8210") if value in told] == []
    assert desk.call(who, line, body, query=query).status == 200


def test_an_agent_who_looks_too_widely_is_stopped(desk: Desk) -> None:
    seen = desk.claimed(customer={"id": "seen"})
    story(desk, MINA, seen)
    Breadth("mina").look("danbi", [f"c{number}" for number in range(Limits().hour - 1)], now=desk.now)
    other = desk.claimed(customer={"id": "other", "phone": "010-2345-6789"})
    assert desk.call(MINA, f"GET {ALL}/{other}").refusal == (403, "breadth_exceeded")
    assert unmask(desk, MINA, other).refusal == (403, "breadth_exceeded")
    canned = {"title": "인사", "intent": "greeting", "shortcut": "인사", "text": "{{customer.name}}, 안녕하세요"}
    fill = {"answer": desk.call(SHOP, "POST /v1/tenants/danbi/answers", canned).body["id"]}
    assert desk.call(MINA, f"POST {ALL}/{other}/fill", fill).refusal == (403, "breadth_exceeded")
    assert desk.call(MINA, f"POST {ALL}/{seen}/fill", fill).status == 200
    # Whom the agent saw already may be seen again, work that is handed out goes on, and others are not concerned.
    story(desk, MINA, seen)
    waiting = desk.open(customer={"id": "next"})
    assert desk.call(MINA, "POST /v1/queue/next").body["contact"]["id"] == waiting
    story(desk, SHOP, other)


def test_what_nobody_may_keep_is_masked_as_it_comes_in(desk: Desk) -> None:
    text = "주민번호 900101-1234568, 카드 4111 1111 1111 1111, 환불 계좌 국민 123456-78-901234"
    contact = desk.open(text=text, subject="900101-1234568")
    desk.act(MINA, contact, "claim")
    desk.act(SHOP, contact, "messages", {"text": text})
    desk.act(MINA, contact, "notes", {"text": text})
    replied = desk.act(MINA, contact, "replies", {"text": text + " 로 입금해 주세요"}).body
    told = json.dumps([story(desk, MINA, contact), replied], ensure_ascii=False)
    assert [number for number in ("900101-1234568", "4111 1111 1111 1111") if number in told] == []
    # The account to pay into is the shop's own: only an agent's answer may name one.
    assert told.count("123456-78-901234") == 2
    assert told.count("1111") == 5


def test_nothing_that_was_said_stands_in_the_table_in_plain(desk: Desk) -> None:
    contact = asked(desk, subject="배송 문의")
    desk.act(MINA, contact, "claim")
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    rows = str(desk.rows())
    plain = [
        value
        for value in (*KNOWN.values(), "언제 와요", "배송 문의", "내일 도착", "821023456789")
        if value in rows
    ]
    assert plain == []


def test_a_resolved_contact_is_unreadable_from_the_second_it_expires(desk: Desk) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    desk.act(MINA, contact, "resolve")
    kept = 1095 * DAY // SECOND
    desk.later(kept - 60)
    assert desk.call(SHOP, f"GET {ALL}/{contact}").status == 200
    assert [one["id"] for one in desk.call(SHOP, f"GET {ALL}", query={"status": "resolved"}).body["contacts"]] == [
        contact
    ]
    desk.later(kept + 1)
    assert desk.call(SHOP, f"GET {ALL}/{contact}").refusal == (404, "not_found")
    assert desk.call(SHOP, f"GET {ALL}", query={"status": "resolved"}).body["contacts"] == []
    assert desk.call(SHOP, f"POST {ALL}/{contact}/messages", {"text": "저기요"}).refusal == (404, "not_found")


def test_details_are_kept_and_told_again(desk: Desk) -> None:
    first = asked(desk)
    again = desk.open(customer={"id": "c1", "phone": "02-123-4567"})
    assert story(desk, SHOP, again)["customer"]["phone"] == "+8221234567"
    assert story(desk, SHOP, first)["customer"]["mail"] == KNOWN["mail"]
    other = desk.open(customer={"id": "c2"})
    assert "customer" not in story(desk, SHOP, other)


def test_no_shop_sees_the_details_of_another_shops_customer_of_the_same_id(desk: Desk) -> None:
    asked(desk)
    theirs = desk.open("mungmeal", customer={"id": "c1"})
    who = replace(SHOP, tenant="mungmeal")
    assert "customer" not in desk.call(who, f"GET /v1/tenants/mungmeal/contacts/{theirs}").body


def test_what_came_before_an_erasure_is_shut_at_once_though_a_hold_keeps_it(desk: Desk) -> None:
    contact = asked(desk)
    desk.act(MINA, contact, "claim")
    hold = {"days": 30, "reason": "분쟁 조정"}
    assert desk.call(OWNER, f"POST {ALL}/{contact}/hold", hold).status == 200
    assert desk.call(SHOP, "POST /v1/tenants/danbi/customers/c1/erase", {"reason": "request"}).status == 202
    headers = {"Origin": "https://danbi.kr"}
    for who in (SHOP, VIEWER, MINA, visitor(contact)):
        assert desk.call(who, f"GET {ALL}/{contact}", headers=headers).refusal == (404, "not_found"), who
    assert unmask(desk, MINA, contact).refusal == (404, "not_found")
    assert story(desk, OWNER, contact)["contact"]["id"] == contact
    assert desk.call(SHOP, f"GET {ALL}/{desk.open(customer={'id': 'c1'})}").status == 200
