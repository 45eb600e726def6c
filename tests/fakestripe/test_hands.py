"""What is done by hand is there and is told to nobody; state outlives the process; and it is quick."""

from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe, running
from tests.fakestripe.months import DAY, DECEMBER, FEBRUARY, HOUR, JANUARY, MARCH, Months, kst
from tests.fakestripe.test_server import ask


def test_a_line_is_edited_before_and_after_finalization(months: Months) -> None:
    invoice = months.draft()
    bot, human = (line.id for line in invoice.lines.data)
    told = len(months.fake.objects("notice"))
    months.fake.edit_line(invoice.id, human, quantity=119)
    months.fake.edit_line(invoice.id, bot, won=1_000)
    assert len(months.fake.objects("notice")) == told
    months.use("human", DECEMBER, 130)
    issued = months.sdk.invoices.finalize_invoice(invoice.id)
    assert [(line.quantity, line.amount) for line in issued.lines.data] == [(5, 1_000), (119, 102_000)]
    assert (issued.subtotal, issued.total) == (103_000, 113_300)
    months.fake.edit_line(invoice.id, human, won=1)
    assert months.sdk.invoices.retrieve(invoice.id).subtotal == 1_001


def test_tax_is_edited_without_its_base(months: Months) -> None:
    invoice = months.issued()
    months.fake.edit_tax(invoice.id, invoice.lines.data[1].id, 9_400)
    edited = months.sdk.invoices.retrieve(invoice.id)
    assert (edited.subtotal, edited.total) == (95_000, 104_400)


def test_a_price_is_edited_under_a_draft(months: Months) -> None:
    invoice = months.draft()
    months.fake.edit_price(months.prices["human"], 1, 800)
    assert months.sdk.invoices.retrieve(invoice.id).subtotal == 86_000


def test_an_item_is_deleted_from_an_issued_invoice(months: Months) -> None:
    invoice = months.draft()
    params: Any = {"customer": months.customer, "invoice": invoice.id, "currency": "krw", "amount": 30_000}
    item = months.sdk.invoice_items.create(params)
    assert months.sdk.invoices.finalize_invoice(invoice.id).subtotal == 125_000
    months.fake.delete_item(invoice.id, item.id)
    assert months.sdk.invoices.retrieve(invoice.id).subtotal == 95_000


def test_usage_by_hand_overwrites_the_hour(months: Months) -> None:
    months.subscribe()
    months.use("human", DECEMBER, 5)
    months.fake.manual_usage("human", months.customer, DECEMBER + 60, 9)
    assert months.fake.total("human", months.customer) == 9


def test_a_fee_and_a_payout_are_edited(months: Months) -> None:
    months.card()
    months.sdk.invoices.pay(months.issued().id)
    [transaction] = months.sdk.balance_transactions.list().data
    months.fake.edit_fee(transaction.id, 1)
    edited = months.sdk.balance_transactions.retrieve(transaction.id)
    assert (edited.fee, edited.net, edited.fee_details[0].amount) == (1, 104_499, 1)
    months.fake.pay_out()
    [payout] = months.sdk.payouts.list().data
    assert len(months.sdk.balance_transactions.list({"payout": payout.id}).data) == 2
    months.fake.drop_from_payout(payout.id, transaction.id)
    assert [row.type for row in months.sdk.balance_transactions.list({"payout": payout.id})] == ["payout"]
    months.fake.pay_out()
    assert len(months.sdk.payouts.list().data) == 1


def test_hands_and_objects_are_in_reach_of_another_process(months: Months) -> None:
    invoice = months.issued()
    line = invoice.lines.data[0].id
    assert (
        ask(months.base, "POST", "/_fake/do/edit_line", {"invoice": invoice.id, "line": line, "won": 5})[0] == 200
    )
    rows = ask(months.base, "GET", "/_fake/objects/invoice")[1]["data"]
    assert [row["subtotal"] for row in rows] == [95_005]
    for path in ("do/close", "do/_keep", "do/handle"):
        assert ask(months.base, "POST", f"/_fake/{path}", {})[0] == 404
    months.at(FEBRUARY)
    assert ask(months.base, "POST", "/_fake/tick")[0] == 200
    assert len(months.told("invoice.created")) == 2
    assert ask(months.base, "POST", "/_fake/webhooks", {"url": None, "secret": "s", "types": ["a"]})[0] == 200
    assert ask(months.base, "POST", "/_fake/disorder", {"dropped": 1})[0] == 200
    assert ask(months.base, "POST", "/_fake/deliver")[1] == {"taken": 0}


@pytest.mark.parametrize("fault", ["timeout", "server_error"])
def test_what_was_done_before_the_answer_failed_is_not_done_twice(months: Months, fault: str) -> None:
    details = {"accepted": True} if fault == "server_error" else {}
    months.fake.fault(fault, path="/v1/subscriptions", **details)
    params: Any = {
        "customer": months.customer,
        "items": [{"price": months.prices["human"]}],
        "collection_method": "send_invoice",
        "days_until_due": 3,
    }
    options: Any = {"idempotency_key": "k", "max_network_retries": 0}
    with pytest.raises((stripe.APIConnectionError, stripe.APIError)):
        months.sdk.subscriptions.create(params, options)
    assert len(months.fake.objects("subscription")) == 1
    if fault == "timeout":
        months.sdk.subscriptions.create(params, options)
    else:
        with pytest.raises(stripe.APIError):
            months.sdk.subscriptions.create(params, options)
    assert len(months.fake.objects("subscription")) == 1


def test_time_goes_on_where_a_process_ended(tmp_path: Path) -> None:
    clock = {"now": float(kst(2026, 12, 5))}
    first = FakeStripe(now=lambda: clock["now"], state=str(tmp_path / "state"))
    with running(first) as base:
        months = Months(first, clock, base)
        months.subscribe()
        months.use("human", DECEMBER, 20)
        months.card()
        months.sdk.customers.update(months.customer, {"name": "새"})
        months.at(JANUARY + 60)
        months.invoices()
    first.close()
    second = FakeStripe(now=lambda: clock["now"], state=str(tmp_path / "state"))
    clock["now"] = MARCH + HOUR
    assert [row["status"] for row in second.objects("invoice")] == ["open", "paid", "paid"]
    assert [row["name"] for row in second.objects("customer")] == ["새"]
    second.close()


def test_thirty_shops_and_three_months_are_invoiced_whole(months: Months) -> None:
    shops = [months.customer] + [months.sdk.customers.create({}).id for _ in range(29)]
    for shop in shops:
        months.customer = shop
        months.subscribe()
    for month, turn in ((DECEMBER, JANUARY), (JANUARY, FEBRUARY), (FEBRUARY, MARCH)):
        for shop in shops:
            for hour in range(34):
                months.clock["now"] = max(months.clock["now"], month + hour * HOUR)
                months.fake.manual_usage("human", shop, month + hour * HOUR, 2)
        months.at(turn + 60)
        for shop in shops:
            months.customer = shop
            assert months.invoices()[0].lines.data[1].quantity == 68
        months.at(turn + DAY)
    months.fake.tick()
    assert len(months.fake.objects("invoice")) == 90
