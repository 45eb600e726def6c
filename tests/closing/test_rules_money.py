from dataclasses import replace
from typing import Any

import pytest

from chalicelib.billing.model import CreditNote, Invoice, Movement, Payment, Payout, Transaction
from chalicelib.closing import rules_money as rules
from chalicelib.closing.model import Break, Cause
from chalicelib.kernel.clock import DAY, month_span
from chalicelib.tenants.model import HOUSE
from tests.closing.test_rules_invoice import MONTH, an_invoice
from tests.samples import NOON

END = month_span(MONTH)[1]
PAID = an_invoice(subtotal=1_000, tax=100, total=1_100, paid=1_100, remaining=0)
PAYMENT = Payment("pay_1", "in_1", 1_100, 33, 1_067, 0, NOON, "txn_1", "ch_1")
CHARGE = Transaction("txn_1", Movement.CHARGE, 1_100, 33, 1_067, "ch_1", NOON)
PAYOUT = Payout("po_1", 1_067, "paid", NOON + 3 * DAY, (CHARGE,))
NOTE = CreditNote("cn_1", "in_1", "N", 110, 10, 110, "r", NOON)


def invoice(**changes: Any) -> Invoice:
    return replace(PAID, **changes)


def shown(breaks: list[Break]) -> list[tuple[str, int, int, Cause]]:
    return [(one.item, one.left, one.right, one.cause) for one in breaks]


@pytest.mark.parametrize(
    ("bill", "payments", "notes", "breaks"),
    [
        (invoice(), [PAYMENT], [], []),
        (invoice(paid=0, remaining=1_100), [], [], []),
        (invoice(), [replace(PAYMENT, fee=0, net=1_100, transaction="")], [], []),
        (invoice(credited=110), [replace(PAYMENT, refunded=110)], [NOTE], []),
        (invoice(credited=110), [PAYMENT], [replace(NOTE, outside=110)], []),
        (
            invoice(credited=110),
            [replace(PAYMENT, refunded=50)],
            [replace(NOTE, outside=50)],
            [("refunded:in_1", 60, 50, Cause.REFUND)],
        ),
        (
            invoice(paid=990, credited=110),
            [replace(PAYMENT, gross=990, net=957)],
            [replace(NOTE, refunded=0)],
            [],
        ),
        (invoice(), [], [], [("paid:in_1", 1_100, 0, Cause.MISSED)]),
        (invoice(), [PAYMENT, replace(PAYMENT, id="pay_2")], [], [("paid:in_1", 1_100, 2_200, Cause.MISSED)]),
        (invoice(), [replace(PAYMENT, net=1_066)], [], [("net:pay_1", 1_067, 1_066, Cause.FEE)]),
        (invoice(), [replace(PAYMENT, transaction="")], [], [("fee:pay_1", 0, 33, Cause.FEE)]),
        (
            invoice(remaining=1),
            [PAYMENT],
            [],
            [("total:in_1", 1_100, 1_101, Cause.MANUAL_STRIPE_EDIT)],
        ),
        (
            invoice(paid=0, remaining=1_000),
            [],
            [],
            [("total:in_1", 1_100, 1_000, Cause.MANUAL_STRIPE_EDIT)],
        ),
        (invoice(), [replace(PAYMENT, refunded=110)], [], [("refunded:in_1", 0, 110, Cause.REFUND)]),
        (
            invoice(credited=110),
            [PAYMENT],
            [replace(NOTE, refunded=0, won=100)],
            [("credited:in_1", 110, 100, Cause.MANUAL_STRIPE_EDIT)],
        ),
    ],
)
def test_invoices_against_payments(
    bill: Invoice, payments: list[Payment], notes: list[CreditNote], breaks: list[tuple[str, int, int, Cause]]
) -> None:
    found = rules.payment_breaks("danbi", bill, payments, notes)
    assert shown(found) == breaks
    assert {one.item for one in found} <= rules.payment_items(bill, payments)


DISPUTE = Transaction("txn_2", Movement.DISPUTE, -1_100, 1_500, -2_600, "ch_1", NOON)


