"""What may be announced, when a promotion counts, and what the contract is then: refusals beside successes."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import DAY, HOUR, MINUTE, iso
from chalicelib.kernel.errors import BadInput, Conflict, DeskError
from chalicelib.promotions.model import Promotion, Status
from chalicelib.promotions.rules import (
    FURTHEST,
    LEAD,
    LONGEST,
    MAX_CONTRACT,
    MAX_SHOWN,
    MAX_UPCOMING,
    NOTICE,
    SHOWN_AFTER,
    check_cancel,
    check_new,
    check_span,
    contract_at,
    next_raise,
    parse_multiple,
    parse_time,
    promotion_id,
    repeated,
    shown,
    status_of,
)
from chalicelib.tenants.model import Contract
from tests.promotions.samples import a_promotion
from tests.samples import NOON

CONTRACT = Contract(rate_per_hour=40, burst=10)
ONE = a_promotion()


def many(count: int, **changes: Any) -> list[Promotion]:
    """Return promotions of an hour each, one after the other."""
    starts = (NOON + DAY + number * HOUR for number in range(count))
    return [a_promotion(f"{at:016x}", starts_at=at, ends_at=at + HOUR, **changes) for at in starts]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-21T12:00+09:00", NOON),
        ("2026-11-21T03:00Z", NOON),
        ("2026-11-21T03:00:00.000Z", NOON),
        ("2026-11-20T22:00:00-05:00", NOON),
        ("2026-11-21T08:45:01.5+05:45", NOON + 1500),
    ],
)
def test_time_is_read_at_any_offset(text: str, at: int) -> None:
    assert parse_time(text, "starts_at") == at


@given(st.integers(NOON, NOON + 20 * 365 * DAY))
def test_time_is_read_as_the_desk_writes_it(at: int) -> None:
    assert parse_time(iso(at), "starts_at") == at


def test_time_without_an_offset_is_refused_by_the_name_of_its_field() -> None:
    with pytest.raises(BadInput, match=r"invalid_time: ends_at .*offset"):
        parse_time("2026-11-21T12:00", "ends_at")


@pytest.mark.parametrize(("value", "tenths"), [(1.5, 15), (2, 20), (2.3, 23), (99.9, 999), (100, 1000)])
def test_multiple_is_kept_in_tenths(value: float, tenths: int) -> None:
    assert parse_multiple(value) == tenths


@given(st.integers(15, 1000))
def test_every_multiple_with_one_decimal_place_is_exact(tenths: int) -> None:
    assert parse_multiple(float(f"{tenths // 10}.{tenths % 10}")) == tenths


@pytest.mark.parametrize("value", [2.05, 1.55, 3.3333, 5.000001])
def test_finer_multiple_is_refused(value: float) -> None:
    with pytest.raises(BadInput, match="invalid_multiple"):
        parse_multiple(value)


@pytest.mark.parametrize(
    ("length", "code"), [(1, ""), (LONGEST, ""), (0, "ends_before_start"), (LONGEST + 1, "promotion_too_long")]
)
def test_promotion_ends_after_its_start_and_within_two_weeks(length: int, code: str) -> None:
    assert refused(lambda: check_span(NOON, NOON + length)) == code


def refused(check: Any) -> str:
    try:
        check()
    except DeskError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [(NOON, ""), (NOON - 1, "starts_in_past"), (NOON + FURTHEST, ""), (NOON + FURTHEST + 1, "too_far_ahead")],
)
def test_promotion_starts_from_now_on_and_within_a_year(starts_at: int, code: str) -> None:
    assert refused(lambda: check_new(a_promotion(starts_at=starts_at), [], NOON)) == code


@pytest.mark.parametrize(
    ("shift", "length", "overlaps"),
    [
        (0, 4 * HOUR, True),
        (HOUR, HOUR, True),
        (-HOUR, 6 * HOUR, True),
        (-HOUR, HOUR + 1, True),
        (4 * HOUR - 1, HOUR, True),
        (4 * HOUR, HOUR, False),
        (-HOUR, HOUR, False),
    ],
)
def test_promotions_of_a_shop_never_overlap(shift: int, length: int, overlaps: bool) -> None:
    at = ONE.starts_at + shift
    new = a_promotion("b" * 16, starts_at=at, ends_at=at + length)
    assert refused(lambda: check_new(new, [ONE], NOON)) == ("promotion_overlaps" if overlaps else "")


def test_overlap_names_the_other_promotion() -> None:
    with pytest.raises(Conflict) as conflict:
        check_new(a_promotion("b" * 16), [ONE], NOON)
    assert conflict.value.details == {"promotion": ONE.id}


def test_cancelled_promotion_is_in_nobodys_way() -> None:
    check_new(a_promotion("b" * 16), [ONE.cancelled(NOON, "owner:dana")], NOON)


def test_fifty_are_upcoming_at_most() -> None:
    known = many(MAX_UPCOMING)
    check_new(ONE, known[1:], NOON)
    assert refused(lambda: check_new(ONE, known, NOON)) == "too_many_promotions"
    check_new(ONE, [known[0].cancelled(NOON, "x"), *known[1:]], NOON)
    # The first one is over by then.
    check_new(ONE, known, known[0].ends_at)


def test_list_stays_short_however_often_a_shop_changes_its_mind() -> None:
    known = [one.cancelled(NOON, "owner:dana") for one in many(MAX_SHOWN)]
    check_new(ONE, known[1:], NOON)
    assert refused(lambda: check_new(ONE, known, NOON)) == "too_many_promotions"


def test_repeat_finds_its_own_promotion_and_another_body_is_refused() -> None:
    later = a_promotion(starts_at=ONE.starts_at + DAY)
    assert later.id != ONE.id
    assert repeated(ONE, [a_promotion("b" * 16), ONE]) == ONE
    assert repeated(a_promotion("c" * 16), [ONE]) is None
    assert refused(lambda: repeated(replace(later, digest="other"), [ONE])) == "idempotency_mismatch"


def test_ids_sort_by_the_day_in_korea() -> None:
    midnight = NOON + 12 * HOUR
    assert promotion_id(midnight - 1, "a" * 16) == "20261121-" + "a" * 16
    assert promotion_id(midnight, "a" * 16) == "20261122-" + "a" * 16


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (ONE.starts_at - 1, Status.ANNOUNCED),
        (ONE.starts_at, Status.RUNNING),
        (ONE.ends_at - 1, Status.RUNNING),
        (ONE.ends_at, Status.OVER),
    ],
)
def test_status_follows_the_clock_until_somebody_cancels(now: int, status: Status) -> None:
    assert status_of(ONE, now) is status
    assert status_of(ONE.cancelled(NOON, "x"), now) is Status.CANCELLED


def test_what_is_over_is_not_cancelled() -> None:
    check_cancel(ONE, ONE.ends_at - 1)
    with pytest.raises(Conflict, match="promotion_over"):
        check_cancel(ONE, ONE.ends_at)


def test_list_shows_what_comes_and_thirty_days_of_what_was() -> None:
    later = a_promotion("b" * 16, starts_at=ONE.starts_at + DAY)
    assert shown([later, ONE], NOON) == [ONE, later]
    assert shown([later, ONE], ONE.ends_at + SHOWN_AFTER) == [later]
    assert shown([later, ONE], ONE.ends_at + SHOWN_AFTER - 1) == [ONE, later]


@pytest.mark.parametrize(
    ("now", "counts"),
    [
        (ONE.starts_at - LEAD - 1, False),
        (ONE.starts_at - LEAD, True),
        (ONE.starts_at, True),
        (ONE.ends_at - 1, True),
        (ONE.ends_at, False),
    ],
)
def test_contract_is_raised_from_a_quarter_hour_before_until_the_end(now: int, counts: bool) -> None:
    wanted = Contract(200, 50) if counts else CONTRACT
    assert contract_at(CONTRACT, [ONE], now) == wanted
    assert contract_at(CONTRACT, [ONE.cancelled(NOON, "x")], now) == CONTRACT
    assert contract_at(CONTRACT, [], now) == CONTRACT


def test_higher_multiple_counts_while_the_next_one_is_about_to_start() -> None:
    following = a_promotion("b" * 16, starts_at=ONE.ends_at, multiple_tenths=15)
    for pair in ([ONE, following], [following, ONE]):
        assert contract_at(CONTRACT, pair, ONE.ends_at - MINUTE) == Contract(200, 50)
        assert contract_at(CONTRACT, pair, ONE.ends_at) == Contract(60, 15)


def test_contract_is_raised_no_further_than_a_contract_may_say() -> None:
    found = contract_at(Contract(MAX_CONTRACT, 20_000), [a_promotion(multiple_tenths=1000)], ONE.starts_at)
    assert found == Contract(MAX_CONTRACT, MAX_CONTRACT)
    assert msgspec.convert(msgspec.to_builtins(found), Contract) == found
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"rate_per_hour": MAX_CONTRACT + 1, "burst": 1}, Contract)


def test_contract_is_raised_tenfold_at_most() -> None:
    assert contract_at(CONTRACT, [a_promotion(multiple_tenths=100)], ONE.starts_at) == Contract(400, 100)
    assert contract_at(CONTRACT, [a_promotion(multiple_tenths=1000)], ONE.starts_at) == Contract(400, 100)


@pytest.mark.parametrize(("notice", "counts"), [(NOTICE, True), (NOTICE - 1, False), (0, False)])
def test_contract_is_raised_only_with_a_days_notice(notice: int, counts: bool) -> None:
    one = a_promotion(announced_at=ONE.starts_at - notice)
    assert contract_at(CONTRACT, [one], ONE.starts_at) == (Contract(200, 50) if counts else CONTRACT)


def test_next_raise_is_the_first_one_ahead_that_changes_anything() -> None:
    later = a_promotion("b" * 16, starts_at=ONE.ends_at, ends_at=ONE.ends_at + HOUR)
    hasty = a_promotion("c" * 16, starts_at=ONE.starts_at - HOUR, announced_at=ONE.starts_at - HOUR - NOTICE + 1)
    known = [later, ONE, hasty]
    assert next_raise(CONTRACT, known, NOON) == ONE
    assert next_raise(CONTRACT, [later, ONE.cancelled(NOON, "x")], NOON) == later
    assert next_raise(CONTRACT, known, ONE.starts_at - LEAD - 1) == ONE
    assert next_raise(CONTRACT, known, ONE.starts_at - LEAD) == later
    assert next_raise(CONTRACT, [hasty], NOON) is None
    assert next_raise(Contract(MAX_CONTRACT, MAX_CONTRACT), known, NOON) is None


@given(st.integers(1, MAX_CONTRACT), st.integers(1, MAX_CONTRACT), st.integers(15, 1000))
def test_raised_contract_is_never_lower_and_always_a_contract(rate: int, burst: int, tenths: int) -> None:
    found = contract_at(Contract(rate, burst), [a_promotion(multiple_tenths=tenths)], ONE.starts_at)
    assert msgspec.convert(msgspec.to_builtins(found), Contract) == found
    assert found.rate_per_hour >= min(rate + 1, MAX_CONTRACT)
    assert found.burst >= min(burst + 1, MAX_CONTRACT)
    assert found.tick > 0
