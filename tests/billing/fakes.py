"""The provider in memory, with what it tells, and what hears it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from chalicelib.billing.listening import Ear
from chalicelib.billing.model import GatewayRefused, Invoice, InvoiceStatus, ProviderEvent
from chalicelib.billing.ports import Till
from chalicelib.kernel.clock import DAY, Millis
from tests.billing import fake_gateway
from tests.billing.world import FakeCustomers, FakeIdentities, FakeMirror
from tests.fakes import FakeWindows, commit
from tests.samples import NOON, SHOP


@dataclass
class Gateway(fake_gateway.FakeGateway):
    """The whole port; `shows` is an older state that a read may find in place of the present one."""

    now: Millis = NOON
    shows: list[Invoice] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)

    def invoice(self, invoice: str) -> Invoice:
        present = super().invoice(invoice)
        return self.shows.pop(0) if self.shows and self.shows[0].id == invoice else present

    def use_card(self, customer: str, session: str) -> None:
        if self.sessions.get(session) != customer:
            raise GatewayRefused("session_mismatch", "this session is another customer's")
        super().use_card(customer, session)

    def put(self, invoice: Invoice) -> None:
        """Let the provider hold this invoice."""
        self.bills[invoice.id] = invoice

    def move(self, invoice: str, status: InvoiceStatus) -> None:
        """Let the provider change an invoice's status by hand."""
        self.put(replace(self.bills[invoice], status=status))


@dataclass
class FakeEvents:
    rows: dict[str, tuple[ProviderEvent, Millis]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    cursor: Millis = 0

    def add(self, event: ProviderEvent, now: Millis) -> bool:
        new = event.id not in self.rows
        self.rows.setdefault(event.id, (event, now))
        return new

    def waiting(self, event: str, now: Millis) -> ProviderEvent | None:
        found, at = self.rows.get(event, (None, 0))
        return None if event in self.over or at <= now - 40 * DAY else found

    def done(self, event: str, now: Millis) -> None:
        self.over.add(event)

    def asked_until(self) -> Millis:
        return self.cursor

    def ask_from(self, at: Millis) -> None:
        self.cursor = at


@dataclass
class Shop:
    """One tenant's side of billing."""

    tenant: str
    gateway: Gateway
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    mirror: FakeMirror = field(default_factory=FakeMirror)
    identities: FakeIdentities = field(default_factory=FakeIdentities)

    @property
    def till(self) -> Till:
        stores = (FakeWindows(), self.customers, self.gateway)
        shop = replace(SHOP, id=self.tenant)
        self.customers.identities = self.identities
        return Till(shop, "test", *stores, commit, self.mirror, self.identities)

    def statuses(self) -> dict[str, InvoiceStatus]:
        return {name: one.invoice.status for name, one in self.mirror.rows.items()}


class Desk:
    """Two shops with a customer each, and what the provider tells of them."""

    def __init__(self) -> None:
        self.gateway = Gateway()
        self.events = FakeEvents()
        self.shops = {name: Shop(name, self.gateway) for name in ("danbi", "mungmeal")}
        for name, shop in self.shops.items():
            shop.customers.row = self.gateway.create_customer(name, name)

    @property
    def ear(self) -> Ear:
        return Ear(self.gateway, self.events, self._owner, self._at)

    def _owner(self, customer: str) -> str | None:
        found = [name for name, shop in self.shops.items() if shop.customers.row == customer]
        return found[0] if found else None

    @contextmanager
    def _at(self, tenant: str) -> Iterator[Till]:
        yield self.shops[tenant].till
