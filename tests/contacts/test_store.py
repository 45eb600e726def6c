"""Contacts and their stories in the table."""

import json
from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.contacts.model import Action, AlreadyStored, Author, Contact, ContactChanged, Status
from chalicelib.contacts.rows import contact_row, read_contact
from chalicelib.contacts.store import Contacts, queue
from chalicelib.kernel.errors import NotFound
from chalicelib.metering.model import Episode
from chalicelib.routing.model import Band, Candidate
from tests.moto_desk import Desk
from tests.samples import NOON, PRICE, a_contact, an_event, said

STORE = Contacts("danbi")
FULL = a_contact(
    "0123456789abcdef0123456789abcdef",
    customer="customer-0123456789",
    status=Status.MERGED,
    band=Band.FRONT,
    version=12,
    episode=Episode(3, 2, 0, PRICE, NOON),
    agent="mina",
    preferred="juno",
    claimed_at=NOON,
    first_reply_at=NOON,
    resolved_at=NOON,
    spam_from="waiting",
    merged_into="f" * 32,
    later_until=NOON,
    later_kind="send",
    later_text="n1",
    hand_at=NOON,
    stopped_by="mina",
)


def waiting(desk: Desk, pool: str = "main") -> list[str]:
    return desk.index("work", f"~queue#{pool}")


def add(name: str = "c1", **changes: object) -> Contact:
    contact = a_contact(name, **changes)
    commit(STORE.add(contact))
    return contact


def changed(before: Contact, **changes: object) -> Contact:
    after = replace(before, version=before.version + 1, **changes)  # type: ignore[arg-type]
    commit(STORE.save(before, after))
    return after


@pytest.mark.parametrize("contact", [a_contact(), FULL], ids=["plain", "full"])
def test_contact_comes_back_as_it_was_stored(desk: Desk, contact: Contact) -> None:
    commit(STORE.add(contact))
    assert STORE.get(contact.id) == contact
    assert read_contact(contact_row(contact)) == contact


def test_absent_contact_is_not_found(desk: Desk) -> None:
    for read in (STORE.get, STORE.story):
        with pytest.raises(NotFound):
            read("c1")
    assert STORE.message("c1", said()) is None


def test_contact_is_stored_once_and_a_repeat_learns_the_first_body(desk: Desk) -> None:
    first = add(digest="first")
    with pytest.raises(AlreadyStored) as stored:
        add(digest="second", customer="someone")
    assert stored.value.digest == "first"
    assert STORE.get("c1") == first


def test_first_message_makes_or_breaks_the_opening(desk: Desk) -> None:
    commit(STORE.add(a_contact("c1")), STORE.append("c1", said("m1")))
    with pytest.raises(AlreadyStored, match="digest of m1"):
        commit(STORE.add(a_contact("c2")), STORE.append("c1", said("m1")))
    with pytest.raises(NotFound):
        STORE.get("c2")


def test_save_over_another_version_is_refused(desk: Desk) -> None:
    before = add()
    after = changed(before, customer="u2")
    with pytest.raises(ContactChanged):
        changed(before, customer="u3")
    with pytest.raises(ContactChanged):
        commit(STORE.save(a_contact("absent"), a_contact("absent")))
    assert STORE.get("c1") == after


def test_contact_is_in_the_queue_only_while_it_waits(desk: Desk) -> None:
    contact = add()
    assert waiting(desk) == [f"1#{NOON:015d}#danbi#c1"]
    for status in Status:
        contact = changed(contact, status=status)
        assert bool(waiting(desk)) is (status is Status.WAITING), status


def test_queue_is_in_order_of_band_and_rank_over_all_shops(desk: Desk) -> None:
    add("late", rank=NOON + 2)
    add("early", rank=NOON + 1, weight=6, preferred="mina")
    add("front", rank=NOON + 9, band=Band.FRONT)
    add("other", pool="other")
    commit(Contacts("mungmeal").add(a_contact("theirs", tenant="mungmeal")))
    found = list(queue("main", 2))
    assert [candidate.contact for candidate in found] == ["front", "theirs", "early", "late"]
    assert found[2] == Candidate("danbi", "early", 6, Band.ARRIVED, NOON + 1, "mina")


def test_queue_index_holds_nothing_personal(desk: Desk) -> None:
    add(customer="canary-customer")
    commit(STORE.append("c1", said()))
    told = json.dumps(desk.rows("work") + desk.rows("lists"), ensure_ascii=False)
    assert "c1" in told
    assert "canary-customer" not in told
    assert said().text not in told


