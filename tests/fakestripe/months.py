"""A shop that subscribes to two meters in Korean months, at a stand-in that the SDK talks to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import stripe

from tests.fakestripe.fake import API_KEY, FakeStripe
from tests.fakestripe.server import running

KST = timezone(timedelta(hours=9))
HOUR = 3600
DAY = 24 * HOUR
MONTH_ENDS: dict[str, Any] = {"day_of_month": 31, "hour": 15, "minute": 0, "second": 0}
TIERS: list[Any] = [{"up_to": 10, "unit_amount": 0}, {"up_to": 100, "unit_amount": 900}]
TIERS.append({"up_to": "inf", "unit_amount": 700})


def kst(year: int, month: int, day: int) -> int:
    """Return the beginning of a Korean day as seconds."""
    return int(datetime(year, month, day, tzinfo=KST).timestamp())


DECEMBER, JANUARY, FEBRUARY, MARCH = kst(2026, 12, 1), kst(2027, 1, 1), kst(2027, 2, 1), kst(2027, 3, 1)


@dataclass
class Months:
    """One customer, two hourly meters and their prices; it is 5 December 2026."""

    fake: FakeStripe
    clock: dict[str, float]
    base: str
    customer: str = field(init=False)
    prices: dict[str, str] = field(init=False)
    vat: str = field(init=False)

    def __post_init__(self) -> None:
        self.sdk = stripe.StripeClient(API_KEY, base_addresses={"api": self.base}).v1
        self.customer = self.sdk.customers.create({"name": "두레 상점"}).id
        product = self.sdk.products.create({"name": "Contacts"}).id
        self.prices = {name: self._price(name, product) for name in ("human", "bot")}
        rate = {"display_name": "VAT", "percentage": 10, "inclusive": False, "metadata": {"duredesk": "vat"}}
        self.vat = self.sdk.tax_rates.create(rate).id  # type: ignore[arg-type]

    def _price(self, name: str, product: str) -> str:
        meter: Any = {"display_name": name, "event_name": name, "default_aggregation": {"formula": "sum"}}
        ident = self.sdk.billing.meters.create(meter | {"event_time_window": "hour"}).id
        price: Any = {"currency": "krw", "product": product, "billing_scheme": "tiered", "tiers_mode": "graduated"}
        recurring = {"interval": "month", "usage_type": "metered", "meter": ident}
        price |= {"lookup_key": f"test:standard/1:{name}", "recurring": recurring, "tiers": TIERS}
        return self.sdk.prices.create(price).id

    def subscribe(self, **changes: Any) -> stripe.Subscription:
        """Subscribe from 1 December on, billed by invoice."""
        params: Any = {
            "customer": self.customer,
            "items": [{"price": price} for price in self.prices.values()],
            "billing_mode": {"type": "flexible"},
            "billing_cycle_anchor_config": MONTH_ENDS,
            "backdate_start_date": DECEMBER,
            "proration_behavior": "none",
            "collection_method": "send_invoice",
            "days_until_due": 14,
            "default_tax_rates": [self.vat],
            "metadata": {"tenant": "shop1"},
        }
        wanted = {name: value for name, value in (params | changes).items() if value is not None}
        return self.sdk.subscriptions.create(wanted)  # type: ignore[arg-type]

    def use(self, name: str, when: int, total: int) -> None:
        """State the total of an hour, at that time or now, whichever is later."""
        self.at(max(self.clock["now"], when))
        payload = {"stripe_customer_id": self.customer, "value": str(total)}
        self.sdk.billing.meter_events.create({"event_name": name, "payload": payload, "timestamp": when})

    def at(self, moment: float) -> None:
        """Let it be that time."""
        self.clock["now"] = moment

    def invoices(self, **query: Any) -> list[stripe.Invoice]:
        """List the customer's invoices, newest first."""
        wanted: Any = {"customer": self.customer, **query}
        return list(self.sdk.invoices.list(wanted).auto_paging_iter())

    def draft(self) -> stripe.Invoice:
        """Bill December: 120 human contacts, 5 by the bot; the draft is held."""
        self.subscribe()
        self.use("human", DECEMBER, 120)
        self.use("bot", JANUARY - HOUR, 5)
        self.at(JANUARY + 60)
        return self.sdk.invoices.update(self.invoices()[0].id, {"auto_advance": False})

    def issued(self) -> stripe.Invoice:
        """Finalize the draft of December."""
        return self.sdk.invoices.finalize_invoice(self.draft().id, {"auto_advance": True})

    def card(self, *, declines: bool = False) -> str:
        """Register a card and make it the default."""
        url = "https://example.com"
        params: Any = {"mode": "setup", "customer": self.customer, "currency": "krw", "success_url": url}
        session = self.sdk.checkout.sessions.create(params)
        self.fake.complete_checkout(session.id, declines=declines)
        done = self.sdk.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
        assert isinstance(done.setup_intent, stripe.SetupIntent)
        method = str(done.setup_intent.payment_method)
        self.sdk.customers.update(self.customer, {"invoice_settings": {"default_payment_method": method}})
        return method

    def told(self, *kinds: str) -> list[str]:
        """List the types of the events so far that begin with one of the kinds, oldest first."""
        rows = [event["type"] for event in self.fake.objects("notice")]
        return [row for row in rows if row.startswith(kinds)]


@contextmanager
def subscribed() -> Iterator[Months]:
    """Yield a shop at a running stand-in."""
    clock = {"now": float(kst(2026, 12, 5))}
    fake = FakeStripe(now=lambda: clock["now"])
    with running(fake) as base:
        yield Months(fake, clock, base)
    fake.close()
