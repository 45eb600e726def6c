"""Money: cards, transfers, fees, refunds, credit notes and payouts."""

from typing import Any

import pytest
import stripe

from tests.fakestripe.months import DAY, FEBRUARY, HOUR, JANUARY, Months, kst

TOTAL = 104_500
FEE = 3_553


def charged(months: Months) -> stripe.Invoice:
    months.card()
    return months.sdk.invoices.pay(months.issued().id)


def credited(months: Months, invoice: stripe.Invoice, won: int, **ways: Any) -> stripe.CreditNote:
    params: Any = {"invoice": invoice.id, "amount": won, "reason": "order_change", **ways}
    return months.sdk.credit_notes.create(params)


def test_a_card_payment_can_be_followed_to_its_transaction(months: Months) -> None:
    invoice = charged(months)
    assert (invoice.status, invoice.amount_paid, invoice.amount_remaining) == ("paid", TOTAL, 0)
    expand: list[str] = ["data.payment.payment_intent.latest_charge.balance_transaction"]
    [payment] = months.sdk.invoice_payments.list({"invoice": invoice.id, "expand": expand}).data
    intent = payment.payment.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert isinstance(intent.latest_charge, stripe.Charge)
    transaction = intent.latest_charge.balance_transaction
    assert isinstance(transaction, stripe.BalanceTransaction)
    assert (payment.amount_paid, intent.status, intent.latest_charge.amount) == (TOTAL, "succeeded", TOTAL)
    assert (transaction.amount, transaction.fee, transaction.net) == (TOTAL, FEE, TOTAL - FEE)
    assert transaction.source == intent.latest_charge.id
    with pytest.raises(stripe.InvalidRequestError, match="paid"):
        months.sdk.invoices.pay(invoice.id)


def test_an_issued_invoice_waits_for_one_payment(months: Months) -> None:
    invoice = months.issued()
    [payment] = months.sdk.invoice_payments.list({"invoice": invoice.id}).data
    assert (payment.status, payment.amount_paid, payment.amount_requested) == ("open", None, TOTAL)
    assert months.sdk.invoice_payments.list({"invoice": invoice.id, "status": "paid"}).data == []


def test_a_transfer_is_no_charge(months: Months) -> None:
    issued = months.issued()
    invoice = months.sdk.invoices.pay(issued.id, {"paid_out_of_band": True})
    assert (invoice.status, invoice.amount_paid) == ("paid", TOTAL)
    assert "amount_paid_off_stripe" not in invoice.to_dict()
    full = months.sdk.invoices.retrieve(invoice.id, {"expand": ["payments", "amount_paid_off_stripe"]})
    assert full.amount_paid_off_stripe == TOTAL
    assert full.payments is not None
    assert sorted((row.payment.type, row.status) for row in full.payments.data) == [
        ("payment_intent", "canceled"),
        ("payment_record", "paid"),
    ]
    assert months.sdk.balance_transactions.list().data == []


def test_collection_is_automatic_where_told_and_there_is_a_card(months: Months) -> None:
    months.card()
    months.subscribe(collection_method="charge_automatically", days_until_due=None)
    months.use("human", JANUARY - HOUR, 20)
    months.at(JANUARY + HOUR)
    [invoice] = months.invoices()
    assert (invoice.status, invoice.due_date) == ("paid", None)


@pytest.mark.parametrize(("advance", "status"), [(True, "paid"), (False, "open")])
def test_what_is_finalized_without_advance_is_not_charged(months: Months, advance: bool, status: str) -> None:
    months.card()
    invoice = months.draft()
    months.sdk.invoices.update(invoice.id, {"collection_method": "charge_automatically"})
    assert months.sdk.invoices.finalize_invoice(invoice.id, {"auto_advance": advance}).status == status


def test_a_declined_card_leaves_the_invoice_open(months: Months) -> None:
    method = months.card(declines=True)
    invoice = months.issued()
    with pytest.raises(stripe.CardError):
        months.sdk.invoices.pay(invoice.id)
    assert months.sdk.invoices.retrieve(invoice.id).status == "open"
    assert "invoice.payment_failed" in months.told("invoice.")
    months.fake.decline(method, declines=False)
    assert months.sdk.invoices.pay(invoice.id).status == "paid"


def test_paying_needs_a_card(months: Months) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="default_payment_method"):
        months.sdk.invoices.pay(months.issued().id)


def test_refunds_give_back_up_to_the_charge(months: Months) -> None:
    charged(months)
    [charge] = months.sdk.charges.list({"customer": months.customer}).data
    months.sdk.refunds.create({"charge": charge.id, "amount": 4_500})
    refund = months.sdk.refunds.create({"payment_intent": str(charge.payment_intent)})
    assert (refund.amount, refund.status) == (100_000, "succeeded")
    [transaction] = months.sdk.balance_transactions.list({"source": refund.id}).data
    assert (transaction.amount, transaction.fee, transaction.net, transaction.type) == (
        -100_000,
        0,
        -100_000,
        "refund",
    )
    assert months.sdk.charges.retrieve(charge.id).refunded
    with pytest.raises(stripe.InvalidRequestError, match="greater"):
        months.sdk.refunds.create({"charge": charge.id, "amount": 1})
    assert len(months.sdk.refunds.list({"charge": charge.id}).data) == 2


