"""A registry in memory: `commit` is all or nothing, and may die before its k-th transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.aws.tables import Write
from chalicelib.contacts.erasure import Hold
from chalicelib.contacts.model import Author, Contact, ContactChanged, Message, Status, Story
from chalicelib.customers.model import Customer, Details, Tombstone
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.privacy.model import Field
from chalicelib.rights.model import Counts, Erasure, Ground, Progress
from chalicelib.rights.ports import Registry
from tests.customers.cipher import FakeCipher
from tests.fakes import Step, commit
from tests.samples import NOON, SHOP, a_contact

SECRET = "the secret of tests"


class Died(Exception):
    """The process ended before this transaction."""


@dataclass
class FakeCustomers:
    cipher: FakeCipher
    known: dict[str, Customer] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)
    stones: dict[str, Tombstone] = field(default_factory=dict)

    def handle(self, customer: str) -> str:
        return self.cipher.fingerprint("customer", customer)

    def get(self, customer: str) -> Customer:
        found = self.read(self.handle(customer))
        if found is None:
            raise not_found()
        return found

    def read(self, handle: str) -> Customer | None:
        return None if handle in self.stones else self.known.get(handle)

    def find(self, wanted: Field, value: str) -> list[Customer]:
        return [customer for customer in self.known.values() if customer.details.known().get(wanted) == value]

    def contacts(self, handle: str) -> list[str]:
        return sorted(contact for owner, contact in self.links if owner == handle)

    def handles(self) -> Iterator[str]:
        yield from sorted(self.known)

    def forget(self, handle: str) -> list[Write]:
        gone = Step(("details", handle), lambda: self.known.pop(handle))
        finds = [Step(("find", handle), lambda: None)]
        return [gone, *finds] if handle in self.known else []

    def unlink(self, handle: str, contact: str) -> Write:
        return Step(("link", contact), lambda: self.links.discard((handle, contact)))

    def bury(self, stone: Tombstone) -> Write:
        def refusal() -> Exception | None:
            return Conflict("customer_erased", "twice") if stone.handle in self.stones else None

        return Step(("stone", stone.handle), lambda: self.stones.update({stone.handle: stone}), refusal)

    def tombstone(self, handle: str) -> Tombstone | None:
        return self.stones.get(handle)


@dataclass
class FakeStories:
    """Contacts, what was said in them, and what holds them."""

    contacts: dict[str, Contact] = field(default_factory=dict)
    said: dict[str, list[Message]] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    before_erase: list[Callable[[], object]] = field(default_factory=list)

    def story(self, contact: str) -> Story:
        if contact not in self.contacts:
            raise not_found()
        return Story(self.contacts[contact], tuple(self.said[contact]))

    def erase(self, contact: str, at: Millis) -> list[Sequence[Write]]:
        found = self.contacts.get(contact)
        if found is None or not (found.customer or contact not in self.unlisted):
            return []
        texts = [place for place, message in enumerate(self.said[contact]) if message.text]
        batches: list[Sequence[Write]] = [[self._blank(contact, place)] for place in texts]
        if self.before_erase:
            self.before_erase.pop()()
        return [*batches, [self._nobodys(found)]]

    def listed(self, status: Status, before: Millis | None = None) -> Iterator[str]:
        for contact in list(self.contacts.values()):
            early = before is None or contact.changed_at < before
            if contact.status is status and early and contact.id not in self.unlisted:
                yield contact.id

    def find(self, contact: str) -> Contact | None:
        return self.contacts.get(contact)

    def hold(self, hold: Hold) -> Write:
        return Step(("hold", hold.contact), lambda: self.holds.update({hold.contact: hold}))

    def release(self, contact: str) -> Write:
        free = Conflict("not_held", "nothing holds this contact")
        return Step(
            ("hold", contact),
            lambda: self.holds.pop(contact),
            lambda: None if contact in self.holds else free,
        )

    def held(self, now: Millis) -> dict[str, Hold]:
        return {name: hold for name, hold in self.holds.items() if hold.until > now}

    def _blank(self, contact: str, place: int) -> Write:
        def blank() -> None:
            self.said[contact][place] = replace(self.said[contact][place], text="", name="", subject="")

        return Step(("message", contact, place), blank)

    def _nobodys(self, before: Contact) -> Write:
        def apply() -> None:
            self.contacts[before.id] = replace(before, customer="", digest="", version=before.version + 1)
            self.unlisted.add(before.id)

        def refusal() -> Exception | None:
            return None if self.contacts[before.id] == before else ContactChanged()

        return Step(("contact", before.id), apply, refusal)


@dataclass
class FakeErasures:
    rows: dict[str, Erasure] = field(default_factory=dict)
    due: dict[str, Millis] = field(default_factory=dict)

    def get(self, erasure: str) -> Erasure:
        if erasure not in self.rows:
            raise not_found()
        return self.rows[erasure]

    def start(self, erasure: Erasure, due: Millis) -> Write:
        return self._step(erasure.id, lambda: self.rows.update({erasure.id: erasure}), due)

    def tally(self, erasure: str, counts: Counts) -> Write:
        def add() -> None:
            old = self.rows[erasure]
            names = ("contacts", "messages", "customers", "search_entries")
            sums = {name: getattr(old.counts, name) + getattr(counts, name) for name in names}
            self.rows[erasure] = replace(old, counts=Counts(**sums))

        return self._step(erasure, add)

    def wait(self, erasure: str, due: Millis, certificate: str = "") -> Write:
        return self._step(erasure, lambda: self._certify(erasure, certificate), due)

    def finish(self, erasure: str, certificate: str) -> Write:
        def done() -> None:
            self._certify(erasure, certificate)
            self.rows[erasure] = replace(self.rows[erasure], progress=Progress.DONE)
            del self.due[erasure]

        return self._step(erasure, done)

    def _certify(self, erasure: str, certificate: str) -> None:
        if certificate:
            self.rows[erasure] = replace(self.rows[erasure], certificate=certificate)

    def _step(self, erasure: str, apply: Callable[[], object], due: Millis | None = None) -> Write:
        def both() -> None:
            apply()
            if due is not None:
                self.due[erasure] = due

        return Step(("erasure", erasure), both)


@dataclass
class World:
    """One shop's registry and what stands behind it; it ends before transaction `dies_at`."""

    cipher: FakeCipher = field(default_factory=FakeCipher)
    stories: FakeStories = field(default_factory=FakeStories)
    erasures: FakeErasures = field(default_factory=FakeErasures)
    closed: list[str] = field(default_factory=list)
    let_go: list[str] = field(default_factory=list)
    commits: int = 0
    dies_at: int = 0

    def __post_init__(self) -> None:
        self.customers = FakeCustomers(self.cipher)
        self.registry = Registry(
            tenant=SHOP,
            customers=self.customers,
            contacts=self.stories,
            eraser=self.stories,
            erasures=self.erasures,
            cipher=self.cipher,
            accesses=self._accesses,
            doors=(lambda now: self.closed.append("keys"),),
            let_go=self.let_go.append,
            commit=self._commit,
            secret=SECRET,
        )

    def _commit(self, *writes: Write) -> None:
        self.commits += 1
        if self.commits == self.dies_at:
            raise Died
        commit(*writes)

    def _accesses(self, handle: str, now: Millis) -> Sequence[Mapping[str, Any]]:
        return [{"at": "2026-11-21T03:00:00.000Z", "who": "agent:mina", "what": "unmask phone"}]

    def add(self, customer: str, contact: str, texts: int = 2, **changes: Any) -> None:
        """Let `customer` have said something in `contact`."""
        handle = self.customers.handle(customer)
        self.customers.known[handle] = Customer("danbi", customer, Details(name=f"이름 {customer}"))
        self.customers.links.add((handle, contact))
        self.stories.contacts[contact] = a_contact(contact, customer=customer, **changes)
        authors = [Author.CUSTOMER, Author.AGENT, Author.NOTE]
        self.stories.said[contact] = [
            Message(f"m{place}", authors[place % 3], "이름", f"말 {place}", NOON + place, 1, "d")
            for place in range(texts)
        ]

    def state(self) -> tuple[Any, ...]:
        """Return everything that is stored."""
        stories, customers = self.stories, self.customers
        kept = (stories.contacts, stories.said, stories.unlisted, customers.known, customers.links)
        return repr(kept), customers.stones, self.erasures.rows, self.erasures.due, bool(self.cipher.destroyed_at)


def wanted(name: str = "e1", at: Millis = NOON) -> Erasure:
    """Return an erasure as the owner demands it."""
    return Erasure("danbi", name, "", Ground.REQUEST, "owner:dana", at)
