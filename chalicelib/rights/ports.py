"""What rights and retention need of the world."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.aws.tables import Write
from chalicelib.contacts.erasure import Hold
from chalicelib.contacts.model import Contact, Status, Story
from chalicelib.customers.model import Customer, Tombstone
from chalicelib.customers.ports import Cipher
from chalicelib.kernel.clock import Millis
from chalicelib.privacy.model import Field
from chalicelib.rights.model import Counts, Erasure
from chalicelib.tenants.model import Tenant


class CustomerStore(Protocol):
    """What this module needs of a store of one tenant's customers."""

    def handle(self, customer: str) -> str: ...
    def get(self, customer: str) -> Customer: ...
    def read(self, handle: str) -> Customer | None: ...
    def find(self, field: Field, value: str) -> list[Customer]: ...
    def contacts(self, handle: str) -> list[str]: ...
    def handles(self) -> Iterator[str]: ...
    def forget(self, handle: str) -> list[Write]: ...
    def unlink(self, handle: str, contact: str) -> Write: ...
    def bury(self, stone: Tombstone) -> Write: ...
    def tombstone(self, handle: str) -> Tombstone | None: ...


class ContactReader(Protocol):
    """What this module needs of a store of one tenant's contacts: what expired or was erased is not there."""

    def story(self, contact: str) -> Story: ...


class ContactEraser(Protocol):
    """What this module needs to take people out of one tenant's contacts, and to keep contacts for a dispute."""

    def erase(self, contact: str, at: Millis) -> list[Sequence[Write]]: ...
    def listed(self, status: Status, before: Millis | None = None) -> Iterator[str]: ...
    def find(self, contact: str) -> Contact | None: ...
    def hold(self, hold: Hold) -> Write: ...
    def release(self, contact: str) -> Write: ...
    def held(self, now: Millis) -> dict[str, Hold]: ...


class ErasureStore(Protocol):
    """What this module needs of a store of one tenant's erasures."""

    def get(self, erasure: str) -> Erasure: ...
    def start(self, erasure: Erasure, due: Millis) -> Write: ...
    def tally(self, erasure: str, counts: Counts) -> Write: ...
    def wait(self, erasure: str, due: Millis, certificate: str = "") -> Write: ...
    def finish(self, erasure: str, certificate: str) -> Write: ...


class AccessHistory(Protocol):
    """Who looked at a customer's data until now, as an export shows it, in order of time."""

    def __call__(self, handle: str, now: Millis) -> Sequence[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Registry:
    """One tenant's records under law: its stores, and how to commit.

    `doors` are closed before a tenant is erased (keys, widgets, hooks, letters): each may be called again.
    `let_go` takes away what stands beside a contact (files, ratings, drafts), and may be called again. `secret`
    signs certificates.
    """

    tenant: Tenant
    customers: CustomerStore
    contacts: ContactReader
    eraser: ContactEraser
    erasures: ErasureStore
    cipher: Cipher
    accesses: AccessHistory
    doors: Sequence[Callable[[Millis], None]]
    let_go: Callable[[str], None]
    commit: Callable[..., None]
    secret: str
