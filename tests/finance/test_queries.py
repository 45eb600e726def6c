"""The queries of docs/finance.md find nothing in books that agree, and each thing that does not."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib.billing.model import Movement, Payout, Transaction
from chalicelib.finance.catalogue import all_registers
from chalicelib.finance.model import ShopMonth
from chalicelib.finance.tables import Register
from chalicelib.kernel.clock import DAY
from infra.finance import put
from infra.sheets import export
from tests.finance.asking import DOCS, ask, queries
from tests.finance.samples import END, MONTH, ORIGIN, a_month, a_note, a_payment, an_entry, billed

LEDGER, JOURNAL, TRACES = queries()


def a_shop(tenant: str, contacts: int, *, paid: bool) -> ShopMonth:
    entries = [an_entry(f"{tenant}{i}", tenant=tenant) for i in range(contacts)]
    entries.append(an_entry(f"{tenant}z", tenant=tenant, origin=ORIGIN))
    shop = a_month(entries, tenant=tenant)
    bill = replace(shop.invoices[0].invoice, id=f"in_{tenant}")
    money: dict[str, Any] = {"id": f"inpay_{tenant}", "invoice": bill.id, "transaction": f"txn_{tenant}"}
    payments = [a_payment(bill.total, **money)] if paid else []
    return replace(shop, invoices=(billed(bill, *payments, notes=[a_note(110)] if paid else []),))


SHOPS = [a_shop("1234", 3, paid=False), a_shop("danbi", 5, paid=True)]


def payouts(shops: Sequence[ShopMonth]) -> list[Payout]:
    moved = [
        Transaction(one.transaction, Movement.CHARGE, one.gross, one.fee, one.net, one.charge, one.paid_at)
        for shop in shops
        for billed_ in shop.invoices
        for one in billed_.payments
    ]
    fee = Transaction("txn_fee", Movement.OTHER, -90, 0, -90, "", END - DAY)
    return [Payout("po_1", sum(one.net for one in moved) - 90, "paid", END + 7 * DAY, (*moved, fee))]


def exported(place: Path, change: Callable[[Register], Register] = lambda one: one) -> Path:
    registers = all_registers(MONTH, SHOPS, payouts(SHOPS), [])
    put(export(MONTH, [change(one) for one in registers], {}), place / MONTH)
    return place


def altered(name: str, place: int, **values: Any) -> Callable[[Register], Register]:
    """Return a change of one row of one register; without values the row is lost."""

    def change(one: Register) -> Register:
        if one.name != name:
            return one
        rows = list(one.rows)
        rows[place : place + 1] = [replace(rows[place], **values)] if values else []
        return replace(one, rows=tuple(rows))

    return change


def test_books_that_agree(tmp_path: Path) -> None:
    place = exported(tmp_path)
    assert ask(LEDGER, place) == []
    assert ask(TRACES, place) == []
    assert ask(JOURNAL, place) == [
        ["2026-11", "매출", 0, 68_000, -68_000],
        ["2026-11", "미청구채권", 68_000, 0, 68_000],
        ["2026-11", None, 68_000, 68_000, 0],
        ["2026-12", "매출", 100, 0, 100],
        ["2026-12", "미청구채권", 0, 68_000, -68_000],
        ["2026-12", "부가세예수금", 10, 6_800, -6_790],
        ["2026-12", "예금", 37_345, 0, 37_345],
        ["2026-12", "외상매출금", 74_800, 38_610, 36_190],
        ["2026-12", "지급수수료", 1_155, 0, 1_155],
        ["2026-12", None, 113_410, 113_410, 0],
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (altered("usage_ledger", 0), [["1234", MONTH, 3_000, 4_000]]),
        (altered("usage_ledger", 8, amount_krw=7), [["danbi", MONTH, 5_007, 6_000]]),
        (altered("invoice_register", 1, usage_krw=0), [["danbi", MONTH, 6_000, 1_000]]),
        (altered("invoice_register", 0), [["1234", MONTH, 4_000, 0]]),
        (altered("invoice_register", 0, status="draft"), [["1234", MONTH, 4_000, 0]]),
    ],
)
def test_the_first_names_the_shop(
    tmp_path: Path, change: Callable[[Register], Register], expected: list[list[Any]]
) -> None:
    assert ask(LEDGER, exported(tmp_path, change)) == expected


def test_the_second_has_a_total_that_is_not_nothing(tmp_path: Path) -> None:
    rows = ask(JOURNAL, exported(tmp_path, altered("journal", 0, debit_krw=1)))
    assert [row[4] for row in rows if row[1] is None] != [0, 0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            altered("usage_ledger", 0),
            [
                ["contacts of a line", "1234", "il_usage:human", 3, 2],
                ["won of a line", "1234", "il_usage:human", 3_000, 2_000],
            ],
        ),
        (altered("invoice_lines", 0, quantity=9), [["contacts of a line", "1234", "il_usage:human", 9, 3]]),
        (altered("usage_ledger", 0, line_id=""), [
            ["contacts of a line", "1234", "il_usage:human", 3, 2],
            ["entry on no line", "1234", "12340/1/1", 1_000, 0],
            ["won of a line", "1234", "il_usage:human", 3_000, 2_000],
        ]),
        (altered("invoice_lines", 3), [["entry on no line", "1234", "1234z/1/1", 1_000, 0]]),
        (altered("payout_register", 1), [["payment", "danbi", "inpay_danbi", 37_345, 0]]),
        (altered("payment_register", 0, net_krw=1), [["payment", "danbi", "inpay_danbi", 1, 37_345]]),
    ],
)  # fmt: skip
def test_the_third_names_what_leads_nowhere(
    tmp_path: Path, change: Callable[[Register], Register], expected: list[list[Any]]
) -> None:
    assert ask(TRACES, exported(tmp_path, change)) == expected


def test_the_page_names_routes_that_there_are() -> None:
    known = {re.sub(r"{[a-z]+}", "{}", route.name) for route in app.routes()}
    told = re.findall(r"`((?:GET|POST) /v1/[^`?]+)", DOCS.read_text(encoding="utf-8"))
    assert len(told) >= 9
    assert {re.sub(r"{[a-z]+}|20[0-9]{2}-[0-9]{2}", "{}", one) for one in told} <= known
