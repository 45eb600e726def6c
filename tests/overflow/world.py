"""Two shops, their clocks and a pool with an overflow queue, in memory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chalicelib.agents.model import Presence
from chalicelib.contacts.model import Contact, Status
from chalicelib.contacts.opening import open_contact
from chalicelib.contacts.ports import Desk
from chalicelib.kernel.clock import Millis
from chalicelib.overflow import service
from chalicelib.overflow.model import Ticket
from chalicelib.overflow.ports import Backlog, Gate
from chalicelib.queue.ports import Floor
from chalicelib.queue.service import next_contact
from chalicelib.routing.model import Arrival, Candidate, Lane, Turn
from chalicelib.routing.service import arrive
from tests.fakes import FakeAgents, FakeClock, FakeContacts, FakeCustomers, FakeLedger, commit
from tests.samples import NOON, SHOP, a_contact, an_agent, said

CONTRACT = SHOP.contract
SHOPS = ("danbi", "mungmeal", "namujip")


class Unreadable(Exception):
    """Nobody can read this contact."""


@dataclass
class Contacts(FakeContacts):
    """One shop's contacts, of which some cannot be read."""

    broken: set[str] = field(default_factory=set)

    def get(self, contact: str) -> Contact:
        if contact in self.broken:
            raise Unreadable(contact)
        return super().get(contact)

    def held(self, limit: int) -> list[str]:
        waiting = [one for one in self.rows.values() if one.status is Status.OVERFLOW]
        return [one.id for one in sorted(waiting, key=lambda one: (one.held_at, one.id))][:limit]


@dataclass
class Queue:
    """SQS in memory: what was received comes again unless it is done, and ends among the dead after five times."""

    visible: list[Ticket] = field(default_factory=list)
    taken: list[Ticket] = field(default_factory=list)
    received: dict[str, int] = field(default_factory=dict)
    dead: list[Ticket] = field(default_factory=list)
    sent: int = 0

    def send(self, body: str) -> None:
        self.sent += 1
        self.visible.append(Ticket(body, f"r{self.sent}"))

    def receive(self, most: int) -> list[Ticket]:
        found, self.visible = self.visible[:most], self.visible[most:]
        for ticket in found:
            self.received[ticket.receipt] = self.received.get(ticket.receipt, 0) + 1
        self.taken += found
        return found

    def done(self, ticket: Ticket) -> None:
        self.taken.remove(ticket)

    def time_out(self) -> None:
        """Let what was taken and is not done come again."""
        back, self.taken = self.taken, []
        self.dead += [ticket for ticket in back if self.received[ticket.receipt] >= 5]
        self.visible += [ticket for ticket in back if self.received[ticket.receipt] < 5]


@dataclass
class World:
    """Shops, agents, and the gate between overflow and the queue; `relay` is the table's stream."""

    now: Millis = NOON
    shops: dict[str, Contacts] = field(default_factory=lambda: {name: Contacts(name) for name in SHOPS})
    clocks: dict[str, FakeClock] = field(default_factory=lambda: {name: FakeClock() for name in SHOPS})
    agents: FakeAgents = field(default_factory=FakeAgents)
    queue: Queue = field(default_factory=Queue)
    made: int = 0

    def hire(self, *names: str, capacity: int = 6) -> None:
        for name in names:
            self.agents.rows[name] = an_agent(name, capacity=capacity, alive_until=self.now + 90_000)

    def open(self, shop: str = "danbi", number: int = 1) -> list[Contact]:
        """Let customers write; return their contacts as they were stored."""
        opened = []
        for _ in range(number):
            self.made += 1
            name = f"{shop}{self.made:04d}"
            contact = a_contact(name, tenant=shop, opened_at=self.now, changed_at=self.now, rank=self.now)
            opened.append(open_contact(self.desk(shop), contact, said(name)))
        return opened

    def relay(self, *contacts: Contact) -> None:
        """Do for each contact that was held back what the stream's record of it does."""
        for one in contacts:
            if one.status is Status.OVERFLOW:
                service.mark(self.gate, "main", one.tenant, one.lane, self.now)
                self.queue.send(json.dumps({"tenant": one.tenant, "contact": one.id}))

    def flood(self, shop: str = "danbi", number: int = 30) -> list[Contact]:
        opened = self.open(shop, number)
        self.relay(*opened)
        return opened

    def admit(self) -> int:
        return service.admit(self.gate, "main", self.now)

    def sweep(self) -> int:
        return service.sweep(self.gate, "main", self.now)

    def pull(self, agent: str = "mina") -> Contact | None:
        story = next_contact(self.floor, agent, self.now)
        return story.contact if story else None

    def of(self, status: Status, shop: str = "") -> list[Contact]:
        rows = [one for name, found in self.shops.items() for one in found.rows.values() if shop in ("", name)]
        return [one for one in rows if one.status is status]

    @property
    def gate(self) -> Gate:
        return Gate(
            tickets=self.queue,
            turns=lambda _pool, _now: self._turns(),
            lanes=self._lanes,
            presence=self.agents.presence,
            waiting=lambda _: sum(one.weight for one in self.of(Status.WAITING)),
            backlog=self._backlog,
            contacts=lambda shop: self.shops[shop],
            commit=commit,
        )

    @property
    def floor(self) -> Floor:
        return Floor(self.agents, self._queue, self.desk, commit, lambda: self.made)

    def desk(self, shop: str) -> Desk:
        contacts, clock = self.shops[shop], self.clocks[shop]

        def place(now: Millis) -> Arrival:
            rank = arrive(clock, CONTRACT, now, any_waiting=contacts.any_waiting, commit=commit)
            return Arrival("main", now, held=True) if rank is None else Arrival("main", rank)

        profile = replace(SHOP, id=shop)
        return Desk(profile, contacts, FakeLedger(), self.agents, place, commit, FakeCustomers())

    def presence(self) -> Presence:
        return self.agents.presence("main", self.now)

    def _turns(self) -> list[Turn]:
        shown = [
            Turn(clock.turn, shop, Lane.SHOP) for shop, clock in self.clocks.items() if clock.turn is not None
        ]
        return sorted(shown)

    def _lanes(self, _pool: str) -> Iterator[tuple[str, Lane, Millis]]:
        for shop in SHOPS:
            for name in self.shops[shop].held(1):
                yield shop, Lane.SHOP, self.shops[shop].rows[name].held_at

    def _backlog(self, _pool: str, shop: str, _lane: Lane, _now: Millis) -> Backlog:
        contacts = self.shops[shop]
        return Backlog(CONTRACT, self.clocks[shop], contacts, contacts.held, contacts.any_waiting)

    def _queue(self, pool: str, page: int) -> Iterator[Candidate]:
        found = [candidate for shop in self.shops.values() for candidate in shop.queue(pool, page)]
        yield from sorted(found, key=lambda one: (one.band, one.rank, one.tenant, one.contact))
