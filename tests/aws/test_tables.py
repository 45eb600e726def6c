"""`commit`: all or nothing, the right refusal, and another try when others were merely faster."""

import pytest
from botocore.exceptions import ClientError
from pynamodb.exceptions import TransactWriteError

from chalicelib.aws.failures import is_passing
from chalicelib.aws.tables import Row, commit
from chalicelib.contacts.model import AlreadyStored, ContactChanged
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.errors import Busy
from chalicelib.metering.model import Meter
from chalicelib.metering.windows import Windows
from chalicelib.routing.store import VirtualClock
from tests.moto_desk import Desk
from tests.samples import NOON, a_contact, said

STORE = Contacts("danbi")


def stored(desk: Desk) -> set[str]:
    return {row["sk"]["S"] for row in desk.rows() if row["pk"]["S"].startswith("danbi#contact#")}


def test_lone_write_is_one_plain_call(desk: Desk) -> None:
    written = desk.written()
    commit(STORE.add(a_contact()))
    commit(VirtualClock("danbi", "main").advance(0, NOON))
    assert written == ["PutItem", "UpdateItem"]


def test_several_writes_are_one_transaction(desk: Desk) -> None:
    written = desk.written()
    commit(STORE.add(a_contact()), STORE.append("c1", said()), VirtualClock("danbi", "main").advance(0, NOON))
    assert written == ["TransactWriteItems"]
    assert stored(desk) == {"contact", "msg#m1"}


@pytest.mark.parametrize("last", [True, False])
def test_refusal_is_that_of_the_row_that_refused_wherever_it_stands(desk: Desk, last: bool) -> None:
    commit(STORE.append("c1", said()))
    clock = VirtualClock("danbi", "main").advance(0, NOON)
    writes = [STORE.add(a_contact()), STORE.append("c1", said())]
    with pytest.raises(AlreadyStored, match="digest of m1"):
        # Updates are sent after puts, whatever the order here.
        commit(*([*writes, clock] if last else [clock, *writes]))
    assert stored(desk) == {"msg#m1"}
    assert VirtualClock("danbi", "main").read() == 0


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
    with pytest.raises(TypeError, match="Put and Update only"):
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