@pytest.mark.parametrize(
    ("payments", "moved", "breaks"),
    [
        ([PAYMENT], [CHARGE], []),
        ([replace(PAYMENT, transaction="")], [], []),
        ([PAYMENT], [replace(CHARGE, net=1_000)], [("danbi", "charge:txn_1", 1_067, 1_000, Cause.FEE)]),
        ([], [CHARGE], [(HOUSE, "charge:txn_1", 0, 1_067, Cause.WRONG_CUSTOMER)]),
        ([], [replace(CHARGE, created_at=NOON + 2 * DAY)], []),
        ([], [replace(CHARGE, movement=Movement.OTHER)], []),
        ([PAYMENT], [], [("danbi", "charge:txn_1", 1_067, 0, Cause.MISSED)]),
        ([replace(PAYMENT, paid_at=NOON + 2 * DAY)], [], []),
        ([replace(PAYMENT, paid_at=NOON - 10 * DAY)], [], []),
        ([PAYMENT], [CHARGE, DISPUTE], [("danbi", "dispute:txn_2", 0, -1_100, Cause.DISPUTE)]),
        ([], [replace(DISPUTE, source="ch_9")], [(HOUSE, "dispute:txn_2", 0, -1_100, Cause.DISPUTE)]),
    ],
)
def test_payments_against_our_balance(
    payments: list[Payment], moved: list[Transaction], breaks: list[tuple[str, str, int, int, Cause]]
) -> None:
    paid = [("danbi", payment) for payment in payments]
    found = rules.balance_breaks(paid, moved, NOON + 2 * DAY, since=NOON - 10 * DAY)
    assert [(one.tenant, one.item, one.left, one.right, one.cause) for one in found] == breaks


@pytest.mark.parametrize(
    ("moved", "payouts", "days", "breaks"),
    [
        ([CHARGE], [PAYOUT], 20, []),
        ([CHARGE], [], 9, []),
        ([CHARGE], [], 10, [("txn_1", 1_067, 0, Cause.NOT_PAID_OUT)]),
        ([CHARGE], [replace(PAYOUT, won=1_066)], 1, [("po_1", 1_067, 1_066, Cause.SUM_WRONG)]),
        ([CHARGE], [PAYOUT, replace(PAYOUT, id="po_2")], 1, [("txn_1", 1_067, 2_134, Cause.DOUBLED)]),
    ],
)
def test_our_balance_against_payouts(
    moved: list[Transaction], payouts: list[Payout], days: int, breaks: list[tuple[str, int, int, Cause]]
) -> None:
    found = rules.payout_breaks(moved, payouts, NOON + days * DAY)
    assert shown(found) == breaks
    assert {one.tenant for one in found} <= {HOUSE}


BACK = Transaction("txn_back", Movement.REFUND, -1_100, 0, -1_100, "re_1", NOON)
SMALL = replace(CHARGE, id="txn_small", gross=500, fee=0, net=500)


@pytest.mark.parametrize(
    ("moved", "payouts", "late"),
    [
        ([BACK], [], []),
        # More went back than came in: nothing can be paid out.
        ([BACK, SMALL], [], []),
        ([BACK, CHARGE, SMALL], [], ["txn_1", "txn_small"]),
        ([BACK], [replace(PAYOUT, won=0, transactions=(), arrives_at=NOON + 10 * DAY - 1)], []),
        ([BACK], [replace(PAYOUT, won=0, transactions=(), arrives_at=NOON + 10 * DAY)], ["txn_back"]),
        ([SMALL], [replace(PAYOUT, won=0, transactions=(), arrives_at=NOON + 10 * DAY)], ["txn_small"]),
    ],
)
def test_what_went_back_waits_for_a_payout_to_be_taken_from(
    moved: list[Transaction], payouts: list[Payout], late: list[str]
) -> None:
    found = rules.payout_breaks(moved, payouts, NOON + 30 * DAY)
    assert [one.item for one in found] == late
    assert rules.payout_breaks(moved, payouts, NOON + 10 * DAY - 1) == []


@pytest.mark.parametrize(
    ("recorded", "notes", "after", "breaks"),
    [
        (1_100, [], 20 * DAY, []),
        (990, [NOTE], 20 * DAY, []),
        (None, [], 10 * DAY - 1, []),
        (None, [], 10 * DAY, [("in_1", 1_100, 0, Cause.NOT_RECORDED)]),
        (None, [replace(NOTE, won=1_100)], 20 * DAY, []),
        (1_099, [], 0, [("in_1", 1_100, 1_099, Cause.CHANGED)]),
        (1_100, [NOTE], 0, [("in_1", 990, 1_100, Cause.CHANGED)]),
    ],
)
def test_invoices_against_tax_invoices(
    recorded: int | None, notes: list[CreditNote], after: int, breaks: list[tuple[str, int, int, Cause]]
) -> None:
    assert shown(rules.tax_invoice_breaks("danbi", PAID, notes, recorded, END + after)) == breaks
