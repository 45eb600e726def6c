from dataclasses import dataclass, replace

import pytest

from chalicelib.aws.tables import Write
from chalicelib.kernel.errors import Conflict
from chalicelib.tenants.model import Contract, Tenant
from chalicelib.tenants.service import apply
from tests.fakes import Step, commit
from tests.samples import SHOP


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
    changed = replace(SHOP, price_won=1_000, contract=Contract(rate_per_hour=80, burst=10))
    assert apply(changed, store, commit) == ["price_won", "contract"]
    assert apply(changed, store, commit) == []
    assert store.row == changed


def test_losing_a_race_is_told() -> None:
    store = FakeTenants(SHOP)
    ours, theirs = replace(SHOP, price_won=1_000), replace(SHOP, price_won=1_100)

    def raced(write: Write) -> None:
        store.row = theirs
        commit(write)

    with pytest.raises(Conflict):
        apply(ours, store, raced)
    assert store.row == theirs
