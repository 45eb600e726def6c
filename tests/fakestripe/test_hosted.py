"""The pages for browsers: a card is registered on one, and seen on another."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from tests.fakestripe import API_KEY, FakeStripe, running
from tests.fakestripe.conftest import NOW
from tests.fakestripe.months import subscribed
from tests.fakestripe.wire import Reply, Request

BACK = "https://duredesk.example/shop/invoices"


class Shop:
    """A shop's owner in a browser, at a stand-in that hosts its pages."""

    def __init__(self, fake: FakeStripe, base: str) -> None:
        self.fake = fake
        self.sdk = stripe.StripeClient(API_KEY, base_addresses={"api": base}).v1
        self.customer = self.sdk.customers.create({"name": "단비 <옷장>"}).id

    def checkout(self) -> str:
        params: Any = {"mode": "setup", "customer": self.customer, "currency": "krw"}
        made = self.sdk.checkout.sessions.create(params | {"success_url": f"{BACK}?card=1", "cancel_url": BACK})
        return urlsplit(str(made.url)).path

    def portal(self) -> str:
        made = self.sdk.billing_portal.sessions.create({"customer": self.customer, "return_url": BACK})
        return urlsplit(made.url).path

    def look(self, path: str, method: str = "GET", text: str = "") -> Reply:
        return self.fake.handle(Request(method, path, text))


@pytest.fixture
def shop() -> Iterator[Shop]:
    fake = FakeStripe(now=lambda: NOW)
    with running(fake) as base:
        fake.host(base)
        yield Shop(fake, base)
    fake.close()


@pytest.mark.parametrize(("card", "number"), [("good", "4242"), ("declines", "0002")])
def test_a_card_is_registered_and_leads_back(shop: Shop, card: str, number: str) -> None:
    page = shop.checkout()
    shown = shop.look(page)
    assert (shown.status, shown.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "단비 &lt;옷장&gt;" in shown.page
    assert f'href="{BACK}"' in shown.page
    done = shop.look(page, "POST", f"card={card}")
    assert (done.status, done.headers["Location"]) == (303, f"{BACK}?card=1")
    assert [one["kr_card"]["last4"] for one in shop.fake.objects("payment_method")] == [number]
    assert number in shop.look(shop.portal()).page


def test_a_card_is_registered_once_however_often_one_presses(shop: Shop) -> None:
    page = shop.checkout()
    for _ in range(2):
        assert shop.look(page, "POST", "card=good").status == 303
    assert len(shop.fake.objects("payment_method")) == 1
    assert f'href="{BACK}?card=1"' in shop.look(page).page


def test_the_card_that_is_charged_is_marked(shop: Shop) -> None:
    shop.look(shop.checkout(), "POST", "card=good")
    [card] = shop.fake.objects("payment_method")
    assert "in use" not in shop.look(shop.portal()).page
    shop.sdk.customers.update(shop.customer, {"invoice_settings": {"default_payment_method": card["id"]}})
    assert "in use" in shop.look(shop.portal()).page


def test_an_invoice_shows_its_lines_and_its_sum() -> None:
    with subscribed() as months:
        months.fake.host(months.base)
        issued = months.issued()
        path = urlsplit(str(issued.hosted_invoice_url)).path
        shown = months.fake.handle(Request("GET", path)).page
    assert f"Invoice {issued.number}" in shown
    for won in [*(line.amount for line in issued.lines.data), issued.total]:
        assert f"{won:,}원" in shown


@pytest.mark.parametrize("path", ["/hosted/checkout/cs_none", "/hosted/portal/bps_none", "/hosted/other/x"])
def test_a_page_that_is_none_is_not_found(shop: Shop, path: str) -> None:
    assert shop.look(path).status == 404


def test_nobody_is_led_to_our_machine_unless_it_hosts() -> None:
    fake = FakeStripe(now=lambda: NOW)
    with running(fake) as base:
        assert Shop(fake, base).checkout().startswith("/c/pay/")
    fake.close()
