"""`commit`: all or nothing, the right refusal, and another try when others were merely faster."""

import itertools

import pytest
from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError

from chalicelib.aws.failures import is_passing
from chalicelib.aws.tables import Check, Delete, Put, Row, Update, commit
from chalicelib.contacts.model import AlreadyStored, ContactChanged
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.errors import Busy
from chalicelib.metering.model import Meter
from chalicelib.metering.windows import Windows
from chalicelib.routing.model import Reading
from chalicelib.routing.store import VirtualClock
from tests.moto_desk import Desk
from tests.samples import NOON, a_contact, said

STORE = Contacts("danbi")


def stored(desk: Desk) -> set[str]:
    return {row["sk"]["S"] for row in desk.rows() if row["pk"]["S"].startswith("danbi#contact#")}


def test_lone_write_is_one_plain_call(desk: Desk) -> None:
    written = desk.written()
    commit(STORE.add(a_contact()))
    commit(VirtualClock("danbi", "main").advance(Reading(0), NOON))
    assert written == ["PutItem", "UpdateItem"]


def test_several_writes_are_one_transaction(desk: Desk) -> None:
    writes = (
        STORE.add(a_contact()),
        STORE.append("c1", said()),
        VirtualClock("danbi", "main").advance(Reading(0), NOON),
    )
    written = desk.written()
    commit(*writes)
    assert written == ["TransactWriteItems"]
    assert stored(desk) == {"contact", "msg#m1"}


@pytest.mark.parametrize("last", [True, False])
def test_refusal_is_that_of_the_row_that_refused_wherever_it_stands(desk: Desk, last: bool) -> None:
    commit(STORE.append("c1", said()))
    clock = VirtualClock("danbi", "main").advance(Reading(0), NOON)
    writes = [STORE.add(a_contact()), STORE.append("c1", said())]
    with pytest.raises(AlreadyStored, match="digest of m1"):
        # Updates are sent after puts, whatever the order here.
        commit(*([*writes, clock] if last else [clock, *writes]))
    assert stored(desk) == {"msg#m1"}
    assert VirtualClock("danbi", "main").read().clock == 0


def lacks(name: str) -> Check:
    """Return the check that the story of c1 has no message of that name."""
    refusal = ContactChanged()
    return Check(Row(pk="danbi#contact#c1", sk=f"msg#{name}"), Row.pk.does_not_exist(), lambda _: refusal)


def test_check_lets_a_transaction_pass_or_refuses_all_of_it(desk: Desk) -> None:
    commit(lacks("m2"), STORE.add(a_contact()), STORE.append("c1", said()))
    clock = VirtualClock("danbi", "main").advance(Reading(0), NOON)
    with pytest.raises(ContactChanged):
        commit(clock, lacks("m1"))
    assert VirtualClock("danbi", "main").read().clock == 0
    with pytest.raises(ContactChanged):
        commit(lacks("m1"))
    commit(lacks("m2"))


def test_first_of_two_refusals_is_told(desk: Desk) -> None:
    commit(STORE.add(a_contact()), STORE.append("c1", said()))
    with pytest.raises(ContactChanged):
        commit(STORE.save(a_contact(version=7), a_contact(version=8)), STORE.append("c1", said()))


def test_lone_refusal_hands_over_the_row_that_stood_there(desk: Desk) -> None:
    commit(STORE.append("c1", said()))
    with pytest.raises(AlreadyStored, match="digest of m1"):
        commit(STORE.append("c1", said()))


def test_one_row_twice_is_a_mistake_of_ours(desk: Desk) -> None:
    with pytest.raises(TransactWriteError, match="Failed to write"):
        commit(STORE.add(a_contact()), STORE.add(a_contact()))
    assert stored(desk) == set()


def test_something_else_than_a_write_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="Delete, Put and Update only"):
        commit("a write")


def test_transaction_that_met_another_is_tried_again(desk: Desk) -> None:
    seen = desk.fail("TransactWriteItems", "TransactionCanceledException", times=2)
    commit(STORE.add(a_contact()), STORE.append("c1", said()))
    assert len(seen) == 3
    assert stored(desk) == {"contact", "msg#m1"}


def test_lone_write_that_met_a_transaction_is_tried_again(desk: Desk) -> None:
    seen = desk.fail("PutItem", "TransactionConflictException")
    commit(STORE.add(a_contact()))
    assert len(seen) == 2
    assert stored(desk) == {"contact"}


def test_transaction_that_never_gets_through_is_busy(desk: Desk) -> None:
    seen = desk.fail("TransactWriteItems", "TransactionCanceledException", times=99)
    with pytest.raises(Busy):
        commit(STORE.add(a_contact()), STORE.append("c1", said()))
    assert len(seen) == 10
    assert stored(desk) == set()


