"""Drafts survive, go with the contact, and are nobody else's; colleagues who look are seen."""

import json
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.erasure import ContactErasure
from chalicelib.contacts.store import Contacts
from chalicelib.drafts.model import Draft, Mode
from chalicelib.drafts.store import Drafts
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Conflict
from tests.moto_desk import JUNO, KEY, MINA, SHOP, STRANGER, Answer, Desk
from tests.samples import NOON

CONTACT = "/v1/tenants/danbi/contacts/{}"
BEAT = "POST /v1/agents/me/heartbeat"
WRITTEN = {"text": "내일 도착해", "steps": ["greet"], "answer": "a1"}


def put(
    desk: Desk, contact: str, body: Any, *, mode: str = "reply", who: Caller = MINA, version: int | None = None
) -> Answer:
    headers = {} if version is None else {"If-Match": str(version)}
    return desk.call(who, f"PUT {CONTACT.format(contact)}/drafts/{mode}", body, headers=headers)


def drafts(desk: Desk, contact: str, who: Caller = MINA) -> Any:
    answer = desk.call(who, f"GET {CONTACT.format(contact)}/drafts")
    assert answer.status == 200, answer
    return answer.body


def shown(desk: Desk, contact: str, who: Caller = MINA) -> set[tuple[str, str, str]]:
    return {(one["agent"], one["mode"], one["text"]) for one in drafts(desk, contact, who)["drafts"]}


def handed(desk: Desk, contact: str) -> None:
    desk.call(JUNO, BEAT)
    desk.act(MINA, contact, "transfer", {"to": "juno"})


def test_a_draft_is_there_after_a_reload_as_it_was_written_last(desk: Desk) -> None:
    contact = desk.claimed()
    assert drafts(desk, contact) == {"drafts": [], "viewers": []}
    assert put(desk, contact, {"text": "내일"}).status == 200
    saved = put(desk, contact, WRITTEN)
    assert (saved.status, saved.body["agent"], saved.body["text"]) == (200, "mina", "내일 도착해")
    assert put(desk, contact, {"text": "확인 필요"}, mode="note").status == 200
    assert saved.body in drafts(desk, contact)["drafts"]
    assert shown(desk, contact) == {("mina", "reply", "내일 도착해"), ("mina", "note", "확인 필요")}


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_text_takes_it_away(desk: Desk, text: str) -> None:
    contact = desk.claimed()
    put(desk, contact, WRITTEN)
    put(desk, contact, WRITTEN, mode="note")
    assert put(desk, contact, {"text": text}).status == 204
    assert [one["mode"] for one in drafts(desk, contact)["drafts"]] == ["note"]


def test_what_was_sent_is_no_draft_any_more(desk: Desk) -> None:
    contact = desk.claimed()
    put(desk, contact, WRITTEN)
    put(desk, contact, {"text": "메모"}, mode="note")
    desk.later(5)
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    assert shown(desk, contact) == {("mina", "note", "메모")}
    desk.later(10)
    put(desk, contact, {"text": "그리고"})
    assert ("mina", "reply", "그리고") in shown(desk, contact)


def test_a_later_holder_reads_it_on_record_and_writes_an_own_one(desk: Desk) -> None:
    contact = desk.claimed(customer={"id": "c9", "phone": "010-1234-5678"})
    put(desk, contact, WRITTEN)
    handed(desk, contact)
    before = len(looks_at_drafts(desk))
    assert shown(desk, contact, JUNO) == {("mina", "reply", "내일 도착해")}
    assert len(looks_at_drafts(desk)) == before + 1
    put(desk, contact, {"text": "제가 이어서"}, who=JUNO)
    assert len(shown(desk, contact, JUNO)) == 2


def looks_at_drafts(desk: Desk) -> list[str]:
    return [row["what"]["S"] for row in desk.rows() if row.get("what", {}).get("S", "").startswith("drafts ")]


