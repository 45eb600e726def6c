"""What handbooks and answers may say, which words a shop forbids, and what follows from a finding."""

import pytest
from msgspec.structs import replace as with_

from chalicelib.handbook.model import (
    ANSWERS_LIMIT,
    Address,
    Answer,
    Fault,
    Finding,
    ForbiddenWord,
    Handbook,
    Kept,
    Link,
    ScriptStep,
    Severity,
    Shelf,
    Trace,
    Wording,
)
from chalicelib.handbook.rules import (
    called,
    check_offer,
    check_text,
    check_version,
    foreign_answer,
    missing_steps,
    normal_handbook,
    normal_wording,
    refusal,
    refuse,
    said_by,
)
from chalicelib.kernel.errors import BadInput, Conflict, Mismatch

WORDING = Wording("배송 안내", "delivery", "배송", "내일 가요")
STEPS = (
    ScriptStep("order", "주문번호"),
    ScriptStep("size", "치수", needed=True),
    ScriptStep("fee", "택배비", needed=True),
)


def shelf(*words: ForbiddenWord) -> Shelf:
    return Shelf(Kept(Handbook(forbidden=words)))


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("무조건", "무조건 됩니다", "무조건"),
        ("무조건", "조건 없이 됩니다", None),
        ("사다리차 무료", "사다리차  무료예요", "사다리차  무료"),
        ("사다리차 무료", "사다리차는 무료", None),
        ("Free", "it is FREE!", "FREE"),
        ("free", "freedom", None),
        ("100% 안전", "100% 안전합니다", "100% 안전"),
        ("a.b", "axb", None),
        ("짝퉁", "짝 퉁이에요", "짝 퉁"),
        ("짝퉁", "이건 짝\n퉁", "짝\n퉁"),
        ("짝퉁", "이건짝퉁", "짝퉁"),
        ("환불", "교환 불가예요", None),
        ("Ｆｒｅｅ", "free", "free"),
        ("\u3164", "네", None),
    ],
)
def test_forbidden_words(word: str, text: str, found: str | None) -> None:
    seen = check_text(text, shelf(ForbiddenWord(word, "대신", Severity.REFUSE)))
    assert [one.what for one in seen] == ([found] if found else [])
    assert all(one.instead == "대신" and not one.sure for one in seen)
    warned = check_text(text, shelf(ForbiddenWord(word)))
    assert [one.sure for one in warned] == ([True] if found else [])


@pytest.mark.parametrize("text", ["{{customer.name}}님", "{{", "}} 네", "{{?a", "{{모르는 것}}"])
def test_an_open_slot_is_never_sent(text: str) -> None:
    [found] = check_text(text, Shelf())
    assert found.fault is Fault.OPEN_SLOT
    with pytest.raises(BadInput, match="open_slot"):
        refuse([found], sure=True)


@pytest.mark.parametrize("text", ["{네}", "네 }", "중괄호 { 하나"])
def test_other_braces_are_sent(text: str) -> None:
    assert check_text(text, Shelf()) == []


WARNED = Finding(Fault.FORBIDDEN_WORD, "무조건", "확인 후", sure=True)
REFUSED = Finding(Fault.FORBIDDEN_WORD, "치료")
FOREIGN = Finding(Fault.WRONG_SHOP, "멍밀", kind=Trace.NAME)
STEP = Finding(Fault.STEP_MISSING, "치수", sure=True)


@pytest.mark.parametrize(
    ("findings", "sure", "code"),
    [
        ([], False, None),
        ([WARNED], True, None),
        ([WARNED, STEP], True, None),
        ([WARNED], False, "forbidden_word"),
        ([STEP], False, "script_step_missing"),
        ([REFUSED], True, "forbidden_word"),
        ([FOREIGN], True, "wrong_shop"),
        ([WARNED, REFUSED, FOREIGN], True, "wrong_shop"),
        ([WARNED, STEP, REFUSED], False, "forbidden_word"),
    ],
)
def test_the_gravest_finding_is_told(findings: list[Finding], sure: bool, code: str | None) -> None:
    if code is None:
        refuse(findings, sure=sure)
        return
    with pytest.raises(Conflict) as refused:
        refuse(findings, sure=sure)
    assert refused.value.code == code


def test_a_refusal_tells_what_and_what_instead() -> None:
    assert refusal(WARNED).details == {"what": "무조건", "instead": "확인 후"}
    assert refusal(REFUSED).details == {"what": "치료"}
    assert refusal(FOREIGN).details == {"what": "멍밀", "kind": "name"}
    assert refusal(foreign_answer()).details["kind"] == "answer"


