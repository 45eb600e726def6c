"""Invoices: what a draft holds, when it freezes, tax, and the ways it ends."""

from typing import Any

import pytest
import stripe

from tests.fakestripe.months import DAY, DECEMBER, FEBRUARY, HOUR, JANUARY, Months

# 10 free, 90 at 900, 20 at 700; the bot's 5 are free. VAT of 95,000.
HUMAN_WON, VAT_WON = 95_000, 9_500


def test_a_draft_has_one_line_for_each_metered_item(months: Months) -> None:
    invoice = months.draft()
    bot, human = invoice.lines.data
    assert [(line.quantity, line.amount) for line in (human, bot)] == [(120, HUMAN_WON), (5, 0)]
    assert human.quantity_decimal == 120
    assert human.pricing is not None
    assert human.pricing.price_details is not None
    assert human.pricing.price_details.price == months.prices["human"]
    assert human.parent is not None
    assert human.parent.subscription_item_details is not None
    assert human.parent.subscription_item_details.subscription_item.startswith("si_")
    assert (human.period.start, human.period.end) == (DECEMBER, JANUARY)
    assert human.metadata.to_dict() == {"tenant": "shop1"}
    assert (invoice.subtotal, invoice.total, invoice.number) == (HUMAN_WON, HUMAN_WON + VAT_WON, None)
    assert invoice.total_taxes is not None
    assert [(tax.amount, tax.taxable_amount) for tax in invoice.total_taxes] == [(VAT_WON, HUMAN_WON)]
    assert invoice.parent is not None
    assert invoice.parent.subscription_details is not None
    assert invoice.parent.subscription_details.subscription == invoice.lines.data[0].subscription


def test_each_tier_has_its_line_if_set(months: Months) -> None:
    months.fake.set(tier_lines=1)
    lines = months.draft().lines.data
    assert [(line.quantity, line.amount) for line in lines] == [(5, 0), (10, 0), (90, 81_000), (20, 14_000)]


def test_usage_belongs_to_the_month_it_happened_in(months: Months) -> None:
    months.subscribe()
    for when in (DECEMBER - HOUR, DECEMBER, JANUARY - HOUR):
        months.use("human", when, 20)
    months.at(JANUARY)
    months.use("human", JANUARY, 20)
    assert [line.quantity for line in months.invoices()[0].lines.data] == [0, 40]


def test_a_draft_follows_the_usage_until_it_is_finalized(months: Months) -> None:
    invoice = months.draft()
    months.use("human", DECEMBER, 121)
    assert months.sdk.invoices.retrieve(invoice.id).subtotal == HUMAN_WON + 700
    assert months.invoices(status="draft")[0].subtotal == HUMAN_WON + 700
    months.use("human", DECEMBER, 122)
    assert months.sdk.invoices.finalize_invoice(invoice.id).subtotal == HUMAN_WON + 1400
    months.use("human", DECEMBER, 500)
    assert months.sdk.invoices.retrieve(invoice.id).subtotal == HUMAN_WON + 1400


def test_a_month_below_zero_costs_nothing(months: Months) -> None:
    months.subscribe()
    months.use("human", DECEMBER, -3)
    months.at(JANUARY)
    assert [line.quantity for line in months.invoices()[0].lines.data] == [0, 0]


@pytest.mark.parametrize(("held", "status"), [(False, "open"), (True, "draft")])
def test_a_draft_finalizes_itself_after_an_hour_unless_held(months: Months, held: bool, status: str) -> None:
    months.subscribe()
    months.use("human", DECEMBER, 20)
    months.at(JANUARY + 1)
    [invoice] = months.invoices()
    assert (invoice.auto_advance, invoice.automatically_finalizes_at) == (True, JANUARY + HOUR)
    if held:
        kept = months.sdk.invoices.update(invoice.id, {"auto_advance": False})
        assert kept.automatically_finalizes_at is None
    months.at(JANUARY + HOUR - 1)
    assert months.sdk.invoices.retrieve(invoice.id).status == "draft"
    months.at(JANUARY + HOUR)
    assert months.sdk.invoices.retrieve(invoice.id).status == status


def test_a_hold_can_be_let_go(months: Months) -> None:
    invoice = months.draft()
    again = months.sdk.invoices.update(invoice.id, {"auto_advance": True})
    assert again.automatically_finalizes_at == JANUARY + 60 + HOUR
    months.at(JANUARY + HOUR)
    assert months.sdk.invoices.retrieve(invoice.id).status == "draft"
    months.at(JANUARY + 60 + HOUR)
    assert months.sdk.invoices.retrieve(invoice.id).status == "open"


def test_finalizing_numbers_an_invoice_and_dates_it(months: Months) -> None:
    invoice = months.issued()
    assert (invoice.status, invoice.amount_due, invoice.amount_remaining) == ("open", 104_500, 104_500)
    assert (invoice.number or "").endswith("-0001")
    assert invoice.due_date == JANUARY + 60 + 14 * DAY
    assert invoice.status_transitions.finalized_at == JANUARY + 60
    with pytest.raises(stripe.InvalidRequestError, match="already finalized"):
        months.sdk.invoices.finalize_invoice(invoice.id)
    months.at(FEBRUARY + HOUR)
    assert (months.invoices()[0].number or "").endswith("-0002")


