"""A shop's months, the newest first, each with what it costs and its invoice."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import InvoiceStatus, Mirrored
from chalicelib.kernel.clock import MINUTE, month_span
from chalicelib.metering.model import Period, PeriodState
from chalicelib.metering.periods import Periods
from tests.bills.samples import MONTH
from tests.bills.test_bill import INVOICE
from tests.bills.world import AT, FINANCE, OWNER, STAFF, VIEWER, book, get
from tests.moto_desk import MINA, SHOP, Desk, shop
from tests.samples import NOON

BILLS = f"GET {AT}/bills"


def period(month: str, state: PeriodState = PeriodState.LOCKED, **values: Any) -> None:
    after = Period("danbi", month, state, version=1, **values)
    commit(Periods("danbi").save(Period("danbi", month), after))


def mirrored(**values: Any) -> None:
    commit(Mirror("danbi").save(None, Mirrored(replace(INVOICE, **values), (), (), NOON, 1)))


def test_month_that_nobody_looked_at_yet_costs_what_is_booked(desk: Desk) -> None:
    book(2)
    [only] = get(desk, "bills")["bills"]
    assert (only["month"], only["period"]["state"]) == (MONTH, "open")
    assert (only["subtotal_won"], only["vat_won"], only["total_won"]) == (1_800, 180, 1_980)
    assert "invoice" not in only
    assert only["total_won"] == get(desk, "bill")["total_won"]


def test_billed_month_costs_what_it_was_billed_and_an_open_one_is_priced_now(desk: Desk) -> None:
    period("2026-09", contacts=7, won=7_007, invoice="in_0")
    period("2026-10", PeriodState.CLOSING, contacts=1, won=5)
    book(3, at=month_span("2026-10")[0])
    mirrored()
    mirrored(id="in_0", month="2026-09", status=InvoiceStatus.VOID)
    shown = get(desk, "bills")["bills"]
    assert [(one["month"], one["subtotal_won"]) for one in shown] == [
        (MONTH, 0),
        ("2026-10", 2_700),
        ("2026-09", 7_007),
    ]
    assert [one["period"]["text"]["ko"] for one in shown][2] == get(desk, "bill", month="2026-09")["period"][
        "text"
    ]["ko"]
    assert [one.get("invoice", {}).get("number") for one in shown] == [None, "DD-0001", None]
    assert shown[1]["invoice"] == get(desk, "bill", month="2026-10")["invoice"]


def test_locked_months_are_not_priced_again(desk: Desk) -> None:
    for number in range(1, 10):
        period(f"2026-{number:02d}", won=1_000 * number, invoice=f"in_{number}")
    reads = desk.watch("Query")
    assert len(get(desk, "bills")["bills"]) == 10
    assert len(reads) <= 8


def test_months_come_a_year_to_a_page(desk: Desk) -> None:
    book(1, at=NOON - 5 * MINUTE)
    months = [f"{year}-{number:02d}" for year in (2024, 2025) for number in range(1, 13)]
    for month in months:
        period(month, won=10, invoice="none")
    pages = [get(desk, "bills")]
    while pages[-1]["cursor"]:
        pages.append(get(desk, "bills", cursor=pages[-1]["cursor"]))
    assert [len(page["bills"]) for page in pages] == [12, 12, 1]
    assert [one["month"] for page in pages for one in page["bills"]] == [MONTH, *reversed(months)]
    other = desk.call(STAFF, BILLS, query={"cursor": pages[0]["cursor"]})
    assert other.refusal == (400, "invalid_cursor")


@pytest.mark.parametrize("who", [OWNER, STAFF, VIEWER, SHOP, FINANCE])
def test_months_are_for_the_shop_and_finance(desk: Desk, who: Any) -> None:
    assert len(get(desk, "bills", who)["bills"]) == 1
    assert desk.call(MINA, BILLS).refusal == (403, "forbidden")
    assert desk.call(shop("mungmeal"), BILLS).refusal == (404, "not_found")
