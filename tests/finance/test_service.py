from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.finance.model import ShopMonth, TaxRecord
from chalicelib.finance.service import page, record_tax_invoice
from chalicelib.kernel.errors import BadInput, Conflict, NotFound
from tests.finance.samples import END, MONTH, a_month, a_note, an_entry, billed

NUMBER, OTHER = "20261210" + "a" * 16, "20261211" + "b" * 16
SHOP = a_month([an_entry("c1")])
NOTED = replace(SHOP, invoices=(billed(SHOP.invoices[0].invoice, notes=[a_note(1_100)]),))


@dataclass(frozen=True)
class Row:
    name: str
    amount_krw: int


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 9)), st.integers(1, 5))
def test_pages_are_the_whole_register_each_row_once(sizes: dict[str, int], size: int) -> None:
    shops = {name: [Row(name, i) for i in range(sizes[name])] for name in sorted(sizes)}
    expected = [row for rows in shops.values() for row in rows]
    sums = {"rows": len(expected), "amount_krw": sum(row.amount_krw for row in expected)}
    seen: list[Row] = []
    after = None
    for _ in range(len(expected) + 1):
        chunks = iter([(name, rows) for name, rows in shops.items() if after is None or name >= after.tenant])
        found = page("sample", Row, chunks, after, size=size)
        assert found.sums == sums
        assert len(found.register.rows) <= size
        seen += found.register.rows
        after = found.next
        if after is None:
            break
    assert seen == expected


def record(shop: ShopMonth, number: str = NUMBER, note: str = "") -> tuple[TaxRecord, list[Any]]:
    return record_tax_invoice(shop, number, note, by="finance:x", at=END, add=lambda one: one)


def test_a_number_is_recorded_with_what_it_is_for() -> None:
    known, writes = record(NOTED, NUMBER.upper())
    assert writes == [known]
    assert known == TaxRecord("danbi", MONTH, NUMBER, 30_000, 3_000, f"in_{MONTH}", "", END, "finance:x")
    corrected, writes = record(replace(NOTED, tax=(known,)), OTHER, "cn_1")
    assert (corrected.supply, corrected.tax, corrected.note, writes) == (-1_000, -100, "cn_1", [corrected])


def test_a_repeat_writes_nothing() -> None:
    known, _ = record(SHOP)
    assert record(replace(SHOP, tax=(known,))) == (known, [])


def test_refusals() -> None:
    known, _ = record(NOTED)
    done = replace(NOTED, tax=(known,))
    cases: list[tuple[ShopMonth, str, str, type[Exception], str]] = [
        (NOTED, "20261210", "", BadInput, "invalid_number"),
        (replace(NOTED, invoices=()), NUMBER, "", Conflict, "not_invoiced"),
        (done, OTHER, "cn_9", NotFound, "not_found"),
        (done, OTHER, "", Conflict, "already_recorded"),
        (done, NUMBER, "cn_1", Conflict, "already_recorded"),
        (NOTED, NUMBER, "cn_1", Conflict, "original_first"),
    ]
    for shop, number, note, refusal, code in cases:
        with pytest.raises(refusal, match=f"^{code}: "):
            record(shop, number, note)
    assert record(done, OTHER, "cn_1")[1]
