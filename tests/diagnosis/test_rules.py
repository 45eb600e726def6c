"""Files of past contacts are read whole, or refused with the row and the reason."""

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.diagnosis.columns import columns_of, title
from chalicelib.diagnosis.model import (
    EXAMINED,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Columns,
    Past,
    Refusal,
    Unreadable,
)
from chalicelib.diagnosis.reading import table
from chalicelib.diagnosis.rules import TEXT_LIMIT, is_formula, read
from chalicelib.diagnosis.words import REASONS
from chalicelib.intents.model import Intent
from tests.data.past import HEADER, past, written
from tests.samples import NOON

GOOD = ["2026-10-01 15:05", "chat", "배송 언제 와요?", "쿠팡"]


def refusals(raw: bytes, chosen: Columns | None = None) -> list[Refusal]:
    """Return all that is wrong with a file."""
    try:
        rows = table(raw)
        columns = columns_of(rows[0][1], chosen)
    except Unreadable as wrong:
        return [wrong.refusal]
    return [one for one in read(rows, columns, NOON) if isinstance(one, Refusal)]


def contacts(raw: bytes, chosen: Columns | None = None) -> list[Past]:
    """Return what a file tells, which must all be good."""
    rows = table(raw)
    found = list(read(rows, columns_of(rows[0][1], chosen), NOON))
    assert all(isinstance(one, Past) for one in found), found
    return [one for one in found if isinstance(one, Past)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_as_shops_export_it(encoding: str, delimiter: str) -> None:
    rows = [
        GOOD,
        ["2026-10-02", "카카오톡", '환불해 주세요, "바로"\n부탁;드려요', "우리끼리몰"],
        ["2026-10-03 9:00", "팩스", "네", ""],
    ]
    found = contacts(written(rows, encoding=encoding, delimiter=delimiter))
    assert [(one.intent, one.channel, one.sales_channel, one.timed) for one in found] == [
        (Intent.DELIVERY, "chat", "coupang", True),
        (Intent.RETURN, "kakao", "other", False),
        (Intent.OTHER, "other", "", True),
    ]


def test_titles_are_found_in_any_order_and_style() -> None:
    header = ["고객명", " 내용 ", "Sales Channel", "작성일시 (KST)", "[문의유형]"]
    assert columns_of(header, None) == Columns(at=4, text=2, sales_channel=3, intent=5)


def test_the_more_telling_title_wins() -> None:
    assert columns_of(["시간", "문의", "문의일시", "문의내용"], None) == Columns(at=3, text=4)


def test_a_shops_own_label_of_the_intent_goes_before_the_words() -> None:
    header = ["날짜", "내용", "문의유형"]
    rows = [["2026-10-01", "배송 언제 와요?", label] for label in ("교환", "반품/환불", "A/S", "뭐지", "")]
    found = [one.intent for one in contacts(written(rows, header=header))]
    assert found == [Intent.EXCHANGE, Intent.RETURN, Intent.WARRANTY, Intent.DELIVERY, Intent.DELIVERY]


def test_a_file_whose_titles_say_nothing_is_read_by_the_columns_that_the_shop_chose() -> None:
    raw = written([["x", "2026-10-01", "배송 언제 와요?"]], header=["가", "나", "다"])
    with pytest.raises(Unreadable) as asked:
        columns_of(table(raw)[0][1], None)
    assert (asked.value.refusal, asked.value.headers) == (Refusal(1, "columns"), ("가", "나", "다"))
    assert len(contacts(raw, Columns(at=2, text=3))) == 1
    assert refusals(raw, Columns(at=2, text=4)) == [Refusal(1, "columns")]


def test_a_first_row_that_is_a_contact_is_not_said_back() -> None:
    raw = written([["2026-10-02", "김단비 010-1234-5678"]], header=["2026-10-01", "박해솔 010-2222-3333"])
    with pytest.raises(Unreadable) as wrong:
        columns_of(table(raw)[0][1], None)
    assert (wrong.value.refusal, wrong.value.headers) == (Refusal(1, "no_header"), ())


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (" 문의  일시 ", "문의 일시"),
        ("010-1234-5678", "010-…-…"),
        ("kim@danbi.example", ""),
        ("가" * 40, "가" * 30),
    ],
)
def test_a_title_says_nobodys_number_or_address(cell: str, seen: str) -> None:
    assert title(cell) == seen


