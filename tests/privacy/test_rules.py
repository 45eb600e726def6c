"""One masking standard, total; and how many customers an agent may look at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import HOUR, MINUTE
from chalicelib.kernel.errors import Forbidden
from chalicelib.privacy.model import Field, Limits
from chalicelib.privacy.rules import budget, mask
from tests.samples import NOON

MASKS = [
    (Field.PHONE, "010-1234-5678", "010-****-5678"),
    (Field.PHONE, "01012345678", "010-****-5678"),
    (Field.PHONE, "+82 10-1234-5678", "010-****-5678"),
    (Field.PHONE, "02-345-6789", "02-****-6789"),
    (Field.PHONE, "031 345 6789", "031-****-6789"),
    (Field.PHONE, "0504-1234-5678", "0504-****-5678"),
    (Field.PHONE, "+1 (415) 555-0100", "****-0100"),
    (Field.PHONE, "1588-0000", "****"),
    (Field.PHONE, "", "****"),
    (Field.MAIL, "kimdanbi@naver.com", "k***@naver.com"),
    (Field.MAIL, "ab@naver.com", "***@naver.com"),
    (Field.MAIL, "a@b@naver.com", "a***@naver.com"),
    (Field.MAIL, "no mail", "***"),
    (Field.MAIL, "kim@naver", "***"),
    (Field.ADDRESS, "서울 강남구 테헤란로 1", "서울 강남구 ***"),
    (Field.ADDRESS, "(06236) 서울특별시 강남구 테헤란로 1", "서울특별시 강남구 ***"),
    (Field.ADDRESS, "경기도 성남시 분당구 판교로 1", "경기도 성남시 ***"),
    (Field.ADDRESS, "세종특별자치시 한누리대로 1", "세종특별자치시 ***"),
    (Field.ADDRESS, "충청남도 천안시 동남구", "충청남도 천안시 ***"),
    (Field.ADDRESS, "단비아파트 101동", "***"),
    (Field.ORDER_NUMBER, "2026112100000123", "2026****0123"),
    (Field.ORDER_NUMBER, "2611-0072", "****0072"),
    (Field.ORDER_NUMBER, "0072", "****"),
    (Field.ACCOUNT, "110-123-456789", "*******789"),
    (Field.ACCOUNT, "12345", "***"),
    (Field.NAME, "김단비", "김*비"),
    (Field.NAME, "김비", "김*"),
    (Field.NAME, "남궁단비", "남**비"),
    (Field.NAME, "김", "***"),
    (Field.NAME, "Jane Doe", "J***"),
]


@pytest.mark.parametrize(("field", "value", "expected"), MASKS)
def test_mask(field: Field, value: str, expected: str) -> None:
    assert mask(field, value) == expected


@pytest.mark.parametrize("field", Field)
@given(value=st.text(max_size=60))
def test_mask_never_raises_and_shows_little(field: Field, value: str) -> None:
    masked = mask(field, value)
    assert "*" in masked
    if len(value.strip()) <= 2 and field is not Field.ADDRESS:
        assert value.strip() == "" or value.strip() not in masked


@given(st.from_regex(r"010-?[0-9]{4}-?[0-9]{4}", fullmatch=True))
def test_masked_phone_lacks_its_middle(phone: str) -> None:
    digits = phone.replace("-", "")
    masked = mask(Field.PHONE, phone)
    assert sum(char.isdigit() for char in masked) == 7
    assert (masked[:3], masked[-4:]) == (digits[:3], digits[-4:])


@given(st.text(alphabet="qwxyz", min_size=1, max_size=30))
def test_masked_mail_lacks_all_but_a_first_letter(local: str) -> None:
    masked = mask(Field.MAIL, f"{local}@naver.com")
    assert masked.endswith("***@naver.com")
    assert len(masked) <= len("k***@naver.com")


@given(st.text(alphabet="0123456789-", max_size=40), st.sampled_from([Field.ORDER_NUMBER, Field.ACCOUNT]))
def test_masked_numbers_lack_their_middle(number: str, field: Field) -> None:
    shown = [char for char in mask(field, number) if char != "*"]
    assert len(shown) <= 8
    assert len(shown) <= len(number) * 2 / 3


@given(st.text(alphabet="가나다라마바사아자차123 ", max_size=40))
def test_masked_address_ends_with_the_district(detail: str) -> None:
    assert mask(Field.ADDRESS, f"서울 강남구 {detail}") == "서울 강남구 ***"


def test_budget_lets_ordinary_work_pass_and_forgives_those_seen_before() -> None:
    seen = {f"c{n}": NOON - n * MINUTE for n in range(59)}
    asked = ["c0", "c1", "new"]
    assert budget(seen, asked, now=NOON, day_start=NOON - 12 * HOUR, limits=Limits()) == {"new"}


def test_budget_of_an_hour_is_refused_whole() -> None:
    seen = {f"c{n}": NOON - n * MINUTE // 2 for n in range(60)}
    with pytest.raises(Forbidden, match="breadth_exceeded") as refused:
        budget(seen, ["new"], now=NOON, day_start=NOON - 12 * HOUR, limits=Limits())
    assert refused.value.details == {"limit": 60}
    assert budget(seen, ["c3"], now=NOON, day_start=NOON - 12 * HOUR, limits=Limits()) == frozenset()
    later = NOON + HOUR
    assert budget(seen, ["new"], now=later, day_start=NOON - 12 * HOUR, limits=Limits()) == {"new"}


def test_budget_of_a_day_is_refused_whole() -> None:
    seen = {f"c{n}": NOON - 2 * HOUR for n in range(299)}
    assert budget(seen, ["a"], now=NOON, day_start=NOON - 12 * HOUR, limits=Limits()) == {"a"}
    with pytest.raises(Forbidden, match="breadth_exceeded"):
        budget(seen, ["a", "b"], now=NOON, day_start=NOON - 12 * HOUR, limits=Limits())
    assert budget(seen, ["a", "b"], now=NOON, day_start=NOON - HOUR, limits=Limits()) == {"a", "b"}


def test_hour_goes_on_over_midnight() -> None:
    seen = {f"c{n}": NOON - 10 * MINUTE for n in range(60)}
    with pytest.raises(Forbidden):
        budget(seen, ["new"], now=NOON, day_start=NOON - 5 * MINUTE, limits=Limits())
    # Seen within the hour but yesterday: new to the day, no more of a breadth.
    assert budget(seen, ["c0"], now=NOON, day_start=NOON - 5 * MINUTE, limits=Limits()) == {"c0"}
