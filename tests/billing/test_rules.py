"""What may follow what, what an event is about, and which subscriptions plans ask for."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.model import Invoice, InvoiceStatus, ProviderEvent, Subscription
from chalicelib.billing.rules import covers, ending, may_follow, told, uncovered
from chalicelib.kernel.clock import month_span
from chalicelib.tenants.model import Term
from tests.billing.samples import an_invoice
from tests.samples import NOON, SHOP

S = InvoiceStatus
MAY = {
    S.DRAFT: {S.DRAFT, S.OPEN, S.PAID, S.VOID, S.UNCOLLECTIBLE},
    S.OPEN: {S.OPEN, S.PAID, S.VOID, S.UNCOLLECTIBLE},
    S.UNCOLLECTIBLE: {S.UNCOLLECTIBLE, S.PAID, S.VOID},
    S.PAID: {S.PAID},
    S.VOID: {S.VOID},
}


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_an_invoice_never_goes_back(before: S, after: S) -> None:
    assert may_follow(an_invoice(before), an_invoice(after)) == (after in MAY[before])


@pytest.mark.parametrize("other", [{"id": "in_2"}, {"customer": "cus_mungmeal"}])
def test_another_invoice_or_customer_never_follows(other: dict[str, str]) -> None:
    before: Invoice = an_invoice(S.OPEN)
    assert may_follow(before, an_invoice(S.PAID))
    assert not may_follow(before, replace(an_invoice(S.PAID), **other))  # type: ignore[arg-type]


OBJECT = {"id": "x_1", "object": "thing", "customer": "cus_1", "invoice": "in_1", "payment_intent": "pi_1"}


@pytest.mark.parametrize(
    ("kind", "what", "about"),
    [
        ("invoice.paid", "thing", "x_1"),
        ("invoice_payment.paid", "invoice", "in_1"),
        ("credit_note.created", "invoice", "in_1"),
        ("charge.dispute.created", "payment_intent", "pi_1"),
        ("charge.refunded", "payment_intent", "pi_1"),
        ("refund.created", "payment_intent", "pi_1"),
        ("charge.succeeded", "thing", "x_1"),
        ("checkout.session.completed", "thing", "x_1"),
    ],
)
def test_an_event_is_about_what_must_be_looked_at(kind: str, what: str, about: str) -> None:
    assert told("evt_1", kind, OBJECT, NOON) == ProviderEvent("evt_1", kind, what, about, NOON, "cus_1")


@pytest.mark.parametrize("value", [None, 7, {"id": "in_1"}, "", "in#1", "in_1~", "i" * 129, "송장", "a\n"])
def test_what_is_no_id_is_read_as_none(value: Any) -> None:
    assert told("evt_1", "credit_note.created", {"invoice": value}, NOON).about == ""


def run(since: str, plan: str, last: str = "") -> Subscription:
    end = month_span(last)[1] if last else 0
    return Subscription(f"sub_{since}", "cus_danbi", plan, since, "active", {}, end)


@pytest.mark.parametrize(
    ("held", "month", "is_covered"),
    [
        (run("2026-11", "p"), "2026-10", False),
        (run("2026-11", "p"), "2026-11", True),
        (run("2026-11", "p"), "2027-11", True),
        (run("2026-11", "p", "2026-11"), "2026-11", True),
        (run("2026-11", "p", "2026-11"), "2026-12", False),
    ],
)
def test_a_subscription_is_that_of_its_months(held: Subscription, month: str, is_covered: bool) -> None:
    assert covers(held, month) is is_covered
    assert uncovered([held], month) is not is_covered


A, B = "standard/1", "volume/1"
CHANGING = replace(SHOP, plans=(Term("2026-11", A), Term("2027-01", B)))


@pytest.mark.parametrize(
    ("held", "month", "last"),
    [
        (run("2026-11", A), "2026-11", "2026-12"),
        (run("2026-11", A), "2026-12", "2026-12"),
        (run("2026-11", A, "2026-12"), "2026-11", None),  # as it should be
        (run("2026-11", A, "2027-03"), "2026-11", "2026-12"),  # ends too late
        (run("2026-11", A, "2026-11"), "2026-11", None),  # ends too early: another one will follow
        (run("2026-11", A), "2027-01", "2027-01"),  # the change came too late: the month stays as it began
        (run("2026-11", A, "2026-12"), "2027-01", None),  # over
        (run("2027-01", B), "2027-01", None),
        (run("2026-11", "flat/900"), "2026-11", "2026-11"),
    ],
)
def test_a_subscription_ends_before_the_next_plan(held: Subscription, month: str, last: str | None) -> None:
    assert ending(CHANGING, held, month) == last


MONTHS = ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]


@given(st.lists(st.tuples(st.sampled_from(MONTHS), st.sampled_from([A, B])), max_size=4), st.sampled_from(MONTHS))
def test_an_ending_is_never_past_a_change_nor_before_today(terms: list[tuple[str, str]], month: str) -> None:
    plans = tuple(Term(since, plan) for since, plan in sorted(dict(terms).items()))
    shop = replace(SHOP, plans=plans)
    held = run("2026-11", shop.plan_in(month))
    last = ending(shop, held, month)
    assert last is None or last >= month
    kept = [one for one in MONTHS if month <= one <= (last or MONTHS[-1])]
    assert {shop.plan_in(one) for one in kept} == {held.plan}
    if last is not None and last != MONTHS[-1]:
        assert shop.plan_in(MONTHS[MONTHS.index(last) + 1]) != held.plan
