"""Handbooks over HTTP, and what becomes of a text that is not in the shop's voice."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.handbook.store import forget_handbooks, marks_in
from chalicelib.kernel.caller import Caller, Kind
from tests.handbook.bad_input import BOOK, CANNED
from tests.moto_desk import MINA, SHOP, STRANGER, Answer, Desk, agent, moto_desk, shop

HANDBOOK, ANSWERS = "/v1/tenants/danbi/handbook", "/v1/tenants/danbi/answers"
THEIRS = "사료는 오늘 아침에 구워서 그날 바로 문 앞까지 보내 드려요."
VIEWER = Caller(Kind.VIEWER, "", tenant="danbi", person="11111111-1111-4111-8111-111111111111")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with moto_desk() as found:
        yield found


def canned(desk: Desk, tenant: str = "danbi", **fields: str) -> dict[str, Any]:
    """Add a canned answer of a shop and return it."""
    answer = desk.call(shop(tenant), f"POST /v1/tenants/{tenant}/answers", {**CANNED, **fields})
    assert answer.status == 201, answer
    found: dict[str, Any] = answer.body
    return found


def write(desk: Desk, **book: Any) -> None:
    """Write danbi's handbook."""
    assert desk.call(SHOP, f"PUT {HANDBOOK}", book).status == 200


def reply(desk: Desk, contact: str, text: str, *, tenant: str = "danbi", **more: Any) -> Answer:
    return desk.call(MINA, f"POST /v1/tenants/{tenant}/contacts/{contact}/replies", {"text": text, **more})