def test_story_holds_messages_notes_and_events_in_order_of_time(desk: Desk) -> None:
    add()
    commit(STORE.append("c1", said("m2", at=NOON + 2)))
    commit(STORE.append("c1", said("m1", at=NOON + 1)))
    commit(STORE.append("c1", said("n1", Author.NOTE, "mina", NOON + 3)))
    commit(STORE.record("c1", an_event(Action.SPAM, name="e2", at=NOON + 2)))
    commit(STORE.record("c1", an_event(Action.RELEASE, name="e1")))
    story = STORE.story("c1")
    assert story.contact == a_contact()
    assert story.messages == (
        said("m1", at=NOON + 1),
        said("m2", at=NOON + 2),
        said("n1", Author.NOTE, "mina", NOON + 3),
    )
    assert [event.id for event in story.events] == ["e1", "e2"]


def test_message_and_note_of_one_id_are_two_rows_and_each_is_stored_once(desk: Desk) -> None:
    note = said("m1", Author.NOTE, "mina")
    commit(STORE.append("c1", said("m1")))
    commit(STORE.append("c1", note))
    for message in (said("m1"), note):
        assert STORE.message("c1", message) == message
        with pytest.raises(AlreadyStored, match="digest of m1"):
            commit(STORE.append("c1", replace(message, text="anders")))
    assert STORE.message("c1", said("m2")) is None


def test_pages_go_from_the_newest_change_to_the_oldest_and_end(desk: Desk) -> None:
    for number in range(5):
        add(f"c{number}", changed_at=NOON + number)
    add("resolved", status=Status.RESOLVED)
    pages, after = [], None
    for _ in range(3):
        ids, after = STORE.page(Status.WAITING, limit=2, after=after)
        pages.append(ids)
    assert pages == [["c4", "c3"], ["c2", "c1"], ["c0"]]
    assert after is None
    assert STORE.page(Status.SPAM, limit=2, after=None) == ([], None)


def test_many_come_in_the_order_asked_for_and_absent_ones_are_left_out(desk: Desk) -> None:
    for name in ("c1", "c2", "c3"):
        add(name)
    assert [contact.id for contact in STORE.many(["c3", "absent", "c1"])] == ["c3", "c1"]
    assert STORE.many([]) == []


def test_ids_are_those_of_every_state_since_a_time(desk: Desk) -> None:
    for number, status in enumerate(Status):
        add(status, status=status, changed_at=NOON + number)
    assert sorted(STORE.ids(NOON)) == sorted(Status)
    open_ = {Status.WAITING, Status.OVERFLOW, Status.SHOP, Status.CLAIMED, Status.LATER}
    # What is open may be answered later without a change of its status.
    assert set(STORE.ids(NOON + len(Status) - 1)) == open_ | {list(Status)[-1]}
    assert set(STORE.ids(NOON + 100)) == open_


def test_whether_anything_waits(desk: Desk) -> None:
    assert not STORE.any_waiting()
    contact = add()
    assert STORE.any_waiting()
    changed(contact, status=Status.CLAIMED)
    assert not STORE.any_waiting()


def test_contact_story_and_message_are_read_as_they_are_now(desk: Desk) -> None:
    add()
    gets, queries = desk.watch("GetItem"), desk.watch("Query")
    STORE.get("c1")
    STORE.message("c1", said())
    STORE.story("c1")
    asked = [call for call in gets + queries if call["TableName"] == desk.table and "contact" in str(call)]
    assert [call["ConsistentRead"] for call in asked] == [True] * 3


def size(row: dict[str, dict[str, str]]) -> int:
    """Bytes as DynamoDB counts them, to within a few: names and values in UTF-8."""
    return sum(
        len(name.encode()) + len(str(value).encode()) for name, kind in row.items() for value in kind.values()
    )


def test_rows_stay_small(desk: Desk) -> None:
    commit(STORE.add(FULL), STORE.append(FULL.id, said("m1")), STORE.record(FULL.id, an_event(Action.SPAM)))
    sizes = {row["kind"]["S"]: size(row) for row in desk.rows() if row["pk"]["S"].startswith("danbi#contact#")}
    assert set(sizes) == {"contact", "message", "event"}
    assert sizes["contact"] < 1024
    assert sizes["message"] < 512
    assert sizes["event"] < 512


def test_index_rows_are_a_fraction_of_the_contact(desk: Desk) -> None:
    commit(STORE.add(replace(FULL, status=Status.WAITING)))
    for index in ("work", "lists"):
        [row] = [row for row in desk.rows(index) if row["kind"]["S"] == "contact"]
        assert size(row) < 600
