"""Customers in the table: found by exact values, sealed, and gone for readers once the tombstone stands."""

import json
from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.customers.model import Customer, CustomerChanged, Details, Tombstone
from chalicelib.customers.rules import normal
from chalicelib.customers.store import Customers
from chalicelib.kernel.errors import BadInput, Conflict, NotFound
from chalicelib.privacy.model import Field
from tests.customers.cipher import FakeCipher
from tests.moto_desk import Desk
from tests.samples import NOON

STORE = Customers("danbi", FakeCipher())
DETAILS = normal(
    Details("카나리아", "010-1234-5678", "Canary@Example.com", "카나리아길 7", "ORDER-77", "카나리은행 123")
)
KIM = Customer("danbi", "customer-7", DETAILS)
STONE = Tombstone(STORE.handle("customer-7"), NOON, "owner:x", "e" * 32)


def stored(customer: Customer = KIM) -> Customer:
    commit(*STORE.save(None, customer))
    return STORE.get(customer.id)


def finds(desk: Desk) -> int:
    return sum(row["kind"]["S"] == "customer_find" for row in desk.rows())


def test_customer_comes_back_as_it_was_stored(desk: Desk) -> None:
    assert stored() == replace(KIM, version=1)
    assert stored(Customer("danbi", "bare")) == Customer("danbi", "bare", version=1)


def test_absent_customer_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        STORE.get("nobody")
    assert STORE.read("f" * 32) is None
    assert STORE.find(Field.PHONE, "010-1234-5678") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.PHONE, "+82 10 1234 5678"),
        (Field.MAIL, "CANARY@example.com"),
        (Field.ORDER_NUMBER, " ORDER-77 "),
    ],
)
def test_customer_is_found_by_the_whole_value_in_any_form(desk: Desk, field: Field, value: str) -> None:
    known = stored()
    assert STORE.find(field, value) == [known]
    assert Customers("mungmeal", FakeCipher("mungmeal")).find(field, value) == []


def test_customer_is_not_found_by_a_part_of_a_value(desk: Desk) -> None:
    stored()
    assert STORE.find(Field.ORDER_NUMBER, "ORDER-7") == []
    assert STORE.find(Field.MAIL, "canary@example.co") == []
    with pytest.raises(BadInput):
        STORE.find(Field.PHONE, "010-1234")


def test_several_customers_may_share_a_value(desk: Desk) -> None:
    first, second = stored(), stored(replace(KIM, id="customer-8"))
    found = STORE.find(Field.PHONE, DETAILS.phone)
    assert sorted(found, key=lambda customer: customer.id) == [first, second]


def test_changed_detail_is_found_by_the_new_value_alone(desk: Desk) -> None:
    before = stored()
    after = replace(before, details=replace(DETAILS, phone="+821099998888", order_number=""))
    commit(*STORE.save(before, after))
    assert STORE.find(Field.PHONE, DETAILS.phone) == STORE.find(Field.ORDER_NUMBER, "ORDER-77") == []
    assert STORE.find(Field.PHONE, "010-9999-8888") == STORE.find(Field.MAIL, DETAILS.mail) == [STORE.get(KIM.id)]
    assert finds(desk) == 2


def test_change_is_refused_if_someone_was_faster(desk: Desk) -> None:
    before = stored()
    commit(*STORE.save(before, replace(before, details=Details(name="새 이름"))))
    for late in (before, None):
        with pytest.raises(CustomerChanged):
            commit(*STORE.save(late, replace(KIM, details=Details(name="늦은 이름"))))
    assert STORE.get(KIM.id).details.name == "새 이름"


def test_no_row_tells_who_it_is(desk: Desk) -> None:
    stored()
    commit(STORE.of_contact(KIM.id, "c" * 32))
    for index in (None, "lists", "work"):
        rows = json.dumps(desk.rows(index), default=repr, ensure_ascii=False)
        for secret in (KIM.id, *DETAILS.known().values()):
            assert secret not in rows


def test_contacts_are_one_customers(desk: Desk) -> None:
    ids = ["a" * 32, "b" * 32]
    for contact in [*ids, ids[0]]:
        commit(STORE.of_contact(KIM.id, contact))
    handle = STORE.handle(KIM.id)
    assert STORE.contacts(handle) == ids
    assert STORE.contacts(STORE.handle("other")) == []
    commit(STORE.unlink(handle, ids[0]))
    commit(STORE.unlink(handle, ids[0]))
    assert STORE.contacts(handle) == ids[1:]


def test_erased_customer_is_read_by_nobody_from_the_tombstone_on(desk: Desk) -> None:
    stored()
    STORE.require_not_erased(KIM.id)
    assert STORE.known(KIM.id) == STORE.get(KIM.id)
    assert STORE.glance(KIM.id) == DETAILS
    commit(STORE.bury(STONE))
    assert STORE.known(KIM.id) is None
    assert STORE.glance(KIM.id) == Details()
    with pytest.raises(NotFound):
        STORE.get(KIM.id)
    assert STORE.read(STONE.handle) is None
    assert STORE.find(Field.PHONE, DETAILS.phone) == []
    with pytest.raises(Conflict) as refused:
        STORE.require_not_erased(KIM.id)
    assert refused.value.code == "customer_erased"


def test_tombstone_is_set_once(desk: Desk) -> None:
    commit(STORE.bury(STONE))
    with pytest.raises(Conflict):
        commit(STORE.bury(replace(STONE, by="someone else")))
    assert STORE.tombstone(STONE.handle) == STONE
    assert list(STORE.tombstones()) == [STONE]
    assert list(Customers("mungmeal", FakeCipher("mungmeal")).tombstones()) == []


def test_forgotten_customer_leaves_no_row(desk: Desk) -> None:
    stored()
    assert list(STORE.handles()) == [STONE.handle]
    commit(*STORE.forget(STONE.handle))
    assert finds(desk) == 0
    assert STORE.forget(STONE.handle) == list(STORE.handles()) == []


def test_customer_who_changes_meanwhile_is_not_forgotten_half(desk: Desk) -> None:
    before = stored()
    writes = STORE.forget(STONE.handle)
    commit(*STORE.save(before, replace(before, details=replace(DETAILS, phone="+821099998888"))))
    with pytest.raises(CustomerChanged):
        commit(*writes)
    assert finds(desk) == 3