def test_ones_own_draft_and_an_unchanged_answer_are_no_look(desk: Desk) -> None:
    contact = desk.claimed()
    put(desk, contact, WRITTEN)
    drafts(desk, contact)
    assert looks_at_drafts(desk) == []
    handed(desk, contact)
    path = f"GET {CONTACT.format(contact)}/drafts"
    first = desk.call(JUNO, path)
    again = desk.call(JUNO, path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, None)
    assert len(looks_at_drafts(desk)) == 1


@pytest.mark.parametrize("mode", ["reply", "note"])
def test_only_the_holder_reads_and_writes(desk: Desk, mode: str) -> None:
    contact = desk.claimed()
    handed(desk, contact)
    for who, refusal in ((MINA, (409, "not_yours")), (STRANGER, (404, "not_found")), (SHOP, (403, "forbidden"))):
        assert put(desk, contact, WRITTEN, mode=mode, who=who).refusal == refusal
        assert desk.call(who, f"GET {CONTACT.format(contact)}/drafts").refusal == refusal
    assert put(desk, contact, WRITTEN, mode=mode, who=JUNO).status == 200


def test_a_draft_of_an_older_version_is_refused_if_asked(desk: Desk) -> None:
    contact = desk.claimed()
    assert put(desk, contact, WRITTEN, version=2).status == 200
    desk.act(SHOP, contact, "messages", {"text": "여보세요"})
    assert put(desk, contact, WRITTEN, version=2).refusal == (412, "version_mismatch")


def test_a_draft_is_no_part_of_the_story_and_not_stored_in_the_clear(desk: Desk) -> None:
    contact = desk.claimed()
    put(desk, contact, {"text": "카나리아초안"})
    for who in (MINA, SHOP):
        story = desk.call(who, "GET " + CONTACT.format(contact)).body
        assert "카나리아초안" not in json.dumps(story, ensure_ascii=False)
    assert "카나리아초안".encode() not in repr(desk.rows()).encode()
    assert ("mina", "reply", "카나리아초안") in shown(desk, contact)


def test_what_nobody_may_keep_is_taken_out_of_a_draft(desk: Desk) -> None:
    contact = desk.claimed()
    kept = put(desk, contact, {"text": "카드 4111 1111 1111 1111"}).body["text"]
    assert "4111 1111 1111 1111" not in kept


def test_a_draft_that_meets_another_holder_or_an_erasure_on_its_way_is_not_stored(desk: Desk) -> None:
    handed_over, erased, kept = desk.claimed(), desk.claimed(), desk.claimed()
    contacts, store = Contacts("danbi"), Drafts("danbi", Vault("danbi"))
    seen = [contacts.get(contact) for contact in (handed_over, erased, kept)]
    handed(desk, handed_over)
    for batch in ContactErasure("danbi").erase(erased, NOON):
        commit(*batch)
    draft = Draft("mina", Mode.REPLY, "내일 도착해", NOON)
    for contact in seen[:2]:
        with pytest.raises(Conflict, match="not_yours"):
            commit(*store.save(contact, draft))
    commit(*store.save(seen[2], draft))
    assert [len(store.beside(contact)[0]) for contact in (handed_over, erased, kept)] == [0, 0, 1]


def test_nothing_is_kept_of_an_erased_customer(desk: Desk) -> None:
    contact = desk.claimed()
    put(desk, contact, WRITTEN)
    for batch in ContactErasure("danbi").erase(contact, NOON):
        commit(*batch)
    assert put(desk, contact, WRITTEN).refusal == (409, "customer_erased")
    assert drafts(desk, contact)["drafts"] == []