XLSX = b"PK\x03\x04" + b"x" * 50
UTF8 = written([GOOD])


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (XLSX, Refusal(1, "not_text")),
        (b"%PDF-1.7\n", Refusal(1, "not_text")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", Refusal(1, "not_text")),
        (UTF8 + b"\x00", Refusal(1, "not_text")),
        (UTF8.decode().encode("utf-16"), Refusal(1, "encoding", value="UTF-16")),
        (UTF8 + "2026-10-02,chat,배송".encode() + b"\xff\xff,\n", Refusal(3, "encoding")),
        (written([GOOD] * 9, encoding="cp949") + b"2026-10-02,chat,\xff\xff,\r\n", Refusal(11, "encoding")),
        (written([[*GOOD[:2], "두\n줄", ""], GOOD]) + b"\xff", Refusal(4, "encoding")),
        (UTF8 + b'2026-10-02,chat,"' + b"a" * 200_000 + b"\xff", Refusal(3, "encoding")),
        (b"a" * (MAX_BYTES + 1), Refusal(0, "too_large")),
        (b"", Refusal(1, "empty")),
        (b"\n\n\n", Refusal(1, "empty")),
        (written([]), Refusal(1, "empty")),
        (written([["", "", "", ""]]), Refusal(1, "empty")),
        (written([GOOD] * MAX_ROWS + [GOOD]), Refusal(MAX_ROWS + 2, "too_many_rows")),
        (UTF8 + '2026-10-02,chat,"안 닫힘,쿠팡\n'.encode() + written([GOOD] * 5), Refusal(3, "unclosed_quote")),
        (UTF8 + '2026-10-02,chat,"닫고 "더,쿠팡\n'.encode(), Refusal(3, "unclosed_quote")),
        (UTF8 + b'2026-10-02,chat,"' + b"a" * 200_000 + b"\n", Refusal(3, "unclosed_quote")),
    ],
    ids=lambda value: value.code if isinstance(value, Refusal) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_the_row(raw: bytes, refusal: Refusal) -> None:
    assert refusals(raw) == [refusal]


def test_as_many_rows_as_are_taken_are_taken() -> None:
    assert refusals(written([GOOD] * MAX_ROWS)) == []


