"""Putting off, calling a lead and stopping over HTTP, and the sweeper, called as Lambda calls them."""

from dataclasses import replace
from typing import Any

import pytest

import app
from chalicelib.contacts import aside, jobs
from chalicelib.contacts.notices import stop_words
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, iso
from chalicelib.kernel.errors import Conflict
from tests.lambda_events import schedule_event
from tests.moto_desk import JUNO, KEY, MINA, SHOP, STRANGER, Answer, Desk, agent, shop

ALL = "/v1/tenants/danbi/contacts"
LEAD = Caller(Kind.LEAD, KEY, agent="zoe", pool="main")
FAR_LEAD = replace(LEAD, agent="solbi", pool="other")
OWNER = Caller(Kind.OWNER, KEY, tenant="danbi", person="o1")
ADMIN = Caller(Kind.ADMIN, KEY, person="p1")


def act(desk: Desk, who: Caller, contact: str, action: str, body: Any = None, **options: Any) -> Answer:
    return desk.call(who, f"POST {ALL}/{contact}/{action}", body, **options)


def story(desk: Desk, who: Caller, contact: str) -> dict[str, Any]:
    answer = desk.call(who, f"GET {ALL}/{contact}")
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body
    return found


def texts(found: dict[str, Any]) -> list[str]:
    return [one["text"] for one in found["messages"]]


def status(desk: Desk, contact: str) -> str:
    row = desk.raw(f"danbi#contact#{contact}", "contact")
    assert row is not None
    return str(row["status"]["S"])


def until(desk: Desk, ahead: int = HOUR) -> str:
    return iso(desk.now + ahead)


def sweep(desk: Desk) -> int:
    return int(app.sweep(schedule_event(), None)["later"])


def snoozed(desk: Desk, kind: str = "snooze", **fields: Any) -> str:
    contact, at = desk.claimed(), until(desk)
    answer = desk.act(MINA, contact, "later", {"until": at, "kind": kind, **fields})
    assert [answer.body[name] for name in ("status", "later_kind", "later_until")] == ["later", kind, at]
    return contact