def test_a_credit_note_after_payment_says_where_the_money_goes(months: Months) -> None:
    invoice = charged(months)
    note = credited(months, invoice, 11_000, refund_amount=10_000, credit_amount=600, out_of_band_amount=400)
    assert (note.total, note.post_payment_amount, note.pre_payment_amount) == (11_000, 11_000, 0)
    assert note.total_taxes is not None
    assert (note.subtotal, note.total_taxes[0].amount) == (10_000, 1_000)
    assert [row.amount_refunded for row in note.refunds] == [10_000]
    assert months.sdk.customers.retrieve(months.customer).balance == -600
    assert months.sdk.invoices.retrieve(invoice.id).post_payment_credit_notes_amount == 11_000
    assert [row.id for row in months.sdk.credit_notes.list({"invoice": invoice.id})] == [note.id]
    for ways in ({}, {"refund_amount": 999}, {"credit_amount": 1_001}):
        with pytest.raises(stripe.InvalidRequestError, match="must equal"):
            credited(months, invoice, 1_000, **ways)


def test_a_credit_note_before_payment_lowers_what_is_due(months: Months) -> None:
    invoice = months.issued()
    assert credited(months, invoice, 4_500).type == "pre_payment"
    left = months.sdk.invoices.retrieve(invoice.id)
    assert (left.amount_due, left.amount_remaining, left.total) == (100_000, 100_000, TOTAL)
    credited(months, invoice, 100_000)
    assert months.sdk.invoices.retrieve(invoice.id).status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="exceed"):
        credited(months, invoice, 1)


def test_drafts_have_no_credit_notes(months: Months) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="draft"):
        credited(months, months.draft(), 100)


@pytest.mark.parametrize(("credit", "due", "left"), [(10_000, 79_100, 0), (100_000, 0, -10_900)])
def test_credit_lowers_the_next_invoice(months: Months, credit: int, due: int, left: int) -> None:
    credited(months, charged(months), credit, credit_amount=credit)
    months.use("human", JANUARY, 100)
    months.at(FEBRUARY + HOUR)
    following = months.invoices()[0]
    assert (following.total, following.amount_due) == (89_100, due)
    assert (following.starting_balance, following.ending_balance) == (-credit, left)


def test_a_negative_invoice_becomes_credit(months: Months) -> None:
    invoice = months.draft()
    item: Any = {"customer": months.customer, "invoice": invoice.id, "currency": "krw", "amount": -100_000}
    months.sdk.invoice_items.create(item)
    done = months.sdk.invoices.finalize_invoice(invoice.id)
    assert (done.status, done.total, done.amount_due) == ("paid", -5_500, 0)
    assert months.sdk.customers.retrieve(months.customer).balance == -5_500


def test_payouts_come_two_korean_days_later_and_name_their_transactions(months: Months) -> None:
    invoice = charged(months)
    credited(months, invoice, 1_100, refund_amount=1_100)
    months.at(kst(2027, 1, 3) - 1)
    assert months.sdk.payouts.list().data == []
    months.at(kst(2027, 1, 3))
    [payout] = months.sdk.payouts.list().data
    assert (payout.amount, payout.status, payout.arrival_date) == (TOTAL - FEE - 1_100, "paid", kst(2027, 1, 3))
    rows = months.sdk.balance_transactions.list({"payout": payout.id}).data
    assert sorted(row.type for row in rows) == ["charge", "payout", "refund"]
    assert sum(row.net for row in rows) == 0
    assert months.told("payout")[-1] == "payout.reconciliation_completed"
    with pytest.raises(stripe.InvalidRequestError, match="payout"):
        months.sdk.balance_transactions.list({"payout": "po_none"})


def test_a_balance_below_zero_is_carried_on(months: Months) -> None:
    invoice = charged(months)
    months.fake.pay_out()
    credited(months, invoice, 1_100, refund_amount=1_100)
    months.at(FEBRUARY)
    assert len(months.sdk.payouts.list().data) == 1


@pytest.mark.parametrize(
    ("created", "count"),
    [
        ({"gte": JANUARY, "lt": JANUARY + DAY}, 1),
        ({"lt": JANUARY}, 0),
        ({"gt": JANUARY + 60}, 0),
        (JANUARY + 60, 1),
    ],
)
def test_transactions_are_listed_by_their_time(months: Months, created: Any, count: int) -> None:
    charged(months)
    assert len(months.sdk.balance_transactions.list({"created": created}).data) == count
