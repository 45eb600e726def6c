"""Whose voice a text is in: every miss and every false alarm that anybody has thought of."""

import time
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.handbook import voices
from chalicelib.handbook.model import Answer, Handbook, Link, Marks, Trace, Wording
from tests.handbook.shops import KEY, findings, replies, shops
from tests.moto_desk import DANBI

NAMES = sorted(shops())
APART = list(permutations(NAMES, 2))

COURTESIES = [
    "안녕하세요",
    "안녕하세요 고객님",
    "안녕하세요, 고객님. 무엇을 도와드릴까요?",
    "감사합니다. 좋은 하루 보내세요.",
    "불편을 드려 죄송합니다.",
    "기다려 주셔서 감사합니다.",
    "문의 주셔서 감사합니다. 확인 후 다시 안내해 드리겠습니다.",
    "네, 확인해 보겠습니다. 잠시만 기다려 주세요.",
    "궁금하신 점이 있으시면 언제든지 문의해 주세요.",
    "Hello, thank you for contacting us. We will get back to you as soon as possible.",
    "Thank you for your message. Please let us know if you have any questions.",
]


def an_answer(text: str) -> Answer:
    return Answer("a" * 32, Wording("제목", "intent", "단축", text), 0, "owner:x")


def of(name: str, *texts: str, english: str = "", persona: str = "", links: tuple[str, ...] = ()) -> Marks:
    """Return the marks of a shop of this name with these canned answers."""
    voice = replace(DANBI.persona, agent_name=persona or f"{name}지기", greeting="네", signature="네")
    tenant = replace(DANBI, name=name, name_en=english or name, persona=voice)
    handbook = Handbook(links=tuple(Link("안내", url) for url in links))
    return voices.marks(tenant, handbook, map(an_answer, texts), KEY)


def kinds(text: str, own: Marks, *others: Marks, said: str = "") -> list[Trace | None]:
    return [found.kind for found in voices.foreign(text, own, others, KEY, said=said)]


OWN = of("우리집")


@pytest.mark.parametrize("name", NAMES)
def test_own_answers_pass(name: str) -> None:
    filled = list(shops()[name].filled())
    assert len(filled) == 8
    assert {shortcut: findings(text, name) for shortcut, text in filled if findings(text, name)} == {}


@pytest.mark.parametrize(("theirs", "here"), APART)
def test_answers_of_another_shop_are_found(theirs: str, here: str) -> None:
    unseen = [shortcut for shortcut, text in shops()[theirs].filled() if not findings(text, here)]
    assert unseen == []


@pytest.mark.parametrize(("theirs", "here"), APART)
def test_answers_are_found_by_what_they_say(theirs: str, here: str) -> None:
    """Without the names that give them away, one line at a time counts."""
    unseen = []
    for shortcut, text in shops()[theirs].filled():
        nameless = text.replace(shops()[theirs].tenant.name, "").replace(
            shops()[theirs].tenant.persona.agent_name, ""
        )
        if Trace.ANSWER not in {found.kind for found in findings(nameless, here)}:
            unseen.append(shortcut)
    assert unseen == []


@pytest.mark.parametrize("name", NAMES)
def test_what_agents_really_wrote_passes(name: str) -> None:
    written = [text for shop, text in replies() if shop == name]
    assert len(written) > 30
    assert [(text, findings(text, name)) for text in written if findings(text, name)] == []


@pytest.mark.parametrize(("theirs", "here"), APART)
def test_what_agents_wrote_is_found_elsewhere_by_name_alone(theirs: str, here: str) -> None:
    """What people type for one shop and is no canned answer is not mistaken for one."""
    found = [finding for shop, text in replies() if shop == theirs for finding in findings(text, here)]
    assert {finding.kind for finding in found if finding.kind} <= {Trace.NAME, Trace.PERSONA}
    assert Trace.NAME in {finding.kind for finding in found}