def test_an_invoice_of_nothing_is_paid_at_once(months: Months) -> None:
    months.subscribe()
    months.at(JANUARY + HOUR)
    [invoice] = months.invoices()
    assert (invoice.status, invoice.total) == ("paid", 0)
    assert months.sdk.invoice_payments.list({"invoice": invoice.id}).data == []


def item(invoice: stripe.Invoice, won: int, **more: Any) -> Any:
    owner = {"customer": invoice.customer, "invoice": invoice.id, "currency": "krw"}
    return {**owner, "amount": won, **more}


def test_items_are_added_to_a_draft_and_taxed_as_it_is(months: Months) -> None:
    invoice = months.draft()
    base = months.sdk.invoice_items.create(item(invoice, 30_005, metadata={"key": "base"}))
    less = months.sdk.invoice_items.create(item(invoice, -5_000, tax_rates=[months.vat]))
    changed = months.sdk.invoices.retrieve(invoice.id)
    assert [line.amount for line in changed.lines.data] == [0, HUMAN_WON, 30_005, -5_000]
    assert changed.lines.data[2].metadata.to_dict() == {"key": "base"}
    # The tax of each line is rounded for itself: 9,500 + 3,001 - 500.
    assert (changed.subtotal, changed.total) == (120_005, 120_005 + 12_001)
    assert [row.id for row in months.sdk.invoice_items.list({"invoice": invoice.id})] == [less.id, base.id]
    months.sdk.invoice_items.delete(less.id)
    assert months.sdk.invoices.retrieve(invoice.id).subtotal == HUMAN_WON + 30_005
    months.sdk.invoices.finalize_invoice(invoice.id)
    with pytest.raises(stripe.InvalidRequestError, match="draft"):
        months.sdk.invoice_items.create(item(invoice, 1))
    with pytest.raises(stripe.InvalidRequestError, match="draft"):
        months.sdk.invoice_items.delete(base.id)


def test_an_item_without_an_invoice_waits_for_the_next(months: Months) -> None:
    waiting: Any = {"customer": months.customer, "currency": "krw", "amount": 7}
    made = months.sdk.invoice_items.create(waiting)
    assert [row.id for row in months.sdk.invoice_items.list({"pending": True})] == [made.id]
    assert [line.amount for line in months.draft().lines.data] == [7, 0, HUMAN_WON]
    assert months.sdk.invoice_items.list({"pending": True}).data == []


def test_an_item_is_of_the_invoices_customer(months: Months) -> None:
    invoice = months.draft()
    other = months.sdk.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="customer"):
        months.sdk.invoice_items.create(item(invoice, 1, customer=other))


def test_more_than_ten_lines_are_read_page_by_page(months: Months) -> None:
    invoice = months.draft()
    for won in range(12):
        months.sdk.invoice_items.create(item(invoice, won))
    shown = months.sdk.invoices.retrieve(invoice.id).lines
    assert (len(shown.data), shown.has_more) == (10, True)
    assert len(list(shown.auto_paging_iter())) == 14
    assert len(months.sdk.invoices.line_items.list(invoice.id, {"limit": 100}).data) == 14


def test_invoices_are_listed_by_what_they_are(months: Months) -> None:
    invoice = months.issued()
    months.at(FEBRUARY)
    subscription = invoice.lines.data[0].subscription
    assert len(months.invoices()) == 2
    assert [row.id for row in months.invoices(status="open")] == [invoice.id]
    assert len(months.invoices(subscription=subscription)) == 2
    assert months.invoices(subscription="sub_none") == []
    assert len(months.invoices(created={"gte": FEBRUARY})) == 1
    with pytest.raises(stripe.InvalidRequestError, match="No such invoice"):
        months.sdk.invoices.retrieve("in_none")


@pytest.mark.parametrize("way", ["void_invoice", "mark_uncollectible"])
def test_an_open_invoice_can_be_given_up(months: Months, way: str) -> None:
    invoice = months.draft()
    with pytest.raises(stripe.InvalidRequestError, match="draft"):
        getattr(months.sdk.invoices, way)(invoice.id)
    months.sdk.invoices.finalize_invoice(invoice.id)
    closed = getattr(months.sdk.invoices, way)(invoice.id)
    remaining = {"void": 0, "uncollectible": 104_500}
    assert closed.amount_remaining == remaining[closed.status]
    with pytest.raises(stripe.InvalidRequestError):
        months.sdk.invoices.mark_uncollectible(invoice.id)


def test_what_is_not_paid_in_time_is_overdue(months: Months) -> None:
    invoice = months.issued()
    months.at((invoice.due_date or 0) - 1)
    months.fake.tick()
    assert months.told("invoice.overdue") == []
    months.at(invoice.due_date or 0)
    months.fake.tick()
    assert months.told("invoice.overdue") == ["invoice.overdue"]
