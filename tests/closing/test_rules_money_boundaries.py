from dataclasses import replace

import pytest

from chalicelib.billing.model import Payment, Payout, Transaction
from chalicelib.closing import rules_money as rules
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.kernel.clock import DAY
from chalicelib.tenants.model import HOUSE
from tests.closing.test_rules_invoice import MONTH
from tests.closing.test_rules_money import BACK, CHARGE, DISPUTE, PAID, PAYMENT, PAYOUT, SMALL
from tests.samples import NOON


def test_each_break_of_money_is_under_its_rule_and_in_its_month() -> None:
    missed = Break(Rule.INVOICE_PAYMENT, "danbi", "paid:in_1", 1_100, 0, Cause.MISSED, MONTH)
    assert rules.payment_breaks("danbi", PAID, [], []) == [missed]
    wrong = Break(Rule.INVOICE_PAYMENT, HOUSE, "charge:txn_1", 0, 1_067, Cause.WRONG_CUSTOMER, MONTH)
    assert rules.balance_breaks([], [CHARGE], NOON + 2 * DAY, since=NOON) == [wrong]
    unpaid = Break(Rule.BALANCE_PAYOUT, HOUSE, "txn_1", 1_067, 0, Cause.NOT_PAID_OUT, MONTH)
    assert rules.payout_breaks([CHARGE], [], NOON + 10 * DAY) == [unpaid]
    summed = Break(Rule.BALANCE_PAYOUT, HOUSE, "po_1", 1_067, 1, Cause.SUM_WRONG, MONTH)
    assert rules.payout_breaks([CHARGE], [replace(PAYOUT, won=1)], NOON) == [summed]
    changed = Break(Rule.INVOICE_TAX_INVOICE, "danbi", "in_1", 1_100, 5, Cause.CHANGED, MONTH)
    assert rules.tax_invoice_breaks("danbi", PAID, [], 5, NOON) == [changed]


def test_a_dispute_is_of_the_shop_whose_charge_it_is() -> None:
    other = replace(PAYMENT, id="pay_9", transaction="txn_9", charge="ch_9")
    moved = [replace(CHARGE, id="txn_9", source="ch_9"), CHARGE, DISPUTE]
    found = rules.balance_breaks([("mungmeal", other), ("danbi", PAYMENT)], moved, NOON, since=NOON)
    assert [(one.tenant, one.item) for one in found] == [("danbi", "dispute:txn_2")]


@pytest.mark.parametrize(
    ("paid", "moved", "after", "told"),
    [
        ([], [CHARGE], DAY, True),
        ([], [CHARGE], DAY - 1, False),
        ([PAYMENT], [], DAY + 1, True),
        ([PAYMENT], [], DAY, False),
    ],
)
def test_what_is_a_day_old_must_have_its_other_side(
    paid: list[Payment], moved: list[Transaction], after: int, told: bool
) -> None:
    payments = [("danbi", one) for one in paid]
    found = rules.balance_breaks(payments, moved, NOON + after, since=NOON - 9 * DAY)
    assert bool(found) is told


OTHERS = replace(PAYOUT, won=0, transactions=())
AS_MUCH = replace(SMALL, id="txn_1100", net=1_100)


@pytest.mark.parametrize(
    ("moved", "payouts", "late"),
    [
        ([CHARGE, SMALL], [PAYOUT], ["txn_small"]),
        # What was paid out already is not there to be paid out, nor to be taken from.
        ([CHARGE, SMALL, BACK], [PAYOUT], []),
        ([AS_MUCH, BACK], [], []),
        ([replace(SMALL, net=1)], [], ["txn_small"]),
        ([replace(BACK, net=0), SMALL], [], ["txn_small"]),
        ([BACK], [replace(OTHERS, arrives_at=NOON + day * DAY) for day in (1, 10)], ["txn_back"]),
    ],
)
def test_what_is_due_is_what_is_there_and_was_not_paid_out(
    moved: list[Transaction], payouts: list[Payout], late: list[str]
) -> None:
    assert [one.item for one in rules.payout_breaks(moved, payouts, NOON + 30 * DAY)] == late


@pytest.mark.parametrize(("since", "told"), [(NOON - DAY, True), (NOON - DAY + 1, False)])
def test_what_was_paid_a_day_after_the_beginning_must_be_there(since: int, told: bool) -> None:
    assert bool(rules.balance_breaks([("danbi", PAYMENT)], [], NOON + 9 * DAY, since=since)) is told
