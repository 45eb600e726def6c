"""Announcing and cancelling over a store in memory: repeats, races, refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import Busy, Conflict, NotFound
from chalicelib.promotions.model import CalendarMoved, Promotion
from chalicelib.promotions.service import announce, cancel, get
from tests.fakes import Step, commit
from tests.promotions.samples import a_promotion
from tests.samples import NOON

ONE = a_promotion()
RIVAL = a_promotion("b" * 16)
LATER = a_promotion("c" * 16, starts_at=ONE.starts_at + DAY)


@dataclass
class FakePromotions:
    """One shop's promotions; `meanwhile` happens after the next reads, before the write."""

    rows: dict[str, Promotion] = field(default_factory=dict)
    announcements: int = 0
    meanwhile: list[Callable[[], None]] = field(default_factory=list)

    def find(self, promotion: str) -> Promotion | None:
        return self.rows.get(promotion)

    def version(self) -> int:
        return self.announcements

    def since(self, at: int) -> list[Promotion]:
        found = [one for one in self.rows.values() if one.ends_at > at]
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return found

    def add(self, promotion: Promotion, pool: str, version: int) -> list[Write]:
        def refusal() -> Exception | None:
            return None if version == self.announcements else CalendarMoved()

        return [Step("counter", lambda: self.put(promotion), refusal)]

    def cancel(self, promotion: Promotion) -> Write:
        return Step(promotion.id, lambda: self.rows.update({promotion.id: promotion}))

    def put(self, promotion: Promotion) -> None:
        self.rows[promotion.id] = promotion
        self.announcements += 1


def test_promotion_is_announced_and_found() -> None:
    store = FakePromotions()
    assert announce(ONE, "main", store, commit) == ONE == get(ONE.id, store)
    with pytest.raises(NotFound):
        get(LATER.id, store)


def test_repeat_returns_the_first_one_even_after_the_start() -> None:
    store = FakePromotions()
    announce(ONE, "main", store, commit)
    again = replace(ONE, announced_at=ONE.starts_at + 1)
    assert announce(again, "main", store, commit) == ONE
    assert store.announcements == 1
    with pytest.raises(Conflict, match="idempotency_mismatch"):
        announce(replace(ONE, digest="other"), "main", store, commit)


def test_of_two_at_once_that_overlap_one_gets_in() -> None:
    store = FakePromotions()
    store.meanwhile = [lambda: store.put(RIVAL)]
    with pytest.raises(Conflict, match="promotion_overlaps"):
        announce(ONE, "main", store, commit)
    assert list(store.rows) == [RIVAL.id]


def test_of_two_at_once_that_do_not_overlap_both_get_in() -> None:
    store = FakePromotions()
    store.meanwhile = [lambda: store.put(LATER)]
    assert announce(ONE, "main", store, commit) == ONE
    assert set(store.rows) == {ONE.id, LATER.id}


def test_the_same_request_twice_at_once_makes_one() -> None:
    store = FakePromotions()
    store.meanwhile = [lambda: store.put(ONE)]
    assert announce(ONE, "main", store, commit) == ONE
    assert (len(store.rows), store.announcements) == (1, 1)


def test_endless_rivals_make_it_busy() -> None:
    def moved() -> None:
        store.announcements += 1

    store = FakePromotions(meanwhile=[])
    store.meanwhile = [moved] * 20
    with pytest.raises(Busy):
        announce(ONE, "main", store, commit)
    assert store.rows == {}


def test_cancelled_once_and_for_all() -> None:
    store = FakePromotions({ONE.id: ONE})
    first = cancel(ONE.id, "owner:dana", NOON + 1, store, commit)
    assert (first.cancelled_at, first.cancelled_by) == (NOON + 1, "owner:dana")
    assert cancel(ONE.id, "shop:danbi", ONE.ends_at + DAY, store, commit) == first
    with pytest.raises(NotFound):
        cancel(LATER.id, "owner:dana", NOON, store, commit)


def test_what_is_over_is_refused() -> None:
    store = FakePromotions({ONE.id: ONE})
    with pytest.raises(Conflict, match="promotion_over"):
        cancel(ONE.id, "owner:dana", ONE.ends_at, store, commit)
    assert cancel(ONE.id, "owner:dana", ONE.ends_at - 1, store, commit).cancelled_at