@pytest.mark.parametrize(("theirs", "here"), APART)
def test_greeting_and_signature_of_another_shop_are_found(theirs: str, here: str) -> None:
    persona = shops()[theirs].tenant.persona
    assert findings(persona.greeting, here)
    assert findings(persona.signature, here)
    assert findings(persona.greeting, theirs) == findings(persona.signature, theirs) == []


@pytest.mark.parametrize("text", COURTESIES)
def test_courtesies_are_nobodys(text: str) -> None:
    assert [name for name in NAMES if findings(text, name)] == []
    other = of("남의집", text, *COURTESIES)
    assert kinds(text, OWN, other) == []
    assert kinds(f"{text} {text}", OWN, other) == []
    assert kinds("\n".join(COURTESIES), OWN, other) == []


LINE = "택배 상자를 열기 전에 사진을 먼저 찍어 두시면 좋아요."


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        f"네!\n{LINE}\n또 여쭤볼게요",
        LINE.upper(),
        LINE.replace(" ", ""),
        LINE.replace(" ", "\u3000 "),
        LINE.replace(".", "~!!"),
        "택배 상자를 열기 전에, 사진을 먼저 찍어 두시면 좋아요 :)",
        f"민수님, {LINE} 그래 주실 수 있나요?",
    ],
)
def test_a_line_is_found_however_it_is_typed(text: str) -> None:
    other = of("남의집", f"첫 줄이에요.\n{LINE}")
    assert kinds(text, OWN, other) == [Trace.ANSWER]
    assert kinds(text, other, of("남의집", LINE)) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("옷장 문이 열두 글자네", False),  # 10 letters
        ("옷장 문은 딱 열한 글자", False),  # 9
        ("가나다라마바사아자차카", False),  # 11
        ("가나다라마바사아자차카타", True),  # 12
        ("abcdefghijklmnopqrstuvw", False),  # 23 Latin letters
        ("abcdefghijklmnopqrstuvwx", True),  # 24
    ],
)
def test_a_line_counts_from_twelve_syllables_on(line: str, found: bool) -> None:
    assert kinds(line, OWN, of("남의집", line)) == ([Trace.ANSWER] if found else [])


def test_a_line_with_a_slot_is_found_by_what_stands_beside_it() -> None:
    other = of("남의집", "{{customer.name}}, 과일은 새벽에 따서 그날 오후 차로 보내 드려요. 송장은 {{?번호}}예요.")
    assert kinds(
        "김민수 고객님, 과일은 새벽에 따서 그날 오후 차로 보내 드려요. 송장은 3번이에요.", OWN, other
    ) == [Trace.ANSWER]
    assert kinds("과일은 내일 낮에 따서 모레 오전 차로 보내 드려요.", OWN, other) == []


def test_lines_that_two_shops_have_pass_in_both_and_are_nobodys() -> None:
    one, two = of("하나집", LINE), of("두울집", LINE)
    assert kinds(LINE, one, two) == kinds(LINE, two, one) == []
    assert kinds(LINE, OWN, one, two) == []
    assert kinds(LINE, OWN, one) == [Trace.ANSWER]


NAMED = of("단비옷장", english="Danbi Closet", persona="단비")
SHORT = of("멍밀", english="Mungmeal", persona="멍집사")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("단비옷장이에요", [Trace.NAME]),
        ("단비 옷장에서 왔어요", [Trace.NAME]),
        ("저희 단비옷장은", [Trace.NAME]),
        ("DANBI CLOSET", [Trace.NAME]),
        ("danbicloset", [Trace.NAME]),
        ("멍밀에서 안내드려요", [Trace.NAME]),
        ("멍밀입니다", [Trace.NAME]),
        ("[멍밀]", [Trace.NAME]),
        ("멍밀", [Trace.NAME]),
        ("새단비옷장이 아니라", []),  # another word that ends alike
        ("뭉멍밀크", []),
        ("멍밀크를 좋아해요", []),
        ("Danbi Closets", []),
        ("오늘도 단비 같은 소식이에요", []),
        ("김단비 고객님, 안녕하세요", []),
        ("단비 님께 보내 드렸어요", []),
        ("상담사 단비", [Trace.PERSONA]),
        ("저는 단비입니다", [Trace.PERSONA]),
        ("단비예요 :)", [Trace.PERSONA]),
        ("단비 드림", [Trace.PERSONA]),
        ("멍집사예요", [Trace.PERSONA]),
        ("김단비입니다", []),
        ("담당 멍집사", [Trace.PERSONA]),
    ],
)
def test_names_and_personas(text: str, found: list[Trace]) -> None:
    assert kinds(text, OWN, NAMED, SHORT) == found
    assert kinds(text, NAMED, NAMED) == kinds(text, SHORT, SHORT) == []


