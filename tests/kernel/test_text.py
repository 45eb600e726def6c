import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.text import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("안녕하세요", "안녕하세요"),
        (unicodedata.normalize("NFD", "환불"), "환불"),
        ("  두 칸  ", "두 칸"),
        ("한 줄\r\n두 줄", "한 줄\n두 줄"),
        ("탭\t도 된다", "탭\t도 된다"),
        ("👩\u200d👧 이모지", "👩\u200d👧 이모지"),
        ("\ufeff눈에 안\u200b 보이는\u2060", "눈에 안 보이는"),
        ("a" * 20, "a" * 20),
        (" " + "a" * 20 + "\r\n", "a" * 20),
        (unicodedata.normalize("NFD", "가" * 20), "가" * 20),
    ],
)
def test_accepted(text: str, expected: str) -> None:
    assert clean(text, limit=20) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \r\n\t ", "text_empty"),
        ("a" * 21, "text_too_long"),
        ("\ud83d", "lone_surrogate"),
        ("a\udc00b", "lone_surrogate"),
        ("a\x00b", "control_character"),
        ("a\x07b", "control_character"),
        ("a\x1bb", "control_character"),
        ("a\x7fb", "control_character"),
        ("a\x85b", "control_character"),
        ("a\rb", "control_character"),
        ("a\u2028b", "control_character"),
        ("a\u2029b", "control_character"),
        ("a\u202eb", "control_character"),
        ("a\u2066b", "control_character"),
        ("\u200b\ufeff", "text_empty"),
    ],
)
def test_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        clean(text, limit=20, field="subject")
    assert refused.value.code == code
    assert refused.value.message.startswith("subject ")


@given(st.text(max_size=30))
def test_cleaning_again_changes_nothing(text: str) -> None:
    try:
        once = clean(text, limit=20)
    except BadInput:
        return
    assert clean(once, limit=20) == once == unicodedata.normalize("NFC", once)
