"""What a shop subscribes to: months of Korea under one plan at that plan's prices."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from chalicelib.billing.model import EVENT_NAMES, GatewayRefused, InvoiceStatus
from chalicelib.kernel.clock import month_span, months_between
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate, Tier
from tests.billing.stripe_shop import MONTH, PLAN, Shop, open_shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


def posted(shop: Shop, path: str) -> list[dict[str, str]]:
    rows = [row for row in shop.world.fake.requests if (row["method"], row["path"]) == ("POST", path)]
    return [dict(parse_qsl(row["text"])) for row in rows]


def test_a_subscription_is_asked_for_as_designed(shop: Shop) -> None:
    run = shop.subscribe()
    [asked] = posted(shop, "/v1/subscriptions")
    [vat] = shop.raw.tax_rates.list().data
    prices = {row.lookup_key: row.id for row in shop.raw.prices.list().data}
    assert asked == {
        "customer": shop.customer,
        "items[0][price]": prices["test:standard/1:human"],
        "items[1][price]": prices["test:standard/1:bot"],
        "metadata[tenant]": "shop1",
        "metadata[stage]": "test",
        "metadata[since]": MONTH,
        "metadata[plan]": "standard/1",
        "billing_mode[type]": "flexible",
        "billing_cycle_anchor_config[day_of_month]": "31",
        "billing_cycle_anchor_config[hour]": "15",
        "billing_cycle_anchor_config[minute]": "0",
        "billing_cycle_anchor_config[second]": "0",
        "backdate_start_date": str(int(datetime(2026, 10, 31, 15, tzinfo=UTC).timestamp())),
        "default_tax_rates[0]": vat.id,
        "collection_method": "send_invoice",
        "days_until_due": "14",
    }
    assert (run.customer, run.plan, run.since, run.ends_at) == (shop.customer, "standard/1", MONTH, 0)
    assert run.items.keys() == {Meter.HUMAN, Meter.BOT}
    assert (vat.percentage, vat.inclusive) == (10, False)


def test_prices_are_the_plans_tiers_before_tax(shop: Shop) -> None:
    shop.subscribe()
    human, bot = (
        shop.raw.prices.list({"lookup_keys": [f"test:standard/1:{meter}"], "expand": ["data.tiers"]}).data[0]
        for meter in (Meter.HUMAN, Meter.BOT)
    )
    assert [(tier.up_to, tier.unit_amount) for tier in human.tiers or ()] == [(3, 0), (5, 900), (None, 700)]
    assert [(tier.up_to, tier.unit_amount) for tier in bot.tiers or ()] == [(None, 155)]
    assert human.recurring is not None
    assert human.recurring.meter == shop.gateway.ensure_meter(EVENT_NAMES[Meter.HUMAN])
    assert (human.tax_behavior, human.currency) == ("exclusive", "krw")


def test_another_version_has_prices_of_its_own_and_the_same_products(shop: Shop) -> None:
    shop.subscribe()
    cheaper = replace(PLAN, version="standard/2", rates=(Rate(Meter.HUMAN, (Tier(None, 500),)),))
    run = shop.world.another().subscribe("shop1", shop.customer, cheaper, MONTH)
    assert run.items.keys() == {Meter.HUMAN}
    assert len(shop.raw.prices.list().data) == 3
    assert len(shop.raw.products.list().data) == 2


def test_a_trial_is_metered_and_costs_nothing(shop: Shop) -> None:
    shop.subscribe(replace(PLAN, version="trial/1", trial=True))
    shop.use(7)
    shop.to_end_of()
    [bill] = shop.gateway.invoices(shop.customer)
    assert [(line.meter, line.quantity, line.won) for line in bill.lines if line.quantity] == [(Meter.HUMAN, 7, 0)]
    assert bill.total == 0


def test_a_price_that_was_changed_by_hand_sells_nothing_more(shop: Shop) -> None:
    shop.subscribe()
    price = shop.raw.prices.list({"lookup_keys": ["test:standard/1:human"]}).data[0].id
    shop.world.fake.edit_price(price, 1, 901)
    with pytest.raises(GatewayRefused) as caught:
        shop.world.another().subscribe("shop1", shop.customer, PLAN, "2026-10")
    assert caught.value.code == "price_mismatch"
    shop.world.fake.edit_price(price, 1, 900)
    assert shop.world.another().subscribe("shop1", shop.customer, PLAN, "2026-10")


def test_a_month_that_has_not_begun_is_refused_until_it_has(shop: Shop) -> None:
    with pytest.raises(GatewayRefused, match="backdate_start_date"):
        shop.subscribe(since="2026-12")
    shop.to_end_of(MONTH)
    assert shop.subscribe(since="2026-12").status == "active"


@pytest.mark.parametrize("last", ["2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2028-02"])
def test_every_period_is_a_month_of_korea(shop: Shop, last: str) -> None:
    shop.subscribe()
    shop.to_end_of(last)
    bills = shop.gateway.invoices(shop.customer)
    months = months_between(month_span(MONTH)[0], month_span(last)[0])
    assert [bill.month for bill in bills] == months[::-1]
    assert all((bill.period_start, bill.period_end) == month_span(bill.month) for bill in bills)


def test_a_change_of_plan_ends_one_run_and_begins_another(shop: Shop) -> None:
    first = shop.subscribe()
    shop.use(7)
    ending = shop.gateway.end_subscription(first.id, MONTH)
    assert ending.ends_at == month_span(MONTH)[1]
    assert shop.gateway.end_subscription(first.id, MONTH) == ending
    assert len(posted(shop, f"/v1/subscriptions/{first.id}")) == 1
    shop.to_end_of()
    flat = Plan("flat/500", "정액", "Flat", "2026-01", (Rate(Meter.HUMAN, (Tier(None, 500),)),))
    second = shop.subscribe(flat, "2026-12")
    shop.use(2, hour=datetime(2026, 11, 30, 15, tzinfo=UTC))
    shop.to_end_of("2026-12")
    bills = [
        (bill.month, bill.subscription, sum(line.quantity for line in bill.lines), bill.subtotal)
        for bill in shop.gateway.invoices(shop.customer)
    ]
    assert bills == [("2026-12", second.id, 2, 1_000), (MONTH, first.id, 7, 2 * 900 + 2 * 700)]
    runs = shop.gateway.subscriptions(shop.customer)
    assert [(run.since, run.plan, run.status) for run in runs] == [
        (MONTH, "standard/1", "canceled"),
        ("2026-12", "flat/500", "active"),
    ]
    assert shop.gateway.end_subscription(first.id, "2027-01").ends_at == month_span(MONTH)[1]


def test_a_run_that_ended_is_not_begun_again(shop: Shop) -> None:
    first = shop.subscribe()
    shop.raw.subscriptions.cancel(first.id)
    assert shop.world.another().subscribe("shop1", shop.customer, PLAN, MONTH).id == first.id


def test_invoices_stay_drafts_even_if_nobody_looks_for_days(shop: Shop) -> None:
    run = shop.subscribe()
    assert not run.keeps_drafts
    for _ in range(2):
        shop.gateway.keep_drafts(run.id)
    [kept] = shop.gateway.subscriptions(shop.customer)
    assert kept.keeps_drafts
    shop.use(7)
    shop.to_end_of()
    shop.world.pass_time(days=2)
    [bill] = shop.gateway.invoices(shop.customer)
    assert (bill.status, bill.advances) == (InvoiceStatus.DRAFT, False)
    shop.use(8)
    final = shop.gateway.finalize(bill.id)
    assert sum(line.quantity for line in final.lines) == 8


def test_only_ours_are_listed(shop: Shop) -> None:
    run = shop.subscribe()
    price = shop.raw.prices.list().data[0].id
    shop.raw.subscriptions.create({"customer": shop.customer, "items": [{"price": price}]})
    assert [one.id for one in shop.gateway.subscriptions(shop.customer)] == [run.id]


def test_the_tax_rate_must_be_ten_percent_on_top(shop: Shop) -> None:
    shop.raw.tax_rates.create(
        {
            "display_name": "VAT",
            "inclusive": False,
            "percentage": 9,
            "metadata": {"duredesk": "vat", "stage": "test"},
        }
    )
    with pytest.raises(GatewayRefused) as caught:
        shop.subscribe()
    assert caught.value.code == "tax_rate_mismatch"
