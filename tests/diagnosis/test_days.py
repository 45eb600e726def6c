"""Days as files write them."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.diagnosis.days import OLDEST, fault, parsed, shown
from chalicelib.kernel.clock import KST, SECOND, iso
from tests.samples import NOON

AFTERNOON = "2026-10-01T06:05:00.000Z"
SECONDS = "2026-10-01T06:05:09.000Z"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-10-01 15:05", AFTERNOON),
        ("2026-10-01T15:05", AFTERNOON),
        ("2026-10-01 15:05:09", SECONDS),
        ("2026-10-01T15:05:09.123456", SECONDS),
        ("2026-10-01T06:05:09Z", SECONDS),
        ("2026-10-01T06:05:09.5z", SECONDS),
        ("2026-10-01 06:05:09 UTC", SECONDS),
        ("2026-10-01T15:05:09+09:00", SECONDS),
        ("2026-10-01T15:05:09+0900", SECONDS),
        ("2026-10-01T01:05:09-05:00", SECONDS),
        ("2026-10-01 15:05:09 KST", SECONDS),
        ("2026.10.1 오후 3:05", AFTERNOON),
        (unicodedata.normalize("NFD", "2026. 10. 1. 오후 3:05:09"), SECONDS),
        ("2026. 10. 1. 오후 3:05:09", SECONDS),
        ("2026/10/01 15:05", AFTERNOON),
        ("2026/10/01 3:05 PM", AFTERNOON),
        ("2026-10-01, 03:05:09 pm", SECONDS),
        ("2026년 10월 1일 15시 5분", AFTERNOON),
        ("2026년 10월 1일 오후 3시 5분 9초", SECONDS),
        ("20261001 15:05", AFTERNOON),
        ("  2026-10-01\u00a015:05\n", AFTERNOON),
        ("2026.10.1 오전 12:30", "2026-09-30T15:30:00.000Z"),
        ("2026.10.1 오후 12:30", "2026-10-01T03:30:00.000Z"),
    ],
)
def test_a_time_is_read_in_every_form(text: str, at: str) -> None:
    found = parsed(text)
    assert found is not None
    assert (iso(found[0]), found[1]) == (at, True)


@pytest.mark.parametrize(
    "text", ["2026-10-01", "2026.10.1", "2026. 10. 1.", "2026/10/1", "20261001", "2026년 10월 1일"]
)
def test_a_day_without_an_hour_begins_at_midnight_in_seoul(text: str) -> None:
    found = parsed(text)
    assert found is not None
    assert (iso(found[0]), found[1]) == ("2026-09-30T15:00:00.000Z", False)


@pytest.mark.parametrize(
    "text",
    [
        *("", "어제", "10/01/2026", "2026-13-01", "2026-02-30", "2026-10-01 24:00", "2026-10-01 15:60"),
        *("2026.10.1 오후 13:05", "26-10-01", "٢٠٢٦-10-01", "2026-10-01 15:05 어쩌고", "45931.62", "2026"),
        *("010-1234-5678", "2026-10-01 " * 10, "2026-10-01 15:05+99:99x"),
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert parsed(text) is None


@given(st.integers(950_000_000, 4_100_000_000))
def test_what_is_written_is_what_is_read(second: int) -> None:
    at = datetime.fromtimestamp(second, KST)
    half = "오후" if at.hour >= 12 else "오전"
    for text in (
        f"{at:%Y-%m-%d %H:%M:%S}",
        f"{at.year}. {at.month}. {at.day}. {half} {at.hour % 12 or 12}:{at:%M:%S}",
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    ):
        assert parsed(text) == (second * SECOND, True)


@given(st.text(max_size=60))
def test_nothing_breaks_the_reading_and_no_words_are_shown(text: str) -> None:
    parsed(text)
    assert len(shown(text)) <= 20


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("2026-13-45 10:00", "2026-13-45 10:00"),
        ("26.10.01", "26.10.01"),
        ("2026-10-01 15:05 김단비 고객님 문의", "2026-10-01 15:05"),
        ("010-1234-5678", ""),
        ("김단비", ""),
        ("kim@danbi.example", ""),
        ("900101-1234567", ""),
        ("2001013123456", ""),
        ("02-123-4567", "02-"),
        ("12-34-567890", "12-34-"),
        ("20261301 25:00", "20261301 25:00"),
        ("2026년 13월 45일 오후 3시", "2026년 13월 45일 오후 3시"),
        ("2026/10/01 15:05:09 (목)", "2026/10/01 15:05:09"),
    ],
)
def test_of_a_wrong_cell_only_what_looks_like_a_day_is_said_back(cell: str, seen: str) -> None:
    assert shown(cell) == seen


@pytest.mark.parametrize(
    ("at", "code"),
    [(NOON, ""), (NOON + 1, "date_future"), (NOON - OLDEST, ""), (NOON - OLDEST - 1, "date_old")],
)
def test_a_contact_lies_in_the_last_three_years(at: int, code: str) -> None:
    assert fault(at, NOON) == code
