"""What an agent has seen is remembered over processes, days and races."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.kernel.clock import HOUR, MINUTE
from chalicelib.kernel.errors import Busy, Forbidden
from chalicelib.privacy import breadth
from chalicelib.privacy.breadth import Breadth, forget_breadth
from chalicelib.privacy.model import Limits
from tests.moto_desk import Desk
from tests.samples import NOON

MINA = Breadth("mina")
SMALL = Limits(hour=3, day=5)
# Half past eleven in the evening in Seoul.
LATE = NOON + 11 * HOUR + 30 * MINUTE


def look(who: str, now: int = NOON, limits: Limits = SMALL) -> None:
    MINA.look("danbi", who.split(), now=now, limits=limits)


def seen(desk: Desk) -> list[int]:
    rows = sorted((row for row in desk.rows() if row["kind"]["S"] == "seen"), key=lambda row: str(row["sk"]["S"]))
    return [len(row["seen"]["SS"]) for row in rows if "seen" in row]


def test_only_a_customer_who_is_new_that_day_costs_a_write(desk: Desk) -> None:
    written = desk.written()
    look("a b")
    look("a")
    look("b a", NOON + 5 * HOUR)
    assert written == ["UpdateItem"]
    look("c")
    assert written == ["UpdateItem"] * 2
    assert seen(desk) == [3]


def test_budget_holds_over_processes(desk: Desk) -> None:
    look("a b")
    forget_breadth()
    look("c")
    forget_breadth()
    with pytest.raises(Forbidden, match="breadth_exceeded"):
        look("d")
    assert seen(desk) == [3]
    look("a")
    look("d", NOON + HOUR)


def test_customers_of_two_tenants_are_two(desk: Desk) -> None:
    look("a b")
    MINA.look("mungmeal", ["a"], now=NOON, limits=SMALL)
    with pytest.raises(Forbidden):
        MINA.look("mungmeal", ["b"], now=NOON, limits=SMALL)


def test_agents_do_not_share_a_budget(desk: Desk) -> None:
    look("a b c")
    Breadth("juno").look("danbi", ["d", "e", "f"], now=NOON, limits=SMALL)
    with pytest.raises(Forbidden):
        look("d")


def test_hour_reaches_over_midnight_and_the_day_does_not(desk: Desk) -> None:
    look("a b c", LATE)
    forget_breadth()
    with pytest.raises(Forbidden):
        look("d", LATE + 35 * MINUTE)
    look("d e f", LATE + 60 * MINUTE)
    look("g h", LATE + 121 * MINUTE)
    with pytest.raises(Forbidden, match="day"):
        look("i", LATE + 200 * MINUTE)
    assert seen(desk) == [3, 5]


def test_row_names_no_customer(desk: Desk) -> None:
    look("customer-one")
    [row] = [row for row in desk.rows() if row["kind"]["S"] == "seen"]
    assert row["pk"]["S"] == "~agent#mina"
    assert row["sk"]["S"] == "seen#2026-11-21"
    assert "customer-one" not in str(row)
    assert int(row["ttl"]["N"]) > NOON // 1000


def test_racers_do_not_pass_the_budget_together(desk: Desk) -> None:
    def race(n: int) -> bool:
        try:
            look(f"c{n}")
        except (Forbidden, Busy):
            return False
        return True

    with desk.atomic(), ThreadPoolExecutor(8) as pool:
        won = sum(pool.map(race, range(8)))
    assert seen(desk) == [won]
    assert 1 <= won <= 3


def test_process_that_was_overtaken_sees_what_others_wrote(desk: Desk) -> None:
    look("a")
    known = dict(breadth._seen)
    look("b c")
    breadth._seen.update(known)
    with pytest.raises(Forbidden):
        look("d")


def test_lead_is_told_once_a_day(desk: Desk) -> None:
    look("a")
    assert [MINA.alert(NOON), MINA.alert(NOON + 1), Breadth("juno").alert(NOON)] == [True, False, True]
    assert MINA.alert(NOON + 24 * HOUR)
    # An alert leaves what was seen as it is, and the other way round.
    look("b")
    assert [MINA.alert(NOON), seen(desk)[0]] == [False, 2]
