"""One form for each detail, and little of it in lists."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.customers.model import Details
from chalicelib.customers.rules import LIMITS, canonical, masked, normal
from chalicelib.kernel.errors import BadInput
from chalicelib.privacy.model import Field

FULL = Details(
    "김단비", "010-1234-5678", "Danbi@Example.COM", "서울 마포구 1", "A-2026-0001", "국민 123-45-678901"
)
digits = st.text("0123456789", min_size=8, max_size=8)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("010-1234-5678", "+821012345678"),
        ("01012345678", "+821012345678"),
        ("010 1234 5678", "+821012345678"),
        ("010.1234.5678", "+821012345678"),
        ("+82 10-1234-5678", "+821012345678"),
        ("+82 (0)10 1234 5678", "+821012345678"),
        ("0082 10 1234 5678", "+821012345678"),
        (" 011-234-5678 ", "+82112345678"),
        ("02-123-4567", "+8221234567"),
        ("02-1234-5678", "+82212345678"),
        ("031) 123-4567", "+82311234567"),
        ("070-1234-5678", "+827012345678"),
        ("0507-1234-5678", "+8250712345678"),
        ("080-123-4567", "+82801234567"),
        ("1588-1234", "+8215881234"),
        ("+82 1588-1234", "+8215881234"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_phone_has_one_form(typed: str, stored: str) -> None:
    assert canonical(Field.PHONE, typed) == stored
    assert canonical(Field.PHONE, stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "12345",
        "010-1234-567",
        "010-1234-56789",
        "+82",
        "+821",
        "+0 123 4567",
        "전화번호",
        "010-1234-5678x",
        "010-1234-5678;",
        "٠١٠١٢٣٤٥٦٧٨",
        "010１２３４5678",
        "+1415555267100000",
        "++821012345678",
        "119",
    ],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        canonical(Field.PHONE, typed)
    assert refused.value.code == "invalid_phone"


@given(digits, st.sampled_from(["010{}", "+8210{}", "+82 (0)10-{}", "0082-10-{}", "010 {}"]))
def test_mobile_number_is_the_same_however_it_was_typed(rest: str, form: str) -> None:
    found = canonical(Field.PHONE, form.format(rest))
    assert found == f"+8210{rest}"
    assert canonical(Field.PHONE, found) == found


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Danbi@Example.COM", "danbi@example.com"),
        (" a.b+c@x.co.kr ", "a.b+c@x.co.kr"),
        ("x@xn--o39a.xn--3e0b707e", "x@xn--o39a.xn--3e0b707e"),
    ],
)
def test_mail_is_in_lower_case(typed: str, stored: str) -> None:
    assert canonical(Field.MAIL, typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "danbi",
        "@x.kr",
        "a@",
        "a@b",
        "a@@b.kr",
        "a@b..kr",
        ".a@b.kr",
        "a.@b.kr",
        "a b@c.kr",
        "a@-b.kr",
        "a@b.k",
        "김@b.kr",
        "\u0130@b.kr",
        "a" * 65 + "@b.kr",
        'a"@b.kr',
        "a@b.kr\n,c@d.kr",
    ],
)
def test_what_is_no_mail_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        canonical(Field.MAIL, typed)
    assert refused.value.code == "invalid_mail"


@pytest.mark.parametrize("field", list(Field))
def test_no_detail_is_over_its_length(field: Field) -> None:
    with pytest.raises(BadInput) as refused:
        canonical(field, "1" * (LIMITS[field] + 1))
    assert refused.value.code == "text_too_long"


def test_names_in_both_unicode_forms_are_one() -> None:
    apart = unicodedata.normalize("NFD", "김단비")
    assert apart != "김단비"
    assert normal(Details(name=apart)) == Details(name="김단비")


def test_what_is_not_known_stays_so() -> None:
    assert normal(Details()) == masked(Details()) == Details()
    assert normal(FULL).known().keys() == set(Field)


@given(st.builds(Details, name=st.text("김단비abc ", max_size=20), order_number=st.text("AB-019", max_size=20)))
def test_normal_details_are_their_own_form(details: Details) -> None:
    if all(value.strip() for value in details.known().values()):
        assert normal(normal(details)) == normal(details)


def test_list_shows_no_detail_whole() -> None:
    whole = normal(FULL)
    shown = masked(whole)
    for field, value in whole.known().items():
        assert shown.known()[field] != value
    assert "1234" not in shown.phone
    assert "danbi" not in shown.mail
