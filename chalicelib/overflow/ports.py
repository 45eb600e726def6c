"""What holding back and letting in need of the world."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from chalicelib.agents.model import Presence
from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Contact
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won
from chalicelib.overflow.model import SurgeEvent, SurgeState, Ticket
from chalicelib.routing.model import Lane, Reading, Turn
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Contract, Step, Tenant


class Tickets(Protocol):
    """What this module needs of the overflow queue."""

    def receive(self, most: int) -> list[Ticket]: ...
    def done(self, ticket: Ticket) -> None: ...


class HeldClock(Protocol):
    """What this module needs of a store of one lane's clock in one pool."""

    def look(self) -> Reading: ...
    def hold(self, before: Reading, clock: Millis, rank: Millis, now: Millis) -> Write: ...
    def admit(self, before: Reading, after: Millis, rank: Millis) -> Write: ...
    def release(self, before: Reading) -> Write: ...


class HeldContacts(Protocol):
    """What this module needs of a store of one tenant's contacts."""

    def get(self, contact: str) -> Contact: ...
    def save(self, before: Contact, after: Contact) -> Write: ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """One lane of a tenant as a pool sees it: its clock there, and what is held back, the oldest first."""

    contract: Contract
    clock: HeldClock
    contacts: HeldContacts
    oldest: Callable[[int], list[str]]
    any_waiting: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Gate:
    """Between overflow and the pools' queues; `acting` lets the calls within touch the rows of one tenant.

    `failed` is told of a turn whose contacts cannot be read: pulls leave it out for a while.
    """

    tickets: Tickets
    turns: Callable[[str, Millis], list[Turn]]
    lanes: Callable[[str], Iterator[tuple[str, Lane, Millis]]]
    presence: Callable[[str, Millis], Presence]
    waiting: Callable[[str], int]
    backlog: Callable[[str, str, Lane, Millis], Backlog]
    contacts: Callable[[str], HeldContacts]
    commit: Callable[..., None]
    failed: Callable[[str, Turn, Millis], None] = lambda _pool, _turn, _now: None
    acting: Callable[[str], AbstractContextManager[None]] = lambda _tenant: nullcontext()


class SurgeStore(Protocol):
    """What this module needs of a store of one shop's pressure."""

    def state(self) -> SurgeState: ...
    def save(self, before: SurgeState, after: SurgeState) -> Write: ...
    def record(self, event: SurgeEvent) -> Write: ...


class SurgeClock(Protocol):
    """What the ladder needs of a store of one lane's clock in one pool."""

    def look(self) -> Reading: ...
    def tell(self, before: Reading, steps: frozenset[Step], *, shut: bool, rank: Millis) -> Write: ...
    def release(self, before: Reading) -> Write: ...


@dataclass(frozen=True, slots=True)
class Watch:
    """One shop as its ladder sees it: since when each contact of a lane is held back, and the next one's wait.

    `spent` is this month's bill so far; `mark` gives a lane its turn in a pool.
    """

    tenant: Tenant
    surges: SurgeStore
    held: Callable[[Lane, Millis], list[Millis]]
    wait: Callable[[Lane, Millis], Wait | None]
    spent: Callable[[Millis], Won]
    clock: Callable[[str, Lane], SurgeClock]
    mark: Callable[[str, Lane, Millis], None]
    commit: Callable[..., None]
    staffed: Callable[[str, Millis], bool]
