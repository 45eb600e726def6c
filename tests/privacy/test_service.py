"""Data is returned only when the look is within the budget and on record."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, Forbidden
from chalicelib.privacy.model import Access
from chalicelib.privacy.service import look
from tests.moto_desk import MINA
from tests.samples import NOON

ACCESS = Access.by(MINA, "192.0.2.1", whose=("c1",), what="unmask phone", at=NOON, why="배송")


@dataclass
class Records:
    kept: list[Access] = field(default_factory=list)
    away: bool = False

    def append(self, access: Access) -> None:
        if self.away:
            raise Busy("busy", "away")
        self.kept.append(access)


@dataclass
class Budget:
    left: int = 1
    alerts: list[Millis] = field(default_factory=list)

    def look(self, tenant: str, customers: Collection[str], *, now: Millis) -> None:
        self.left -= len(customers)
        if self.left < 0:
            raise Forbidden("breadth_exceeded", "too many")

    def alert(self, now: Millis) -> bool:
        self.alerts.append(now)
        return len(self.alerts) == 1


def tell(_: Access) -> None:
    raise AssertionError("nobody needs to know")


def test_look_is_on_record() -> None:
    records = Records()
    look(ACCESS, records, tenant="danbi", breadth=Budget(), alert=tell)
    look(ACCESS, records, tenant="danbi", breadth=None, alert=tell)
    assert records.kept == [ACCESS, ACCESS]


def test_record_that_fails_fails_the_look() -> None:
    with pytest.raises(Busy):
        look(ACCESS, Records(away=True), tenant="danbi", breadth=Budget(), alert=tell)


def test_over_the_budget_nothing_is_recorded_as_seen_and_a_lead_is_told_once() -> None:
    records, budget, told = Records(), Budget(left=0), list[Access]()
    for _ in range(2):
        with pytest.raises(Forbidden, match="breadth_exceeded"):
            look(ACCESS, records, tenant="danbi", breadth=budget, alert=told.append)
    assert records.kept == []
    assert told == [ACCESS]
