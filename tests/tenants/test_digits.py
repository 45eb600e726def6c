"""The 사업자등록번호 and its check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tenants.digits import bare, is_registration
from tests.tenants.samples import registration


@pytest.mark.parametrize("number", ["1208147521", "1248100998", "2208162517"])
def test_any_other_digit_in_one_place_is_found_out(number: str) -> None:
    assert is_registration(number)
    for place in range(10):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 :]
            assert is_registration(changed) == (changed == number), changed


@pytest.mark.parametrize("number", ["", "120814752", "12081475210", "12081٤7521", "120-81-47521", "abcdefghij"])
def test_what_is_not_ten_digits_is_no_registration_number(number: str) -> None:
    assert not is_registration(number)


@given(st.integers(1, 999_999_999))
def test_nine_digits_have_exactly_one_check_digit(number: int) -> None:
    assert sum(is_registration(f"{number:09d}{digit}") for digit in range(10)) == 1
    assert is_registration(registration(number))


def test_number_of_zeroes_is_nobodys() -> None:
    assert not is_registration("0000000000")


def test_example_of_forms_is_taken_only_where_examples_are() -> None:
    assert is_registration("1234567891")
    assert not is_registration("1234567891", example=False)
    assert is_registration("1208147521", example=False)


@pytest.mark.parametrize("number", ["1208147521", "120-81-47521", " 120-8147521 "])
def test_hyphens_are_not_kept(number: str) -> None:
    assert bare(number) == "1208147521"
