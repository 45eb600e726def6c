from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import (
    HOUR,
    KST,
    SECOND,
    Millis,
    clock,
    days_left,
    hour_millis,
    hour_start,
    iso,
    iso_millis,
    kst_month,
    month_span,
    months_between,
    utc_hour,
)


def kst(text: str) -> Millis:
    moment = datetime.fromisoformat(text).replace(tzinfo=KST)
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2026-11-30T23:59:59.999", "2026-11"),
        ("2026-12-01T00:00:00.000", "2026-12"),
        ("2026-12-31T23:59:59.999", "2026-12"),
        ("2027-01-01T00:00:00.000", "2027-01"),
        ("2027-02-28T23:59:59.999", "2027-02"),
        ("2027-03-01T00:00:00.000", "2027-03"),
        ("2028-02-29T00:00:00.000", "2028-02"),
        ("2028-02-29T23:59:59.999", "2028-02"),
        ("2028-03-01T00:00:00.000", "2028-03"),
    ],
)
def test_month_changes_at_midnight_in_seoul(at: str, month: str) -> None:
    assert kst_month(kst(at)) == month


@pytest.mark.parametrize(
    ("month", "first", "following"),
    [
        ("2026-11", "2026-11-01T00:00:00", "2026-12-01T00:00:00"),
        ("2026-12", "2026-12-01T00:00:00", "2027-01-01T00:00:00"),
        ("2027-02", "2027-02-01T00:00:00", "2027-03-01T00:00:00"),
        ("2028-02", "2028-02-01T00:00:00", "2028-03-01T00:00:00"),
    ],
)
def test_month_span(month: str, first: str, following: str) -> None:
    assert month_span(month) == (kst(first), kst(following))


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-11-01T00:00:00", 30),
        ("2026-11-22T23:59:59.999", 9),
        ("2026-11-23T00:00:00", 8),
        ("2026-11-30T23:59:59.999", 1),
        ("2026-12-01T00:00:00", 0),
        ("2026-10-01T00:00:00", 30),
    ],
)
def test_today_is_one_of_the_days_that_are_left(at: str, left: int) -> None:
    assert days_left("2026-11", kst(at)) == left


@pytest.mark.parametrize(
    ("at", "hour", "text"),
    [
        ("2026-12-01T00:00:00.000", "2026-11-30T15", "2026-11-30T15:00:00.000Z"),
        ("2026-11-30T23:59:59.999", "2026-11-30T14", "2026-11-30T14:59:59.999Z"),
        ("2028-02-29T08:59:59.999", "2028-02-28T23", "2028-02-28T23:59:59.999Z"),
        ("2028-02-29T09:00:00.000", "2028-02-29T00", "2028-02-29T00:00:00.000Z"),
        ("2026-11-21T12:00:00.001", "2026-11-21T03", "2026-11-21T03:00:00.001Z"),
    ],
)
def test_hours_are_utc_to_the_millisecond(at: str, hour: str, text: str) -> None:
    assert (utc_hour(kst(at)), iso(kst(at))) == (hour, text)


MOMENTS = st.integers(kst("2020-01-01T00:00:00"), kst("2099-12-31T00:00:00"))


@given(MOMENTS)
def test_every_moment_lies_in_its_month_and_in_its_hour(at: Millis) -> None:
    first, following = month_span(kst_month(at))
    assert first <= at < following
    start = int(hour_start(utc_hour(at)).timestamp()) * SECOND
    assert start <= at < start + HOUR


@given(MOMENTS)
def test_no_window_straddles_two_months(at: Millis) -> None:
    start = at - at % HOUR
    assert kst_month(start) == kst_month(start + HOUR - 1)


def test_clock_runs_in_milliseconds_and_can_be_shifted() -> None:
    before, shifted, after = clock()(), clock(3600)(), clock()()
    assert before + HOUR <= shifted <= after + HOUR


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-11-01T00:00:00.000", "2026-11-30T23:59:59.999", ["2026-11"]),
        ("2026-11-30T23:59:59.999", "2026-12-01T00:00:00.000", ["2026-11", "2026-12"]),
        ("2026-12-31T23:00:00.000", "2027-02-01T00:00:00.000", ["2026-12", "2027-01", "2027-02"]),
    ],
)
def test_months_between(start: str, end: str, months: list[str]) -> None:
    assert months_between(kst(start), kst(end)) == months


def test_a_window_begins_with_the_first_millisecond_of_its_hour() -> None:
    at = hour_millis("2026-11-30T15")
    assert (utc_hour(at), utc_hour(at - 1), kst_month(at - 1)) == ("2026-11-30T15", "2026-11-30T14", "2026-11")


@given(st.integers(946_684_800_000, 4_102_444_799_999))
def test_a_time_that_was_written_is_the_time_that_is_read(at: Millis) -> None:
    assert iso_millis(iso(at)) == at
