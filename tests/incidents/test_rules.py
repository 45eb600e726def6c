"""Whom an incident concerns, and for how long."""

from dataclasses import replace

import pytest

from chalicelib.incidents.rules import check_until, concerns, is_current, is_shown_to, pool_of, spoken
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR
from chalicelib.kernel.errors import BadInput, Forbidden
from tests.incidents.bad_input import an_incident
from tests.moto_desk import KEY
from tests.samples import NOON

ALL, ONE = an_incident(), an_incident(tenants=("danbi",))
LEAD, CHIEF = Caller(Kind.LEAD, KEY, agent="lea", pool="main"), Caller(Kind.ADMIN, KEY, person="a")


@pytest.mark.parametrize(("at", "shown"), [(-1, False), (0, True), (HOUR - 1, True), (HOUR, False)])
def test_an_incident_is_shown_from_its_beginning_to_its_end(at: int, shown: bool) -> None:
    assert is_current(ALL, NOON + at) is shown
    assert not is_current(replace(ALL, ended_at=NOON), NOON + at)


@pytest.mark.parametrize(
    ("tenant", "pool", "by_all", "by_one"),
    [
        ("danbi", "main", True, True),
        ("mungmeal", "main", True, False),
        ("danbi", "other", False, False),
        ("", "main", True, False),
        ("danbi", "", False, False),
    ],
)
def test_an_incident_concerns_the_shops_of_its_pool_or_those_that_it_names(
    tenant: str, pool: str, by_all: bool, by_one: bool
) -> None:
    assert (concerns(ALL, tenant, pool), concerns(ONE, tenant, pool)) == (by_all, by_one)


@pytest.mark.parametrize(
    ("caller", "pool", "shown"),
    [
        (Caller(Kind.OWNER, KEY, tenant="danbi"), "main", True),
        (Caller(Kind.VIEWER, KEY, tenant="danbi"), "main", True),
        (Caller(Kind.OWNER, KEY, tenant="mungmeal"), "main", False),
        (Caller(Kind.OWNER, KEY, tenant="danbi"), "other", False),
        (Caller(Kind.OWNER, KEY), "", False),
        (Caller(Kind.AGENT, KEY, agent="mina", pool="main"), "", True),
        (Caller(Kind.AGENT, KEY, agent="sora", pool="other"), "", False),
        (LEAD, "", True),
        (CHIEF, "", True),
        (Caller(Kind.FINANCE, KEY, person="f"), "", True),
    ],
)
def test_a_caller_sees_what_concerns_the_own_shop_or_pool(caller: Caller, pool: str, shown: bool) -> None:
    assert is_shown_to(ONE, caller, pool) is shown


def test_a_lead_speaks_to_the_own_pool_and_an_admin_to_any() -> None:
    assert [pool_of(LEAD, asked) for asked in ("", "main")] == ["main", "main"]
    assert pool_of(CHIEF, "other") == "other"
    with pytest.raises(Forbidden):
        pool_of(LEAD, "other")
    with pytest.raises(BadInput, match="pool_needed"):
        pool_of(CHIEF, "")


@pytest.mark.parametrize(("ahead", "fine"), [(0, False), (1, True), (7 * DAY, True), (7 * DAY + 1, False)])
def test_an_end_is_ahead_and_within_a_week(ahead: int, fine: bool) -> None:
    if fine:
        check_until(NOON + ahead, NOON)
    else:
        with pytest.raises(BadInput, match="invalid_until"):
            check_until(NOON + ahead, NOON)


def test_times_are_spoken_as_in_seoul() -> None:
    assert spoken(NOON) == "2026-11-21 12:00 KST"
