"""Stripe's test mode: a key that must be one, customers that are deleted afterwards, and clocks for them to wear.

What was measured is kept in `.local/sandbox.json`: some of it no test can judge, and people want to know it.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import pytest
import stripe
from stripe.params import test_helpers

from chalicelib.billing.model import EVENT_NAMES, Invoice
from chalicelib.billing.ports import Gateway
from chalicelib.billing.stripe_client import RETRIES, TIMEOUT_SECONDS
from chalicelib.billing.stripe_gateway import StripeGateway
from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis, kst_month, month_span, utc
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.plans import plan

VARIABLE = "STRIPE_SANDBOX_KEY"
PREFIX = "sk_test_"
STAGE = "sandbox"
PLAN = "standard/1"
FOUND = Path(__file__).resolve().parents[2] / ".local" / "sandbox.json"
SETTLE_SECONDS = 15 * 60
"""How long reconciliation waits before it calls an hour wrong."""


class NotASandbox(Exception):
    """The key would reach real money, or nothing."""


def checked(key: str) -> str:
    """Return the key if it is a secret key of the test mode."""
    if not key.startswith(PREFIX):
        raise NotASandbox(f"{VARIABLE} must begin with {PREFIX}")
    return key


def now() -> Millis:
    return int(time() * SECOND)


def hour_of(at: Millis) -> datetime:
    """Return the beginning of the UTC hour that holds `at`."""
    return utc(at - at % HOUR)


def eventually(holds: Callable[[], bool], seconds: float = SETTLE_SECONDS) -> float:
    """Return after how many seconds something held, or fail."""
    begun = monotonic()
    while not holds():
        assert monotonic() - begun < seconds, f"not within {seconds} s"
        sleep(2)
    return monotonic() - begun


def per_meter(invoice: Invoice) -> dict[Meter, tuple[int, Won]]:
    """Return contacts and won of each meter: an invoice may well have a line for each tier."""
    sums = {meter: (0, 0) for meter in Meter}
    for line in invoice.lines:
        if line.meter is not None:
            quantity, won = sums[line.meter]
            sums[line.meter] = (quantity + line.quantity, won + line.won)
    return sums


@dataclass
class Sandbox:
    """Our gateway and the bare SDK at Stripe, and whatever has to be removed again."""

    sdk: stripe.StripeClient
    gateway: Gateway
    found: dict[str, Any] = field(default_factory=dict)
    _customers: list[str] = field(default_factory=list)
    _clocks: list[str] = field(default_factory=list)

    def customer(self) -> str:
        """Return a new customer of ours."""
        made = self.gateway.create_customer(f"sandbox{secrets.token_hex(6)}", "두레데스크 시험")
        self._customers.append(made)
        return made

    def calendar(self, start: Millis) -> "Calendar":
        """Return a customer whose time is our own to move, beginning at `start`."""
        params: test_helpers.TestClockCreateParams = {"frozen_time": start // SECOND, "name": "duredesk"}
        clock = self.sdk.v1.test_helpers.test_clocks.create(params).id
        self._clocks.append(clock)
        tenant = f"sandbox{secrets.token_hex(6)}"
        owned = {"tenant": tenant, "stage": STAGE}
        # A clock is put on at birth, which our gateway has no reason to know of.
        made = self.sdk.v1.customers.create({"name": "두레데스크 시험", "metadata": owned, "test_clock": clock})
        return Calendar(self, clock, tenant, made.id)

    def put(
        self,
        customer: str,
        hour: datetime,
        total: int,
        rev: int = 1,
        *,
        meter: Meter = Meter.HUMAN,
        attempt: int = 1,
    ) -> str:
        """State an hour's total and return the name under which it was sent."""
        name = f"{STAGE}:{customer}:{meter}:{hour:%Y-%m-%dT%H}:r{rev}:g0"
        self.gateway.ensure_meter(EVENT_NAMES[meter])
        self.gateway.put_hour_total(
            event_name=EVENT_NAMES[meter],
            customer=customer,
            hour=hour,
            total=total,
            identifier=name,
            attempt=attempt,
        )
        return name

    def settled(self, customer: str, hour: datetime, total: int, meter: Meter = Meter.HUMAN) -> float:
        """Wait until Stripe's summary of the hour says `total`, and return for how many seconds."""

        def same() -> bool:
            start, end = hour, utc(int(hour.timestamp()) * SECOND + HOUR)
            held = self.gateway.hour_totals(event_name=EVENT_NAMES[meter], customer=customer, start=start, end=end)
            return held.get(hour, 0) == total

        return eventually(same)

    def clean(self) -> None:
        """Delete what was made; a clock takes its customer and subscriptions along. Meters and prices stay."""
        FOUND.parent.mkdir(exist_ok=True)
        FOUND.write_text(json.dumps(self.found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        for clock in self._clocks:
            self.sdk.v1.test_helpers.test_clocks.delete(clock)
        for customer in self._customers:
            self.sdk.v1.customers.delete(customer)


@dataclass(frozen=True)
class Calendar:
    """A customer with a clock of its own."""

    sandbox: Sandbox
    clock: str
    tenant: str
    customer: str

    def advance(self, to: Millis) -> None:
        """Move the customer's time and wait until Stripe has done all that was due by then."""
        clocks = self.sandbox.sdk.v1.test_helpers.test_clocks
        clocks.advance(self.clock, {"frozen_time": to // SECOND})
        eventually(lambda: clocks.retrieve(self.clock).status == "ready")

    def subscribe(self, since: str) -> None:
        self.sandbox.gateway.subscribe(self.tenant, self.customer, plan(PLAN), since)

    def register_card(self) -> None:
        """Give the customer a card, as Checkout would have done."""
        sdk = self.sandbox.sdk.v1
        card = sdk.payment_methods.attach("pm_card_visa", {"customer": self.customer})
        sdk.customers.update(self.customer, {"invoice_settings": {"default_payment_method": card.id}})

    def invoice(self, month: str) -> Invoice:
        """Return the newest invoice of a month."""
        return next(one for one in self.sandbox.gateway.invoices(self.customer) if one.month == month)


@dataclass(frozen=True)
class Month:
    """A month with usage in it that has ended for the customer: its invoice is a draft, and held."""

    calendar: Calendar
    name: str
    hour: datetime

    @property
    def end(self) -> Millis:
        return month_span(self.name)[1]

    def draft(self) -> Invoice:
        return self.calendar.invoice(self.name)


def ended_month(sandbox: Sandbox, human: int, bot: int, *, card: bool = False) -> Month:
    """Return a month of the real past or present, used so much, that the customer's own clock has ended.

    Usage is dated in real time, and only the customer's clock runs ahead: nothing here depends on how Stripe dates
    usage under a clock.
    """
    name = kst_month(now() - 3 * HOUR)
    start, end = month_span(name)
    calendar = sandbox.calendar(start + HOUR)
    if card:
        calendar.register_card()
    calendar.subscribe(name)
    month = Month(calendar, name, hour_of(min(now() - 2 * HOUR, end - HOUR)))
    for meter, total in ((Meter.HUMAN, human), (Meter.BOT, bot)):
        sandbox.put(calendar.customer, month.hour, total, meter=meter)
        sandbox.settled(calendar.customer, month.hour, total, meter)
    calendar.advance(end + 10 * MINUTE)
    sandbox.gateway.hold(month.draft().id)
    return month


def opened() -> Sandbox:
    """Return the sandbox that the environment names; skip without one."""
    key = os.environ.get(VARIABLE, "")
    if not key:
        pytest.skip(f"{VARIABLE} is not set")
    http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
    sdk = stripe.StripeClient(checked(key), max_network_retries=RETRIES, http_client=http)
    return Sandbox(sdk, StripeGateway(key, api_base=None, meter_events_base=None, stage=STAGE))
