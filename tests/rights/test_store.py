"""Erasures in the table, and those that are due."""

from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.errors import NotFound
from chalicelib.rights.model import Counts, Progress
from chalicelib.rights.store import Erasures, open_erasures
from tests.moto_desk import Desk
from tests.rights.world import wanted
from tests.samples import NOON

STORE = Erasures("danbi")
ERASURE = replace(wanted("e" * 32), handle="f" * 32)


def test_erasure_comes_back_as_it_was_started(desk: Desk) -> None:
    commit(STORE.start(ERASURE, NOON))
    assert STORE.get(ERASURE.id) == ERASURE
    with pytest.raises(NotFound):
        Erasures("mungmeal").get(ERASURE.id)


def test_counts_add_up(desk: Desk) -> None:
    commit(STORE.start(ERASURE, NOON))
    for counts in (Counts(contacts=1, messages=3), Counts(customers=1, search_entries=2), Counts(messages=4)):
        commit(STORE.tally(ERASURE.id, counts))
    assert STORE.get(ERASURE.id).counts == Counts(1, 7, 1, 2)


def test_erasure_is_due_from_its_time_on_until_it_is_done(desk: Desk) -> None:
    commit(STORE.start(ERASURE, NOON))
    due = [("danbi", ERASURE.id)]
    assert open_erasures(NOON, 9) == due
    commit(STORE.wait(ERASURE.id, NOON + 5, "certificate 1"))
    assert open_erasures(NOON + 4, 9) == []
    assert open_erasures(NOON + 5, 9) == due
    commit(STORE.finish(ERASURE.id, "certificate 2"))
    assert open_erasures(NOON + 5, 9) == []
    done = STORE.get(ERASURE.id)
    assert (done.progress, done.certificate) == (Progress.DONE, "certificate 2")


def test_oldest_are_due_first_and_so_many_at_most(desk: Desk) -> None:
    for number in (3, 1, 2):
        commit(Erasures("mungmeal").start(replace(ERASURE, id=str(number) * 32), NOON + number))
    assert open_erasures(NOON + 9, 2) == [("mungmeal", "1" * 32), ("mungmeal", "2" * 32)]


def test_finished_erasure_is_not_opened_again_by_a_slower_process(desk: Desk) -> None:
    commit(STORE.start(ERASURE, NOON))
    commit(STORE.finish(ERASURE.id, "certificate"))
    for late in (STORE.wait(ERASURE.id, NOON), STORE.finish(ERASURE.id, "other")):
        with pytest.raises(NotFound):
            commit(late)
    assert open_erasures(NOON + 9, 9) == []


def test_erasure_that_was_never_started_cannot_go_on(desk: Desk) -> None:
    with pytest.raises(NotFound):
        commit(STORE.tally(ERASURE.id, Counts(contacts=1)))
    assert desk.raw("danbi#erasure", ERASURE.id) is None
