"""Whatever the gateway makes at Stripe is there once, however often, late or badly it was asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import stripe

from chalicelib.billing.model import GatewayUnavailable, Identity
from chalicelib.billing.stripe_accounts import StripeAccounts
from chalicelib.billing.stripe_client import Account, connect
from chalicelib.billing.stripe_gateway import StripeGateway
from chalicelib.kernel.clock import MINUTE
from tests.billing.stripe_shop import MONTH, PLAN, Shop, open_shop
from tests.fakestripe import API_KEY
from tests.fakestripe.world import Quick, Scripted


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


@dataclass
class Making:
    """One thing that `act` makes; `path` and `asked` tell the request for it, `made` lists all there are."""

    act: Callable[[Shop, StripeGateway], object]
    made: Callable[[Shop], list[str]]
    path: str
    asked: str = "metadata"
    before: Callable[[Shop], object] = lambda _: None


def ids(rows: stripe.ListObject) -> list[str]:  # type: ignore[type-arg]
    return [str(row["id"]) for row in rows.auto_paging_iter()]


def bill(shop: Shop) -> str:
    return shop.gateway.invoices(shop.customer)[0].id


def open_bill(shop: Shop) -> None:
    shop.final()


def told(shop: Shop, kind: str) -> list[str]:
    return ids(shop.raw.events.list({"type": kind, "limit": 100}))


def subscribe(shop: Shop, gateway: StripeGateway) -> object:
    return gateway.subscribe("shop1", shop.customer, PLAN, MONTH)


def identify(shop: Shop, gateway: StripeGateway) -> None:
    gateway.identify(shop.customer, Identity("두레 상사", "bill@dure.test", "1234567890"))


def set_up(shop: Shop, gateway: StripeGateway) -> object:
    return gateway.setup_link(shop.customer, "https://shop.test/back", "click1")


def add(shop: Shop, gateway: StripeGateway) -> None:
    gateway.add_item(gateway.invoice(bill(shop)), key="base", won=9_900, description="기본료")


def credit(shop: Shop, gateway: StripeGateway) -> object:
    return gateway.credit(bill(shop), key="dispute:1", won=110, reason="이의 제기", refund=False).id


MAKINGS = {
    "customer": Making(
        lambda _, gateway: gateway.create_customer("shop7", "일곱째 상점"),
        lambda shop: [row for row in ids(shop.raw.customers.list()) if row != shop.customer],
        "/v1/customers",
        "shop7",
    ),
    "tax id": Making(
        identify, lambda shop: ids(shop.raw.customers.tax_ids.list(shop.customer)), "/v1/customers", "kr_brn"
    ),
    "set-up": Making(set_up, lambda shop: ids(shop.raw.checkout.sessions.list()), "/v1/checkout/sessions"),
    "product": Making(
        subscribe,
        lambda shop: [row.name for row in shop.raw.products.list().data if "human" in row.name],
        "/v1/products",
        "human",
    ),
    "price": Making(
        subscribe,
        lambda shop: ids(shop.raw.prices.list({"lookup_keys": ["test:standard/1:human"]})),
        "/v1/prices",
        "tiers_mode",
    ),
    "tax rate": Making(subscribe, lambda shop: ids(shop.raw.tax_rates.list()), "/v1/tax_rates", "percentage"),
    "subscription": Making(
        subscribe, lambda shop: ids(shop.raw.subscriptions.list({"status": "all"})), "/v1/subscriptions"
    ),
    "item": Making(
        add, lambda shop: ids(shop.raw.invoice_items.list()), "/v1/invoiceitems", before=lambda shop: shop.billed()
    ),
    "finalizing": Making(
        lambda shop, gateway: gateway.finalize(bill(shop)),
        lambda shop: told(shop, "invoice.finalized"),
        "/v1/invoices",
        "auto_advance=true",
        before=lambda shop: shop.billed(),
    ),
    "paying": Making(
        lambda shop, gateway: gateway.pay_by_transfer(bill(shop)),
        lambda shop: told(shop, "invoice.paid"),
        "/v1/invoices",
        "paid_out_of_band",
        before=open_bill,
    ),
    "credit note": Making(
        credit, lambda shop: ids(shop.raw.credit_notes.list()), "/v1/credit_notes", before=open_bill
    ),
}
each = pytest.mark.parametrize("making", MAKINGS.values(), ids=MAKINGS)


@each
def test_asked_for_twice_it_is_made_once(shop: Shop, making: Making) -> None:
    making.before(shop)
    assert making.made(shop) == []
    first = making.act(shop, shop.gateway)
    assert making.act(shop, shop.world.another()) == first
    assert len(making.made(shop)) == 1


@each
def test_made_without_an_answer_it_is_found_again(shop: Shop, making: Making) -> None:
    making.before(shop)
    shop.world.fake.fault("timeout", path=making.path, containing=making.asked, times=3)
    with pytest.raises(GatewayUnavailable):
        making.act(shop, shop.gateway)
    assert len(making.made(shop)) == 1
    # Another process, and for all but a set-up, which is open for a day, later than Stripe remembers its key.
    shop.world.pass_time(hours=23 if "checkout" in making.path else 25)
    making.act(shop, shop.world.another())
    assert len(making.made(shop)) == 1


@each
@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("advised", [None, False])
def test_a_stored_500_does_not_stick(shop: Shop, making: Making, accepted: bool, advised: bool | None) -> None:
    making.before(shop)
    fault = {"path": making.path, "containing": making.asked, "accepted": accepted, "should_retry": advised}
    shop.world.fake.fault("server_error", **fault)
    try:
        making.act(shop, shop.gateway)
    except GatewayUnavailable:
        making.act(shop, shop.world.another())
    assert len(making.made(shop)) == 1


def accounts(shop: Shop, now: Callable[[], int]) -> StripeAccounts:
    api = connect(API_KEY, api_base=shop.world.base, meter_events_base=None, http_client=Quick())
    return StripeAccounts(Account(api, "test", now))


def test_many_stored_500s_hold_nobody_for_longer_than_a_minute(shop: Shop) -> None:
    clock = {"now": 0}
    ours = accounts(shop, lambda: clock["now"])
    shop.world.fake.fault("server_error", path="/v1/customers", containing="shop7", times=2)
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            ours.create_customer("shop7", "일곱째")
    clock["now"] += MINUTE
    made = ours.create_customer("shop7", "일곱째")
    assert [row for row in ids(shop.raw.customers.list()) if row != shop.customer] == [made]


def test_two_at_once_make_one(shop: Shop) -> None:
    """The second has looked before the first has made anything."""
    rival = shop.world.another()

    def win_first(method: str, url: str) -> None:
        if (method, url.rpartition("/")[2]) == ("post", "customers"):
            rival.create_customer("shop7", "일곱째")

    loser = shop.world.another(http=Scripted(win_first))
    assert loser.create_customer("shop7", "일곱째") == rival.create_customer("shop7", "일곱째")
    assert len(ids(shop.raw.customers.list())) == 2


def test_what_was_taken_away_within_the_day_is_made_again(shop: Shop) -> None:
    draft = shop.billed()
    add(shop, shop.gateway)
    [item] = ids(shop.raw.invoice_items.list())
    shop.raw.invoice_items.delete(item)
    add(shop, shop.gateway)
    assert len(ids(shop.raw.invoice_items.list())) == 1
    assert [line.key for line in shop.gateway.invoice(draft.id).lines if line.key] == ["base"]


def test_a_key_that_first_said_something_else_is_not_in_the_way(shop: Shop) -> None:
    shop.world.fake.fault("server_error", path="/v1/customers", containing="shop7", should_retry=False)
    with pytest.raises(GatewayUnavailable):
        shop.gateway.create_customer("shop7", "옛 이름")
    assert shop.gateway.create_customer("shop7", "새 이름") != shop.customer


@each
def test_what_others_made_is_not_ours(shop: Shop, making: Making) -> None:
    making.before(shop)
    foreign(shop)
    before = making.made(shop)
    making.act(shop, shop.gateway)
    assert len(making.made(shop)) == len(before) + 1


def foreign(shop: Shop) -> None:
    """What somebody made by hand, what another stage made, and what another shop has."""
    raw, others = shop.raw, {"stage": "demo", "tenant": "shop1", "key": "base"}
    for metadata in ({}, others):
        raw.customers.create({"name": "남의 것", "metadata": metadata})
        raw.checkout.sessions.create(
            {
                "mode": "setup",
                "customer": shop.customer,
                "currency": "krw",
                "success_url": "https://a.test",
                "metadata": metadata | {"key": "click1"},
            }
        )
        raw.tax_rates.create({"display_name": "VAT", "inclusive": False, "percentage": 10, "metadata": metadata})
        raw.products.create({"name": "human", "metadata": metadata | {"key": "product:human"}})
        for invoice in raw.invoices.list({"customer": shop.customer}).data:
            if invoice.status == "draft":
                raw.invoice_items.create(
                    {"customer": shop.customer, "invoice": invoice.id, "amount": 1, "currency": "krw"}
                    | {"metadata": metadata}  # type: ignore[arg-type]
                )
            else:
                raw.credit_notes.create({"invoice": invoice.id, "amount": 1, "metadata": metadata})
