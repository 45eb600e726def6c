"""In-memory stores for service tests; `commit` is all or nothing, like a transaction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.agents.model import LEASE, NO_WORK, Agent, Break, Presence, Work
from chalicelib.agents.rules import on_break
from chalicelib.aws.tables import Write
from chalicelib.contacts.model import AlreadyStored, Author, Contact, ContactChanged, Event, Message, Status, Story
from chalicelib.customers.model import Customer, CustomerChanged
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, Mismatch, not_found
from chalicelib.metering.model import Meter, UsageEntry, Window
from chalicelib.metering.rules import window_deltas
from chalicelib.routing.model import Candidate, ClockMoved, Reading


@dataclass(frozen=True)
class Step:
    """One conditional change of the row `row`: `refusal` says why not, `apply` does it."""

    row: object
    apply: Callable[[], object]
    refusal: Callable[[], Exception | None] = lambda: None


def commit(*writes: Write) -> None:
    steps = [write for write in writes if isinstance(write, Step)]
    assert len({step.row for step in steps}) == len(writes), "a transaction takes each row once"
    for step in steps:
        refusal = step.refusal()
        if refusal:
            raise refusal
    for step in steps:
        step.apply()


@dataclass
class FakeContacts:
    tenant: str = "danbi"
    rows: dict[str, Contact] = field(default_factory=dict)
    messages: dict[tuple[str, bool, str], Message] = field(default_factory=dict)
    events: dict[tuple[str, str], Event] = field(default_factory=dict)

    def get(self, contact: str) -> Contact:
        if contact not in self.rows:
            raise not_found()
        return self.rows[contact]

    def story(self, contact: str) -> Story:
        said = [message for key, message in self.messages.items() if key[0] == contact]
        done = [event for key, event in self.events.items() if key[0] == contact]
        return Story(self.get(contact), tuple(said), tuple(done))

    def message(self, contact: str, same_as: Message) -> Message | None:
        return self.messages.get(self._key(contact, same_as))

    def add(self, contact: Contact) -> Write:
        def refusal() -> Exception | None:
            stored = self.rows.get(contact.id)
            return AlreadyStored(stored.digest) if stored else None

        return Step(("contact", contact.id), lambda: self.rows.update({contact.id: contact}), refusal)

    def save(self, before: Contact, after: Contact) -> Write:
        def refusal() -> Exception | None:
            return None if self.rows[before.id].version == before.version else ContactChanged()

        return Step(("contact", before.id), lambda: self.rows.update({before.id: after}), refusal)

    def append(self, contact: str, message: Message) -> Write:
        key = self._key(contact, message)

        def refusal() -> Exception | None:
            return AlreadyStored(self.messages[key].digest) if key in self.messages else None

        return Step(("message", *key), lambda: self.messages.update({key: message}), refusal)

    def record(self, contact: str, event: Event) -> Write:
        return Step(("event", event.id, contact), lambda: self.events.update({(contact, event.id): event}))

    def any_waiting(self) -> bool:
        return any(contact.status is Status.WAITING for contact in self.rows.values())

    def ids(self, since: Millis) -> Iterator[str]:
        return iter([contact.id for contact in self.rows.values() if contact.changed_at >= since])

    def queue(self, pool: str, _page: int) -> Iterator[Candidate]:
        waiting = [one for one in self.rows.values() if one.status is Status.WAITING and one.pool == pool]
        for one in sorted(waiting, key=lambda one: (one.band, one.rank, one.tenant, one.id)):
            yield Candidate(one.tenant, one.id, one.weight, one.band, one.rank, one.preferred)

    def _key(self, contact: str, message: Message) -> tuple[str, bool, str]:
        return contact, message.author is Author.NOTE, message.id


@dataclass
class FakeAgents:
    rows: dict[str, Agent] = field(default_factory=dict)
    hints: dict[str, Agent] = field(default_factory=dict)

    def find(self, agent: str) -> Agent | None:
        return self.rows.get(agent)

    def seen(self, agent: str) -> Agent | None:
        return self.hints.get(agent)

    def take(
        self,
        agent: Agent,
        ref: str,
        weight: int,
        *,
        now: Millis,
        claiming: bool,
        version: int | None = None,
        customer: str = "",
    ) -> Write:
        def refusal() -> Exception | None:
            if agent.id not in self.rows:
                return Conflict("capacity_exceeded", "no such agent")
            row = self.rows[agent.id]
            if version not in (None, row.version):
                return Mismatch("version_mismatch", "holding changed")
            fits = row.load <= agent.capacity - weight and row.capacity == agent.capacity
            fits = fits and ref not in row.holding and (claiming or row.alive_until > now)
            fits = fits and customer not in row.barred
            fits = fits and (row.certified is None or ref.partition("/")[0] in row.certified)
            return None if fits else Conflict("capacity_exceeded", "full")

        def apply() -> None:
            row = self.rows[agent.id]
            until = now + LEASE if claiming else row.alive_until
            self._hold(row, weight, row.holding | {ref}, until)

        return Step(("agent", agent.id), apply, refusal)

    def give_back(
        self,
        agent: str,
        ref: str,
        weight: int,
        *,
        lapsed_at: Millis | None = None,
        work: Work = NO_WORK,
        barring: str = "",
    ) -> Write:
        def refusal() -> Exception | None:
            row = self.rows[agent]
            held = ref in row.holding and (lapsed_at is None or row.alive_until <= lapsed_at)
            return None if held else Conflict("lease_changed", "not held")

        def apply() -> None:
            row = self.rows[agent]
            self._hold(row, -weight, row.holding - {ref}, row.alive_until)
            if barring:
                self.rows[agent] = replace(self.rows[agent], barred=row.barred | {barring})

        return Step(("agent", agent), apply, refusal)

    def beat(self, agent: Agent, now: Millis) -> Write:
        return Step(("agent", agent.id), lambda: self._alive(agent.id, now + LEASE))

    def pause(self, agent: Agent, wanted: Break) -> Write:
        def refusal() -> Exception | None:
            return None if self.rows[agent.id].paused is None else on_break()

        return self._rest(agent, 0, wanted, wanted.since, refusal)

    def resume(self, agent: Agent, before: Break, now: Millis) -> Write:
        def refusal() -> Exception | None:
            return None if self.rows[agent.id].paused == before else Conflict("break_over", "over")

        return self._rest(agent, before.capacity, None, now, refusal)

    def leave(self, agent: Agent, now: Millis, *, lapsed: bool = False) -> Write:
        def refusal() -> Exception | None:
            row = self.rows[agent.id]
            idle = not row.holding and (not lapsed or row.alive_until <= now)
            return None if idle else Conflict("agent_holds_contacts", "busy")

        return Step(("agent", agent.id), lambda: self._alive(agent.id, 0), refusal)

    def certify(self, agent: Agent, tenants: frozenset[str] | None) -> Write:
        def apply() -> None:
            self.rows[agent.id] = replace(self.rows[agent.id], certified=tenants)

        return Step(("agent", agent.id), apply)

    def presence(self, pool: str, now: Millis) -> Presence:
        present = [row for row in self.rows.values() if row.pool == pool and row.alive_until > now]
        return Presence(sum(row.capacity for row in present), sum(row.load for row in present))

    def lapsed(self, pool: str, now: Millis) -> list[str]:
        return [row.id for row in self.rows.values() if row.pool == pool and 0 < row.alive_until <= now]

    def _rest(
        self,
        agent: Agent,
        capacity: int,
        paused: Break | None,
        now: Millis,
        refusal: Callable[[], Exception | None],
    ) -> Write:
        def apply() -> None:
            row = self.rows[agent.id]
            self.rows[agent.id] = replace(row, capacity=capacity, paused=paused, alive_until=now + LEASE)

        return Step(("agent", agent.id), apply, refusal)

    def _alive(self, agent: str, until: Millis) -> None:
        self.rows[agent] = replace(self.rows[agent], alive_until=until)

    def _hold(self, row: Agent, weight: int, holding: frozenset[str], until: Millis) -> None:
        moved = replace(row, load=row.load + weight, holding=holding, alive_until=until)
        self.rows[row.id] = replace(moved, version=row.version + 1)


@dataclass
class FakeWindows:
    tenant: str = "danbi"
    rows: dict[tuple[Meter, str], Window] = field(default_factory=dict)

    def add(self, entries: Sequence[UsageEntry]) -> list[Write]:
        return [self._add(key, delta, entries[-1].occurred_at) for key, delta in window_deltas(entries).items()]

    def find(self, meter: Meter, hour: str) -> Window | None:
        return self.rows.get((meter, hour))

    def between(self, meter: Meter, first: str, last: str) -> list[Window]:
        return [row for (kind, hour), row in self.rows.items() if kind is meter and first <= hour <= last]

    def lease(self, window: Window, now: Millis, until: Millis) -> Write:
        def refusal() -> Exception | None:
            return None if self._now(window).lease_until <= now else Conflict("window_leased", "another sender")

        return self._step(window, lambda row: replace(row, lease_until=until, attempt=row.attempt + 1), refusal)

    def sent(self, window: Window, now: Millis) -> Write:
        def refusal() -> Exception | None:
            row = self._now(window)
            same = (row.rev, row.gen) == (window.rev, window.gen)
            return None if same else Conflict("window_moved", "changed while it was sent")

        return self._step(window, lambda row: replace(_acknowledged(row, window, now), dirty_since=None), refusal)

    def sent_but_moved(self, window: Window, now: Millis) -> Write:
        def refusal() -> Exception | None:
            newer = self._now(window).sent_rev > window.rev
            return Conflict("window_sent_newer", "acknowledged already") if newer else None

        return self._step(window, lambda row: _acknowledged(row, window, now), refusal)

    def refuse(self, window: Window, why: str) -> Write:
        def refusal() -> Exception | None:
            moved = self._now(window).rev != window.rev
            return Conflict("window_moved", "changed while it was refused") if moved else None

        return self._step(window, lambda row: replace(row, refused=why, lease_until=0), refusal)

    def repair(self, meter: Meter, hour: str, now: Millis) -> Write:
        def repaired(row: Window) -> Window:
            return replace(row, gen=row.gen + 1, sent_rev=0, dirty_since=row.dirty_since or now, refused="")

        return self._step(self.rows[(meter, hour)], repaired, lambda: None)

    def _now(self, window: Window) -> Window:
        return self.rows[(window.meter, window.hour)]

    def _step(
        self, window: Window, change: Callable[[Window], Window], refusal: Callable[[], Exception | None]
    ) -> Step:
        key = (window.meter, window.hour)
        return Step(("window", *key), lambda: self.rows.update({key: change(self.rows[key])}), refusal)

    def _add(self, key: tuple[Meter, str], delta: int, now: Millis) -> Write:
        def apply() -> None:
            row = self.rows.get(key) or Window(self.tenant, *key, total=0, rev=0)
            dirty = now if row.dirty_since is None else row.dirty_since
            self.rows[key] = replace(row, total=row.total + delta, rev=row.rev + 1, dirty_since=dirty, refused="")

        return Step(("window", *key), apply)


@dataclass
class FakeCustomers:
    rows: dict[str, Customer] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def handle(self, customer: str) -> str:
        return f"handle of {customer}"

    def known(self, customer: str) -> Customer | None:
        return self.rows.get(customer)

    def save(self, before: Customer | None, after: Customer) -> list[Write]:
        def refusal() -> Exception | None:
            return CustomerChanged() if self.rows.get(after.id) != before else None

        version = before.version + 1 if before else 1
        stored = replace(after, version=version)
        return [Step(("customer", after.id), lambda: self.rows.update({after.id: stored}), refusal)]

    def of_contact(self, customer: str, contact: str) -> Write:
        return Step(("whose", contact), lambda: self.contacts.update({contact: customer}))

    def require_not_erased(self, customer: str) -> None:
        if customer in self.erased:
            raise Conflict("customer_erased", "was erased")


@dataclass
class FakeLedger:
    windows: FakeWindows = field(default_factory=FakeWindows)
    rows: dict[tuple[str, int, int], UsageEntry] = field(default_factory=dict)

    def writes(self, entries: Sequence[UsageEntry]) -> list[Write]:
        return [*map(self._put, entries), *self.windows.add(entries)]

    def of_contact(self, contact: str) -> list[UsageEntry]:
        return [entry for key, entry in self.rows.items() if key[0] == contact]

    def booked(self, start: Millis, end: Millis) -> list[UsageEntry]:
        return [entry for entry in self.rows.values() if start <= entry.booked_at < end]

    def _put(self, entry: UsageEntry) -> Write:
        key = (entry.contact, entry.episode, entry.n)

        def refusal() -> Exception | None:
            return Conflict("already_booked", "in the ledger already") if key in self.rows else None

        return Step(("usage", *key), lambda: self.rows.update({key: entry}), refusal)


@dataclass
class FakeClock:
    """One lane's virtual clock; before each advance, `rivals` may advance it first."""

    shows: Millis = 0
    cached: Millis | None = None
    rivals: list[Millis] = field(default_factory=list)
    history: list[Millis] = field(default_factory=list)
    held_since: Millis = 0
    admitted: int = 0
    turn: Millis | None = None

    def held_lately(self, now: Millis) -> bool:
        return False

    def read(self) -> Reading:
        return self.look() if self.cached is None else Reading(self.cached)

    def look(self) -> Reading:
        return Reading(self.shows, self.held_since, self.admitted)

    def advance(self, before: Reading, after: Millis) -> Write:
        return Step("clock", lambda: self._set(after), lambda: self._refusal(before, held=False))

    def hold(self, before: Reading, clock: Millis, rank: Millis, now: Millis) -> Write:
        def apply() -> None:
            self.shows = clock
            self.held_since, self.admitted, self.turn = now, 0, rank

        return Step("clock", apply, lambda: self._refusal(before, held=False))

    def admit(self, before: Reading, after: Millis, rank: Millis) -> Write:
        def apply() -> None:
            self._set(after)
            self.admitted, self.turn = self.admitted + 1, rank

        return Step("clock", apply, lambda: self._refusal(before, held=True))

    def release(self, before: Reading) -> Write:
        def apply() -> None:
            self.held_since, self.admitted, self.turn = 0, 0, None

        return Step("clock", apply, lambda: self._refusal(before, held=True))

    def seen(self, clock: Millis) -> None:
        self.cached = clock

    def seen_held(self, now: Millis) -> None:
        self.cached = None

    def _refusal(self, before: Reading, *, held: bool) -> Exception | None:
        if self.rivals:
            self._set(self.rivals.pop(0))
        unmoved = self.shows == before.clock and (self.held_since > 0) is held
        return None if unmoved else ClockMoved(self.look())

    def _set(self, clock: Millis) -> None:
        self.shows = clock
        self.history.append(clock)


def _acknowledged(row: Window, sent: Window, now: Millis) -> Window:
    return replace(row, sent_rev=sent.rev, sent_total=sent.total, lease_until=0, attempt=0, sent_at=now)