def test_what_a_legal_hold_keeps_of_an_erased_customer_takes_and_shows_no_draft(desk: Desk) -> None:
    contact = desk.claimed()
    put(desk, contact, WRITTEN)
    owner = Caller(Kind.OWNER, KEY, tenant="danbi", person="o1")
    hold = {"days": 30, "reason": "분쟁"}
    assert desk.call(owner, f"POST {CONTACT.format(contact)}/hold", hold).status == 200
    erase = desk.call(owner, "POST /v1/tenants/danbi/customers/c1/erase", {"reason": "request"})
    assert erase.status == 202
    assert put(desk, contact, WRITTEN).refusal == (409, "customer_erased")
    path = f"GET {CONTACT.format(contact)}/drafts"
    assert desk.call(MINA, path).refusal == (409, "customer_erased")
    desk.later(60)
    assert put(desk, desk.claimed(), WRITTEN).status == 200


def test_erasing_leaves_no_draft_and_its_holder_keeps_none_from_then_on(desk: Desk) -> None:
    contact, other = desk.claimed(), desk.claimed()
    put(desk, contact, WRITTEN)
    handed(desk, contact)
    put(desk, contact, WRITTEN, mode="note", who=JUNO)
    put(desk, other, WRITTEN)
    held = Contacts("danbi").get(contact)
    store = Drafts("danbi", Vault("danbi"))
    commit(*store.erase(contact))
    assert (store.beside(contact)[0], store.erase(contact)) == ([], [])
    assert len(store.beside(other)[0]) == 1
    assert not any("content" in row for row in desk.rows() if row["pk"]["S"] == f"danbi#drafts#{contact}")
    for mode in Mode:
        # On its way when the erasure began, and the contact has not lost its customer yet.
        with pytest.raises(Conflict, match="customer_erased"):
            commit(*store.save(held, Draft("juno", mode, "늦은 초안", NOON)))
    assert put(desk, other, WRITTEN).status == 200


def test_a_contact_that_nobody_holds_or_that_is_gone_can_be_let_go(desk: Desk) -> None:
    contact = desk.claimed()
    put(desk, contact, WRITTEN)
    desk.act(MINA, contact, "release")
    store = Drafts("danbi", Vault("danbi"))
    commit(*store.erase(contact))
    assert store.erase("f" * 32) == []
    desk.act(MINA, contact, "claim")
    assert shown(desk, contact) == set()


def look(desk: Desk, contact: str, who: Caller = JUNO, tenant: str = "danbi") -> Answer:
    return desk.call(who, BEAT, {"looking": [f"{tenant}/{contact}"]})


def viewers(desk: Desk, contact: str) -> list[str]:
    found: list[str] = drafts(desk, contact)["viewers"]
    return found


def test_the_holder_sees_who_else_looks_for_45_seconds(desk: Desk) -> None:
    contact = desk.claimed()
    assert look(desk, contact).status == 200
    assert viewers(desk, contact) == ["Juno"]
    desk.later(40)
    assert viewers(desk, contact) == ["Juno"]
    desk.later(46)
    assert viewers(desk, contact) == []
    look(desk, contact)
    assert viewers(desk, contact) == ["Juno"]


def test_a_holders_own_look_is_not_written_and_not_shown(desk: Desk) -> None:
    contact = desk.claimed()
    look(desk, contact, MINA)
    assert not [row for row in desk.rows() if row["pk"]["S"] == f"danbi#drafts#{contact}"]
    look(desk, contact)
    handed(desk, contact)
    assert drafts(desk, contact, JUNO)["viewers"] == []


def test_a_look_at_what_is_not_the_pools_leaves_nothing_and_keeps_the_lease(desk: Desk) -> None:
    contact = desk.claimed()
    for who, tenant, ref in ((STRANGER, "danbi", contact), (JUNO, "danbi", "f" * 32), (JUNO, "nosuc", contact)):
        answer = look(desk, ref, who, tenant)
        assert (answer.status, answer.body["id"]) == (200, who.agent)
    assert not [row for row in desk.rows() if "#drafts#" in row["pk"]["S"]]
    assert viewers(desk, contact) == []