def test_lone_write_to_a_storage_that_is_away_may_succeed_in_a_moment(desk: Desk) -> None:
    desk.fail("PutItem", "InternalServerError", status=500)
    with pytest.raises(ClientError) as failed:
        commit(STORE.add(a_contact()))
    assert is_passing(failed.value)


@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_throttled_write_may_succeed_in_a_moment(desk: Desk, code: str) -> None:
    desk.fail("PutItem", code)
    with pytest.raises(ClientError) as failed:
        commit(STORE.add(a_contact()))
    assert is_passing(failed.value)
    commit(STORE.add(a_contact()))


@pytest.mark.parametrize(
    ("code", "status", "passing"),
    [
        ("ThrottlingException", 400, True),
        ("InternalServerError", 500, True),
        ("ServiceUnavailable", 503, True),
        ("AccessDeniedException", 400, False),
        ("ResourceNotFoundException", 400, False),
    ],
)
def test_failed_read_passes_only_if_the_storage_was_throttled_or_away(
    desk: Desk, code: str, status: int, passing: bool
) -> None:
    desk.fail("GetItem", code, status=status)
    with pytest.raises(Exception, match=code) as failed:
        STORE.get("c1")
    assert is_passing(failed.value) is passing


def test_mistake_of_ours_is_not_tried_again(desk: Desk) -> None:
    seen = desk.fail("TransactWriteItems", "ValidationException")
    with pytest.raises(TransactWriteError) as failed:
        commit(STORE.add(a_contact()), STORE.append("c1", said()))
    assert len(seen) == 1
    assert not is_passing(failed.value)
    assert not is_passing(ValueError())


def test_rows_share_one_client(desk: Desk) -> None:
    STORE.any_waiting()
    Windows("danbi").find(Meter.HUMAN, "2026-11-21T03")
    kinds: list[type[Row]] = [Row, *Row.__subclasses__()]
    assert len({id(kind._get_connection()) for kind in kinds}) == 1


class Sample(Row, discriminator="sample"):
    note = UnicodeAttribute(null=True)


def a_row(name: str, note: str = "") -> Sample:
    return Sample(pk="danbi#sample", sk=name, note=note or None)


def gone(name: str, note: str = "") -> Delete:
    return Delete(a_row(name), (Sample.note == note) if note else None, lambda _: KeyError(name))


def new(name: str) -> Put:
    return Put(a_row(name), Sample.pk.does_not_exist(), lambda _: FileExistsError(name))


def noted(name: str, before: str) -> Update:
    return Update(a_row(name), [Sample.note.set("after")], Sample.note == before, lambda _: ValueError(name))


def samples(desk: Desk) -> dict[str, str]:
    rows = [row for row in desk.rows() if row["pk"]["S"] == "danbi#sample"]
    return {row["sk"]["S"]: row.get("note", {}).get("S", "") for row in rows}


def test_row_is_taken_away_alone_and_within_a_transaction_and_again(desk: Desk) -> None:
    written = desk.written()
    commit(new("a"), new("b"), new("c"))
    commit(gone("a"))
    commit(gone("a"), gone("b"), new("d"))
    assert samples(desk) == {"c": "", "d": ""}
    assert written == ["TransactWriteItems", "DeleteItem", "TransactWriteItems"]


def test_row_is_not_taken_away_unless_its_condition_holds(desk: Desk) -> None:
    commit(Put(a_row("a", "first")), Put(a_row("b", "first")))
    for refused in ([gone("a", "second")], [new("c"), gone("a", "second")]):
        with pytest.raises(KeyError, match="a"):
            commit(*refused)
    commit(gone("a", "first"))
    assert samples(desk) == {"b": "first"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [(0, KeyError), (1, FileExistsError), (2, ValueError)],
    ids=["delete", "put", "update"],
)
def test_refusal_is_that_of_the_kind_of_write_that_refused(
    desk: Desk, order: tuple[int, ...], wrong: int, refusal: type[Exception]
) -> None:
    commit(Put(a_row("old", "before")), Put(a_row("kept", "before")))
    writes: list[Delete | Put | Update] = [gone("old", "before"), new("new"), noted("kept", "before")]
    refused: list[Delete | Put | Update] = [gone("old", "else"), new("kept"), noted("old", "else")]
    writes[wrong] = refused[wrong]
    if wrong == 1:
        writes[2] = noted("unrelated", "before")
        commit(Put(a_row("unrelated", "before")))
    if wrong == 2:
        writes[0] = gone("kept", "before")
    before = samples(desk)
    with pytest.raises(refusal):
        commit(*(writes[place] for place in order))
    assert samples(desk) == before
