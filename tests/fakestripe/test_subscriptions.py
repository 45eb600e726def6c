"""Subscriptions: Korean months, late starts, ends, and what is refused."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.fakestripe.anchors import Anchor
from tests.fakestripe.months import DAY, DECEMBER, FEBRUARY, HOUR, JANUARY, MARCH, MONTH_ENDS, Months, kst


def spans(months: Months) -> list[tuple[int, int]]:
    return [(invoice.period_start, invoice.period_end) for invoice in reversed(months.invoices())]


def test_periods_are_korean_months_whatever_their_length(months: Months) -> None:
    made = months.subscribe()
    assert (made.start_date, made.billing_cycle_anchor) == (DECEMBER, JANUARY)
    assert [(item.current_period_start, item.current_period_end) for item in made["items"].data] == [
        (DECEMBER, JANUARY)
    ] * 2
    months.at(kst(2027, 5, 2))
    turns = [DECEMBER, JANUARY, FEBRUARY, MARCH, kst(2027, 4, 1), kst(2027, 5, 1)]
    assert spans(months) == list(itertools.pairwise(turns))


def test_a_plain_anchor_on_the_30th_is_no_month_end(months: Months) -> None:
    made = months.subscribe(
        billing_cycle_anchor_config=None, billing_cycle_anchor=JANUARY, backdate_start_date=None
    )
    assert made.billing_cycle_anchor == JANUARY
    assert Anchor.of(kst(2027, 5, 1)).after(kst(2027, 5, 1)) == kst(2027, 5, 31)
    assert Anchor(31, 15).after(kst(2027, 5, 1)) == kst(2027, 6, 1)


@pytest.mark.parametrize(
    ("moment", "turn"),
    [("2027-01-31", "2027-02-28"), ("2028-02-01", "2028-02-29"), ("2027-04-30", "2027-05-31")],
)
def test_short_months_turn_on_their_last_day(moment: str, turn: str) -> None:
    after = Anchor(31, 15).after(int(datetime.fromisoformat(f"{moment}T15:00:00+00:00").timestamp()))
    assert datetime.fromtimestamp(after, UTC).isoformat() == f"{turn}T15:00:00+00:00"


def test_no_invoice_is_made_before_anything_was_billed(months: Months) -> None:
    months.subscribe()
    assert months.invoices() == []
    months.at(JANUARY - 1)
    assert months.invoices() == []
    months.at(JANUARY)
    assert [invoice.status for invoice in months.invoices()] == ["draft"]


def test_months_that_passed_before_the_subscription_are_on_its_first_invoice(months: Months) -> None:
    months.use("human", DECEMBER, 3)
    months.at(FEBRUARY + DAY)
    months.use("human", JANUARY, 4)
    made = months.subscribe()
    assert made["items"].data[0].current_period_start == FEBRUARY
    [invoice] = months.invoices()
    lines = [(line.period.start, line.quantity) for line in invoice.lines.data]
    assert lines == [(DECEMBER, 0), (DECEMBER, 3), (JANUARY, 0), (JANUARY, 4)]
    assert (invoice.billing_reason, made.latest_invoice) == ("subscription_create", invoice.id)


def test_a_first_invoice_that_is_charged_is_finalized_at_once(months: Months) -> None:
    months.use("human", DECEMBER, 20)
    months.at(JANUARY + DAY)
    months.subscribe(collection_method="charge_automatically", days_until_due=None)
    assert [(invoice.status, invoice.subtotal) for invoice in months.invoices()] == [("open", 9_000)]


def test_an_end_bills_up_to_it_and_no_further(months: Months) -> None:
    made = months.subscribe()
    months.sdk.subscriptions.update(made.id, {"cancel_at": FEBRUARY})
    months.at(JANUARY + 10 * DAY)
    months.use("human", JANUARY + 9 * DAY, 2)
    months.at(kst(2027, 6, 1))
    assert spans(months) == [(DECEMBER, JANUARY), (JANUARY, FEBRUARY)]
    ended = months.sdk.subscriptions.retrieve(made.id)
    assert (ended.status, ended.ended_at) == ("canceled", FEBRUARY)
    assert months.told("customer.subscription")[-1] == "customer.subscription.deleted"
    assert months.sdk.subscriptions.list({"customer": months.customer}).data == []
    everything = months.sdk.subscriptions.list({"customer": months.customer, "status": "all"}).data
    assert [row.id for row in everything] == [made.id]


def test_an_end_within_a_month_bills_the_part(months: Months) -> None:
    months.subscribe(cancel_at=JANUARY + DAY)
    months.at(JANUARY + 2 * DAY)
    assert spans(months) == [(DECEMBER, JANUARY), (JANUARY, JANUARY + DAY)]


def test_an_end_can_be_taken_back(months: Months) -> None:
    made = months.subscribe(cancel_at=JANUARY)
    assert months.sdk.subscriptions.update(made.id, {"cancel_at": ""}).cancel_at is None
    months.at(JANUARY)
    assert months.sdk.subscriptions.retrieve(made.id).status == "active"


@pytest.mark.parametrize(("now", "count"), [(True, 1), (False, 0)])
def test_a_cancellation_bills_at_once_if_told(months: Months, now: bool, count: int) -> None:
    made = months.subscribe()
    months.use("human", DECEMBER, 3)
    assert months.sdk.subscriptions.cancel(made.id, {"invoice_now": now}).status == "canceled"
    months.at(FEBRUARY)
    assert len(months.invoices()) == count
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        months.sdk.subscriptions.cancel(made.id)
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        months.sdk.subscriptions.update(made.id, {"days_until_due": 3})
    assert months.sdk.subscriptions.update(made.id, {"metadata": {"a": "b"}}).metadata.to_dict()["a"] == "b"


def test_each_turn_is_told_at_its_own_time(months: Months) -> None:
    months.subscribe()
    months.at(MARCH + DAY)
    months.fake.tick()
    created = [event["created"] for event in months.fake.objects("notice") if event["type"] == "invoice.created"]
    finalized = [
        event["created"] for event in months.fake.objects("notice") if event["type"] == "invoice.finalized"
    ]
    assert created == [JANUARY, FEBRUARY, MARCH]
    assert finalized == [turn + HOUR for turn in created]


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": "cus_nobody"},
        {"items": []},
        {"items": [{"price": "price_none"}]},
        {"billing_mode": {"type": "classic"}},
        {"billing_cycle_anchor": JANUARY},
        {"billing_cycle_anchor_config": None, "billing_cycle_anchor": MARCH},
        {"billing_cycle_anchor_config": MONTH_ENDS | {"century": 1}},
        {"backdate_start_date": JANUARY},
        {"cancel_at": DECEMBER},
        {"days_until_due": None},
        {"default_tax_rates": ["txr_none"]},
        {"default_payment_method": "pm_none"},
        {"quantity": 3},
    ],
)
def test_malformed_subscriptions_are_refused(months: Months, changes: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        months.subscribe(**changes)
    assert months.fake.objects("subscription") == []
    assert months.subscribe().status == "active"


def test_an_item_is_metered_and_alone_of_its_price(months: Months) -> None:
    price = months.prices["human"]
    for items in ([{"price": price, "quantity": 1}], [{"price": price}, {"price": price}]):
        with pytest.raises(stripe.InvalidRequestError):
            months.subscribe(items=items)


def test_metadata_changes_key_by_key(months: Months) -> None:
    made = months.subscribe(metadata={"a": "1", "b": "2"})
    changed = months.sdk.subscriptions.update(made.id, {"metadata": {"a": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}
