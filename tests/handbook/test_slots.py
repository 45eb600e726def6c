"""Slots of canned answers: what is one, what fills it, and which particle follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.handbook.model import Slot
from chalicelib.handbook.slots import fill, literal, particle, slots
from chalicelib.kernel.errors import BadInput

PAIRS = ("은/는", "이/가", "을/를", "과/와", "으로/로")
PLAIN = st.text(st.characters(exclude_characters="{}", exclude_categories=("Cs", "Cc")), max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("안녕하세요", ()),
        ("{{customer.name}}", (Slot("customer.name", "data"),)),
        ("{{ shop.name }}", (Slot("shop.name", "data"),)),
        ("{{?운송장 번호}}", (Slot("운송장 번호", "text"),)),
        ("{{?도착일:date}}", (Slot("도착일", "date"),)),
        ("{{? 금액 : won }}", (Slot("금액", "won"),)),
        ("{{환불|교환}}", (Slot("환불|교환", "choice", ("환불", "교환")),)),
        ("{{?a}} {{agent.name}} {{?a}}", (Slot("a", "text"), Slot("agent.name", "data"))),
    ],
)
def test_slots_are_found(text: str, found: tuple[Slot, ...]) -> None:
    assert slots(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("{{}}", "{{ }}", "{{customer.phone}}", "{{이름}}", "{{?}}", "{{?:date}}", "{{?a:email}}", "{{|}}"),
        *(
            "{{환불|}}",
            "{{환불|환불}}",
            "{{a",
            "a}}",
            "{{{customer.name}}}",
            "{{a{{b}}}}",
            "{{?" + "가" * 41 + "}}",
        ),
    ],
)
def test_what_is_no_slot_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="invalid_slot"):
        slots(text)


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ("사과", ("는", "가", "를", "와", "로")),
        ("귤", ("은", "이", "을", "과", "로")),  # ㄹ
        ("배송", ("은", "이", "을", "과", "으로")),
        ("김민수 고객님", ("은", "이", "을", "과", "으로")),
        ("원피스(블랙)", ("은", "이", "을", "과", "으로")),
        ("1호", ("는", "가", "를", "와", "로")),
        ("옵션 1", ("은", "이", "을", "과", "로")),
        ("2", ("는", "가", "를", "와", "로")),
        ("3", ("은", "이", "을", "과", "으로")),
        ("6", ("은", "이", "을", "과", "으로")),
        ("7", ("은", "이", "을", "과", "로")),
        ("8", ("은", "이", "을", "과", "로")),
        ("9", ("는", "가", "를", "와", "로")),
        ("20", ("은", "이", "을", "과", "으로")),
        ("USB-C", ("은(는)", "이(가)", "을(를)", "과(와)", "(으)로")),
        ("?!", ("은(는)", "이(가)", "을(를)", "과(와)", "(으)로")),
        ("ㅋ", ("은(는)", "이(가)", "을(를)", "과(와)", "(으)로")),
    ],
)
def test_particles_follow_the_last_syllable(value: str, chosen: tuple[str, ...]) -> None:
    assert tuple(particle(value, pair) for pair in PAIRS) == chosen


@pytest.mark.parametrize(
    ("text", "data", "filled"),
    [
        ("{{customer.name}}(은/는) 좋아요", {"customer.name": "민수님"}, "민수님은 좋아요"),
        ("{{?상품}}(을/를) {{환불|교환}}(으로/로)", {"상품": "치마", "환불|교환": "교환"}, "치마를 교환으로"),
        ("{{?상품}} (은/는)", {"상품": "귤"}, "귤 (은/는)"),
        ("{{ shop.name }}", {"shop.name": "단비옷장"}, "단비옷장"),
        ("{{?a}}", {"a": "  둘  "}, "둘"),
        ("{{?a}}{{?a}}", {"a": "{{?b}}"}, "?b?b"),
        ("{{customer.name}}(은/는)", {"customer.name": "{{민수}"}, "민수는"),
    ],
)
def test_slots_are_filled(text: str, data: dict[str, str], filled: str) -> None:
    assert fill(text, data) == (filled, ())


@pytest.mark.parametrize("missing", [{}, {"customer.name": ""}, {"customer.name": "  "}, {"customer.name": "{ }"}])
def test_what_is_missing_stays_open(missing: dict[str, str]) -> None:
    text = "{{customer.name}}(은/는) {{?도착일:date}}에 {{?도착일:date}}"
    left = (Slot("customer.name", "data"), Slot("도착일", "date"))
    assert fill(text, missing) == (text, left)


@given(
    st.lists(st.tuples(PLAIN, st.sampled_from(["customer.name", "?a", "?b:date", "c|d"])), max_size=6),
    st.dictionaries(st.sampled_from(["customer.name", "a", "b", "c|d"]), PLAIN),
)
def test_filling_changes_slots_alone(parts: list[tuple[str, str]], data: dict[str, str]) -> None:
    text = "".join(f"{before}{{{{{inner}}}}}" for before, inner in parts)
    filled, left = fill(text, data)
    known = {name for name, value in data.items() if value.strip()}
    assert set(left) == {slot for slot in slots(text) if slot.name not in known}
    assert ("{{" in filled) == bool(left)
    for before, _ in parts:
        assert before in filled


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.sampled_from(PAIRS))
def test_every_syllable_has_a_particle(syllable: str, pair: str) -> None:
    first, second = pair.split("/")
    chosen = particle(f"가{syllable}", pair)
    assert chosen in (first, second)
    closed = (ord(syllable) - 0xAC00) % 28
    assert (chosen == second) == (closed == 0 or (pair == "으로/로" and closed == 8))


def test_literal_is_what_stands_between_slots() -> None:
    assert literal("가 {{?a}}(은/는) 나 {{b|c}}") == ["가 ", " 나 ", ""]
