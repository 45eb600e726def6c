from collections import Counter
from dataclasses import replace

from hypothesis import given

from chalicelib.billing.model import InvoiceStatus
from chalicelib.finance.journal import Account, JournalRow, journal_rows
from chalicelib.finance.model import ShopMonth
from chalicelib.kernel.clock import DAY
from chalicelib.pricing.model import Credit, Item
from tests.finance.samples import END, ORIGIN, START, a_month, a_note, a_payment, an_entry, billed, months


def balances(rows: list[JournalRow]) -> Counter[str]:
    won: Counter[str] = Counter()
    for row in rows:
        won[row.account] += row.debit_krw - row.credit_krw
    return won


def sides(rows: list[JournalRow]) -> list[tuple[str, str, str, int, int]]:
    return [(row.date, row.kind, row.account, row.debit_krw, row.credit_krw) for row in rows]


def test_a_month_from_the_first_contact_to_a_credit_note() -> None:
    shop = a_month([an_entry("c1"), an_entry("c2", at=START + 2 * DAY), an_entry("c3", at=START + 2 * DAY)])
    bill = shop.invoices[0].invoice
    assert bill.total == 35_200
    shop = replace(shop, invoices=(billed(bill, a_payment(35_200), notes=[a_note(1_100, 1_100)]),))
    assert sides(journal_rows(shop)) == [
        ("2026-11-02", "usage", "미청구채권", 1_000, 0),
        ("2026-11-02", "usage", "매출", 0, 1_000),
        ("2026-11-03", "usage", "미청구채권", 2_000, 0),
        ("2026-11-03", "usage", "매출", 0, 2_000),
        ("2026-11-30", "base", "미청구채권", 29_000, 0),
        ("2026-11-30", "base", "매출", 0, 29_000),
        ("2026-12-04", "invoice", "외상매출금", 35_200, 0),
        ("2026-12-04", "invoice", "미청구채권", 0, 32_000),
        ("2026-12-04", "invoice", "부가세예수금", 0, 3_200),
        ("2026-12-06", "payment", "예금", 34_144, 0),
        ("2026-12-06", "payment", "지급수수료", 1_056, 0),
        ("2026-12-06", "payment", "외상매출금", 0, 35_200),
        ("2026-12-09", "credit_note", "매출", 1_000, 0),
        ("2026-12-09", "credit_note", "부가세예수금", 100, 0),
        ("2026-12-09", "credit_note", "외상매출금", 0, 1_100),
        ("2026-12-09", "refund", "외상매출금", 1_100, 0),
        ("2026-12-09", "refund", "예금", 0, 1_100),
    ]


def test_a_correction_takes_revenue_back() -> None:
    late = an_entry("c0", 2, -1, at=START + DAY, origin=ORIGIN)
    rows = journal_rows(a_month([late], version="starter/1", before=11, invoices=()))
    assert sides(rows) == [
        ("2026-11-02", "adjustment", "미청구채권", 0, 1_200),
        ("2026-11-02", "adjustment", "매출", 1_200, 0),
        ("2026-11-30", "carried", "미청구채권", 1_200, 0),
        ("2026-11-30", "carried", "선수금", 0, 1_200),
    ]


def test_revenue_follows_the_tier_that_a_contact_falls_into() -> None:
    entries = [an_entry(f"c{i}", at=START + i * DAY) for i in range(12)]
    rows = journal_rows(a_month(entries, version="starter/1", invoices=()))
    assert [row.date for row in rows if row.account == Account.REVENUE] == ["2026-11-11", "2026-11-12"]
    assert [row.credit_krw for row in rows if row.account == Account.REVENUE] == [1_200, 1_200]


def test_a_bank_transfer_costs_no_fee() -> None:
    shop = a_month([an_entry("c1")])
    bill = shop.invoices[0].invoice
    paid = a_payment(bill.total, fee=0, net=bill.total, transaction="", charge="")
    rows = journal_rows(replace(shop, invoices=(billed(bill, paid),)))
    assert {row.account for row in rows if row.kind == "payment"} == {Account.CASH, Account.RECEIVABLE}


def test_drafts_and_voided_invoices_are_not_posted() -> None:
    shop = a_month([an_entry("c1")])
    bill = shop.invoices[0].invoice
    for status, posted in ((InvoiceStatus.OPEN, 1), (InvoiceStatus.DRAFT, 0), (InvoiceStatus.VOID, 0)):
        rows = journal_rows(replace(shop, invoices=(billed(replace(bill, status=status)),)))
        assert len({row.entry_id for row in rows if row.kind == "invoice"}) == posted


def test_an_invoice_of_another_month_belongs_to_that_month() -> None:
    shop = a_month([an_entry("c1")])
    other = replace(shop.invoices[0].invoice, month=ORIGIN)
    assert not [row for row in journal_rows(replace(shop, invoices=(billed(other),))) if row.kind == "invoice"]


@given(months())
def test_every_entry_balances_and_has_each_account_once(shop: ShopMonth) -> None:
    entries: dict[str, list[JournalRow]] = {}
    for row in journal_rows(shop):
        entries.setdefault(row.entry_id, []).append(row)
    for rows in entries.values():
        assert sum(row.debit_krw for row in rows) == sum(row.credit_krw for row in rows) > 0
        assert all((row.debit_krw > 0) != (row.credit_krw > 0) for row in rows)
        assert len({row.account for row in rows}) == len(rows)
        assert len({(row.date, row.kind) for row in rows}) == 1


@given(months())
def test_the_accounts_agree_with_bill_and_invoice(shop: ShopMonth) -> None:
    won, one = balances(journal_rows(shop)), shop.invoices[0]
    bill, notes = one.invoice, one.credit_notes
    credited, refunded = sum(note.won for note in notes), sum(note.refunded for note in notes)
    note_tax = sum(note.tax for note in notes)
    carried = sum(line.won for line in shop.bill.lines if line.item is Item.CARRIED)
    assert won[Account.UNBILLED] == 0
    assert won[Account.RECEIVABLE] == bill.total - bill.paid - credited + refunded
    assert -won[Account.VAT] == bill.tax - note_tax
    assert -won[Account.REVENUE] == shop.bill.subtotal - carried - (credited - note_tax)
    assert -won[Account.ADVANCES] == carried
    assert won[Account.CASH] == sum(paid.net for paid in one.payments) - refunded
    assert won[Account.FEES] == sum(paid.fee for paid in one.payments)


def test_a_credit_lowers_the_revenue_of_the_month_it_is_booked_in() -> None:
    credit = Credit("danbi", "d1", Item.SLA, 400, ORIGIN, END - DAY, "sla", "finance:x")
    rows = journal_rows(a_month([an_entry("c1")], credits=[credit], invoices=()))
    assert ("2026-11-30", "sla", "매출", 400, 0) in sides(rows)
