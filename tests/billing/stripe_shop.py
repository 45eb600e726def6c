"""A shop with a subscription at the running stand-in, for tests of what the gateway does with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import stripe

from chalicelib.billing.model import EVENT_NAMES, Invoice, Subscription
from chalicelib.billing.stripe_gateway import StripeGateway
from chalicelib.kernel.clock import SECOND, month_span
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate, Tier
from tests.fakestripe import API_KEY
from tests.fakestripe.world import HOUR, Quick, World, connected

MONTH = "2026-11"
PLAN = Plan(
    "standard/1",
    "표준",
    "Standard",
    "2026-01",
    (Rate(Meter.HUMAN, (Tier(3, 0), Tier(5, 900), Tier(None, 700))), Rate(Meter.BOT, (Tier(None, 155),))),
)


@dataclass
class Shop:
    world: World
    raw: stripe.V1Services

    @property
    def gateway(self) -> StripeGateway:
        return self.world.gateway

    @property
    def customer(self) -> str:
        return self.world.customer

    def subscribe(self, plan: Plan = PLAN, since: str = MONTH) -> Subscription:
        return self.gateway.subscribe("shop1", self.customer, plan, since)

    def use(self, total: int, *, meter: Meter = Meter.HUMAN, hour: datetime = HOUR) -> None:
        name = f"{meter}:{hour.isoformat()}:{total}"
        self.world.put(total, event_name=EVENT_NAMES[meter], hour=hour, identifier=name)

    def charged_card(self) -> object:
        """The payment method that invoices are charged to."""
        settings = self.raw.customers.retrieve(self.customer).invoice_settings
        assert settings is not None
        return settings.default_payment_method

    def card(self, key: str = "card") -> str:
        """The shop registers a card on the page of Stripe, which is then used; returns the set-up session."""
        self.gateway.setup_link(self.customer, "https://shop.test/back", key)
        session = self.raw.checkout.sessions.list({"customer": self.customer}).data[0].id
        self.world.fake.complete_checkout(session)
        self.gateway.use_card(self.customer, session)
        return session

    def to_end_of(self, month: str = MONTH) -> None:
        """Half an hour into the next month of Korea."""
        end = datetime.fromtimestamp(month_span(month)[1] // SECOND, UTC)
        self.world.clock["now"] = (end + timedelta(minutes=30)).timestamp()

    def billed(self, human: int = 7, bot: int = 0) -> Invoice:
        """The draft of a month with this usage, held."""
        self.subscribe()
        for meter, total in ((Meter.HUMAN, human), (Meter.BOT, bot)):
            if total:
                self.use(total, meter=meter)
        self.to_end_of()
        [draft] = [bill for bill in self.gateway.invoices(self.customer) if bill.month == MONTH]
        return self.gateway.hold(draft.id)

    def paid_by_card(self, human: int = 7) -> Invoice:
        """The month's invoice, finalized and charged."""
        draft = self.billed(human)
        self.card()
        self.raw.invoices.update(draft.id, {"collection_method": "charge_automatically"})
        return self.gateway.finalize(draft.id)

    def final(self, human: int = 7) -> Invoice:
        return self.gateway.finalize(self.billed(human).id)


@contextmanager
def open_shop() -> Iterator[Shop]:
    with connected() as world:
        client = stripe.StripeClient(API_KEY, base_addresses={"api": world.base}, http_client=Quick())
        yield Shop(world, client.v1)
