"""One shop from its contacts to its payments, in memory: ledger, periods, breaks and the whole provider."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.aws.tables import Write
from chalicelib.billing.accounts import ensure
from chalicelib.billing.model import Invoice
from chalicelib.billing.ports import Till
from chalicelib.billing.service import send_window
from chalicelib.closing.advancing import close, seal, settled
from chalicelib.closing.invoicing import bill_of, invoices_of
from chalicelib.closing.model import BreakRecord, Move
from chalicelib.closing.period_rules import due_months
from chalicelib.closing.ports import Books
from chalicelib.closing.proving import Blocked, Close
from chalicelib.contacts import rules
from chalicelib.contacts.model import Action, Author, Change, Status
from chalicelib.kernel.clock import HOUR, Millis, kst_month, month_span
from chalicelib.kernel.errors import Mismatch
from chalicelib.metering.model import Period, PeriodClosed, PeriodState, UsageEntry
from chalicelib.metering.rules import month_of, postponed
from chalicelib.pricing.model import Bill, Credit
from chalicelib.tenants.model import Tenant
from tests.billing.fake_gateway import FakeGateway
from tests.billing.world import Died, FakeCustomers, FakeIdentities, FakeMirror
from tests.fakes import FakeContacts, FakeLedger, Step, commit
from tests.samples import NOON, PRICE, SHOP, a_contact, an_event, said

MONTH = "2026-11"
END = month_span(MONTH)[1]
DUE = END + 72 * HOUR


@dataclass
class FakePeriods:
    rows: dict[str, Period] = field(default_factory=dict)

    def find(self, month: str) -> Period:
        return self.rows.get(month, Period("danbi", month))

    def all(self) -> list[Period]:
        return [self.rows[month] for month in sorted(self.rows)]

    def takes(self, month: str) -> bool:
        period = self.find(month)
        return period.state in {PeriodState.OPEN, PeriodState.CLOSING} and not period.invoice

    def accepts(self, month: str) -> Write:
        return Step(("accepts", month), lambda: None, lambda: None if self.takes(month) else PeriodClosed(month))

    def save(self, before: Period, after: Period) -> Write:
        def refusal() -> Exception | None:
            same = self.find(after.month).version == before.version
            return None if same else Mismatch("version_mismatch", "changed")

        return Step(("period", after.month), lambda: self.rows.update({after.month: after}), refusal)


@dataclass
class FakeHistory:
    rows: dict[tuple[str, int], Move] = field(default_factory=dict)

    def add(self, after: Period) -> Write:
        known = (after.month, after.version)
        figures = after.contacts, after.won, after.changed_at
        move = Move(after.version, after.state, *figures, after.by, after.why)

        def refusal() -> Exception | None:
            return Mismatch("version_mismatch", "there already") if known in self.rows else None

        return Step(("move", *known), lambda: self.rows.update({known: move}), refusal)

    def of_month(self, month: str) -> list[Move]:
        return [move for (of, _), move in sorted(self.rows.items()) if of == month]


@dataclass
class FakeBreaks:
    rows: dict[str, BreakRecord] = field(default_factory=dict)

    def open(self) -> list[BreakRecord]:
        return [record for _, record in sorted(self.rows.items()) if record.blocks]

    def of_month(self, month: str) -> list[BreakRecord]:
        return [record for _, record in sorted(self.rows.items()) if record.month == month]

    def find(self, break_id: str) -> BreakRecord | None:
        return self.rows.get(break_id)

    def save(self, before: BreakRecord | None, after: BreakRecord) -> Write:
        def refusal() -> Exception | None:
            return None if self.rows.get(after.id) == before else Mismatch("version_mismatch", "changed")

        return Step(("break", after.id), lambda: self.rows.update({after.id: after}), refusal)


@dataclass
class FakeCredits:
    rows: list[Credit] = field(default_factory=list)

    def booked(self, month: str) -> list[Credit]:
        return [credit for credit in self.rows if kst_month(credit.booked_at) == month]


@dataclass
class MonthLedger(FakeLedger):
    """A ledger whose months close."""

    periods: FakePeriods = field(default_factory=FakePeriods)

    def writes(self, entries: Sequence[UsageEntry]) -> list[Write]:
        booked = [self._open(entry) for entry in entries]
        checks = [self.periods.accepts(month) for month in {month_of(entry) for entry in booked}]
        return [*checks, *FakeLedger.writes(self, booked)]

    def _open(self, entry: UsageEntry) -> UsageEntry:
        while not self.periods.takes(month_of(entry)):
            entry = postponed(entry, month_of(entry))
        return entry


@dataclass
class Shop:
    tenant: Tenant = SHOP
    now: Millis = NOON
    periods: FakePeriods = field(default_factory=FakePeriods)
    history: FakeHistory = field(default_factory=FakeHistory)
    breaks: FakeBreaks = field(default_factory=FakeBreaks)
    credits: FakeCredits = field(default_factory=FakeCredits)
    contacts: FakeContacts = field(default_factory=FakeContacts)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    mirror: FakeMirror = field(default_factory=FakeMirror)
    gateway: FakeGateway = field(default_factory=lambda: FakeGateway(now=NOON))
    ledger: MonthLedger = field(init=False)
    at_call: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        self.ledger = MonthLedger(periods=self.periods)
        self.gateway.step = self._called

    @property
    def till(self) -> Till:
        stores = self.ledger.windows, self.customers, self.gateway, self._commit
        return Till(self.tenant, "test", *stores, self.mirror, FakeIdentities())

    @property
    def books(self) -> Books:
        stores = self.ledger, self.contacts, self.credits, self.periods, self.history, self.breaks
        return Books(*stores, self._commit)

    def here(self, month: str = MONTH, by: str = "close") -> Close:
        return Close(self.till, self.books, month, self.now, by)

    def answer(self, name: str, at: Millis | None = None) -> None:
        """A contact is answered and booked, in one transaction."""
        at = self.now if at is None else at
        contact = a_contact(name, status=Status.CLAIMED, agent="mina", opened_at=at, changed_at=at)
        self.contacts.rows[name] = contact
        self._do(rules.reply(contact, said(f"{name}r", Author.AGENT, "mina", at), PRICE))

    def spam(self, name: str) -> None:
        contact = self.contacts.rows[name]
        self._do(rules.spam(contact, an_event(Action.SPAM, at=self.now, name=f"spam {self.now}")))

    def undo_spam(self, name: str) -> None:
        contact = self.contacts.rows[name]
        self._do(rules.undo_spam(contact, an_event(Action.UNDO_SPAM, at=self.now, name=f"undo {self.now}")))

    def until(self, now: Millis) -> None:
        """Let time pass: usage is sent, and the provider drafts the invoices of the months that end."""
        self.send()
        months = []
        while month_span(month := kst_month(self.now))[1] <= now:
            months.append(month)
            self.now = month_span(month)[1]
        self.now = self.gateway.now = now
        for month in months:
            self.draft(month)

    def send(self) -> None:
        """The queue brings every window to the provider."""
        calls, self.at_call = self.at_call, lambda _: None
        for meter, hour in list(self.ledger.windows.rows):
            send_window(self.till, meter, hour, self.now)
        self.at_call = calls

    def draft(self, month: str = MONTH) -> None:
        if self.customers.row is None:
            return
        calls, self.at_call = self.at_call, lambda _: None
        ensure(self.till, self.now, since=month)
        self.gateway.close_month(self.customers.row, month)
        self.at_call = calls

    def close(self, month: str = MONTH) -> Period:
        return close(self.here(month))

    def close_all(self) -> list[Blocked]:
        """Close every month that has ended as far as it goes, as the hourly job does."""
        found = []
        for month in due_months(self.periods.all() or [self.periods.find(MONTH)], self.now):
            try:
                self.close(month)
            except Blocked as why:
                found.append(why)
        return found

    def closed(self, month: str = MONTH) -> Period:
        """Let time pass until the month is locked, and nothing in the way."""
        self.until(max(self.now, month_span(month)[1] + 72 * HOUR))
        self.close(month)
        self.until(self.now + HOUR)
        return self.close(month)

    def bill(self, month: str = MONTH) -> Bill:
        return bill_of(self.tenant, self.books, month)

    def invoice(self, month: str = MONTH) -> Invoice:
        [invoice] = invoices_of(self.till, month)
        return invoice

    def change_invoice(self, month: str = MONTH, **values: object) -> None:
        invoice = self.invoice(month)
        self.gateway.bills[invoice.id] = replace(invoice, **values)  # type: ignore[arg-type]

    def causes(self) -> list[tuple[str, str, str]]:
        return [(one.rule, one.item, one.cause) for one in self.breaks.open()]

    def _do(self, change: Change) -> None:
        writes: list[Write] = [self.contacts.save(change.before, change.after)]
        if change.message:
            writes.append(self.contacts.append(change.before.id, change.message))
        if change.event:
            writes.append(self.contacts.record(change.before.id, change.event))
        commit(*writes, *self.ledger.writes(change.entries))

    def _called(self, name: str) -> None:
        self.at_call(name)

    def _commit(self, *writes: Write) -> None:
        self.at_call("commit")
        commit(*writes)
        self.at_call("committed")


def dying(at: int) -> Callable[[str], None]:
    """Return what kills the process at the `at`-th call outside."""
    calls = [0]

    def call(_: str) -> None:
        calls[0] += 1
        if calls[0] == at:
            raise Died

    return call


def sealed(shop: Shop, period: Period) -> str:
    """What a settled month would be sealed with now."""
    here = shop.here(period.month)
    return seal(here, *settled(here, period))
