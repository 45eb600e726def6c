"""The whole look, on the real stores: recorded and counted, or refused."""

import pytest

from chalicelib.kernel.errors import Forbidden
from chalicelib.privacy.store import AccessRecords
from chalicelib.privacy.wiring import looked
from tests.moto_desk import MINA, SHOP, Desk
from tests.samples import NOON


def looks(who: object = MINA, count: int = 1, *, start: int = 0) -> None:
    caller = MINA if who is MINA else SHOP
    whose = [f"c{n}" for n in range(start, start + count)]
    looked(caller, "192.0.2.1", tenant="danbi", whose=whose, what="unmask phone", at=NOON, why="배송지 확인")


def recorded() -> list[str]:
    accesses, _ = AccessRecords("danbi").page("2026-11", limit=99, after=None, now=NOON)
    return [name for access in reversed(accesses) for name in access.whose]


def test_look_is_recorded_once_and_counted_once(desk: Desk) -> None:
    written = desk.written()
    looks()
    assert written == ["UpdateItem", "PutItem"]
    looks()
    assert written == ["UpdateItem", "PutItem", "PutItem"]
    assert recorded() == ["c0", "c0"]


def test_shop_has_no_budget_but_is_on_record(desk: Desk) -> None:
    looks(SHOP, 120)
    assert len(recorded()) == 120


def test_agent_over_the_budget_sees_nothing_and_a_lead_is_told_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    looks(count=50)
    looks(count=10, start=50)
    for n in (60, 61):
        with pytest.raises(Forbidden, match="breadth_exceeded"):
            looks(start=n)
    assert len(recorded()) == 60
    told = [vars(one)["actor"] for one in caplog.records if one.getMessage() == "breadth exceeded"]
    assert told == ["agent:mina"]
    looks(start=59)


def test_look_that_cannot_be_recorded_is_refused(desk: Desk) -> None:
    desk.fail("PutItem", "InternalServerError", status=500)
    with pytest.raises(Exception, match="InternalServerError"):
        looks()
