from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.model import Invoice, InvoiceLine, InvoiceStatus
from chalicelib.closing import rules_invoice as rules
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Bill, Item, Line
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import bill as rated
from chalicelib.pricing.rules import rate, tiers_for, vat

MONTH, PLAN = "2026-11", plan("standard/1")
COUNTS = {Meter.HUMAN: 310, Meter.BOT: 5}
BILL = rated(MONTH, PLAN, COUNTS)


def an_invoice(bill: Bill = BILL, **changes: Any) -> Invoice:
    """Return the provider's invoice that says what `bill` says."""
    lines = tuple(
        InvoiceLine(f"il_{n}", line.quantity, line.won, line.meter, "" if line.meter else line.key)
        for n, line in enumerate(bill.lines)
    )
    tax = vat(bill.subtotal)
    values: dict[str, Any] = {
        "id": "in_1",
        "customer": "cus_danbi",
        "subscription": "sub_1",
        "month": MONTH,
        "status": InvoiceStatus.OPEN,
        "number": "N-1",
        "subtotal": bill.subtotal,
        "tax": tax,
        "tax_lines": len(lines),
        "total": bill.subtotal + tax,
        "paid": 0,
        "remaining": bill.subtotal + tax,
        "credited": 0,
        "lines": lines,
        "period_start": 0,
        "period_end": 1,
        "created_at": 1,
    }
    return Invoice(**{**values, **changes})


def line(n: int, **changes: Any) -> Invoice:
    """Return the invoice with its `n`-th line changed."""
    lines = list(an_invoice().lines)
    lines[n] = replace(lines[n], **changes)
    return an_invoice(lines=tuple(lines))


def breaks(invoice: Invoice, bill: Bill = BILL) -> list[tuple[Rule, str, int, int, Cause]]:
    own = [one for one in bill.lines if one.item is not Item.USAGE]
    found: list[Break] = [
        *rules.quantity_breaks("danbi", COUNTS, invoice),
        *rules.price_breaks("danbi", PLAN, invoice),
        *rules.foreign_breaks("danbi", bill, invoice),
        *rules.own_breaks("danbi", own, invoice),
        *rules.sum_breaks("danbi", bill, invoice),
        *rules.tax_breaks("danbi", invoice),
    ]
    assert {one.month for one in found} <= {MONTH}
    return [(one.rule, one.item, one.left, one.right, one.cause) for one in found]


def test_an_invoice_that_says_what_the_bill_says_has_no_break() -> None:
    assert BILL.subtotal == 300 * 1_000 + 10 * 900 + 5 * 250 + 29_000
    assert breaks(an_invoice()) == []


def test_a_provider_that_writes_a_line_for_each_tier_is_summed_by_meter() -> None:
    human, *others = an_invoice().lines
    tiers = replace(human, quantity=300, won=300_000), replace(human, id="il_t2", quantity=10, won=9_000)
    assert breaks(an_invoice(lines=(*tiers, *others))) == []
    wrong = replace(tiers[1], won=10_000)
    assert breaks(an_invoice(lines=(tiers[0], wrong, *others))) == [
        (R4, "usage:human", 309_000, 310_000, Cause.PRICE_VERSION)
    ]
    third = replace(tiers[1], id="il_t3", quantity=1, won=900)
    assert breaks(an_invoice(lines=(*tiers, third, *others)))[0] == (
        (R3, "usage:human", 310, 311, Cause.LATE_AFTER_CLOSE)
    )


