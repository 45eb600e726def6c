"""What the tests of finance's rules leave open at the edges."""

from dataclasses import replace

import pytest

from chalicelib.finance.aging import aging_rows, remaining_at
from chalicelib.finance.journal import journal_rows
from chalicelib.finance.tax import fields_of, flaws, mgt_key
from chalicelib.finance.taxes import to_issue
from chalicelib.kernel.clock import DAY
from tests.finance.samples import END, MONTH, ORIGIN, SELLER, START, a_month, a_note, a_payment, an_entry, billed

BILL = replace(a_month([an_entry("c1")]).invoices[0].invoice, total=1_100, remaining=1_100, tax=100)


def test_what_came_at_the_moment_of_the_look_counts() -> None:
    one = billed(BILL, a_payment(300, END + 9 * DAY), notes=[a_note(200, at=END + 8 * DAY)])
    looks = [END + 8 * DAY - 1, END + 8 * DAY, END + 9 * DAY - 1, END + 9 * DAY]
    assert [remaining_at(one, at) for at in looks] == [1_100, 900, 900, 600]


def test_nobody_owes_less_than_nothing() -> None:
    notes = [a_note(600, at=END + 8 * DAY), a_note(1, at=END + 9 * DAY, name="cn_2")]
    one = billed(BILL, a_payment(600), notes=notes)
    assert remaining_at(one, END + 8 * DAY) == 0


def test_what_is_due_first_comes_first_and_without_a_due_day_it_is_due_at_once() -> None:
    rows = aging_rows(
        "danbi",
        [
            billed(replace(BILL, id="in_a")),
            billed(replace(BILL, id="in_d", due_at=0)),
            billed(replace(BILL, id="in_c", due_at=END + 9 * DAY)),
            billed(replace(BILL, id="in_b", due_at=END + 9 * DAY)),
        ],
        END + 20 * DAY,
    )
    assert [(row.invoice_id, row.due_on) for row in rows] == [
        ("in_d", "2026-12-04"),
        ("in_b", "2026-12-10"),
        ("in_c", "2026-12-10"),
        ("in_a", "2026-12-18"),
    ]


def test_entries_have_names_of_their_own_in_the_order_of_days() -> None:
    late = an_entry("c0", 2, -1, at=START + DAY, origin=ORIGIN)
    shop = a_month([an_entry("c1", at=START + 2 * DAY), late, an_entry("c2")])
    rows = journal_rows(shop)
    assert [(row.period, row.date, row.entry_id) for row in rows[::2]][:4] == [
        ("2026-11", "2026-11-02", "danbi/2026-11/adjustment/2026-10/2026-11-02"),
        ("2026-11", "2026-11-02", "danbi/2026-11/usage/human/2026-11-02"),
        ("2026-11", "2026-11-03", "danbi/2026-11/usage/human/2026-11-03"),
        ("2026-11", "2026-11-30", "danbi/2026-11/base/base"),
    ]
    assert [(row.period, row.billed_period) for row in rows[-3:]] == [("2026-12", "2026-11")] * 3


@pytest.mark.parametrize(("length", "whole"), [(12, True), (13, True), (14, False), (32, False)])
def test_a_key_names_the_shop_as_long_as_it_fits(length: int, whole: bool) -> None:
    key = mgt_key("a" * length, MONTH)
    assert (key == f"202611-{'a' * length}") is whole
    assert whole or (len(key) == 20 and key[:8] == "202611-_")


def test_a_tax_invoice_is_of_the_sums_of_its_invoice() -> None:
    [one] = to_issue(a_month([an_entry("c1"), an_entry("c2")]), SELLER)
    assert (one.supply, one.tax, one.total, one.purpose) == (31_000, 3_100, 34_100, "청구")
    assert fields_of(one)["totalAmount"] == 34_100


def test_a_won_is_enough_for_a_flaw_and_no_tax_is_none() -> None:
    [one] = to_issue(a_month([an_entry("c1")]), SELLER)
    assert flaws(replace(one, supply=-1, tax=0)) == ["supplyCostTotal"]
    assert flaws(replace(one, supply=1, tax=-1)) == ["taxTotal"]
    assert flaws(replace(one, tax=0)) == []
