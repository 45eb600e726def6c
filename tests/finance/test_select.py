"""Lists of finance, sorted and filtered by the server: the sums are those of all that is asked for."""

import csv
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws import objects
from chalicelib.aws.tables import commit
from chalicelib.closing.store import Breaks
from chalicelib.finance import wiring
from chalicelib.finance.service import slice_of
from chalicelib.finance.tables import Condition, Op, Register, Selection, columns_in
from chalicelib.finance.views import AgingLine, BreakLine, PeriodLine
from chalicelib.kernel.errors import BadInput
from chalicelib.metering.model import Period, PeriodState
from chalicelib.metering.periods import Periods
from chalicelib.tenants.model import HOUSE
from tests.finance.samples import MONTH
from tests.finance.test_http import FINANCE, a_break, body, book, get, invoiced
from tests.moto_desk import MINA, SHOP, Desk

LEDGER, BREAKS = "/v1/finance/registers/usage_ledger", "/v1/finance/registers/recon_breaks"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a register that there is not."""

    tenant_id: str
    n: int
    total_krw: int


ROWS = st.lists(st.builds(Row, st.sampled_from("abC"), st.integers(0, 9), st.integers(-3, 3)), max_size=12)


def where(*conditions: tuple[str, str, Any]) -> str:
    return json.dumps([dict(zip(("column", "op", "value"), one, strict=True)) for one in conditions])


@given(ROWS, st.sampled_from(["tenant_id", "n", "total_krw"]), st.booleans())
def test_sorting_loses_nothing_and_keeps_the_order_of_equals(rows: list[Row], column: str, down: bool) -> None:
    found = Selection(sort=f"-{column}" if down else column).of(rows)
    numbered = sorted(range(len(rows)), key=lambda at: getattr(rows[at], column), reverse=down)
    assert found == [rows[at] for at in numbered]
    keys = [getattr(row, column) for row in found]
    assert keys == sorted(keys, reverse=down)


@given(ROWS, st.integers(0, 9), st.sampled_from(Op))
def test_filter_keeps_what_holds_in_the_order_of_the_book(rows: list[Row], n: int, op: Op) -> None:
    compared = {Op.EQUAL: n.__eq__, Op.OTHER: n.__ne__, Op.AT_LEAST: n.__le__, Op.AT_MOST: n.__ge__}
    if op is Op.HAS:
        found = Selection((Condition("tenant_id", op, "A"),)).of(rows)
        assert found == [row for row in rows if row.tenant_id == "a"]
    else:
        found = Selection((Condition("n", op, n),)).of(rows)
        assert found == [row for row in rows if compared[op](row.n)]


@given(ROWS, st.integers(1, 5), st.integers(-3, 3))
def test_pages_hold_each_selected_row_once_beside_the_sums_of_all(rows: list[Row], size: int, least: int) -> None:
    whole = Register("some", Row, tuple(rows))
    wanted = Selection((Condition("total_krw", Op.AT_LEAST, least),), "-n")
    seen: list[Row] = []
    first: int | None = 0
    while first is not None:
        page, first = slice_of(whole, wanted, first, size=size)
        seen += page.register.rows
        chosen = [row for row in rows if row.total_krw >= least]
        assert page.sums == {"rows": len(chosen), "total_krw": sum(row.total_krw for row in chosen)}
        assert len(page.register.rows) <= size
    assert seen == wanted.of(rows)


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        (PeriodLine, {"tenant": "text", "state": "text", "contacts": "count", "won": "count", "breaks": "count"}),
        (AgingLine, {"tenant": "text", "total": "count"}),
    ],
)
def test_columns_are_what_is_one_text_or_number(kind: type, columns: dict[str, str]) -> None:
    assert columns_in(kind) == columns


@pytest.mark.parametrize("column", ["", "buckets", "of", "__class__"])
def test_what_is_no_column_is_refused(column: str) -> None:
    with pytest.raises(BadInput, match="filter"):
        Selection((Condition(column, Op.EQUAL, 1),)).check(columns_in(BreakLine))
    if column:
        with pytest.raises(BadInput, match="sorted"):
            Selection(sort=column).check(columns_in(BreakLine))


def test_register_is_filtered_and_sorted_over_all_shops_and_summed_as_a_whole(desk: Desk) -> None:
    book("danbi", 3)
    book("mungmeal", 2)
    everything = body(desk, LEDGER, month=MONTH)
    two = where(("tenant_id", "eq", "mungmeal"), ("delta", "gte", 1))
    found = body(desk, LEDGER, month=MONTH, where=two, sort="-entry_id")
    mine = [row for row in everything["rows"] if row["tenant_id"] == "mungmeal"]
    assert found["rows"] == sorted(mine, key=lambda row: row["entry_id"], reverse=True)
    assert found["sums"]["rows"] == found["sums"]["delta"] == 2
    assert found["sums"]["amount_krw"] == sum(row["amount_krw"] for row in mine)
    assert found["columns"] == everything["columns"]
    assert body(desk, LEDGER, month=MONTH, sort="tenant_id", tenant="danbi")["sums"]["rows"] == 3
    nothing = body(desk, LEDGER, month=MONTH, where=where(("channel", "has", "없음")))
    assert (nothing["rows"], nothing["cursor"], nothing["sums"]["amount_krw"]) == ([], None, 0)


def test_sorted_register_page_by_page(desk: Desk) -> None:
    for tenant, count in ((HOUSE, 30), ("danbi", 320), ("mungmeal", 240)):
        for n in range(count):
            one = replace(a_break(tenant, f"il_{n:03d}"), left=0, right=n)
            commit(Breaks(tenant).save(None, one))
    query = {"month": MONTH, "sort": "-difference", "where": where(("difference", "gte", 10))}
    pages = [body(desk, BREAKS, **query)]
    reads = desk.watch("Query")
    while cursor := pages[-1]["cursor"]:
        pages.append(body(desk, BREAKS, cursor=cursor, **query))
    assert reads == [], "the register is kept for half a minute"
    assert [len(page["rows"]) for page in pages] == [500, 60]
    assert [page["sums"] for page in pages] == [{"rows": 560}] * 2
    differences = [row["difference"] for page in pages for row in page["rows"]]
    assert differences == sorted(differences, reverse=True)
    assert len({(row["tenant_id"], row["break_id"]) for page in pages for row in page["rows"]}) == 560
    for other in ({"sort": "difference"}, {"where": "[]"}, {"month": "2026-10"}):
        asked = {**query, **other, "cursor": pages[0]["cursor"]}
        assert get(desk, BREAKS, asked).refusal == (400, "invalid_cursor")


def test_more_rows_than_can_be_sorted_are_refused_unless_a_shop_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    book("danbi", 3)
    book("mungmeal", 2)
    monkeypatch.setattr(wiring, "_SORTED", 3)
    assert get(desk, LEDGER, {"month": MONTH, "sort": "delta"}).refusal == (409, "too_many_rows")
    assert body(desk, LEDGER, month=MONTH, sort="delta", tenant="danbi")["sums"]["rows"] == 3
    assert body(desk, LEDGER, month=MONTH)["sums"]["rows"] == 5


def test_periods_and_breaks_and_aging_are_sorted_filtered_and_summed(desk: Desk) -> None:
    for tenant, state, won in (("danbi", "closing", 700), ("faraway", "locked", 900), ("mungmeal", "locked", 800)):
        after = Period(tenant, MONTH, PeriodState(state), 1, contacts=5, won=won)
        commit(Periods(tenant).save(Period(tenant, MONTH), after))
        commit(Breaks(tenant).save(None, a_break(tenant)))
    locked = where(("state", "eq", "locked"))
    found = body(desk, "/v1/finance/periods", month=MONTH, where=locked, sort="won")
    assert [one["tenant"] for one in found["periods"]] == ["mungmeal", "faraway"]
    assert (found["shops"], found["won"], found["states"]["closing"]) == (2, 1_700, 0)
    some = body(desk, "/v1/finance/breaks", where=where(("tenant", "ne", "danbi")), sort="-tenant")
    assert ([one["tenant"] for one in some["breaks"]], some["total"]) == (["mungmeal", "faraway"], 2)
    total = invoiced("danbi")
    invoiced("mungmeal")
    owed = body(desk, "/v1/finance/aging", where=where(("tenant", "has", "MUNG")))
    assert ([one["tenant"] for one in owed["shops"]], owed["total"]) == (["mungmeal"], total)
    assert owed["buckets"]["1-30"] == total


def test_file_holds_every_selected_row_whatever_the_page(desk: Desk) -> None:
    book("danbi", 3)
    book("mungmeal", 2)
    query = {"month": MONTH, "where": where(("tenant_id", "eq", "mungmeal")), "sort": "-entry_id"}
    shown = body(desk, LEDGER, **query)
    answer = desk.call(FINANCE, f"POST {LEDGER}/file", query=query)
    assert answer.status == 201, answer
    key = urlsplit(answer.body["url"]).path.partition("-files/")[2]
    assert key.startswith(f"files/{HOUSE}/exports/")
    content = objects.read(key, limit=100_000)
    assert content is not None
    names, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    assert names == list(shown["columns"])
    assert [row[names.index("entry_id")] for row in rows] == [row["entry_id"] for row in shown["rows"]]
    assert "usage_ledger-2026-11.csv" in answer.body["url"]
    for who in (SHOP, MINA):
        assert desk.call(who, f"POST {LEDGER}/file").refusal == (403, "forbidden")