def row(**changes: str) -> list[str]:
    return [changes.get(name, usual) for name, usual in zip(("at", "channel", "text", "mall"), GOOD, strict=True)]


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        (row(at="2026-10-32"), "date", "문의일시", "2026-10-32"),
        (row(at="김단비"), "date", "문의일시", ""),
        (row(at="2027-10-01"), "date_future", "문의일시", "2027-10-01"),
        (row(at="2022-10-01"), "date_old", "문의일시", "2022-10-01"),
        (row(text=" \n "), "text_empty", "문의내용", ""),
        (row(text="가" * (TEXT_LIMIT + 1)), "text_long", "문의내용", "20,001"),
        (row(text="가" * 200_000), "text_long", "문의내용", "200,000"),
        (row(text='=HYPERLINK("http://x")'), "formula", "문의내용", "="),
        (row(text="+cmd|' /C calc'!A0"), "formula", "문의내용", "+"),
        (row(channel="@SUM(A1)"), "formula", "문의채널", "@"),
        (row(mall="\t쿠팡"), "formula", "판매처", ""),
        (row(at="=NOW()"), "formula", "문의일시", "="),
        (GOOD[:3], "column_count", "", "3 / 4"),
        ([*GOOD, "더"], "column_count", "", "5 / 4"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_beside_good_ones(
    cells: list[str], code: str, column: str, value: str
) -> None:
    raw = written([GOOD, cells, GOOD])
    assert refusals(raw) == [Refusal(3, code, column, value)]
    assert refusals(written([GOOD, GOOD, GOOD])) == []


def test_row_777_is_row_777_whatever_the_rows_before_it_hold() -> None:
    blank, long = ["", "", "", ""], row(text="여러\n줄로\r\n적은 글")
    rows = [GOOD] * 774 + [long, row(text="=1+1")]
    rows[5], rows[6] = blank, long
    assert [one.row for one in refusals(written(rows))] == [777]


@pytest.mark.parametrize(("size", "examined"), [(EXAMINED, EXAMINED), (EXAMINED + 1, EXAMINED // 2 + 1)])
def test_of_a_long_file_every_second_text_is_looked_into(size: int, examined: int) -> None:
    # Some programs end their lines so that every second row seems blank.
    raw = written([GOOD] * size).replace(b"\r\n", b"\r\r\n")
    found = [one.intent for one in contacts(raw)]
    assert (len(found), found.count(Intent.DELIVERY), found.count(None)) == (size, examined, size - examined)


def test_every_wrong_row_is_refused() -> None:
    rows = [row(text="=1") if number % 3 == 0 else GOOD for number in range(90)]
    assert [one.row for one in refusals(written(rows))] == [number + 2 for number in range(0, 90, 3)]


@pytest.mark.parametrize(
    "cell", ["=1+1", "＝A1", "=한글()", "@SUM(1)", "+A1", "-A1*2", "-2+3+cmd|x", "+(A1)", "\tx", "-'x'!A1"]
)
def test_a_formula_is_seen(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "",
            "- 주문번호 12",
            "-배송 언제",
            "--",
            "---문의---",
            "=====",
            "=> 이렇게요",
            "-5000",
            "+82 10-1234-5678",
        ),
        *(
            "+1 해주세요",
            "@상담원님",
            "-> 반품",
            "^^",
            "1+1 행사",
            " =1+1",
            "-1,200.50",
            "+_+",
            "-.-",
            "-1개 더요",
        ),
    ],
)
def test_what_people_write_is_no_formula(cell: str) -> None:
    assert not is_formula(cell)


@given(st.binary(max_size=300))
def test_whatever_bytes_come_there_is_an_answer(raw: bytes) -> None:
    for one in refusals(raw):
        assert one.code in REASONS


@given(st.text(max_size=200), st.sampled_from(["utf-8", "cp949"]))
def test_whatever_text_stands_in_a_cell_there_is_an_answer_with_its_row(text: str, encoding: str) -> None:
    raw = written([GOOD]).decode() + written([row(text=text)]).decode().partition("\n")[2]
    for one in refusals(raw.encode(encoding, errors="ignore")):
        assert (one.row, one.code in REASONS) in {(3, True), (1, True)}


@given(st.integers(1, 60), st.integers(0, 59), st.sampled_from(["at", "text", "mall"]))
def test_a_file_with_one_wrong_row_is_refused_for_that_row_alone(size: int, wrong: int, name: str) -> None:
    rows = past(size, NOON)
    spoiled = {"at": "모름", "text": "=A1", "mall": "@A1"}[name]
    place = wrong % size
    rows[place] = [
        spoiled if index == ("at", "channel", "text", "mall").index(name) else cell
        for index, cell in enumerate(rows[place])
    ]
    assert [one.row for one in refusals(written(rows))] == [place + 2]


def test_nothing_that_was_written_is_kept() -> None:
    words = ("김단비", "010-1234-5678", "배송")
    [one] = contacts(written([row(text="김단비 010-1234-5678 배송 언제요", mall="김단비")]))
    assert not any(word in repr(replace(one)) for word in words)


def test_a_header_of_a_million_columns_is_refused_with_as_many_as_can_be_chosen() -> None:
    with pytest.raises(Unreadable) as wrong:
        columns_of(table(b"," * 1_000_000 + b"x\n" + b"," * 1_000_000 + b"x\n")[0][1], None)
    assert (wrong.value.refusal.code, len(wrong.value.headers)) == ("columns", MAX_COLUMNS)


def test_the_titles_of_the_files_are_those_of_the_reader() -> None:
    assert columns_of(HEADER, None) == Columns(at=1, text=3, channel=2, sales_channel=4)


def test_a_file_of_very_many_rows_is_left_where_it_has_too_many() -> None:
    raw = b"a\n" * 1_000_000
    tracemalloc.start()
    try:
        assert refusals(raw) == [Refusal(MAX_ROWS + 2, "too_many_rows")]
        assert tracemalloc.get_traced_memory()[1] < 20 * len(raw)
    finally:
        tracemalloc.stop()


def test_a_cell_that_fills_the_file_is_no_matter_where_nothing_is_read() -> None:
    raw = f"날짜,내용,메모\n2026-10-01 15:05,배송 언제 와요?,{'가' * 1_000_000}\n".encode()
    assert len(contacts(raw)) == 1
