"""Promotions in the table: what is read, what guards it, and where leads find it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.tables import commit
from chalicelib.kernel.clock import DAY, HOUR, MINUTE
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.promotions.model import CalendarMoved, Promotion
from chalicelib.promotions.rules import LONGEST
from chalicelib.promotions.service import announce
from chalicelib.promotions.store import Promotions, announced, forget_promotions
from chalicelib.promotions.wiring import contract_of
from chalicelib.tenants.model import Contract
from tests.moto_desk import DANBI, Desk
from tests.promotions.samples import a_promotion
from tests.samples import NOON
from tests.wall import behind

ONE = a_promotion()
LATER = a_promotion("b" * 16, starts_at=ONE.starts_at + DAY)


def stored(*promotions: Promotion, pool: str = "main") -> Promotions:
    store = Promotions("danbi")
    for one in promotions:
        commit(*store.add(one, pool, store.version()))
    return store


def test_promotion_comes_back_whole(desk: Desk) -> None:
    store = stored(ONE)
    assert store.find(ONE.id) == ONE
    assert store.since(NOON) == [ONE]
    assert store.current(NOON) == (ONE,)
    assert store.find(LATER.id) is None


def test_cancelled_promotion_is_kept_with_who_cancelled_it_first(desk: Desk) -> None:
    store = stored(ONE)
    gone = ONE.cancelled(NOON + 1, "owner:dana")
    commit(store.cancel(gone))
    commit(store.cancel(ONE.cancelled(NOON + 2, "shop:danbi")))
    assert store.find(ONE.id) == gone
    with pytest.raises(NotFound):
        commit(store.cancel(LATER))


def test_what_ended_is_not_read(desk: Desk) -> None:
    longest = a_promotion("c" * 16, starts_at=NOON, ends_at=NOON + LONGEST)
    store = stored(longest, LATER)
    assert store.since(longest.ends_at - 1) == [longest]
    assert store.since(LATER.ends_at - 1) == [longest, LATER]
    assert store.since(LATER.ends_at) == [longest]
    assert store.since(longest.ends_at) == []


def test_announcement_is_refused_once_another_one_was_stored(desk: Desk) -> None:
    store = Promotions("danbi")
    assert store.version() == 0
    for seen, one in ((0, ONE), (1, LATER)):
        commit(*store.add(one, "main", seen))
        for stale in range(seen + 1):
            with pytest.raises(CalendarMoved):
                commit(*store.add(a_promotion("c" * 16), "main", stale))
    assert store.version() == 2
    assert store.since(NOON) == [ONE, LATER]


def test_of_many_announced_at_once_no_two_overlap(desk: Desk) -> None:
    def one(number: int) -> str:
        new = a_promotion(f"{number:016x}", starts_at=ONE.starts_at + number * HOUR)
        try:
            return announce(new, "main", Promotions("danbi"), commit).id
        except Conflict as refused:
            return refused.code

    with desk.atomic(), ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(6)))
    kept = Promotions("danbi").since(NOON)
    assert {one.id for one in kept} == {answer for answer in answers if answer != "promotion_overlaps"}
    assert len(kept) in {1, 2}
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(kept))


def test_pool_lists_what_is_not_over_and_not_cancelled_by_start(desk: Desk) -> None:
    store = stored(LATER, ONE)
    commit(*Promotions("mungmeal").add(a_promotion("c" * 16, starts_at=NOON - HOUR), "main", 0))
    commit(*Promotions("faraway").add(ONE, "other", 0))
    all_three = [("mungmeal", "20261121-" + "c" * 16), ("danbi", ONE.id), ("danbi", LATER.id)]
    assert announced("main", NOON, 9) == all_three
    assert announced("main", NOON, 2) == all_three[:2]
    assert announced("other", NOON, 9) == [("faraway", ONE.id)]
    assert announced("main", NOON + 3 * HOUR, 2) == all_three[1:]
    commit(store.cancel(ONE.cancelled(NOON, "x")))
    assert announced("main", NOON + 3 * HOUR, 9) == [("danbi", LATER.id)]


def test_pools_list_is_for_the_functions_own_role(desk: Desk) -> None:
    store = stored(ONE)
    with behind("api_handler"), acting(Scope(tenant="danbi")):
        assert announced("main", NOON, 9) == [("danbi", ONE.id)]
        assert store.since(NOON) == [ONE]
        with pytest.raises(Exception, match="AccessDenied"):
            Promotions("mungmeal").since(NOON)


def test_contract_in_force_is_asked_once_in_half_a_minute(desk: Desk) -> None:
    stored(ONE)
    asked = desk.watch("Query")
    raised = Contract(DANBI.contract.rate_per_hour * 5, DANBI.contract.burst * 5)
    for _ in range(3):
        assert contract_of(DANBI, ONE.starts_at) == raised
        assert contract_of(DANBI, ONE.starts_at - 16 * MINUTE) == DANBI.contract
    assert len(asked) == 1
    forget_promotions()
    assert contract_of(DANBI, ONE.starts_at) == raised
    assert len(asked) == 2


def test_what_this_process_changes_counts_at_once(desk: Desk) -> None:
    assert contract_of(DANBI, ONE.starts_at) == DANBI.contract
    store = stored(ONE)
    assert contract_of(DANBI, ONE.starts_at).burst == DANBI.contract.burst * 5
    commit(store.cancel(ONE.cancelled(NOON, "x")))
    assert contract_of(DANBI, ONE.starts_at) == DANBI.contract


def test_contract_of_one_shop_is_not_anothers(desk: Desk) -> None:
    stored(ONE)
    other = replace(DANBI, id="mungmeal")
    assert contract_of(other, ONE.starts_at) == DANBI.contract
    assert contract_of(DANBI, ONE.starts_at) != DANBI.contract
