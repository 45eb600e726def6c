"""Invoices: what is on them, how they are held, and how they become final."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import stripe

from chalicelib.billing.model import GatewayRefused, Invoice, InvoiceStatus
from chalicelib.billing.stripe_gateway import StripeGateway
from chalicelib.kernel.clock import DAY, HOUR, SECOND, month_span
from chalicelib.metering.model import Meter
from tests.billing.fake_gateway import slowly_rated
from tests.billing.stripe_shop import MONTH, PLAN, Shop, open_shop
from tests.fakestripe.world import Scripted

HUMAN_RATE = PLAN.rates[0]


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


def test_a_month_is_drafted_with_its_usage_and_tax(shop: Shop) -> None:
    run = shop.subscribe()
    shop.use(7)
    shop.use(3, meter=Meter.BOT)
    shop.to_end_of()
    [bill] = shop.gateway.invoices(shop.customer)
    assert {line.meter: (line.quantity, line.won, line.key) for line in bill.lines} == {
        Meter.HUMAN: (7, 3_200, ""),
        Meter.BOT: (3, 465, ""),
    }
    assert (bill.customer, bill.subscription, bill.month) == (shop.customer, run.id, MONTH)
    assert (bill.status, bill.number, bill.advances) == (InvoiceStatus.DRAFT, "", True)
    # 10 % of 3,200 and of 465, each rounded.
    assert (bill.subtotal, bill.tax, bill.tax_lines, bill.total) == (3_665, 367, 2, 4_032)
    assert (bill.paid, bill.remaining, bill.credited) == (0, 4_032, 0)
    assert (bill.period_start, bill.period_end) == month_span(MONTH)
    assert (bill.created_at, bill.finalized_at, bill.due_at) == (month_span(MONTH)[1], 0, 0)
    assert shop.gateway.invoice(bill.id) == bill


@pytest.mark.parametrize("quantity", [0, 1, 3, 4, 5, 6, 40])
@pytest.mark.parametrize("tier_lines", [0, 1])
def test_usage_costs_what_the_tiers_say_in_one_line_or_one_for_each(
    shop: Shop, quantity: int, tier_lines: int
) -> None:
    shop.world.fake.set(tier_lines=tier_lines)
    bill = shop.billed(quantity)
    used = [line for line in bill.lines if line.meter is Meter.HUMAN]
    assert sum(line.quantity for line in used) == quantity
    assert sum(line.won for line in used) == slowly_rated(HUMAN_RATE, quantity)


def test_a_held_draft_waits_and_counts_what_comes_late(shop: Shop) -> None:
    draft = shop.billed(7)
    assert not draft.advances
    shop.world.pass_time(days=3)
    shop.use(9)
    assert shop.gateway.hold(draft.id) == shop.gateway.invoice(draft.id)
    final = shop.gateway.finalize(draft.id)
    assert (final.status, [line.quantity for line in final.lines if line.meter is Meter.HUMAN]) == ("open", [9])
    assert len([row for row in shop.world.sent(f"/v1/invoices/{draft.id}") if row[1] == 200]) == 1


def test_a_draft_that_nobody_holds_goes_its_own_way(shop: Shop) -> None:
    shop.subscribe()
    shop.use(7)
    shop.to_end_of()
    shop.world.pass_time(hours=2)
    [bill] = shop.gateway.invoices(shop.customer)
    assert (bill.status, bill.advances) == (InvoiceStatus.OPEN, True)
    assert shop.gateway.hold(bill.id) == bill


def test_our_items_are_lines_with_their_keys(shop: Shop) -> None:
    draft = shop.billed(5)
    items = {"base": 9_900, "adjustment:2026-10": -1_400, "dispute:1": -900, "minimum": 0}
    for key, won in items.items():
        shop.gateway.add_item(draft, key=key, won=won, description=f"{key} 항목")
    bill = shop.gateway.invoice(draft.id)
    assert {line.key: line.won for line in bill.lines if line.key} == items
    assert {line.description for line in bill.lines if line.key} == {f"{key} 항목" for key in items}
    assert (bill.subtotal, bill.tax) == (1_800 + 7_600, 180 + 990 - 140 - 90)
    assert (bill.month, bill.period_start, bill.period_end) == (MONTH, *month_span(MONTH))
    [item] = [row for row in shop.raw.invoice_items.list().data if row.amount == 9_900]
    assert [rate.id for rate in item.tax_rates or ()] == [row.id for row in shop.raw.tax_rates.list().data]
    assert (item.period.start * SECOND, item.period.end * SECOND) == month_span(MONTH)


def test_all_lines_are_read_however_many_there_are(shop: Shop) -> None:
    draft = shop.billed()
    for number in range(15):
        shop.gateway.add_item(draft, key=f"dispute:{number}", won=-number, description="이의")
    bill = shop.gateway.invoice(draft.id)
    assert sorted(line.won for line in bill.lines if line.key) == list(range(-14, 1))
    assert [one.lines for one in shop.gateway.invoices(shop.customer)] == [bill.lines]


def test_lines_of_others_have_no_meter_and_no_key(shop: Shop) -> None:
    shop.subscribe()
    meter = shop.gateway.ensure_meter("contacts")
    price = shop.raw.prices.create(
        {
            "currency": "krw",
            "product": shop.raw.products.list().data[0].id,
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [{"up_to": "inf", "unit_amount": 1}],
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter},
            "metadata": {"meter": "human", "stage": "demo"},
        }
    )
    foreign = shop.raw.subscriptions.create(
        {
            "customer": shop.customer,
            "items": [{"price": price.id}],
            "metadata": {"key": "base", "stage": "test"},
            "billing_cycle_anchor_config": {"day_of_month": 31, "hour": 15},
        }
    )
    shop.to_end_of()
    by_run = {bill.subscription: bill for bill in shop.gateway.invoices(shop.customer)}
    strange = by_run[foreign.id]
    shop.raw.invoice_items.create(
        {
            "customer": shop.customer,
            "invoice": strange.id,
            "amount": 5,
            "currency": "krw",
            "metadata": {"key": "base", "stage": "demo"},
        }
    )
    lines = shop.gateway.invoice(strange.id).lines
    assert [(line.won, line.meter, line.key) for line in lines] == [(0, None, ""), (5, None, "")]


def test_the_newest_invoice_comes_first(shop: Shop) -> None:
    shop.subscribe()
    shop.to_end_of("2027-01")
    months = [bill.month for bill in shop.gateway.invoices(shop.customer)]
    assert months == ["2027-01", "2026-12", "2026-11"]
    assert shop.gateway.invoices(shop.gateway.create_customer("shop2", "다른 상점")) == []


def test_a_final_invoice_has_a_number_and_two_weeks(shop: Shop) -> None:
    draft = shop.billed()
    shop.world.pass_time(hours=1)
    final = shop.gateway.finalize(draft.id)
    assert final.status is InvoiceStatus.OPEN
    assert final.number
    assert final.advances
    assert final.finalized_at == month_span(MONTH)[1] + 3 * HOUR // 2
    assert final.due_at == final.finalized_at + 14 * DAY


def test_a_final_invoice_takes_no_more_items_but_knows_those_it_has(shop: Shop) -> None:
    draft = shop.billed()
    shop.gateway.add_item(draft, key="base", won=9_900, description="기본료")
    final = shop.gateway.finalize(draft.id)
    shop.gateway.add_item(final, key="base", won=9_900, description="기본료")
    # As it was before, and as it is now.
    for invoice in (draft, final):
        with pytest.raises(GatewayRefused) as caught:
            shop.gateway.add_item(invoice, key="minimum", won=1, description="최소 요금")
        assert caught.value.code == "not_draft"
    assert shop.gateway.invoice(draft.id) == final


def test_an_item_that_comes_too_late_by_a_moment_is_refused(shop: Shop) -> None:
    draft = shop.billed()

    def finalize_first(method: str, url: str) -> None:
        if (method, url.rpartition("/")[2]) == ("post", "invoiceitems"):
            shop.gateway.finalize(draft.id)

    with pytest.raises(GatewayRefused) as caught:
        shop.world.another(http=Scripted(finalize_first)).add_item(draft, key="base", won=1, description="기본료")
    assert caught.value.code == "not_draft"


def test_somebody_else_may_finalize_it_first(shop: Shop) -> None:
    draft = shop.billed()

    def finalize_first(method: str, url: str) -> None:
        if method == "post" and url.endswith("/finalize"):
            shop.raw.invoices.finalize_invoice(draft.id)

    final = shop.world.another(http=Scripted(finalize_first)).finalize(draft.id)
    assert final == shop.gateway.invoice(draft.id)
    assert final.status is InvoiceStatus.OPEN


def test_a_draft_is_not_paid_and_a_void_one_stays_void(shop: Shop) -> None:
    draft = shop.billed()
    assert shop.gateway.pay_by_transfer(draft.id).status is InvoiceStatus.DRAFT
    shop.gateway.finalize(draft.id)
    shop.raw.invoices.void_invoice(draft.id)
    for act in (shop.gateway.finalize, shop.gateway.pay_by_transfer, shop.gateway.hold):
        assert act(draft.id).status is InvoiceStatus.VOID


@pytest.mark.parametrize("given_up", [False, True])
def test_a_transfer_pays_all_of_it(shop: Shop, given_up: bool) -> None:
    final = shop.final()
    if given_up:
        shop.raw.invoices.mark_uncollectible(final.id)
    paid = shop.gateway.pay_by_transfer(final.id)
    assert (paid.status, paid.paid, paid.remaining) == (InvoiceStatus.PAID, final.total, 0)


def test_a_shop_with_a_card_is_charged_when_it_is_final(shop: Shop) -> None:
    paid = shop.paid_by_card()
    assert (paid.status, paid.paid, paid.remaining) == (InvoiceStatus.PAID, paid.total, 0)


def test_an_unknown_invoice_is_refused(shop: Shop) -> None:
    for act in (shop.gateway.invoice, shop.gateway.hold, shop.gateway.finalize, shop.gateway.pay_by_transfer):
        with pytest.raises(GatewayRefused) as caught:
            act("in_nothing")
        assert caught.value.code == "resource_missing"


REFUSABLE: dict[str, Callable[[StripeGateway, Invoice], object]] = {
    "/finalize": lambda gateway, draft: gateway.finalize(draft.id),
    "/invoiceitems": lambda gateway, draft: gateway.add_item(draft, key="base", won=1, description="기본료"),
}


@pytest.mark.parametrize(("path", "act"), REFUSABLE.items())
def test_what_stripe_refuses_of_a_draft_is_told(
    shop: Shop, path: str, act: Callable[[StripeGateway, Invoice], object]
) -> None:
    draft = shop.billed()
    refusal = b'{"error": {"type": "invalid_request_error", "code": "tax_id_invalid", "message": "no"}}'

    def refuse(method: str, url: str) -> tuple[bytes, int, dict[str, str]] | None:
        return (refusal, 400, {}) if method == "post" and url.endswith(path) else None

    with pytest.raises(GatewayRefused) as caught:
        act(shop.world.another(http=Scripted(refuse)), draft)
    assert caught.value.code == "tax_id_invalid"
    assert isinstance(caught.value.__cause__, stripe.InvalidRequestError)
    assert shop.gateway.invoice(draft.id).status is InvoiceStatus.DRAFT


@pytest.mark.parametrize("used", [True, False])
def test_the_month_is_that_of_the_usage_or_without_any_the_invoices_own(shop: Shop, used: bool) -> None:
    draft = shop.raw.invoices.retrieve(shop.billed().id).to_dict()
    draft["period_start"], draft["period_end"] = (at // SECOND for at in month_span("2026-12"))
    if not used:
        draft["lines"]["data"] = []
    body = json.dumps(draft, default=str).encode()
    changed = shop.world.another(
        http=Scripted(lambda _, url: (body, 200, {}) if "/invoices/" in url else None)
    ).invoice(draft["id"])
    assert changed.month == (MONTH if used else "2026-12")
    assert (changed.period_start, changed.period_end) == month_span(changed.month)


def test_a_part_of_a_contact_is_refused_instead_of_rounded(shop: Shop) -> None:
    draft = shop.raw.invoices.retrieve(shop.billed().id).to_dict()
    draft["lines"]["data"][0] |= {"quantity": None, "quantity_decimal": "2.5"}
    body = json.dumps(draft, default=str).encode()

    def halve(_: str, url: str) -> tuple[bytes, int, dict[str, str]] | None:
        return (body, 200, {}) if "/invoices/" in url else None

    with pytest.raises(GatewayRefused) as caught:
        shop.world.another(http=Scripted(halve)).invoice(draft["id"])
    assert caught.value.code == "line_not_whole"


def test_usage_of_the_last_and_the_first_hour_is_of_its_own_month(shop: Shop) -> None:
    shop.subscribe()
    end = datetime.fromtimestamp(month_span(MONTH)[1] // SECOND, UTC)
    shop.world.clock["now"] = end.timestamp() + 60
    shop.use(4, hour=end.replace(hour=end.hour - 1))
    shop.use(2, hour=end)
    shop.to_end_of("2026-12")
    counted = {
        bill.month: sum(line.quantity for line in bill.lines) for bill in shop.gateway.invoices(shop.customer)
    }
    assert counted == {MONTH: 4, "2026-12": 2}