HUMAN, BASE = 0, 2
R3, R4, R5 = Rule.SUMMARY_LINE, Rule.BILL_LINE, Rule.TAX
EDIT = Cause.MANUAL_STRIPE_EDIT
FOREIGN = (*an_invoice().lines, InvoiceLine("il_x", 1, 5_000))
TWICE = (*an_invoice().lines, replace(an_invoice().lines[BASE], id="il_9"))
PLANTED: dict[str, tuple[Invoice, list[tuple[Rule, str, int, int, Cause]]]] = {
    "a contact more": (
        line(HUMAN, quantity=311, won=309_900),
        [(R3, "usage:human", 310, 311, Cause.LATE_AFTER_CLOSE)],
    ),
    "a draft that lags": (
        replace(line(HUMAN, quantity=309, won=308_100), status=InvoiceStatus.DRAFT),
        [(R3, "usage:human", 310, 309, Cause.STALE_OVERWRITE)],
    ),
    "a won": (line(HUMAN, won=309_001), [(R4, "usage:human", 309_000, 309_001, Cause.ROUNDING)]),
    "another price": (line(HUMAN, won=310_000), [(R4, "usage:human", 309_000, 310_000, Cause.PRICE_VERSION)]),
    "an edited fee": (line(BASE, won=28_000), [(R4, "base", 29_000, 28_000, EDIT)]),
    "no usage line": (
        an_invoice(lines=an_invoice().lines[1:]),
        [(R3, "usage:human", 310, 0, Cause.LATE_AFTER_CLOSE)],
    ),
    "no fee": (an_invoice(lines=an_invoice().lines[:BASE]), [(R4, "base", 29_000, 0, Cause.NOT_INVOICED)]),
    "a foreign line": (an_invoice(lines=FOREIGN), [(R4, "line:il_x", 0, 5_000, EDIT)]),
    "a fee twice": (an_invoice(lines=TWICE), [(R4, "line:il_9", 0, 29_000, Cause.DOUBLED)]),
    "a discount": (
        an_invoice(subtotal=BILL.subtotal - 10, total=BILL.subtotal - 10 + vat(BILL.subtotal)),
        [(R4, "subtotal", BILL.subtotal, BILL.subtotal - 10, EDIT)],
    ),
    "no tax": (
        an_invoice(tax=0, total=BILL.subtotal),
        [(R5, "tax", vat(BILL.subtotal), 0, EDIT)],
    ),
    "a total of its own": (an_invoice(total=1), [(R5, "total", BILL.subtotal + vat(BILL.subtotal), 1, EDIT)]),
}


@pytest.mark.parametrize("what", PLANTED)
def test_every_planted_break_is_found_and_no_other(what: str) -> None:
    invoice, expected = PLANTED[what]
    assert breaks(invoice) == expected


@pytest.mark.parametrize(("off", "found"), [(-3, 0), (3, 0), (4, 1), (-4, 1)])
def test_vat_may_differ_by_one_won_for_each_line(off: int, found: int) -> None:
    tax = vat(BILL.subtotal) + off
    assert len(rules.tax_breaks("danbi", an_invoice(tax=tax, total=BILL.subtotal + tax))) == found


@pytest.mark.parametrize(
    ("won", "invoices", "items"),
    [
        (0, 0, []),
        (9, 0, ["invoice"]),
        (9, 1, []),
        (0, 1, []),
        (9, 3, ["invoice:in_1", "invoice:in_2"]),
    ],
)
def test_a_bill_has_one_invoice_and_a_bill_of_nothing_may_have_none(
    won: int, invoices: int, items: list[str]
) -> None:
    bill = Bill(MONTH, "standard/1", (Line(Item.BASE, "base", 1, won),))
    made = [an_invoice(id=f"in_{n}", subtotal=7) for n in range(invoices)]
    assert [one.item for one in rules.presence_breaks("danbi", bill, made)] == items


@given(quantity=st.integers(0, 3_000), off=st.integers(-50, 50))
def test_a_line_is_right_only_at_the_price_of_what_it_counts(quantity: int, off: int) -> None:
    won = rate(tiers_for(PLAN, Meter.HUMAN), quantity) + off
    found = rules.price_breaks("danbi", PLAN, line(HUMAN, quantity=quantity, won=won))
    assert [one.right - one.left for one in found] == [off] * bool(off)
