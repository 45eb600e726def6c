"""A gateway that is connected to a running stand-in, for tests of whatever sends usage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from chalicelib.billing.stripe_gateway import StripeGateway
from tests.fakestripe import API_KEY, FakeStripe, running

HOUR = datetime(2026, 11, 20, 6, tzinfo=UTC)
EVENTS = "/v1/billing/meter_events"
METERS = "/v1/billing/meters"


class Quick(stripe.RequestsClient):
    """The SDK's own client, less patient and without its half second between attempts."""

    def __init__(self, read_seconds: float = 5.0) -> None:
        super().__init__(timeout=(5.0, read_seconds))

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.001 * num_retries


class Scripted(Quick):
    """Does something before each request, and may answer it itself."""

    def __init__(self, script: Callable[[str, str], tuple[bytes, int, dict[str, str]] | None]) -> None:
        super().__init__()
        self._script = script

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any) -> Any:
        return self._script(method, url) or super().request(method, url, headers, post_data)


@dataclass
class World:
    fake: FakeStripe
    base: str
    clock: dict[str, float]
    gateway: StripeGateway = field(init=False)
    customer: str = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = self.another()
        self.customer = self.gateway.create_customer("shop1", "두레 상점")
        self.gateway.ensure_meter("contacts")

    def another(self, key: str = API_KEY, *, http: stripe.HTTPClient | None = None) -> StripeGateway:
        http = http or Quick()
        return StripeGateway(key, api_base=self.base, meter_events_base=None, stage="test", http_client=http)

    def put(self, total: int, *, gateway: StripeGateway | None = None, **changes: Any) -> None:
        wanted: dict[str, Any] = {"event_name": "contacts", "customer": self.customer, "hour": HOUR}
        wanted |= {"total": total, "identifier": "test:shop1:contacts:r1:g0", "attempt": 1}
        (gateway or self.gateway).put_hour_total(**(wanted | changes))

    def pass_time(self, **span: float) -> None:
        self.clock["now"] += timedelta(**span).total_seconds()

    def total(self) -> int:
        return self.fake.total("contacts", self.customer)

    def sent(self, path: str = EVENTS) -> list[tuple[str | None, int]]:
        rows = [row for row in self.fake.requests if row["path"] == path and row["method"] == "POST"]
        return [(row["idempotency_key"], row["status"]) for row in rows]


@contextmanager
def connected() -> Iterator[World]:
    """Yield a world at half past `HOUR`, with one tenant's customer and one meter in it."""
    clock = {"now": (HOUR + timedelta(minutes=30)).timestamp()}
    fake = FakeStripe(now=lambda: clock["now"])
    with running(fake) as base:
        yield World(fake, base, clock)
    fake.close()
