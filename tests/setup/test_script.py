"""What is answered in a rehearsal, and how many of them a day there may be."""

from dataclasses import replace

import pytest

from chalicelib.handbook.model import Answer, Wording
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import DAY, HOUR
from chalicelib.kernel.errors import TooMany
from chalicelib.setup.script import A_DAY, is_recorded, lines, require_room
from chalicelib.tenants.aims import By, Choice
from chalicelib.tenants.sections import Section
from tests.samples import NOON, SHOP

KNOWN = {"shop.name": "단비옷장", "agent.name": "단비"}


def an_answer(text: str, intent: str = "delivery", name: str = "a1") -> Answer:
    return Answer(name, Wording("제목", intent, "바로", text), NOON, "owner:kim")


def texts(*answers: Answer, intent: Intent = Intent.DELIVERY) -> list[str]:
    found = lines(SHOP.persona, answers, intent, KNOWN)
    for line in found:
        assert line.text.startswith("안녕하세요\n\n")
        assert line.text.endswith("\n\n단비옷장 드림")
    return [line.text.split("\n\n")[1] for line in found]


def test_the_shops_own_answer_to_that_intent_comes_first() -> None:
    theirs = an_answer("{{shop.name}}(은/는) 오늘 보내 드려요."), an_answer("교환돼요.", "exchange", "a2")
    first, honest = texts(*theirs)
    assert first == "단비옷장은 오늘 보내 드려요."
    assert "확인" in honest
    assert lines(SHOP.persona, theirs, Intent.DELIVERY, KNOWN)[0].answer == "a1"
    assert texts(*theirs, intent=Intent.RETURN) == [honest]


def test_an_answer_with_something_to_ask_for_is_left_out() -> None:
    assert len(texts(an_answer("{{?도착일:date}}에 도착해요."))) == 1


def test_names_of_intents_are_read_as_handbooks_write_them() -> None:
    assert len(texts(an_answer("3천원이에요.", "shipping-fee"), intent=Intent.SHIPPING_FEE)) == 2


def test_a_shop_that_speaks_english_is_honest_in_english() -> None:
    persona = replace(SHOP.persona, language="en")
    [line] = lines(persona, [], Intent.OTHER, KNOWN)
    assert "We are looking into" in line.text


def held(count: int, first: int = NOON) -> list[Choice]:
    by = [By("owner:kim", "", first + number) for number in range(count)]
    return [Choice(Section.REHEARSAL, n + 1, one, {"contact": f"c{n}"}) for n, one in enumerate(by)][::-1]


def test_enough_is_enough_for_a_day() -> None:
    require_room(held(A_DAY - 1), "new", NOON + HOUR)
    with pytest.raises(TooMany) as refused:
        require_room(held(A_DAY), "new", NOON + HOUR)
    assert refused.value.code == "too_many_rehearsals"
    assert refused.value.details["retry_after"] == 23 * 3600
    require_room(held(A_DAY), "new", NOON + DAY)
    require_room(held(A_DAY), "c3", NOON + HOUR)
    assert is_recorded(held(A_DAY), "c3")
    assert not is_recorded(held(A_DAY), "new")
