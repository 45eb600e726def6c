"""What disputes, caps, plans and credits need of the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.bills.model import Alert, Dispute, Grant
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won
from chalicelib.metering.model import UsageEntry
from chalicelib.pricing.model import Credit, Plan
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.ports import ChoiceStore


class EntryStore(Protocol):
    """One shop's ledger, by contact and by time of booking."""

    def of_contact(self, contact: str) -> list[UsageEntry]: ...
    def booked(self, start: Millis, end: Millis) -> list[UsageEntry]: ...
    def credit(self, contact: str, episode: int, entries: int) -> Sequence[Write]: ...


class DisputeStore(Protocol):
    """One shop's disputes."""

    def find(self, dispute: str) -> Dispute | None: ...
    def of_month(self, month: str) -> list[Dispute]: ...
    def verdicts(self, month: str) -> int: ...
    def add(self, dispute: Dispute) -> Write: ...
    def decide(self, dispute: Dispute, verdicts: int) -> Sequence[Write]: ...


class CreditStore(Protocol):
    """One shop's credits."""

    def add(self, credit: Credit) -> Sequence[Write]: ...


class AlertStore(Protocol):
    """What one shop was told of its cap."""

    def of_month(self, month: str) -> list[Alert]: ...
    def add(self, alert: Alert) -> Write: ...
    def rearm(self, alert: Alert) -> Write: ...


class GrantStore(Protocol):
    """One shop's service credits."""

    def find(self, month: str) -> Grant | None: ...
    def add(self, grant: Grant) -> Write: ...


class ProfileStore(Protocol):
    """One shop's profile."""

    def current(self) -> Tenant | None: ...
    def save(self, profile: Tenant, before: Tenant | None) -> Write: ...


@dataclass(frozen=True, slots=True)
class Claims:
    """One shop's side of what it asks back: `plan_of` is the plan that a month is billed by, `usage` what its
    contacts cost in won. `tell` returns the writes by which the shop's servers hear of a decided dispute.
    """

    tenant: str
    ledger: EntryStore
    disputes: DisputeStore
    credits: CreditStore
    grants: GrantStore
    plan_of: Callable[[str], Plan]
    usage: Callable[[str], Won]
    commit: Callable[..., None]
    tell: Callable[[Dispute], Sequence[Write]] = lambda _dispute: ()


@dataclass(frozen=True, slots=True)
class Account:
    """One shop's own choices: its plan and its cap, and what it was told of the cap; `spent` is that of a month
    until now, `tell` returns what tells it of an alert.
    """

    profiles: ProfileStore
    alerts: AlertStore
    spent: Callable[[Tenant, Millis], Won]
    commit: Callable[..., None]
    choices: ChoiceStore
    tell: Callable[[Alert], list[Write]]
