"""Handbooks that are kept by two people at once, and the marks that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.handbook import service
from chalicelib.handbook.model import (
    Answer,
    Fault,
    ForbiddenWord,
    Handbook,
    Kept,
    Marks,
    Shelf,
    ShelfMoved,
    Trace,
    Wording,
)
from chalicelib.handbook.rules import marks_of
from chalicelib.handbook.service import Author, Library
from chalicelib.kernel.errors import Busy, Conflict, Mismatch, NotFound
from tests.moto_desk import DANBI, MUNGMEAL

KEY = b"key"
BY = Author("owner:x", 5)
WORDING = Wording("배송 안내", "delivery", "배송", "택배는 비가 와도 젖지 않게 한 겹 더 싸서 보내요")
ANSWER = Answer("a" * 32, WORDING, 1, "owner:x", digest="d")


@dataclass
class FakeStore:
    """A shelf in memory; `others` change it once each before what is committed next."""

    kept: Shelf = field(default_factory=Shelf)
    found: dict[str, Answer] = field(default_factory=dict)
    others: list[Shelf] = field(default_factory=list)
    asked: int = 0

    def shelf(self) -> Shelf:
        return self.kept

    def glance(self) -> Shelf:
        return self.kept

    def find(self, answer: str) -> Answer | None:
        self.asked += 1
        return self.found.get(answer)

    def save(self, kept: Kept) -> Any:
        return lambda shelf: replace(shelf, kept=kept)

    def put(self, answer: Answer) -> Any:
        return lambda shelf: replace(
            shelf, answers=(*(one for one in shelf.answers if one.id != answer.id), answer)
        )

    def mark(self, marks: Marks, before: int) -> Any:
        def write(shelf: Shelf) -> Shelf:
            if shelf.round != before:
                raise ShelfMoved
            return replace(shelf, marks=marks, round=before + 1)

        return write

    def commit(self, *writes: Any) -> None:
        if self.others:
            self.kept = self.others.pop(0)
        shelf = self.kept
        for write in writes:
            shelf = write(shelf)
        self.kept = shelf


def library(store: FakeStore) -> Library:
    return Library(DANBI, store, KEY, store.commit)


def test_a_handbook_is_kept_with_its_marks() -> None:
    store = FakeStore()
    kept = service.keep(library(store), Handbook(colour="#111111"), BY)
    assert (kept.version, kept.updated_at, kept.updated_by) == (1, 5, "owner:x")
    assert store.kept.kept == kept
    assert store.kept.marks == marks_of(DANBI, store.kept, KEY)
    assert service.keep(library(store), Handbook(colour="#111111"), Author("owner:y", 9)) == kept
    assert store.kept.round == 1
    with pytest.raises(Mismatch):
        service.keep(library(store), Handbook(), Author("owner:y", 9, expected=0))
    assert service.keep(library(store), Handbook(), Author("owner:y", 9, expected=1)).version == 2


def test_two_at_once_miss_nothing() -> None:
    store = FakeStore()
    theirs = Shelf(
        answers=(replace(ANSWER, id="b" * 32, wording=Wording("환불", "refund", "환불", "네")),), round=1
    )
    store.others = [theirs]
    service.add(library(store), ANSWER)
    assert {one.id for one in store.kept.answers} == {"a" * 32, "b" * 32}
    assert store.kept.marks == marks_of(DANBI, store.kept, KEY)
    store.others = [replace(theirs, round=number) for number in range(10, 30)]
    with pytest.raises(Busy):
        service.keep(library(store), Handbook(colour="#222222"), BY)


def test_a_repeat_adds_nothing() -> None:
    store = FakeStore()
    assert service.add(library(store), ANSWER) == ANSWER
    assert service.add(library(store), replace(ANSWER, updated_at=9)) == ANSWER
    with pytest.raises(Conflict, match="idempotency_mismatch"):
        service.add(library(store), replace(ANSWER, digest="other"))
    with pytest.raises(Conflict, match="shortcut_taken"):
        service.add(library(store), replace(ANSWER, id="c" * 32))


def test_an_answer_is_reworded_retired_and_offered_again() -> None:
    store = FakeStore()
    here, name = library(store), ANSWER.id
    service.add(here, ANSWER)
    hashed = store.kept.marks.lines if store.kept.marks else ()
    assert hashed
    retired = service.reword(here, name, lambda one: replace(one, retired=True), BY)
    assert (retired.version, retired.retired, retired.updated_at) == (2, True, 5)
    assert store.kept.marks
    assert store.kept.marks.lines == ()
    assert service.reword(here, name, lambda one: replace(one, retired=True), BY) == retired
    service.add(here, replace(ANSWER, id="b" * 32))
    with pytest.raises(Conflict, match="shortcut_taken"):
        service.reword(here, name, lambda one: replace(one, retired=False), BY)
    with pytest.raises(Mismatch):
        service.reword(here, name, lambda one: replace(one, retired=False), Author("x", 1, expected=1))
    with pytest.raises(NotFound):
        service.reword(here, "f" * 32, lambda one: one, BY)


def test_marks_follow_a_new_name() -> None:
    store = FakeStore()
    service.change(library(store), lambda shelf: shelf)
    assert store.kept.round == 1
    service.change(library(store), lambda shelf: shelf)
    assert store.kept.round == 1
    renamed = Library(replace(DANBI, name="단비네"), store, KEY, store.commit)
    service.change(renamed, lambda shelf: shelf)
    assert store.kept.marks
    assert "단비네" in store.kept.marks.names
    moved = Library(replace(DANBI, pool="other"), store, KEY, store.commit)
    service.change(moved, lambda shelf: shelf)
    assert store.kept.marks.pool == "other"


def voices_of(*pools: str) -> Any:
    """Return who tells the marks of pools: mungmeal's in each of these, danbi's in `main`."""

    def tell(pool: str) -> Mapping[str, Marks]:
        own = {"danbi": marks_of(DANBI, Shelf(), KEY)} if pool == "main" else {}
        return {**own, **({"mungmeal": marks_of(MUNGMEAL, Shelf(), KEY)} if pool in pools else {})}

    return tell


@pytest.mark.parametrize(
    ("home", "asked", "found"),
    [
        ("main", ["main"], [Trace.NAME]),
        ("main", ["main", "reserve"], [Trace.NAME]),
        ("reserve", ["main", "reserve"], [Trace.NAME]),
        ("reserve", ["main"], []),
    ],
)
def test_shops_of_both_pools_are_meant(home: str, asked: list[str], found: list[Trace]) -> None:
    faults = service.find_faults(library(FakeStore()), voices_of(home), asked, "멍밀이에요", None)
    assert [one.kind for one in faults] == found


def test_a_shop_is_no_stranger_to_itself() -> None:
    assert service.find_faults(library(FakeStore()), voices_of("main"), ["main"], "단비옷장 단비예요", None) == []
    # Before its marks were ever written, too.
    assert service.find_faults(library(FakeStore()), voices_of("x"), ["x"], "단비옷장 단비예요", None) == []


def test_an_answer_must_be_the_shops_own() -> None:
    store = FakeStore(Shelf(answers=(ANSWER,)))
    here = library(store)
    assert service.find_faults(here, voices_of("main"), ["main"], "네", ANSWER.id) == []
    assert store.asked == 0
    # It was added a moment ago, and is not yet among what this process remembers.
    store.found["b" * 32] = replace(ANSWER, id="b" * 32)
    assert service.find_faults(here, voices_of("main"), ["main"], "네", "b" * 32) == []
    [found] = service.find_faults(here, voices_of("main"), ["main"], "네", "f" * 32)
    assert (found.fault, found.kind) == (Fault.WRONG_SHOP, Trace.ANSWER)


def test_forbidden_words_are_the_shops_own() -> None:
    store = FakeStore(Shelf(Kept(Handbook(forbidden=(ForbiddenWord("무조건"),)), version=1)))
    found = service.find_faults(library(store), voices_of("main"), ["main"], "무조건 멍밀이에요", None)
    assert [one.fault for one in found] == [Fault.WRONG_SHOP, Fault.FORBIDDEN_WORD]


@pytest.mark.parametrize(
    "text",
    [
        "멍\u00ad밀입니다",
        "멍\u200d밀입니다",
        "멍\u3164밀입니다",
        "멍\u115f밀입니다",
        "멍\uffa0밀입니다",
        "멍\u034f밀입니다",
        "Ｍｕｎｇｍｅａｌ 입니다",
        "Mung\u200dmeal hi",
        "namui。example/abc",
        "ｎamui．example",
    ],
)
def test_no_disguise_hides_a_voice(text: str) -> None:
    marks = replace(marks_of(MUNGMEAL, Shelf(), KEY), places=("namui.example",))
    [found] = service.find_faults(library(FakeStore()), lambda _: {"mungmeal": marks}, ["main"], text, None)
    assert found.fault is Fault.WRONG_SHOP


@pytest.mark.parametrize(
    ("name", "typed"), [("Ｎａｍｕ Ｓｔｏｒｅ", "Namu Store"), ("나\u200d무\u3164상점", "나무상점입니다")]
)
def test_no_disguise_of_its_own_hides_a_shop(name: str, typed: str) -> None:
    marks = marks_of(replace(MUNGMEAL, name=name), Shelf(), KEY)
    for text in (name, typed):
        [found] = service.find_faults(library(FakeStore()), lambda _: {"mungmeal": marks}, ["main"], text, None)
        assert found.kind is Trace.NAME


@pytest.mark.parametrize("text", ["짝\u00ad퉁", "짝\u3164퉁", "짝 퉁", "짝\u2009퉁", "ＺＺＡＢ", "zz\u200dab"])
def test_no_disguise_hides_a_forbidden_word(text: str) -> None:
    words = (ForbiddenWord("짝퉁"), ForbiddenWord("ZZAB"))
    store = FakeStore(Shelf(Kept(Handbook(forbidden=words), version=1)))
    [found] = service.find_faults(library(store), voices_of("main"), ["main"], text, None)
    assert found.fault is Fault.FORBIDDEN_WORD


def test_jamo_do_not_grow_into_a_name() -> None:
    [found] = service.find_faults(library(FakeStore()), voices_of("main"), ["main"], "멍밀이에요ㄳ", None)
    assert found.kind is Trace.NAME


def test_marks_find_room_in_a_row() -> None:
    def answer(number: int) -> Answer:
        signs = range(number * 140, number * 140 + 140)
        said = "\n".join(f"가나다라마바사아자차{chr(0xAC00 + at // 100)}{chr(0xB000 + at % 100)}" for at in signs)
        return replace(ANSWER, id=f"{number:032x}", wording=Wording("제목", "intent", f"s{number}", said))

    store = FakeStore(Shelf(answers=tuple(map(answer, range(106)))))
    service.add(library(store), answer(106))
    before = store.kept
    assert before.marks
    assert len(before.marks.lines) == 107 * 140
    with pytest.raises(Conflict, match="too_many_answers"):
        service.add(library(store), answer(107))
    assert store.kept == before
