"""Contacts over HTTP: what each route does, called as Lambda calls it."""

import json
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.contacts.store import Contacts
from tests.moto_desk import DANBI, JUNO, MINA, SHOP, Answer, Desk
from tests.samples import a_contact

ALL = "/v1/tenants/danbi/contacts"
OPEN = {
    "channel": "kakao",
    "customer": {"id": "c1", "name": "김단비"},
    "text": "  언제 와요?\r\n\r\n급해요 🐾 ",
    "subject": "배송",
}
KEY = {"Idempotency-Key": "order-1"}


def story(desk: Desk, contact: str, who: Any = SHOP) -> dict[str, Any]:
    answer = desk.call(who, f"GET {ALL}/{contact}")
    assert answer.status == 200
    found: dict[str, Any] = answer.body
    return found


def act(desk: Desk, who: Any, contact: str, action: str, body: Any = None, **options: Any) -> Answer:
    return desk.call(who, f"POST {ALL}/{contact}/{action}", body, **options)


def used(desk: Desk, tenant: str = "danbi") -> int:
    answer = desk.call(SHOP, f"GET /v1/tenants/{tenant}/usage")
    return int(answer.body["billable"])


def test_opened_contact_is_stored_cleaned_and_told(desk: Desk) -> None:
    answer = desk.call(SHOP, f"POST {ALL}", OPEN)
    assert answer.status == 201
    assert set(answer.body) == {"id", "tenant", "channel", "status", "opened_at"}
    assert (answer.body["tenant"], answer.body["channel"], answer.body["status"]) == ("danbi", "kakao", "waiting")
    found = story(desk, answer.body["id"])
    [message] = found["messages"]
    assert (message["text"], message["subject"]) == ("언제 와요?\n\n급해요 🐾", "배송")
    assert (message["author"], message["name"]) == ("customer", "김단비")
    assert (found["contact"]["customer"], found["contact"]["weight"], found["events"]) == ("c1", 2, [])


def test_repeat_under_the_same_key_finds_the_first_contact(desk: Desk) -> None:
    first = desk.call(SHOP, f"POST {ALL}", OPEN, headers=KEY)
    reordered = dict(reversed(OPEN.items()))
    for body in (OPEN, reordered):
        again = desk.call(SHOP, f"POST {ALL}", body, headers=KEY)
        assert (again.status, again.body) == (first.status, first.body)
    other = desk.call(SHOP, f"POST {ALL}", {**OPEN, "text": "다른 글"}, headers=KEY)
    assert other.refusal == (409, "idempotency_mismatch")
    assert len(desk.call(SHOP, f"GET {ALL}").body["contacts"]) == 1


def test_repeat_finds_the_contact_whatever_became_of_it(desk: Desk) -> None:
    first = desk.call(SHOP, f"POST {ALL}", OPEN, headers=KEY)
    desk.act(MINA, first.body["id"], "claim")
    assert desk.call(SHOP, f"POST {ALL}", OPEN, headers=KEY).body == first.body


def test_without_a_key_every_request_is_a_new_contact(desk: Desk) -> None:
    assert desk.open() != desk.open()


def test_list_pages_through_one_status_newest_change_first(desk: Desk) -> None:
    for number in range(52):
        commit(Contacts("danbi").add(a_contact(f"{number:032x}", changed_at=1_795_230_000_000 + number)))
    first = desk.call(SHOP, f"GET {ALL}").body
    assert [contact["id"] for contact in first["contacts"]] == [f"{n:032x}" for n in range(51, 1, -1)]
    last = desk.call(SHOP, f"GET {ALL}", query={"cursor": first["cursor"], "status": "waiting"}).body
    assert [contact["id"] for contact in last["contacts"]] == [f"{n:032x}" for n in (1, 0)]
    assert "cursor" not in last
    wrong = desk.call(SHOP, f"GET {ALL}", query={"cursor": first["cursor"], "status": "spam"})
    assert wrong.refusal == (400, "invalid_cursor")
    assert desk.call(SHOP, f"GET {ALL}", query={"status": "spam"}).body == {"contacts": []}


def test_agent_sees_the_shops_voice_and_the_notes_that_the_shop_does_not(desk: Desk) -> None:
    contact = desk.claimed()
    noted = desk.act(MINA, contact, "notes", {"text": "단골, 조심"})
    assert (noted.status, noted.body["author"]) == (201, "note")
    for_agent, for_shop = story(desk, contact, MINA), story(desk, contact)
    assert [message["text"] for message in for_agent["messages"]] == ["언제 와요?", "단골, 조심"]
    assert for_agent["shop"]["persona"]["greeting"] == DANBI.persona.greeting
    assert [message["text"] for message in for_shop["messages"]] == ["언제 와요?"]
    assert "shop" not in for_shop
    assert "단골" not in json.dumps(for_shop, ensure_ascii=False)


def test_first_reply_bills_and_the_second_does_not(desk: Desk) -> None:
    contact = desk.claimed()
    first = desk.act(MINA, contact, "replies", {"text": "내일 가요."})
    assert (first.status, first.body["effect"], first.body["name"]) == (201, "billable", "mina")
    second = desk.act(MINA, contact, "replies", {"text": "정말요."})
    assert "effect" not in second.body
    assert used(desk) == 1
    assert story(desk, contact)["contact"]["first_reply_at"] == first.body["at"]


