"""Intents by their words: against the labels that people gave to the real inquiries."""

import json
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.intents.model import Intent
from chalicelib.intents.rules import intent_of
from chalicelib.intents.words import WORDS

_ROWS = [json.loads(line) for line in Path("tests/data/inquiries.jsonl").read_text("utf-8").splitlines()]
# The words were worked out on the even lines alone; what the odd ones say is how well they fit what is new.
_WORKED_ON, _NEW = _ROWS[0::2], _ROWS[1::2]


def _matrix(found: Counter[tuple[str, str]]) -> str:
    """Return how labels (rows) and guesses (columns) fall, for the message of a failure."""
    lines = [" ".join([" " * 13, *(f"{guess[:6]:>7}" for guess in Intent)])]
    for label in Intent:
        lines.append(" ".join([f"{label:13}", *(f"{found[label, guess] or '.':>7}" for guess in Intent)]))
    return "\n".join(lines)


@pytest.mark.parametrize(("rows", "least"), [(_WORKED_ON, 0.85), (_NEW, 0.65), (_ROWS, 0.75)])
def test_words_agree_with_the_labels_of_the_inquiries(rows: list[dict[str, str]], least: float) -> None:
    found = Counter((row["intent"], str(intent_of(row["text"]))) for row in rows)
    agreed = sum(count for (label, guess), count in found.items() if label == guess)
    assert agreed / len(rows) >= least, f"{agreed} of {len(rows)}\n{_matrix(found)}"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("택배 언제 와요?", Intent.DELIVERY),
        ("이 코트 M 사이즈 재입고 예정 있나요?", Intent.PRESALE),
        ("반품하고 싶어요", Intent.RETURN),
        ("3개월 할부로 되나요", Intent.PAYMENT),
        ("받았는데 곰팡이가 있어요", Intent.DEFECT),
        ("사이즈 교환 부탁드려요", Intent.EXCHANGE),
        ("불친절해서 화가 납니다", Intent.COMPLAINT),
        ("A/S 되나요? 보증기간이 궁금해요", Intent.WARRANTY),
        ("반품하면 배송비는 누가 내나요", Intent.SHIPPING_FEE),
        ("로그인이 안 돼요", Intent.SYSTEM),
        ("광고 수신거부 해 주세요", Intent.OTHER),
        ("ㅋㅋ", Intent.OTHER),
        ("", Intent.OTHER),
        ("I want a refund, please", Intent.RETURN),
        ("Could you deliver it as a present?", Intent.DELIVERY),
    ],
)
def test_what_is_said_plainly(text: str, intent: Intent) -> None:
    assert intent_of(text) is intent


def test_it_makes_no_difference_how_the_letters_are_put_together() -> None:
    text = "반품하면 배송비는 누가 내나요"
    assert intent_of(unicodedata.normalize("NFD", text)) is Intent.SHIPPING_FEE


@given(st.text(max_size=2_000))
def test_every_text_has_one_intent_and_always_the_same(text: str) -> None:
    assert intent_of(text) is intent_of(text)


@pytest.mark.parametrize("sign", ["1", "1,", " ", "a", "안 ", "!", "받은 지 "])
def test_no_text_takes_much_longer_than_others(sign: str) -> None:
    def best(text: str) -> float:
        times = []
        for _ in range(20):
            began = time.process_time()
            intent_of(text)
            times.append(time.process_time() - began)
        return min(times)

    assert best((sign * 400)[:400]) < 4 * best("가" * 400)


def test_every_intent_has_words() -> None:
    assert set(WORDS) == set(Intent)