@pytest.mark.parametrize("name", ["고객님", "안녕하세요 고객님", "꽃", "감사합니다", "Hello", "Us", "네"])
def test_whoever_is_called_like_that_silences_nobody(name: str) -> None:
    other = of(name, english=name)
    assert kinds(f"{name}. {name}은 {name}", OWN, other) == []


def test_a_short_latin_name_counts_as_it_is_written() -> None:
    other = of("홈데이", english="Home")
    assert kinds("Please leave the box at home.", OWN, other) == []
    assert kinds("This is Home, how can I help?", OWN, other) == [Trace.NAME]


def test_a_name_within_a_name() -> None:
    short, long = of("단비", english="Danbi"), of("단비옷장", english="Danbi Closet")
    assert kinds("단비옷장이에요", long, short) == []
    assert kinds("Danbi Closet", long, short) == []
    assert kinds("단비옷장이에요", short, long) == [Trace.NAME]
    assert kinds("단비에서 왔어요", long, short) == [Trace.NAME]


def test_names_that_equal_ones_own_or_stand_in_ones_own_answers_pass() -> None:
    assert kinds("단비옷장이에요. 단비입니다", of("단비옷장", persona="단비"), NAMED) == []
    assert kinds("사과는 햇살농원에서 와요", OWN, of("햇살농원")) == [Trace.NAME]
    assert kinds("사과는 햇살농원에서 와요", OWN, of("햇살농원"), said="선물 사과는 햇살농원 것이에요") == []


LINKED = of(
    "남의집", "자세한 것은 https://help.namui.example/faq 에 있어요", links=("https://www.namui.example/returns",)
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://namui.example/", [Trace.LINK]),
        ("여기요: namui.example/size?x=1", [Trace.LINK]),
        ("http://WWW.NAMUI.EXAMPLE:8080", [Trace.LINK]),
        ("https://m.namui.example", [Trace.LINK]),
        ("https://shop.namui.example.", [Trace.LINK]),
        ("메일은 help@namui.example 이에요", [Trace.LINK]),
        ("https://help.namui.example", [Trace.LINK]),
        ("보세요.namui.example", [Trace.LINK]),
        ("https://notnamui.example", []),
        ("https://namui.example.org", []),
        ("https://uri.example/returns", []),
        ("배송 조회: https://www.cjlogistics.com/ko/tool/parcel/tracking", []),
        ("3.5kg예요.다음에", []),
    ],
)
def test_links(text: str, found: list[Trace]) -> None:
    own = of("우리집", links=("https://uri.example", "https://www.cjlogistics.com/ko/tool"))
    assert kinds(text, own, LINKED) == found
    assert kinds(text, LINKED, own) == ([Trace.LINK] if "uri." in text else [])