@pytest.mark.parametrize(("who", "action"), [(SHOP, "messages"), (MINA, "replies"), (MINA, "notes")])
def test_repeat_of_something_said_is_said_once(desk: Desk, who: Any, action: str) -> None:
    contact = desk.claimed()
    answers = [act(desk, who, contact, action, {"text": "한 번만"}, headers=KEY) for _ in range(3)]
    assert [answer.status for answer in answers] == [201] * 3
    assert answers[0].body == answers[1].body == answers[2].body
    assert act(desk, who, contact, action, {"text": "다른 말"}, headers=KEY).refusal == (
        409,
        "idempotency_mismatch",
    )
    texts = [message["text"] for message in story(desk, contact, MINA)["messages"]]
    assert texts.count("한 번만") == 1


def test_repeat_of_a_reply_is_answered_even_after_the_contact_moved_on(desk: Desk) -> None:
    contact = desk.claimed()
    first = act(desk, MINA, contact, "replies", {"text": "네"}, headers=KEY)
    desk.act(MINA, contact, "resolve")
    again = act(desk, MINA, contact, "replies", {"text": "네"}, headers=KEY)
    assert (again.status, again.body) == (201, first.body)
    assert used(desk) == 1


def test_resolved_contact_leaves_the_agent_and_comes_back_with_the_customer(desk: Desk) -> None:
    contact = desk.answered()
    resolved = desk.act(MINA, contact, "resolve").body
    assert (resolved["status"], "agent" in resolved, "resolved_at" in resolved) == ("resolved", False, True)
    assert desk.call(MINA, "GET /v1/agents/me").body["load"] == 0
    said = desk.act(SHOP, contact, "messages", {"text": "아직이요"}).body
    assert said["effect"] == "reopened"
    assert story(desk, contact)["contact"]["status"] == "waiting"
    assert story(desk, contact)["contact"]["episode"] == 1


def test_return_within_72_hours_is_free_and_a_later_one_is_a_new_episode(desk: Desk) -> None:
    contact = desk.answered()
    desk.act(MINA, contact, "resolve")
    desk.later(71 * 3600)
    assert desk.act(SHOP, contact, "reopen").body["episode"] == 1
    for action, body in (("claim", None), ("replies", {"text": "다시"}), ("resolve", None)):
        desk.act(MINA, contact, action, body)
    assert used(desk) == 1
    desk.later(144 * 3600)
    assert desk.act(MINA, contact, "reopen").body["episode"] == 2


def test_transfer_moves_the_load_and_bills_nothing(desk: Desk) -> None:
    contact = desk.claimed()
    desk.call(JUNO, "POST /v1/agents/me/heartbeat")
    moved = desk.act(MINA, contact, "transfer", {"to": "juno"}).body
    assert (moved["status"], moved["agent"]) == ("claimed", "juno")
    assert [desk.call(who, "GET /v1/agents/me").body["load"] for who in (MINA, JUNO)] == [0, 2]
    assert used(desk) == 0
    [event] = story(desk, contact)["events"]
    assert (event["action"], event["actor"], event["detail"]) == ("transfer", "agent:mina", "juno")


def test_released_contact_is_first_in_the_queue(desk: Desk) -> None:
    contact = desk.claimed()
    desk.open(text="먼저 왔어요")
    assert desk.act(MINA, contact, "release").body["status"] == "waiting"
    assert desk.call(JUNO, "POST /v1/queue/next").body["contact"]["id"] == contact


def test_spam_leaves_queue_hands_and_bill_and_may_come_back(desk: Desk) -> None:
    contact = desk.answered()
    # Who pays for an answer does not take it off the bill alone.
    assert act(desk, SHOP, contact, "spam").refusal == (409, "already_billed")
    assert used(desk) == 1
    assert desk.act(MINA, contact, "spam").body["status"] == "spam"
    assert (used(desk), desk.call(MINA, "GET /v1/agents/me").body["load"]) == (0, 0)
    assert desk.act(MINA, contact, "undo-spam").body["status"] == "waiting"
    assert used(desk) == 1


def test_the_shop_marks_what_nobody_answered(desk: Desk) -> None:
    assert desk.act(SHOP, desk.open(), "spam").body["status"] == "spam"


def test_merged_contacts_are_billed_once(desk: Desk) -> None:
    first, second = desk.answered(), desk.answered()
    assert used(desk) == 2
    merged = desk.act(MINA, second, "merge", {"into": first}).body
    assert (merged["status"], merged["merged_into"]) == ("merged", first)
    assert used(desk) == 1
    refused = act(desk, MINA, second, "spam")
    assert refused.refusal == (409, "contact_merged")
    assert refused.body["error"]["into"] == first


VERSIONED = {
    "claim": ("waiting", None),
    "replies": ("claimed", {"text": "네"}),
    "resolve": ("claimed", None),
    "release": ("claimed", None),
    "transfer": ("claimed", {"to": "juno"}),
    "spam": ("claimed", None),
    "undo-spam": ("spam", None),
    "reopen": ("resolved", None),
}


@pytest.mark.parametrize("action", VERSIONED)
def test_if_match_lets_only_the_version_that_was_seen_be_changed(desk: Desk, action: str) -> None:
    state, body = VERSIONED[action]
    desk.call(JUNO, "POST /v1/agents/me/heartbeat")
    contact = desk.open() if state == "waiting" else desk.claimed()
    if state in {"spam", "resolved"}:
        desk.act(MINA, contact, "spam" if state == "spam" else "resolve")
    version = story(desk, contact)["contact"]["version"]
    for stale in (version - 1, version + 1):
        refused = act(desk, MINA, contact, action, body, headers={"If-Match": f'"{stale}"'})
        assert refused.refusal == (412, "version_mismatch")
        assert refused.body["error"]["version"] == version
    assert act(desk, MINA, contact, action, body, headers={"If-Match": f'"{version}"'}).status < 300
    assert story(desk, contact)["contact"]["version"] == version + 1
