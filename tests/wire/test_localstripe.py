"""Our gateway, and the SDK with its settings, against localstripe 1.15.10: Stripe as somebody else understood it.

It models customers, cards, licensed plans and the way from an invoice to the balance, and signs its webhooks as
Stripe does. It knows no prices, meters, Checkout, credit notes or Korean registration numbers, refuses
`auto_advance`, tells of no payment that failed, and takes no fee. It ignores the Idempotency-Key, so what is
made once here was made once by our own look-ups. Its subscriptions and invoices have the shape of a Stripe of
years ago, which is why the SDK reads them here and our gateway does not.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import stripe

from chalicelib.billing.model import GatewayRefused, GatewayUnavailable, Identity
from chalicelib.billing.ports import Gateway
from chalicelib.billing.stripe_gateway import StripeGateway
from chalicelib.billing.webhooks import check_signature, read_event
from chalicelib.kernel.errors import BadInput
from tests.wire.conftest import StandIn
from tests.wire.inbox import SECRET, Delivery
from tests.wire.process import end

pytestmark = pytest.mark.wire

GOOD_CARD = "4242424242424242"
REFUSED_CARD = "4000000000000341"
WON = 9_900
VAT = 990


@dataclass(frozen=True)
class Sale:
    """A tenant that pays a fixed price every month by card."""

    customer: str
    subscription: stripe.Subscription

    def charge(self, sdk: stripe.StripeClient) -> stripe.Charge:
        [only] = sdk.v1.charges.list({"customer": self.customer}).data
        return only

    def invoice(self, sdk: stripe.StripeClient) -> stripe.Invoice:
        [only] = sdk.v1.invoices.list({"customer": self.customer}).data
        return only


def sold(localstripe: StandIn, card: str) -> Sale:
    sdk = localstripe.sdk.v1
    customer = localstripe.gateway.create_customer("danbi", "단비 상점")
    number: stripe.params.PaymentMethodCreateParamsCard = {
        "number": card,
        "exp_month": 12,
        "exp_year": 2031,
        "cvc": "123",
    }
    method = sdk.payment_methods.create({"type": "card", "card": number})
    sdk.payment_methods.attach(method.id, {"customer": customer})
    sdk.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})
    product = sdk.products.create({"name": "상담 한 달"})
    plan = sdk.plans.create({"amount": WON, "currency": "krw", "interval": "month", "product": product.id})
    tax = sdk.tax_rates.create({"display_name": "부가세", "inclusive": False, "percentage": 10})
    items: list[stripe.params.SubscriptionCreateParamsItem] = [{"plan": plan.id, "quantity": 1}]
    made = sdk.subscriptions.create({"customer": customer, "items": items, "default_tax_rates": [tax.id]})
    return Sale(customer, made)


def test_a_tenant_has_one_customer_however_often_it_is_made(localstripe: StandIn) -> None:
    first = localstripe.gateway.create_customer("danbi", "단비 상점")
    assert localstripe.gateway.create_customer("danbi", "단비 상점") == first
    assert localstripe.gateway.create_customer("haneul", "하늘 상점") != first
    stored = localstripe.sdk.v1.customers.retrieve(first)
    assert stored.name == "단비 상점"
    assert stored.metadata is not None
    assert stored.metadata.to_dict() == {"tenant": "danbi", "stage": "wire"}


def test_a_customer_is_found_behind_a_hundred_others(localstripe: StandIn) -> None:
    for number in range(100):
        localstripe.sdk.v1.customers.create({"name": f"남의 손님 {number}"})
    ours = localstripe.gateway.create_customer("danbi", "단비 상점")
    assert localstripe.gateway.create_customer("danbi", "단비 상점") == ours
    assert len(list(localstripe.sdk.v1.customers.list({"limit": 100}).auto_paging_iter())) == 101


def test_the_stand_in_itself_makes_a_repeated_key_twice(localstripe: StandIn) -> None:
    made = [localstripe.sdk.v1.customers.create({}, {"idempotency_key": "one"}).id for _ in range(2)]
    assert len(set(made)) == 2


def test_a_subscription_is_invoiced_charged_and_reaches_the_balance(localstripe: StandIn) -> None:
    sdk = localstripe.sdk
    sale = sold(localstripe, GOOD_CARD)
    assert sale.subscription.status == "active"
    invoice = sale.invoice(sdk)
    assert (invoice.status, invoice.currency) == ("paid", "krw")
    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (WON, WON + VAT, WON + VAT)
    assert [line.amount for line in invoice.lines.data] == [WON]
    charge = sale.charge(sdk)
    assert (charge.amount, charge.status) == (invoice.total, "succeeded")
    assert isinstance(charge.balance_transaction, str)
    booked = sdk.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert (booked.source, booked.type) == (charge.id, "charge")
    assert (booked.amount, booked.fee, booked.net) == (charge.amount, 0, charge.amount)


def test_a_refund_takes_its_part_from_the_balance(localstripe: StandIn) -> None:
    charge = sold(localstripe, GOOD_CARD).charge(localstripe.sdk)
    refund = localstripe.sdk.v1.refunds.create({"charge": charge.id, "amount": 1_000})
    assert refund.status == "succeeded"
    movements = localstripe.sdk.v1.balance_transactions.list().data
    assert {(one.type, one.amount, one.source) for one in movements} == {
        ("charge", WON + VAT, charge.id),
        ("refund", -1_000, refund.id),
    }


def test_a_refused_card_leaves_the_invoice_open_and_the_balance_empty(localstripe: StandIn) -> None:
    sale = sold(localstripe, REFUSED_CARD)
    assert sale.subscription.status == "incomplete"
    invoice = sale.invoice(localstripe.sdk)
    assert (invoice.status, invoice.amount_due, invoice.amount_paid) == ("open", WON + VAT, 0)
    assert sale.charge(localstripe.sdk).status == "failed"
    assert localstripe.sdk.v1.balance_transactions.list().data == []
    # It sends no word of a payment that failed: what came last is all that came.
    localstripe.inbox.wait_for("customer.subscription.created")
    assert "invoice.payment_succeeded" not in localstripe.inbox.types()


def test_every_event_is_signed_for_us_and_tells_what_the_list_tells(localstripe: StandIn) -> None:
    sold(localstripe, GOOD_CARD)
    told = localstripe.inbox.wait_for("invoice.payment_succeeded", "customer.subscription.created")
    listed = {event.id: event.type for event in localstripe.sdk.v1.events.list({"limit": 100}).data}
    assert {one.event().id: one.event().type for one in told} == listed
    for one in told:
        check_signature(one.body, one.signature, [SECRET])
        ours = read_event(one.body, live=False)
        assert (ours.type, ours.about) == (listed[ours.id], one.event().data.object.to_dict()["id"])
    assert {"customer.created", "invoice.created", "invoice.payment_succeeded"} <= set(listed.values())


def test_an_altered_or_foreign_event_is_not_taken(localstripe: StandIn) -> None:
    localstripe.gateway.create_customer("danbi", "단비 상점")
    [told] = localstripe.inbox.wait_for("customer.created")
    assert told.event().data.object.to_dict()["name"] == "단비 상점"
    altered = told.body.replace(b"danbi", b"haneul")
    again = json.dumps(json.loads(told.body), ensure_ascii=False).encode()
    for body in (altered, again):
        with pytest.raises(stripe.SignatureVerificationError):
            Delivery(body, told.signature).event()
        with pytest.raises(BadInput):
            check_signature(body, told.signature, [SECRET])
    with pytest.raises(stripe.SignatureVerificationError):
        told.event("whsec_of_somebody_else")
    with pytest.raises(BadInput):
        check_signature(told.body, told.signature, ["whsec_of_somebody_else"])


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda gateway, _: gateway.ensure_meter("contacts"), id="meters"),
        pytest.param(
            lambda gateway, customer: gateway.identify(
                customer, Identity("단비 주식회사", "owner@example.com", "1248100998")
            ),
            id="kr_brn",
        ),
        pytest.param(
            lambda gateway, customer: gateway.setup_link(customer, "http://127.0.0.1/", "k"), id="Checkout"
        ),
        pytest.param(lambda gateway, customer: gateway.portal_link(customer, "http://127.0.0.1/"), id="portal"),
        pytest.param(lambda gateway, _: gateway.transactions(0, 1), id="balance by time"),
    ],
)
def test_what_it_does_not_model_is_refused_for_good(
    localstripe: StandIn, call: Callable[[Gateway, str], object]
) -> None:
    customer = localstripe.gateway.create_customer("danbi", "단비 상점")
    with pytest.raises(GatewayRefused):
        call(localstripe.gateway, customer)


def test_a_key_that_is_none_is_refused(localstripe: StandIn) -> None:
    stranger = StripeGateway("nobody", api_base=localstripe.base, meter_events_base=None, stage="wire")
    with pytest.raises(GatewayRefused):
        stranger.create_customer("danbi", "단비 상점")


def test_a_provider_that_is_gone_may_be_asked_again(localstripe: StandIn) -> None:
    localstripe.gateway.create_customer("danbi", "단비 상점")
    end(localstripe.process)
    with pytest.raises(GatewayUnavailable):
        localstripe.gateway.create_customer("haneul", "하늘 상점")
