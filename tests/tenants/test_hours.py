"""When a shop is open: its hours, the holidays, and its own days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import DAY, HOUR, KST, MINUTE
from chalicelib.tenants.aims import Holidays
from chalicelib.tenants.days import LAST_YEAR, PUBLIC_HOLIDAYS
from chalicelib.tenants.model import Hours
from chalicelib.tenants.rules import is_holiday, is_open, open_millis, opens_at

WEEKDAYS = Hours(**{day: ("10:00-12:00", "13:00-18:00") for day in ("mon", "tue", "wed", "thu", "fri")})
USUAL = Holidays()


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=KST).timestamp() * 1000)


CHRISTMAS = at("2026-12-25T14:00")


def test_shop_is_shut_on_a_public_holiday_and_opens_after_the_weekend() -> None:
    assert is_open(WEEKDAYS, CHRISTMAS)
    assert not is_open(WEEKDAYS, CHRISTMAS, USUAL)
    assert opens_at(WEEKDAYS, CHRISTMAS, USUAL) == at("2026-12-28T10:00")
    assert is_open(WEEKDAYS, CHRISTMAS - DAY, USUAL)


@pytest.mark.parametrize(
    ("holidays", "is_it"),
    [
        (USUAL, False),
        (Holidays(closed=False), True),
        (Holidays(open_on=("2026-12-25",)), True),
        (Holidays(open_on=("2026-12-24",)), False),
        (Holidays(closed=False, closed_on=("2026-12-25",)), False),
        (Holidays(open_on=("2026-12-25",), closed_on=("2026-12-25",)), False),
    ],
)
def test_own_days_stand_above_public_holidays(holidays: Holidays, is_it: bool) -> None:
    assert is_open(WEEKDAYS, CHRISTMAS, holidays) is is_it
    assert is_holiday(holidays, "2026-12-25") is not is_it


def test_new_year_and_days_of_its_own_in_a_row_are_passed_over() -> None:
    # 설날 is from Monday to Wednesday; the shop rests for the whole week, and the Monday after.
    own = Holidays(closed_on=("2026-02-19", "2026-02-20", "2026-02-23"))
    assert opens_at(WEEKDAYS, at("2026-02-13T18:00"), own) == at("2026-02-24T10:00")


def test_shop_of_one_day_a_week_that_rests_as_often_as_it_may_opens_again() -> None:
    mondays = [at("2026-11-23T00:00") + number * 7 * DAY for number in range(60)]
    shut = tuple(datetime.fromtimestamp(one / 1000, KST).strftime("%Y-%m-%d") for one in mondays)
    found = opens_at(Hours(mon=("09:00-10:00",)), at("2026-11-21T12:00"), Holidays(closed_on=shut))
    assert found == mondays[-1] + 7 * DAY + 9 * HOUR


def test_shop_without_hours_is_open_on_holidays_too() -> None:
    assert is_open(Hours(), CHRISTMAS, USUAL)
    assert open_millis(Hours(), USUAL, CHRISTMAS, CHRISTMAS + 5) == 5


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-20T10:00", "2026-11-20T18:00", 7),
        ("2026-11-20T11:30", "2026-11-20T13:30", 1),
        ("2026-11-20T12:00", "2026-11-20T13:00", 0),
        ("2026-11-20T17:00", "2026-11-23T11:00", 2),
        ("2026-11-21T00:00", "2026-11-22T23:59", 0),
        ("2026-12-24T17:00", "2026-12-28T11:00", 2),
        ("2026-11-20T11:00", "2026-11-20T11:00", 0),
        ("2026-11-20T11:00", "2026-11-20T10:00", 0),
    ],
)
def test_only_opening_hours_count(start: str, end: str, hours: int) -> None:
    assert open_millis(WEEKDAYS, USUAL, at(start), at(end)) == hours * HOUR


@given(st.integers(0, 60 * 24 * 60), st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60))
def test_open_time_of_two_spans_in_a_row_adds_up(minute: int, first: int, second: int) -> None:
    start = at("2026-11-21T00:00") + minute * MINUTE
    middle, end = start + first * MINUTE, start + (first + second) * MINUTE
    parts = [open_millis(WEEKDAYS, USUAL, *span) for span in ((start, middle), (middle, end))]
    assert open_millis(WEEKDAYS, USUAL, start, end) == sum(parts)


@given(st.integers(0, 90 * 24 * 60))
def test_no_time_is_open_between_shutting_and_opening(minute: int) -> None:
    now = at("2026-11-21T00:00") + minute * MINUTE
    if not is_open(WEEKDAYS, now, USUAL):
        opening = opens_at(WEEKDAYS, now, USUAL)
        assert open_millis(WEEKDAYS, USUAL, now, opening) == 0
        assert is_open(WEEKDAYS, opening, USUAL)
        assert open_millis(WEEKDAYS, USUAL, now, opening + 1) == 1


# The law gives a day in place of these when they fall on a Sunday, and of all but 설날 and 추석 on a Saturday too.
GIVEN_BACK = ("삼일절", "어린이날", "부처님오신날", "제헌절", "광복절", "개천절", "한글날", "성탄절", "노동절")


@pytest.mark.parametrize("year", range(2026, LAST_YEAR + 1))
def test_holiday_on_a_weekend_is_given_back_on_the_next_day_that_is_none(year: int) -> None:
    named = {date.fromisoformat(day): name for day, name in PUBLIC_HOLIDAYS.items() if day.startswith(str(year))}
    assert {"신정", "설날", "현충일", *GIVEN_BACK} - {"개천절", "추석"} <= {*named.values(), "개천절"}
    for day, name in named.items():
        if name in GIVEN_BACK and day.weekday() >= 5:
            after = day + timedelta(days=1)
            while after.weekday() >= 5 or (after in named and "대체" not in named[after]):
                after += timedelta(days=1)
            assert named.get(after) == f"{name} 대체공휴일", (day, name)
    for day, name in named.items():
        if "대체" in name:
            assert day.weekday() < 5, (day, name)


@pytest.mark.parametrize("year", range(2026, LAST_YEAR + 1))
@pytest.mark.parametrize("feast", ["설날", "추석"])
def test_feast_of_three_days_gets_those_back_that_fall_on_a_sunday_or_another_holiday(
    year: int, feast: str
) -> None:
    named = {date.fromisoformat(day): name for day, name in PUBLIC_HOLIDAYS.items() if day.startswith(str(year))}
    days = sorted(day for day, name in named.items() if name.startswith(feast) and "대체" not in name)
    assert [day - days[0] for day in days] == [timedelta(days=number) for number in range(3)]
    lost = [day for day in days if day.weekday() == 6 or "·" in named[day]]
    given = [day for day, name in named.items() if name == f"{feast} 대체공휴일"]
    assert len(given) == len(lost)
    assert all(day == days[-1] + timedelta(days=1) for day in given)


def test_hours_and_holidays_of_a_shop_that_says_nothing_of_them_are_the_usual() -> None:
    assert replace(USUAL) == Holidays(closed=True, open_on=(), closed_on=())