@pytest.mark.parametrize(
    ("marked", "text", "found"),
    [
        ("https://smartstore.naver.com/namui", "https://smartstore.naver.com/namui/products/1", [Trace.LINK]),
        ("https://smartstore.naver.com/namui", "https://smartstore.naver.com/uri", []),
        ("https://smartstore.naver.com/namui", "https://smartstore.naver.com", []),
        ("https://pf.kakao.com/_namui", "pf.kakao.com/_namui/chat", [Trace.LINK]),
        ("https://map.naver.com/p/1", "https://map.naver.com/p/1", []),
        ("https://www.youtube.com/namui", "https://youtube.com/namui", [Trace.LINK]),
        ("https://www.epost.go.kr", "https://service.epost.go.kr/trace", []),
        ("https://nedrug.mfds.go.kr", "https://nedrug.mfds.go.kr", []),
        ("https://co.kr", "https://help.maker.co.kr", []),
        ("https://www.go.kr", "https://www.customs.go.kr", []),
        ("https://com.cn", "https://maker.com.cn", []),
        ("https://cafe24.com", "https://namui.cafe24.com", []),
        ("https://namui.cafe24.com", "https://namui.cafe24.com", [Trace.LINK]),
        ("https://namui.co.kr", "https://namui.co.kr", [Trace.LINK]),
        ("https://bit.ly/3abc", "https://bit.ly/4def", []),
        ("https://forms.gle/abc", "https://forms.gle/def", []),
    ],
)
def test_public_hosts_are_nobodys(marked: str, text: str, found: list[Trace]) -> None:
    assert kinds(text, OWN, of("남의집", links=(marked,))) == found


def test_a_host_that_both_list_passes() -> None:
    both = ("https://maker.example/manual",)
    assert kinds("https://maker.example/manual", of("우리집", links=both), of("남의집", links=both)) == []


def test_a_place_that_two_others_list_is_nobodys() -> None:
    one, two = (of(name, links=("https://maker.example/manual",)) for name in ("하나집", "두울집"))
    assert kinds("https://maker.example/manual", OWN, one, two) == []
    assert kinds("https://help.maker.example", OWN, one, two) == []
    assert kinds("https://maker.example/manual", OWN, one) == [Trace.LINK]


def test_marks_tell_no_text() -> None:
    for shop in shops().values():
        hashed = {*shop.marks.lines, *shop.marks.greetings}
        assert hashed
        assert all(len(mark) == 16 and set(mark) <= set("0123456789abcdef") for mark in hashed)
        other = voices.marks(shop.tenant, Handbook(), shop.shelf.answers, b"another secret")
        assert not hashed & {*other.lines, *other.greetings}


def test_what_is_said_of_a_finding_is_the_agents_own_and_short() -> None:
    other = of("남의집", LINE)
    [found] = voices.foreign(f"{'길' * 300} {LINE}", OWN, [other], KEY)
    assert found.what == "길" * 100
    [found] = voices.foreign("네, 남의집이에요", OWN, [other], KEY)
    assert found.what == "남의집"


WORDS = st.lists(
    st.sampled_from(["사과", "배송", "내일", "오전", "상자", "사진", "환불", "교환", "도착", "편하게", "번호"]),
    min_size=1,
    max_size=12,
)


@given(
    st.lists(WORDS.map(" ".join), min_size=1, max_size=4), st.lists(WORDS.map(" ".join), min_size=1, max_size=4)
)
def test_own_lines_pass_whatever_others_have(mine: list[str], theirs: list[str]) -> None:
    own, other = of("우리집", "\n".join(mine)), of("남의집", "\n".join(theirs))
    assert all(kinds(line, own, other) == [] for line in mine)
    for line in theirs:
        letters = line.replace(" ", "")
        if kinds(line, own, other):
            assert len(letters) >= 12
        if kinds(line, OWN, other) == [] and len(letters) >= 12:
            # Only courtesies make so long a line nobody's.
            assert sum(len(word) for word in line.split() if word not in {"편하게"}) < 12


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text: str) -> None:
    voices.foreign(text, OWN, [one.marks for one in shops().values()], KEY)


@pytest.mark.parametrize("text", ["a.1", "a.", "a.a-", " ", "멍 ", "저는 ", "www.", "x", "{{", "this is "])
def test_no_text_keeps_a_function_busy(text: str) -> None:
    long = (text * 10_000)[:10_000]
    started = time.process_time()
    findings(long, "danbi")
    assert time.process_time() - started < 0.5
