from dataclasses import dataclass, replace

import pytest

from chalicelib.aws.tables import Write
from chalicelib.kernel.errors import Conflict
from chalicelib.tenants.model import Contract, Tenant, Term
from chalicelib.tenants.service import apply
from tests.fakes import Step, commit
from tests.samples import NOON, SHOP


@dataclass
class FakeTenants:
    row: Tenant | None = None
    saves: int = 0

    def current(self) -> Tenant | None:
        return self.row

    def save(self, profile: Tenant, before: Tenant | None) -> Write:
        def store() -> None:
            self.row, self.saves = profile, self.saves + 1

        changed = Conflict("tenant_changed", "someone else changed this tenant")
        return Step("profile", store, lambda: None if self.row == before else changed)


def test_an_unknown_shop_is_created_and_applied_again_left_alone() -> None:
    store = FakeTenants()
    assert [apply(SHOP, store, commit) for _ in range(3)] == [["created"], [], []]
    assert (store.row, store.saves) == (SHOP, 1)


def test_what_changed_is_named() -> None:
    store = FakeTenants(SHOP)
    changed = replace(SHOP, name_en="Danbi", contract=Contract(rate_per_hour=80, burst=10))
    assert apply(changed, store, commit) == ["name_en", "contract"]
    assert apply(changed, store, commit) == []
    assert store.row == changed


def test_a_negotiated_price_changes_with_a_month_and_never_within_one() -> None:
    store = FakeTenants(SHOP)
    dearer = replace(SHOP, price_won=1_000)
    assert apply(dearer, store, commit, now=NOON) == ["plans"]
    assert apply(dearer, store, commit, now=NOON) == []
    assert store.row is not None
    assert [store.row.plan_in(month) for month in ("2026-11", "2026-12")] == ["flat/900", "flat/1000"]
    assert apply(replace(SHOP, price_won=1_100), store, commit, now=NOON) == ["plans"]
    assert store.row.plan_in("2026-12") == "flat/1100"
    assert apply(SHOP, store, commit, now=NOON) == ["plans"]
    assert store.row == SHOP


def test_a_shop_that_chose_a_plan_keeps_it_whatever_is_declared() -> None:
    chosen = replace(SHOP, plans=(Term("2026-10", "standard/1"),))
    store = FakeTenants(chosen)
    assert apply(replace(SHOP, price_won=1_000), store, commit, now=NOON) == []
    assert store.row == chosen


def test_losing_a_race_is_told() -> None:
    store = FakeTenants(SHOP)
    ours, theirs = replace(SHOP, name_en="Ours"), replace(SHOP, name_en="Theirs")

    def raced(write: Write) -> None:
        store.row = theirs
        commit(write)

    with pytest.raises(Conflict):
        apply(ours, store, raced)
    assert store.row == theirs
