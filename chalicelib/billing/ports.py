"""What billing needs of the world: the payment provider, and stores."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Story
from chalicelib.kernel.clock import Millis
from chalicelib.metering.model import Meter, UsageEntry, Window
from chalicelib.tenants.model import Tenant


class Gateway(Protocol):
    """The payment provider; raises GatewayUnavailable or GatewayRefused."""

    def ensure_meter(self, event_name: str) -> str: ...
    def create_customer(self, tenant: str, name: str) -> str: ...
    def put_hour_total(
        self, *, event_name: str, customer: str, hour: datetime, total: int, identifier: str, attempt: int
    ) -> None: ...
    def hour_totals(
        self, *, event_name: str, customer: str, start: datetime, end: datetime
    ) -> dict[datetime, int]: ...


class WindowStore(Protocol):
    """One tenant's windows."""

    def find(self, meter: Meter, hour: str) -> Window | None: ...
    def between(self, meter: Meter, first: str, last: str) -> list[Window]: ...
    def lease(self, window: Window, now: Millis, until: Millis) -> Write: ...
    def sent(self, window: Window, now: Millis) -> Write: ...
    def sent_but_moved(self, window: Window, now: Millis) -> Write: ...
    def refuse(self, window: Window, why: str) -> Write: ...
    def repair(self, meter: Meter, hour: str, now: Millis) -> Write: ...


class CustomerStore(Protocol):
    """The Stripe customer of one tenant."""

    def find(self) -> str | None: ...
    def bind(self, customer: str) -> Write: ...


class EntryStore(Protocol):
    """One tenant's ledger, by contact and by time of booking."""

    def of_contact(self, contact: str) -> list[UsageEntry]: ...
    def booked(self, start: Millis, end: Millis) -> list[UsageEntry]: ...


class StoryStore(Protocol):
    """One tenant's contacts, as reconciliation reads them."""

    def ids(self, since: Millis) -> Iterable[str]: ...
    def story(self, contact: str) -> Story: ...


@dataclass(frozen=True, slots=True)
class Till:
    """One tenant's side of billing."""

    tenant: Tenant
    stage: str
    windows: WindowStore
    customers: CustomerStore
    gateway: Gateway
    commit: Callable[..., None]
