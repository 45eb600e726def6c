"""Contacts without their people, in the table."""

import json
from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.contacts.erasure import ContactErasure, Hold
from chalicelib.contacts.model import Author, ContactChanged, Status
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.metering.store import Ledger
from tests.moto_desk import MINA, Desk
from tests.samples import NOON, a_contact, said

STORE, ERASURE = Contacts("danbi"), ContactErasure("danbi")
HOLD = Hold("a" * 32, NOON + DAY, "분쟁", "owner:dana", NOON)


def erase(contact: str) -> list[int]:
    batches = ERASURE.erase(contact, NOON)
    for batch in batches:
        commit(*batch)
    return [len(batch) for batch in batches]


def test_what_was_said_is_gone_and_what_was_counted_stays(desk: Desk) -> None:
    contact = desk.answered()
    before, entries = ERASURE.find(contact), Ledger("danbi").of_contact(contact)
    assert before is not None
    assert erase(contact) == [2, 1]
    after = ERASURE.find(contact)
    assert after == replace(before, customer="", digest="", version=before.version + 1)
    assert Ledger("danbi").of_contact(contact) == entries != []
    rows = [row for row in desk.rows() if row["kind"]["S"] == "message"]
    assert {row["content"]["B"] for row in rows} == {b""}
    assert {row.get("agent", {}).get("S", "") for row in rows} == {"", "mina"}


def test_erased_contact_is_read_by_nobody_once_its_agent_has_closed_it(desk: Desk) -> None:
    contact = desk.claimed()
    erase(contact)
    assert [message.text for message in STORE.story(contact).messages] == [""]
    desk.act(MINA, contact, "resolve")
    with pytest.raises(NotFound):
        STORE.story(contact)
    assert desk.call(MINA, "GET /v1/agents/me").body["holding"] == []


def test_contact_is_erased_once(desk: Desk) -> None:
    contact = desk.open()
    assert erase(contact) == [1, 1]
    assert ERASURE.erase(contact, NOON) == []
    assert ERASURE.erase("absent", NOON) == []
    assert ERASURE.find("absent") is None


def test_long_contact_is_erased_in_small_transactions_and_from_where_it_stopped(desk: Desk) -> None:
    commit(STORE.add(a_contact("c1")))
    for number in range(30):
        commit(STORE.append("c1", said(f"m{number:02d}", list(Author)[number % 3])))
    first, *_ = ERASURE.erase("c1", NOON)
    commit(*first)
    assert [len(batch) for batch in ERASURE.erase("c1", NOON)] == [5, 1]
    assert erase("c1") == [5, 1]


def test_contact_that_moved_on_meanwhile_is_not_erased_half(desk: Desk) -> None:
    contact = desk.open()
    *_, last = ERASURE.erase(contact, NOON)
    desk.act(MINA, contact, "claim")
    with pytest.raises(ContactChanged):
        commit(*last)
    assert erase(contact) == [1, 1]


def test_message_is_erased_once_whoever_was_faster(desk: Desk) -> None:
    contact = desk.open()
    said_once, again = ERASURE.erase(contact, NOON)[0], ERASURE.erase(contact, NOON)[0]
    commit(*said_once)
    with pytest.raises(ContactChanged):
        commit(*again)


def test_erased_contact_is_in_no_list_and_an_open_one_still_in_the_queue(desk: Desk) -> None:
    contact, other = desk.open(), desk.open()
    erase(contact)
    assert list(ERASURE.listed(Status.WAITING)) == [other]
    assert len(desk.index("work", "~queue#main")) == 2


def test_contacts_are_listed_by_state_and_age(desk: Desk) -> None:
    early, late = a_contact("a1", changed_at=NOON - 1), a_contact("a2", changed_at=NOON)
    commit(STORE.add(late))
    commit(STORE.add(early))
    assert list(ERASURE.listed(Status.WAITING)) == ["a1", "a2"]
    assert list(ERASURE.listed(Status.WAITING, before=NOON)) == ["a1"]
    assert list(ERASURE.listed(Status.SPAM)) == list(ContactErasure("mungmeal").listed(Status.WAITING)) == []


def test_hold_is_in_force_until_its_end_or_its_release(desk: Desk) -> None:
    commit(ERASURE.hold(HOLD))
    assert ERASURE.held(NOON) == ERASURE.held(HOLD.until - 1) == {HOLD.contact: HOLD}
    assert ERASURE.held(HOLD.until) == ContactErasure("mungmeal").held(NOON) == {}
    longer = replace(HOLD, until=NOON + 2 * DAY)
    commit(ERASURE.hold(longer))
    assert ERASURE.held(HOLD.until) == {HOLD.contact: longer}
    commit(ERASURE.release(HOLD.contact))
    assert ERASURE.held(NOON) == {}
    with pytest.raises(Conflict, match="not_held"):
        commit(ERASURE.release(HOLD.contact))


def test_no_row_keeps_the_customer(desk: Desk) -> None:
    contact = desk.open(customer={"id": "canary-customer", "name": "카나리아"}, text="카나리아 문의")
    erase(contact)
    for index in (None, "lists", "work"):
        assert "canary-customer" not in json.dumps(desk.rows(index), default=repr)