@pytest.mark.parametrize(
    ("done", "left"),
    [([], ["치수", "택배비"]), (["order"], ["치수", "택배비"]), (["size"], ["택배비"]), (["fee", "size"], [])],
)
def test_needed_steps(done: list[str], left: list[str]) -> None:
    found = missing_steps(Handbook(steps=STEPS), done)
    assert [one.what for one in found] == left
    assert all(one.sure for one in found)


@pytest.mark.parametrize(
    ("name", "full", "given"),
    [
        ("김민수", "김민수 고객님", "민수님"),
        ("김민", "김민 고객님", "김민님"),
        ("남궁민수", "남궁민수 고객님", "민수님"),
        ("남궁민", "남궁민 고객님", "남궁민님"),
        ("황보", "황보 고객님", "황보님"),
        ("김빛나래", "김빛나래 고객님", "김빛나래님"),
        ("John Smith", "John Smith 고객님", "John Smith님"),
        ("", "", ""),
    ],
)
def test_how_customers_are_called(name: str, full: str, given: str) -> None:
    assert (called(name, Address.FULL), called(name, Address.GIVEN)) == (full, given)


def test_texts_get_their_one_form() -> None:
    given = Handbook(
        dos=("  치수는  cm로 ",),
        links=(Link(" 안내 ", "https://a.example"),),
        steps=(ScriptStep("a", " 네 "),),
        forbidden=(ForbiddenWord(" 절대  안 ", " 되도록 "),),
    )
    made = normal_handbook(given)
    assert made.dos == ("치수는 cm로",)
    assert (made.links[0].label, made.steps[0].text) == ("안내", "네")
    assert (made.forbidden[0].word, made.forbidden[0].instead) == ("절대 안", "되도록")
    assert normal_handbook(made) == made
    assert normal_wording(with_(WORDING, text=" 네\r\n그래요 ")).text == "네\n그래요"


@pytest.mark.parametrize(
    ("handbook", "code"),
    [
        (Handbook(steps=(ScriptStep("a", "하나"), ScriptStep("a", "둘"))), "repeated_step"),
        (Handbook(forbidden=(ForbiddenWord("No"), ForbiddenWord("no"))), "repeated_word"),
        (Handbook(dos=("  ",)), "text_empty"),
        (Handbook(donts=("a\x00",)), "control_character"),
        (Handbook(forbidden=(ForbiddenWord("a", "b\x07"),)), "control_character"),
        (Handbook(forbidden=(ForbiddenWord("a", "\ud800"),)), "lone_surrogate"),
        (Handbook(links=(Link("안내", "https://a\u202eb"),)), "control_character"),
        (Handbook(links=(Link("안내", "https://\u200b"),)), "text_empty"),
    ],
)
def test_what_a_handbook_may_not_say(handbook: Handbook, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        normal_handbook(handbook)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"text": "{{?}}"}, "invalid_slot"), ({"text": " "}, "text_empty"), ({"title": " "}, "text_empty")],
)
def test_what_an_answer_may_not_say(change: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        normal_wording(with_(WORDING, **change))


def an_answer(name: str, shortcut: str, *, retired: bool = False) -> Answer:
    return Answer(name, with_(WORDING, shortcut=shortcut), 0, "x", retired=retired)


def test_a_shortcut_finds_one_answer() -> None:
    full = Shelf(answers=(an_answer("a", "배송"), an_answer("b", "환불", retired=True)))
    check_offer(an_answer("a", "배송"), full)
    check_offer(an_answer("c", "환불"), full)
    with pytest.raises(Conflict, match="shortcut_taken"):
        check_offer(an_answer("c", "배송"), full)


def test_a_shop_has_so_many_answers() -> None:
    many = tuple(an_answer(str(number), str(number)) for number in range(ANSWERS_LIMIT))
    check_offer(an_answer("new", "new"), Shelf(answers=many[1:]))
    check_offer(many[0], Shelf(answers=many))
    with pytest.raises(Conflict, match="too_many_answers"):
        check_offer(an_answer("new", "new"), Shelf(answers=many))


@pytest.mark.parametrize(("expected", "right"), [(None, True), (3, True), (2, False), (4, False), (0, False)])
def test_versions(expected: int | None, right: bool) -> None:
    if right:
        check_version(3, expected)
        return
    with pytest.raises(Mismatch) as refused:
        check_version(3, expected)
    assert refused.value.details == {"version": 3}


def test_all_that_a_shop_says() -> None:
    said = said_by(Shelf(Kept(Handbook(dos=("하나",), donts=("둘",), steps=STEPS)), (an_answer("a", "배송"),)))
    assert [word in said for word in ("하나", "둘", "주문번호", "내일 가요", "셋")] == [True] * 4 + [False]
