"""Handbooks in the table."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.tables import commit
from chalicelib.handbook.model import Answer, Handbook, Kept, Marks, Shelf, ShelfMoved, Wording
from chalicelib.handbook.store import Handbooks, forget_handbooks, marks_in
from tests.moto_desk import Desk, moto_desk
from tests.samples import NOON

ANSWER = Answer(
    "a" * 32, Wording("배송", "delivery", "배송", "내일 가요"), NOON, "owner:x", 3, True, "digest", "told"
)
KEPT = Kept(Handbook(colour="#123456", dos=("네",)), 2, NOON, "owner:x", "told")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with moto_desk() as found:
        yield found


def test_what_is_stored_is_read(desk: Desk) -> None:
    store = Handbooks("danbi")
    assert store.shelf() == store.glance() == Shelf()
    commit(store.save(KEPT), store.put(ANSWER), store.mark(Marks("main", names=("단비옷장",)), 0))
    assert store.shelf() == Shelf(KEPT, (ANSWER,), Marks("main", names=("단비옷장",)), 1)
    assert store.find("a" * 32) == ANSWER
    assert store.find("b" * 32) is None
    plain = Answer("b" * 32, ANSWER.wording, NOON, "owner:x")
    commit(store.put(plain), store.mark(Marks("main"), 1))
    assert store.shelf().answers == (ANSWER, plain)


@pytest.mark.parametrize("before", [0, 2])
def test_marks_of_another_round_change_nothing(desk: Desk, before: int) -> None:
    store = Handbooks("danbi")
    commit(store.mark(Marks("main"), 0))
    with pytest.raises(ShelfMoved):
        commit(store.save(KEPT), store.mark(Marks("main"), before))
    assert store.shelf().kept == Kept()
    commit(store.save(KEPT), store.mark(Marks("main"), 1))
    assert store.shelf().kept == KEPT


def test_marks_follow_the_shop_into_its_pool(desk: Desk) -> None:
    store = Handbooks("danbi")
    commit(store.mark(Marks("main", names=("단비옷장",)), 0))
    assert marks_in("main") == {"danbi": Marks("main", names=("단비옷장",))}
    commit(store.mark(Marks("other"), 1))
    forget_handbooks()
    assert (list(marks_in("main")), list(marks_in("other"))) == ([], ["danbi"])


def test_a_glance_is_remembered_until_this_process_changes_it(desk: Desk) -> None:
    store = Handbooks("danbi")
    assert store.glance() == Shelf()
    asked = desk.watch("Query")
    assert store.glance() == Shelf()
    assert marks_in("main") == marks_in("main") == {}
    assert len(asked) == 1
    commit(store.save(KEPT), store.mark(Marks("main"), 0))
    assert store.glance().kept == KEPT
    assert list(marks_in("main")) == ["danbi"]
