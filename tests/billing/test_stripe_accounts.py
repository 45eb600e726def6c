"""Who a shop is at Stripe, and the card that it leaves there."""

from collections.abc import Iterator

import pytest

from chalicelib.billing.model import GatewayRefused, Identity
from tests.billing.stripe_shop import MONTH, PLAN, Shop, open_shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


def numbers(shop: Shop) -> list[str]:
    return [row.value for row in shop.raw.customers.tax_ids.list(shop.customer).data]


def test_a_shop_is_named_as_its_company_is(shop: Shop) -> None:
    shop.gateway.identify(shop.customer, Identity("두레 상사", "bill@dure.test", "1234567890"))
    customer = shop.raw.customers.retrieve(shop.customer)
    assert (customer.name, customer.email) == ("두레 상사", "bill@dure.test")
    assert customer.preferred_locales == ["ko", "en"]
    assert numbers(shop) == ["123-45-67890"]


@pytest.mark.parametrize(("registration", "left"), [("9998887777", ["999-88-87777"]), ("", [])])
def test_another_number_takes_the_place_of_the_first(shop: Shop, registration: str, left: list[str]) -> None:
    shop.gateway.identify(shop.customer, Identity("두레 상사", "bill@dure.test", "1234567890"))
    shop.gateway.identify(shop.customer, Identity("두레 상사", "bill@dure.test", registration))
    assert numbers(shop) == left


def test_a_number_that_is_none_is_refused_and_the_good_one_stays(shop: Shop) -> None:
    shop.gateway.identify(shop.customer, Identity("두레 상사", "bill@dure.test", "1234567890"))
    with pytest.raises(GatewayRefused) as caught:
        shop.gateway.identify(shop.customer, Identity("두레 상사", "bill@dure.test", "12345"))
    assert caught.value.code == "tax_id_invalid"
    assert numbers(shop) == ["123-45-67890"]


def test_a_page_registers_a_card_and_subscribes_to_nothing(shop: Shop) -> None:
    link = shop.gateway.setup_link(shop.customer, "https://shop.test/back", "click1")
    [session] = shop.raw.checkout.sessions.list().data
    assert (session.url, session.mode) == (link, "setup")
    back = "https://shop.test/back"
    assert (session.success_url, session.cancel_url) == (f"{back}?card=registered", back)
    assert session.subscription is None


def test_a_page_that_was_used_is_replaced_by_another(shop: Shop) -> None:
    first = shop.gateway.setup_link(shop.customer, "https://shop.test/back", "click1")
    shop.world.fake.complete_checkout(shop.raw.checkout.sessions.list().data[0].id)
    second = shop.gateway.setup_link(shop.customer, "https://shop.test/back", "click1")
    assert second.startswith("https://")
    assert second != first


def test_a_registered_card_pays_from_now_on(shop: Shop) -> None:
    run = shop.subscribe()
    before = shop.raw.subscriptions.retrieve(run.id)
    assert (before.collection_method, before.days_until_due) == ("send_invoice", 14)
    session = shop.card()
    shop.gateway.use_card(shop.customer, session)
    assert shop.raw.subscriptions.retrieve(run.id).collection_method == "charge_automatically"
    assert shop.charged_card() == shop.raw.payment_methods.list({"customer": shop.customer}).data[0].id


def test_the_newest_card_pays_whatever_the_order_in_which_one_hears_of_them(shop: Shop) -> None:
    first = shop.card()
    old = shop.charged_card()
    shop.world.clock["now"] += 60
    second = shop.card("another")
    new = shop.charged_card()
    assert new != old
    shop.gateway.use_card(shop.customer, first)
    assert shop.charged_card() == new
    shop.gateway.use_card(shop.customer, second)
    assert shop.charged_card() == new


def test_who_has_a_card_is_charged_from_the_first_invoice(shop: Shop) -> None:
    shop.card()
    run = shop.raw.subscriptions.retrieve(shop.subscribe().id)
    assert (run.collection_method, run.days_until_due) == ("charge_automatically", None)


def test_a_card_changes_nothing_of_what_is_not_ours_or_over(shop: Shop) -> None:
    ended = shop.subscribe()
    shop.raw.subscriptions.cancel(ended.id)
    price = shop.raw.prices.list().data[0].id
    foreign = shop.raw.subscriptions.create(
        {
            "customer": shop.customer,
            "items": [{"price": price}],
            "collection_method": "send_invoice",
            "days_until_due": 3,
        }
    )
    shop.card()
    for run in (ended.id, foreign.id):
        assert shop.raw.subscriptions.retrieve(run).collection_method == "send_invoice"


def test_only_a_finished_set_up_of_this_shop_counts(shop: Shop) -> None:
    other = shop.gateway.create_customer("shop2", "다른 상점")
    shop.gateway.setup_link(other, "https://shop.test/back", "click1")
    session = shop.raw.checkout.sessions.list().data[0].id
    with pytest.raises(GatewayRefused) as caught:
        shop.gateway.use_card(other, session)
    assert caught.value.code == "session_open"
    shop.world.fake.complete_checkout(session)
    with pytest.raises(GatewayRefused) as caught:
        shop.gateway.use_card(shop.customer, session)
    assert caught.value.code == "session_mismatch"
    shop.gateway.use_card(other, session)
    assert shop.gateway.subscribe("shop2", other, PLAN, MONTH).status == "active"


def test_the_portal_is_the_shops_own(shop: Shop) -> None:
    assert shop.gateway.portal_link(shop.customer, "https://shop.test/back").startswith("https://")
    with pytest.raises(GatewayRefused):
        shop.gateway.portal_link("cus_nobody", "https://shop.test/back")
