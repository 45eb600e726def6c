"""What a shop chooses for its ladder, and when it is open."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.tables import commit
from chalicelib.kernel.clock import DAY, HOUR, MINUTE
from chalicelib.kernel.errors import BadInput
from chalicelib.tenants.declared import parse_tenant
from chalicelib.tenants.model import Cap, Hours, Surge, Tenant
from chalicelib.tenants.rules import is_open, opens_at
from chalicelib.tenants.store import Tenants
from tests.moto_desk import DANBI, ROOT, Desk
from tests.overflow.test_surge import change
from tests.samples import NOON

TEXT = (ROOT / "tenants/danbi.toml").read_text(encoding="utf-8")
# Noon is on a Saturday.
WEEK = Hours(mon=("09:00-12:00", "13:00-18:00"), sat=("10:00-12:00",), sun=("22:00-24:00",))
MONDAY = NOON + 2 * DAY - 12 * HOUR


def parsed(table: str) -> Tenant:
    return parse_tenant(f"{TEXT}\n[surge]\n{table}\n", "danbi.toml")


def test_shop_that_chooses_nothing_has_the_usual_ladder() -> None:
    assert parse_tenant(TEXT, "danbi.toml").surge == parsed("").surge == Surge()
    chosen = parsed('message = 1\noffer = 2\nreserve = 2\nstaff = 86400\nreserve_pool = "other"\ncap_won = 100000')
    assert chosen.surge == Surge(1, 2, 2, 86_400, "other", 100_000)
    assert parsed('cap = "hard"').surge.cap is Cap.HARD


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("message = 0", "surge.message"),
        ("staff = 86401", "surge.staff"),
        ("offer = 59", "surge.offer"),
        ("staff = 599", "surge.staff"),
        ('reserve_pool = "no pool"', "surge.reserve_pool"),
        ('reserve_pool = "main"', "surge.reserve_pool"),
        ("cap_won = -1", "surge.cap_won"),
        ('cap = "firm"', "surge.cap"),
        ("refuse = 1", "surge.refuse"),
    ],
)
def test_wrong_choice_is_refused_by_its_line(table: str, field: str) -> None:
    with pytest.raises(BadInput, match=re.escape(f"danbi.toml:{len(TEXT.splitlines()) + 3}: {field}: ")):
        parsed(table)


def test_profile_stored_before_there_was_a_ladder_is_the_same_and_can_be_changed(desk: Desk) -> None:
    row = desk.raw("danbi#tenant", "profile")
    assert row is not None
    assert "surge" not in row["profile"]["S"]
    assert "surge" not in msgspec.json.decode(row["profile"]["S"])
    chosen = change(offer=90)
    assert Tenants("danbi").current() == chosen
    commit(Tenants("danbi").save(DANBI, chosen))
    assert Tenants("danbi").current() == DANBI


@pytest.mark.parametrize(
    ("at", "is_it"),
    [
        (NOON, False),
        (NOON - 1, True),
        (NOON - 2 * HOUR, True),
        (NOON - 2 * HOUR - 1, False),
        (NOON + 34 * HOUR, True),
        (NOON + 36 * HOUR - 1, True),
        (NOON + 36 * HOUR, False),
        (MONDAY + 12 * HOUR + 30 * MINUTE, False),
        (MONDAY + 13 * HOUR, True),
    ],
)
def test_shop_is_open_within_its_spans_in_seoul(at: int, is_it: bool) -> None:
    assert is_open(WEEK, at) is is_it


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (NOON, NOON + 34 * HOUR),
        (NOON - 3 * HOUR, NOON - 2 * HOUR),
        (MONDAY, MONDAY + 9 * HOUR),
        (MONDAY + 12 * HOUR, MONDAY + 13 * HOUR),
        (MONDAY + 18 * HOUR, MONDAY + 5 * DAY + 10 * HOUR),
    ],
)
def test_closed_shop_opens_with_its_next_span(at: int, opens: int) -> None:
    assert opens_at(WEEK, at) == opens


def test_shop_that_names_no_hours_is_always_open() -> None:
    assert is_open(Hours(), NOON)


@given(st.integers(0, 400 * 24 * 60), st.sampled_from([WEEK, Hours(tue=("00:00-24:00",)), DANBI.hours]))
def test_shop_opens_after_it_was_closed_and_is_open_then(minutes: int, hours: Hours) -> None:
    at = NOON + minutes * MINUTE
    opening = opens_at(hours, at)
    assert at < opening <= at + 7 * DAY
    assert is_open(hours, opening)
    if not is_open(hours, at):
        assert not is_open(hours, opening - 1)