def check(desk: Desk, contact: str, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = desk.call(MINA, f"POST /v1/tenants/danbi/contacts/{contact}/check", {"text": text, **more})
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer.body["findings"]
    return found


def test_a_handbook_is_written_and_read(desk: Desk) -> None:
    assert desk.call(VIEWER, f"GET {HANDBOOK}").body["version"] == 0
    written = desk.call(SHOP, f"PUT {HANDBOOK}", BOOK, headers={"If-Match": '"0"'}).body
    assert (written["version"], written["updated_by"], written["colour"]) == (1, "shop:danbi", "#c2255c")
    assert desk.call(MINA, f"GET {HANDBOOK}").body == desk.call(VIEWER, f"GET {HANDBOOK}").body == written
    assert desk.call(SHOP, f"PUT {HANDBOOK}", BOOK).body == written
    stale = desk.call(SHOP, f"PUT {HANDBOOK}", {}, headers={"If-Match": '"0"'})
    assert stale.refusal == (412, "version_mismatch")
    assert desk.call(SHOP, f"PUT {HANDBOOK}", {}, headers={"If-Match": '"1"'}).body["links"] == []


@pytest.mark.parametrize("path", [HANDBOOK, ANSWERS])
def test_who_may_read_and_write(desk: Desk, path: str) -> None:
    body = BOOK if path is HANDBOOK else CANNED
    method = "PUT" if path is HANDBOOK else "POST"
    assert desk.call(STRANGER, f"GET {path}").refusal == (404, "not_found")
    assert desk.call(shop("mungmeal"), f"GET {path}").refusal == (404, "not_found")
    for who in (MINA, VIEWER):
        assert desk.call(who, f"GET {path}").status == 200
        assert desk.call(who, f"{method} {path}", body).refusal == (403, "forbidden")
    assert desk.call(shop("mungmeal"), f"{method} {path}", body).refusal == (404, "not_found")
    assert desk.call(SHOP, f"{method} {path}", body).status < 300


def test_an_agent_of_another_pool_reads_it_while_holding_one_of_its_contacts(desk: Desk) -> None:
    contact = desk.claimed()
    desk.dynamodb.update_item(
        TableName=desk.table,
        Key={"pk": {"S": "~agent#solbi"}, "sk": {"S": "agent"}},
        UpdateExpression="SET holding = :held",
        ExpressionAttributeValues={":held": {"SS": [f"danbi/{contact}"]}},
    )
    assert desk.call(STRANGER, f"GET {HANDBOOK}").status == 200
    assert desk.call(STRANGER, "GET /v1/tenants/mungmeal/handbook").refusal == (404, "not_found")


def test_the_life_of_an_answer(desk: Desk) -> None:
    made = canned(desk)
    assert made["slots"] == [{"name": "customer.name", "kind": "data"}]
    assert desk.call(MINA, f"GET {ANSWERS}").body == {"answers": [made]}
    changed = desk.call(
        SHOP, f"PUT {ANSWERS}/{made['id']}", {**CANNED, "text": "{{환불|교환}}(으로/로) 도와드려요"}
    )
    assert changed.body["version"] == 2
    assert changed.body["slots"] == [{"name": "환불|교환", "kind": "choice", "choices": ["환불", "교환"]}]
    retired = desk.call(SHOP, f"POST {ANSWERS}/{made['id']}/retire").body
    assert (retired["version"], retired["retired"]) == (3, True)
    assert desk.call(MINA, f"GET {ANSWERS}").body == {"answers": []}
    assert desk.call(SHOP, f"POST {ANSWERS}/{made['id']}/retire").body == retired
    assert not desk.call(SHOP, f"PUT {ANSWERS}/{made['id']}", CANNED).body["retired"]


def test_a_repeated_addition_adds_once(desk: Desk) -> None:
    again = {"Idempotency-Key": "an-answer-of-danbi"}
    first, second = (desk.call(SHOP, f"POST {ANSWERS}", CANNED, headers=again) for _ in range(2))
    assert first.body == second.body
    assert len(desk.call(SHOP, f"GET {ANSWERS}").body["answers"]) == 1


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        (THEIRS, "answer", THEIRS),
        (f"민수님, {THEIRS}", "answer", f"민수님, {THEIRS}"),
        ("멍밀에서 안내드려요", "name", "멍밀"),
        ("저는 멍집사예요", "persona", "저는 멍집사예요"),
        ("https://www.mungmeal.example/feeding 에서 보세요", "link", "www.mungmeal.example/feeding"),
    ],
)
def test_another_shops_voice_is_refused_and_nothing_is_sent(desk: Desk, text: str, kind: str, what: str) -> None:
    canned(desk, "mungmeal", text=THEIRS)
    links = [{"label": "급여량", "url": "https://mungmeal.example/feeding"}]
    assert desk.call(shop("mungmeal"), "PUT /v1/tenants/mungmeal/handbook", {"links": links}).status == 200
    here, there = desk.claimed(), desk.claimed(tenant="mungmeal")
    refused = reply(desk, here, text, sure=True)
    assert refused.refusal == (409, "wrong_shop")
    assert (refused.body["error"]["kind"], refused.body["error"]["what"]) == (kind, what)
    assert len(desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{here}").body["messages"]) == 1
    assert check(desk, here, text)[0] == {"code": "wrong_shop", "what": what, "kind": kind}
    assert reply(desk, there, text, tenant="mungmeal").status == 201
    assert reply(desk, here, "안녕하세요, 단비옷장 단비예요 :)").status == 201


def test_another_pools_shop_is_nobody_here(desk: Desk) -> None:
    canned(desk, "faraway", text=THEIRS)
    assert reply(desk, desk.claimed(), THEIRS).status == 201


def test_the_answer_that_a_text_is_made_from_must_be_the_shops_own(desk: Desk) -> None:
    contact, own = desk.claimed(), canned(desk)["id"]
    theirs = canned(desk, "mungmeal")["id"]
    refused = reply(desk, contact, "네", answer=theirs)
    assert refused.refusal == (409, "wrong_shop")
    absent = reply(desk, contact, "네", answer="f" * 32)
    assert refused.body["error"] == absent.body["error"]
    assert reply(desk, contact, "네", answer=own).status == 201
    desk.call(SHOP, f"POST {ANSWERS}/{own}/retire")
    assert reply(desk, contact, "네, 그래요", answer=own).status == 201


def test_forbidden_words(desk: Desk) -> None:
    write(desk, forbidden=[{"word": "무조건", "instead": "확인 후"}, {"word": "짝퉁", "severity": "refuse"}])
    contact = desk.claimed()
    warned = reply(desk, contact, "무조건 됩니다")
    assert warned.refusal == (409, "forbidden_word")
    assert (warned.body["error"]["what"], warned.body["error"]["instead"]) == ("무조건", "확인 후")
    assert reply(desk, contact, "무조건 됩니다", sure=True).status == 201
    assert reply(desk, contact, "짝퉁이에요", sure=True).refusal == (409, "forbidden_word")
    assert [one.get("sure", False) for one in check(desk, contact, "무조건 짝퉁")] == [True, False]


def test_an_open_slot_is_never_sent(desk: Desk) -> None:
    contact = desk.claimed()
    assert reply(desk, contact, "{{customer.name}}, 내일 가요", sure=True).refusal == (400, "open_slot")
    assert reply(desk, contact, "민수님, 내일 가요").status == 201


def test_script_steps(desk: Desk) -> None:
    steps = [{"id": "size", "text": "치수를 재었나요?", "needed": True}, {"id": "fee", "text": "택배비"}]
    write(desk, steps=steps)
    contact, other = desk.answered(), desk.answered()
    path = "POST /v1/tenants/danbi/contacts"
    left = desk.call(MINA, f"{path}/{contact}/resolve", {"steps": ["fee"]})
    assert left.refusal == (409, "script_step_missing")
    assert left.body["error"]["what"] == "치수를 재었나요?"
    assert [one["code"] for one in check(desk, contact, "네", steps=[])] == ["script_step_missing"]
    assert check(desk, contact, "네") == check(desk, contact, "네", steps=["size"]) == []
    assert desk.call(MINA, f"{path}/{contact}/resolve", {"steps": ["size"]}).status == 200
    assert desk.call(MINA, f"{path}/{other}/resolve", {"sure": True}).status == 200
    events = desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{other}").body["events"]
    assert [event["detail"] for event in events if event["action"] == "resolve"] == ["without size"]


def test_an_answer_is_filled_with_what_the_holder_may_see(desk: Desk) -> None:
    write(desk, address_as="given")
    text = "{{customer.name}}(은/는) {{shop.name}} {{agent.name}} {{customer.order_number}} {{?도착일:date}}"
    answer = canned(desk, text=text)["id"]
    told = {"id": "c1", "name": "김민수", "order_number": "20261121-0001"}
    contact, nameless = desk.claimed(customer=told), desk.claimed(customer={"id": "c2"})
    fill = "POST /v1/tenants/danbi/contacts/{}/fill"
    filled = desk.call(MINA, fill.format(contact), {"answer": answer})
    assert filled.body["text"] == "민수님은 단비옷장 단비 {{customer.order_number}} {{?도착일:date}}"
    assert [slot["name"] for slot in filled.body["open"]] == ["customer.order_number", "도착일"]
    unnamed = desk.call(MINA, fill.format(nameless), {"answer": answer})
    assert unnamed.body["text"].startswith("{{customer.name}}(은/는)")
    for refused, status in ((agent("juno"), 409), (STRANGER, 404)):
        assert desk.call(refused, fill.format(contact), {"answer": answer}).status == status


def test_agents_see_the_handbook_in_the_story(desk: Desk) -> None:
    write(desk, colour="#123456", dos=["치수는 cm로"])
    contact = desk.claimed()
    shown = desk.call(MINA, f"GET /v1/tenants/danbi/contacts/{contact}").body["shop"]
    assert shown["name_en"] == "Danbi Closet"
    assert (shown["handbook"]["colour"], shown["handbook"]["dos"]) == ("#123456", ["치수는 cm로"])
    # Noon of a Saturday in Seoul: the shop opens on Monday at ten.
    assert (shown["open_now"], shown["opens_at"]) == (False, "2026-11-23T01:00:00.000Z")
    desk.later(2 * 86_400)
    shown = desk.call(MINA, f"GET /v1/tenants/danbi/contacts/{contact}").body["shop"]
    assert (shown["open_now"], shown["opens_at"]) == (True, "")
    assert "shop" not in desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{contact}").body


def test_a_reply_is_guarded_without_a_read_more(desk: Desk) -> None:
    contact = desk.claimed()
    forget_handbooks()
    asked = desk.watch("Query")
    assert reply(desk, contact, "첫 답장").status == 201
    first = len(asked)
    assert reply(desk, contact, "다음 답장").status == 201
    assert first - (len(asked) - first) == 2  # the handbook and the pool's marks, once a minute
    keys = [str(one) for one in asked[first:]]
    assert not [key for key in keys if "handbook" in key or "~marks" in key]


def test_marks_hold_no_text_of_answers(desk: Desk) -> None:
    canned(desk, "mungmeal", text=THEIRS)
    [row] = [row for row in desk.rows("lists") if row["lists_pk"]["S"] == "~marks#main"]
    assert set(row) == {"pk", "sk", "lists_pk", "lists_sk", "kind", "tenant", "marks"}
    assert "멍밀" in row["marks"]["S"]
    assert not [word for word in THEIRS.split() if word in row["marks"]["S"]]
    assert list(marks_in("main")) == ["mungmeal"]


def test_a_mark_counts_at_once_where_it_was_made(desk: Desk) -> None:
    contact = desk.claimed()
    assert reply(desk, contact, THEIRS).status == 201
    canned(desk, "mungmeal", text=THEIRS)
    assert reply(desk, contact, f"다시, {THEIRS}").refusal == (409, "wrong_shop")