def test_a_text_is_sent_at_its_time_billed_once_and_the_contact_resolved(desk: Desk) -> None:
    contact = snoozed(desk, "send", text="  재입고되었어요.\r\n")
    assert texts(story(desk, SHOP, contact)) == ["언제 와요?"]
    assert sweep(desk) == 0
    desk.later(HOUR // SECOND + 1)
    assert sweep(desk) == 1
    assert sweep(desk) == 0
    found = story(desk, SHOP, contact)
    assert texts(found) == ["언제 와요?", "재입고되었어요."]
    assert (found["messages"][1]["name"], found["messages"][1]["effect"]) == ("mina", "billable")
    assert found["contact"]["status"] == "resolved"
    assert desk.call(SHOP, "GET /v1/tenants/danbi/usage").body["billable"] == 1


def test_what_the_agent_reads_while_it_waits(desk: Desk) -> None:
    contact = snoozed(desk, "send", text="재입고되었어요.")
    desk.act(MINA, contact, "wake")
    [_, note] = story(desk, MINA, contact)["messages"]
    assert (note["author"], note["text"], note["effect"]) == ("note", "재입고되었어요.", "to_send")
    desk.later(HOUR // SECOND + 1)
    assert sweep(desk) == 0
    assert texts(story(desk, SHOP, contact)) == ["언제 와요?"]


def test_a_call_back_comes_back_to_the_front(desk: Desk) -> None:
    contact = snoozed(desk, "callback")
    assert desk.index("work", "~later") != []
    desk.open()
    desk.later(HOUR // SECOND + 1)
    assert sweep(desk) == 1
    assert desk.index("work", "~later") == []
    assert desk.call(JUNO, "POST /v1/queue/next").body["contact"]["id"] == contact


def test_a_customer_who_writes_wakes_it_and_nothing_is_sent(desk: Desk) -> None:
    contact = snoozed(desk, "send", text="재입고되었어요.")
    desk.act(SHOP, contact, "messages", {"text": "취소할게요"})
    assert desk.call(JUNO, "POST /v1/queue/next").body["contact"]["id"] == contact
    desk.later(HOUR // SECOND + 1)
    assert sweep(desk) == 0
    assert texts(story(desk, SHOP, contact)) == ["언제 와요?", "취소할게요"]
    woken = [event for event in story(desk, JUNO, contact)["events"] if event["action"] == "wake"]
    assert [event["detail"] for event in woken] == ["not sent: the customer wrote since"]


def test_one_that_fails_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = snoozed(desk, "send", text="하나"), snoozed(desk, "send", text="둘")
    row = next(one for one in desk.rows() if one["sk"]["S"].startswith("note#") and broken in one["pk"]["S"])
    desk.dynamodb.update_item(
        TableName=desk.table,
        Key={"pk": row["pk"], "sk": row["sk"]},
        UpdateExpression="SET content = :broken",
        ExpressionAttributeValues={":broken": {"B": b"no text of ours"}},
    )
    desk.later(HOUR // SECOND + 1)
    with pytest.raises(ExceptionGroup):
        app.sweep(schedule_event(), None)
    assert [status(desk, one) for one in (broken, fine)] == ["later", "resolved"]


def test_a_shop_lists_what_is_put_off(desk: Desk) -> None:
    contact = snoozed(desk)
    found = desk.call(SHOP, f"GET {ALL}", query={"status": "later"}).body["contacts"]
    assert [one["id"] for one in found] == [contact]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"kind": "snooze", "until": "2026-11-21T12:00"}, (400, "invalid_time")),
        ({"kind": "snooze", "until": "2026-11-21T03:00:30Z"}, (400, "invalid_until")),
        ({"kind": "snooze", "until": "2026-12-21T04:00:00Z"}, (400, "invalid_until")),
        ({"kind": "nap"}, (400, "invalid_field")),
        ({"kind": "send"}, (400, "text_not_due")),
        ({"kind": "callback", "text": "네"}, (400, "text_not_due")),
        ({"kind": "send", "text": " "}, (400, "text_empty")),
        ({"kind": "send", "text": "가" * 10_001}, (400, "text_too_long")),
    ],
)
def test_how_something_is_not_put_off(desk: Desk, body: dict[str, Any], refusal: tuple[int, str]) -> None:
    contact = desk.claimed()
    assert act(desk, MINA, contact, "later", {"until": until(desk), **body}).refusal == refusal
    assert act(desk, MINA, contact, "later", {"until": until(desk), "kind": "snooze"}).status == 200


def test_who_may_not_put_off_or_take_back(desk: Desk) -> None:
    contact, body = desk.claimed(), {"until": until(desk), "kind": "snooze"}
    assert act(desk, JUNO, contact, "later", body).refusal == (409, "not_yours")
    assert act(desk, SHOP, contact, "later", body).refusal == (403, "forbidden")
    assert act(desk, STRANGER, contact, "later", body).refusal == (404, "not_found")
    assert act(desk, MINA, contact, "later", body, headers={"If-Match": "9"}).refusal == (412, "version_mismatch")
    assert act(desk, MINA, contact, "wake").refusal == (409, "wrong_state")
    desk.act(MINA, contact, "later", body)
    assert act(desk, STRANGER, contact, "wake").refusal == (404, "not_found")
    assert act(desk, SHOP, contact, "wake").refusal == (403, "forbidden")
    assert act(desk, JUNO, contact, "claim").refusal == (409, "wrong_state")
    woken = act(desk, JUNO, contact, "wake")
    assert (woken.status, woken.body["agent"], "later_until" in woken.body) == (200, "juno", False)


def test_a_transfer_brings_a_note_for_the_colleague(desk: Desk) -> None:
    contact = desk.claimed()
    desk.call(JUNO, "POST /v1/agents/me/heartbeat")
    desk.act(MINA, contact, "transfer", {"to": "juno", "note": "환불 약속함, 900101-1234567"})
    [_, note] = story(desk, JUNO, contact)["messages"]
    assert (note["author"], note["name"], note["text"]) == ("note", "mina", "환불 약속함, ******-*******")
    assert texts(story(desk, SHOP, contact)) == ["언제 와요?"]


def test_a_note_may_come_again_with_the_same_key(desk: Desk) -> None:
    contact, key = desk.claimed(), {"Idempotency-Key": "k1"}
    body = {"until": until(desk), "kind": "send", "text": "나중에"}
    for _ in range(2):
        assert act(desk, MINA, contact, "later", body, headers=key).status == 200
        desk.act(MINA, contact, "wake")


def test_what_is_refused_for_good_keeps_nothing_else_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_AT_ONCE", 1)
    stuck = snoozed(desk)
    desk.later(60)
    other = snoozed(desk)
    real = aside.end_pause

    def end_pause(here: Any, contact: str, now: int) -> Any:
        if contact == stuck:
            raise Conflict("contact_full", "for good")
        return real(here, contact, now)

    monkeypatch.setattr(jobs, "end_pause", end_pause)
    desk.later(2 * HOUR // SECOND)
    assert [sweep(desk), sweep(desk)] == [1, 0]
    assert (status(desk, stuck), status(desk, other)) == ("later", "waiting")


def test_a_run_ends_after_its_share(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_AT_ONCE", 2)
    for _ in range(3):
        snoozed(desk)
    desk.later(HOUR // SECOND + 1)
    assert [sweep(desk) for _ in range(3)] == [2, 1, 0]


def test_a_lead_is_called_reads_and_whispers(desk: Desk) -> None:
    contact, other = desk.claimed(), desk.claimed()
    assert story(desk, LEAD, contact)["withheld"]
    assert act(desk, LEAD, contact, "notes", {"text": "네", "whisper": True}).refusal == (409, "hand_down")
    raised = act(desk, MINA, contact, "hand", {"reason": "환불 한도를 넘어요"})
    assert (raised.status, raised.body["hand_at"]) == (200, story(desk, MINA, contact)["contact"]["hand_at"])
    hands = desk.call(LEAD, "GET /v1/floor/hands").body["hands"]
    assert [(one["tenant"], one["contact"], one["agent"]) for one in hands] == [("danbi", contact, "mina")]
    assert hands[0]["since"] == raised.body["hand_at"]
    assert texts(story(desk, LEAD, contact)) == ["언제 와요?", "환불 한도를 넘어요"]
    assert story(desk, LEAD, other)["withheld"]
    assert act(desk, LEAD, contact, "notes", {"text": "해 주세요", "whisper": True}).status == 201
    assert act(desk, JUNO, contact, "notes", {"text": "나도", "whisper": True}).refusal == (403, "forbidden")
    assert [one.get("whisper", False) for one in story(desk, MINA, contact)["messages"]] == [False, False, True]
    assert act(desk, MINA, contact, "lower-hand").status == 200
    assert story(desk, LEAD, contact)["withheld"]
    assert desk.call(LEAD, "GET /v1/floor/hands").body == {"hands": []}


def test_a_leads_look_is_on_record(desk: Desk) -> None:
    contact = desk.claimed()
    desk.act(MINA, contact, "hand", {"reason": "봐 주세요"})
    before = len(desk.rows())
    story(desk, LEAD, contact)
    assert len(desk.rows()) > before


def test_a_shop_and_its_visitors_see_nothing_of_hands(desk: Desk) -> None:
    contact = desk.claimed()
    desk.act(MINA, contact, "hand", {"reason": "진상이에요"})
    found = story(desk, SHOP, contact)
    assert "hand_at" not in found["contact"]
    assert "진상" not in str(found)
    assert "진상이에요" in str(story(desk, MINA, contact))


def test_why_a_lead_is_wanted_is_the_holders_sealed_and_erased(desk: Desk) -> None:
    contact = desk.claimed()
    desk.act(MINA, contact, "hand", {"reason": "김민수 고객이 환불 요구"})
    assert [one["text"] for one in story(desk, MINA, contact)["messages"]][-1] == "김민수 고객이 환불 요구"
    assert "김민수" not in str(story(desk, JUNO, contact))
    assert not [row for row in desk.rows() if "김민수" in str(row)]
    erased = desk.call(OWNER, "POST /v1/tenants/danbi/customers/c1/erase", {"reason": "request"})
    assert erased.status == 202
    sweep(desk)
    assert act(desk, MINA, contact, "lower-hand").status == 200
    refused = act(desk, MINA, contact, "hand", {"reason": "왜"})
    assert refused.refusal == (409, "customer_erased")
    assert not [row for row in desk.rows() if row["sk"]["S"].startswith("note#") and row["content"]["B"]]


def test_who_has_no_hand_to_raise_and_who_sees_them(desk: Desk) -> None:
    contact = desk.claimed()
    assert act(desk, JUNO, contact, "hand", {"reason": "왜"}).refusal == (409, "not_yours")
    assert act(desk, SHOP, contact, "hand", {"reason": "왜"}).refusal == (403, "forbidden")
    assert act(desk, MINA, contact, "hand", {"reason": " "}).refusal == (400, "text_empty")
    assert act(desk, MINA, contact, "lower-hand").refusal == (409, "hand_down")
    desk.act(MINA, contact, "hand", {"reason": "왜"})
    assert act(desk, MINA, contact, "hand", {"reason": "왜"}).refusal == (409, "hand_up")
    assert act(desk, JUNO, contact, "lower-hand").refusal == (409, "not_yours")
    assert desk.call(MINA, "GET /v1/floor/hands").refusal == (403, "forbidden")
    assert desk.call(FAR_LEAD, "GET /v1/floor/hands").body == {"hands": []}
    assert desk.call(FAR_LEAD, f"GET {ALL}/{contact}").refusal == (404, "not_found")
    assert len(desk.call(ADMIN, "GET /v1/floor/hands").body["hands"]) == 1


def test_a_stop_warns_and_keeps_the_agent_from_the_customer(desk: Desk) -> None:
    contact = desk.claimed()
    stopped = act(desk, MINA, contact, "stop", {"reason": "insult", "text": "욕설을 세 번 함"})
    assert (stopped.status, stopped.body["status"], stopped.body["stopped"]) == (200, "resolved", True)
    found = story(desk, SHOP, contact)
    assert found["messages"][-1]["author"] == "house"
    assert found["messages"][-1]["text"] == stop_words("ko")
    assert [(one["action"], one.get("detail")) for one in found["events"]] == [("stop", "insult")]
    assert "욕설" not in str(found)
    assert desk.call(SHOP, "GET /v1/tenants/danbi/usage").body["billable"] == 0
    again = desk.open()
    assert act(desk, MINA, again, "claim").refusal == (409, "barred")
    assert desk.call(MINA, "POST /v1/queue/next").status == 204
    other = desk.open(customer={"id": "c2"})
    assert desk.call(MINA, "POST /v1/queue/next").body["contact"]["id"] == other
    assert desk.call(JUNO, "POST /v1/queue/next").body["contact"]["id"] == again
    assert act(desk, JUNO, again, "transfer", {"to": "mina"}).refusal == (409, "barred")


def test_the_warning_is_in_the_shops_language() -> None:
    korean, english = stop_words("ko"), stop_words("en")
    assert "여기서 마칩니다" in korean
    assert "ending this conversation" in english
    assert stop_words("ja") == english


def test_the_same_customer_id_of_another_shop_is_somebody_else(desk: Desk) -> None:
    contact = desk.claimed()
    desk.act(MINA, contact, "stop", {"reason": "threat"})
    theirs = desk.open("mungmeal")
    assert desk.call(MINA, f"POST /v1/tenants/mungmeal/contacts/{theirs}/claim").status == 200


def test_how_nothing_is_stopped(desk: Desk) -> None:
    contact = desk.claimed()
    assert act(desk, JUNO, contact, "stop", {"reason": "insult"}).refusal == (409, "not_yours")
    assert act(desk, SHOP, contact, "stop", {"reason": "insult"}).refusal == (403, "forbidden")
    assert act(desk, MINA, contact, "stop", {"reason": "boring"}).refusal == (400, "invalid_field")
    assert act(desk, MINA, contact, "stop", {}).refusal == (400, "missing_field")
    assert act(desk, agent("solbi", "other"), contact, "stop", {"reason": "insult"}).refusal == (404, "not_found")
    assert act(desk, MINA, contact, "stop", {"reason": "repeat"}).status == 200
    assert act(desk, MINA, contact, "stop", {"reason": "repeat"}).refusal == (409, "wrong_state")


def test_what_is_put_off_is_erased_like_the_rest(desk: Desk) -> None:
    contact = snoozed(desk, "send", text="재입고되었어요.")
    answer = desk.call(
        OWNER,
        "POST /v1/tenants/danbi/customers/c1/erase",
        {"reason": "request"},
    )
    assert answer.status == 202
    desk.later(HOUR // SECOND + 1)
    assert sweep(desk) == 1
    assert "sent" not in str(desk.raw(f"danbi#contact#{contact}", "contact"))
    assert desk.index("work", "~queue#main") != []
    assert not [row for row in desk.rows() if row["sk"]["S"].startswith("msg#") and row["content"]["B"]]


def test_another_shop_reaches_nothing_of_it(desk: Desk) -> None:
    contact = snoozed(desk)
    assert desk.call(shop("mungmeal"), f"GET {ALL}/{contact}").refusal == (404, "not_found")
    assert until(desk, MINUTE) < until(desk)
