from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.model import InvoiceStatus
from chalicelib.finance.aging import Bucket, aging_rows, bucket, remaining_at
from chalicelib.finance.model import ShopMonth
from chalicelib.kernel.clock import DAY, HOUR, month_span
from tests.finance.samples import END, a_month, a_note, a_payment, an_entry, billed, months

DUE = END + 17 * DAY  # 2026-12-18 00:00 in Seoul
BILL = replace(a_month([an_entry("c1")]).invoices[0].invoice, total=1_100, remaining=1_100, tax=100)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-9, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "90+"), (900, "90+")],
)  # fmt: skip
def test_buckets(days: int, expected: str) -> None:
    assert bucket(days) == Bucket(expected)


@pytest.mark.parametrize(
    ("at", "days"),
    [(DUE, 0), (DUE + DAY - 1, 0), (DUE + DAY, 1), (DUE - 1, -1), (DUE + 30 * DAY + 23 * HOUR, 30)],
)
def test_days_are_those_of_seoul(at: int, days: int) -> None:
    [row] = aging_rows("danbi", [billed(BILL)], at)
    assert (row.days, row.due_on) == (days, "2026-12-18")


def test_what_is_not_final_or_was_paid_is_not_owed() -> None:
    assert len(aging_rows("danbi", [billed(BILL)], DUE)) == 1
    for status in (InvoiceStatus.DRAFT, InvoiceStatus.VOID):
        assert aging_rows("danbi", [billed(replace(BILL, status=status))], DUE) == []
    assert aging_rows("danbi", [billed(BILL, a_payment(1_100))], DUE) == []


def test_a_look_back_counts_only_what_had_come_by_then() -> None:
    one = billed(BILL, a_payment(600, END + 5 * DAY), notes=[a_note(200, at=END + 8 * DAY)])
    looks = [END + 3 * DAY - 1, END + 3 * DAY, END + 5 * DAY - 1, END + 5 * DAY, END + 8 * DAY, END + 90 * DAY]
    assert [remaining_at(one, at) for at in looks] == [0, 1_100, 1_100, 500, 300, 300]


def test_of_now_it_is_what_the_provider_says() -> None:
    one = billed(BILL)
    one = replace(one, invoice=replace(one.invoice, remaining=7))
    assert remaining_at(one, one.seen_at) == 7


@given(months(), st.integers(0, 60))
def test_what_is_owed_never_grows_and_ends_where_the_provider_is(shop: ShopMonth, days: int) -> None:
    [one] = shop.invoices
    begin = one.invoice.finalized_at
    owed = [remaining_at(one, begin + day * DAY) for day in range(days)]
    assert owed == sorted(owed, reverse=True)
    assert remaining_at(one, month_span("2027-06")[0]) == one.invoice.remaining
