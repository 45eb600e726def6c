"""A stand-in with a clock of its own, and a short way to call it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fakestripe.errors import Doc
from tests.fakestripe.fake import API_KEY, FakeStripe
from tests.fakestripe.months import Months, subscribed
from tests.fakestripe.wire import Reply, Request

NOW = 1_795_000_000.0
HOUR = 3600
THIS_HOUR = int(NOW) - int(NOW) % HOUR


@dataclass
class Clock:
    seconds: float = NOW

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Shop:
    """One customer and one hourly meter at a stand-in."""

    clock: Clock = field(default_factory=Clock)
    fake: FakeStripe = field(init=False)
    customer: str = field(init=False)
    meter: str = field(init=False)

    def __post_init__(self) -> None:
        self.fake = FakeStripe(now=self.clock)
        self.customer = self.body("POST", "/v1/customers", {"name": "가게"})["id"]
        self.meter = self.body("POST", "/v1/billing/meters", METER)["id"]

    def call(
        self,
        method: str,
        path: str,
        params: Doc | None = None,
        *,
        key: str | None = None,
        bearer: str = API_KEY,
    ) -> Reply:
        headers = {"authorization": f"Bearer {bearer}"} | ({"idempotency-key": key} if key else {})
        return self.fake.handle(Request(method, path, urlencode(params or {}), headers))

    def body(self, method: str, path: str, params: Doc | None = None) -> Doc:
        reply = self.call(method, path, params)
        assert reply.status == 200, reply.body
        return reply.body

    def event(self, value: str, *, key: str | None = None, **changes: Any) -> Reply:
        params: Doc = {
            "event_name": "contacts",
            "payload[stripe_customer_id]": self.customer,
            "payload[value]": value,
            "timestamp": int(self.clock.seconds),
        }
        return self.call("POST", "/v1/billing/meter_events", params | changes, key=key)

    def summaries(self, **params: object) -> Reply:
        span: Doc = {"customer": self.customer, "start_time": THIS_HOUR, "end_time": THIS_HOUR + HOUR}
        return self.call("GET", f"/v1/billing/meters/{self.meter}/event_summaries", span | params)

    def total(self) -> int:
        return self.fake.total("contacts", self.customer)


METER = {
    "display_name": "Contacts",
    "event_name": "contacts",
    "event_time_window": "hour",
    "default_aggregation[formula]": "sum",
}


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.fake.close()


@pytest.fixture
def months() -> Iterator[Months]:
    with subscribed() as shop:
        yield shop
