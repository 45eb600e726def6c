"""For how long records are readable: the shop's choice within bounds, to the millisecond."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts.model import Status
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import BadInput
from chalicelib.tenants.declared import parse_tenant
from chalicelib.tenants.model import Retention, Tenant
from chalicelib.tenants.rules import expires_at, is_readable
from tests.moto_desk import ROOT
from tests.samples import NOON

TEXT = (ROOT / "tenants/danbi.toml").read_text(encoding="utf-8")
CHOSEN = Retention(contacts=400, spam=30)


@pytest.mark.parametrize(
    ("status", "days"),
    [
        (Status.RESOLVED, 400),
        (Status.MERGED, 400),
        (Status.SPAM, 30),
        (Status.WAITING, None),
        (Status.CLAIMED, None),
        (Status.LATER, None),
    ],
)
def test_contact_expires_so_many_days_after_it_ended_and_never_while_it_is_open(
    status: Status, days: int | None
) -> None:
    assert expires_at(status, NOON, CHOSEN) == (None if days is None else NOON + days * DAY)


@pytest.mark.parametrize(
    ("expires", "held_until", "now", "readable"),
    [
        (None, 0, NOON, True),
        (NOON, 0, NOON - 1, True),
        (NOON, 0, NOON, False),
        (NOON, NOON + 1, NOON, True),
        (NOON, NOON + 1, NOON + 1, False),
        (NOON, NOON - 9, NOON - 1, True),
    ],
)
def test_what_expires_is_unreadable_from_that_millisecond_on(
    expires: int | None, held_until: int, now: int, readable: bool
) -> None:
    assert is_readable(expires, held_until, now) is readable


@given(st.integers(0, 10**13), st.integers(0, 10**13), st.integers(0, 10**13), st.integers(0, 10**13))
def test_what_is_unreadable_stays_so_and_a_hold_only_ever_adds(
    expires: int, held: int, now: int, more: int
) -> None:
    if not is_readable(expires, held, now):
        assert not is_readable(expires, held, now + more)
    if is_readable(expires, 0, now):
        assert is_readable(expires, held, now)


def parsed(table: str) -> Tenant:
    return parse_tenant(f"{TEXT}\n[retention]\n{table}\n", "danbi.toml")


def test_shop_that_chooses_nothing_has_the_legal_times() -> None:
    assert parse_tenant(TEXT, "danbi.toml").retention == parsed("").retention == Retention()
    assert parsed("contacts = 400\nspam = 30").retention == CHOSEN


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        ("contacts", 30, 3650),
        ("spam", 7, 365),
    ],
)
def test_times_have_bounds(field: str, least: int, most: int) -> None:
    for days in (least, most):
        assert getattr(parsed(f"{field} = {days}").retention, field) == days
    for days in (least - 1, most + 1):
        with pytest.raises(BadInput, match=re.escape(f"retention.{field}: ")):
            parsed(f"{field} = {days}")


def test_unknown_kind_of_record_is_refused() -> None:
    with pytest.raises(BadInput, match="recordings: Expected no field"):
        parsed("recordings = 30")


def test_profile_stored_before_there_was_a_choice_reads_with_the_legal_times() -> None:
    stored = msgspec.to_builtins(parse_tenant(TEXT, "danbi.toml"))
    del stored["retention"]
    assert msgspec.json.decode(msgspec.json.encode(stored), type=Tenant).retention == Retention()
