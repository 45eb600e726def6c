"""One shop between its ledger and Stripe, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from chalicelib.aws.tables import Write
from chalicelib.billing.model import Identity, InvoiceStatus, Mirrored, Subscription
from chalicelib.billing.ports import Account, Gateway, Till
from chalicelib.billing.service import send_window
from chalicelib.closing.model import Break
from chalicelib.closing.service import reconcile
from chalicelib.contacts import rules
from chalicelib.contacts.model import Author, Status
from chalicelib.kernel.clock import HOUR, Millis, month_span, utc_hour
from chalicelib.kernel.errors import Conflict, Mismatch
from chalicelib.metering.model import Meter, Window
from chalicelib.pricing.model import Plan
from tests.fakes import FakeContacts, FakeLedger, Step, commit
from tests.samples import NOON, PRICE, SHOP, a_contact, said

HUMAN, AT = Meter.HUMAN, utc_hour(NOON)
DAY: Millis = 24 * HOUR


class Died(Exception):
    """The process was killed."""


@dataclass
class FakeGateway:
    """Stripe's hourly meter: the last event of an hour counts, a known identifier does not count again."""

    hours: dict[datetime, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    customers: list[str] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    runs: list[Subscription] = field(default_factory=list)
    step: Callable[[str], None] = lambda _: None

    def ensure_meter(self, event_name: str) -> str:
        self.step("meter")
        return f"mtr_{event_name}"

    def create_customer(self, tenant: str, name: str) -> str:
        self.step("customer")
        if tenant not in self.customers:
            self.customers.append(tenant)
        return f"cus_{tenant}"

    def identify(self, customer: str, identity: Identity) -> None:
        self.step("identify")
        self.identities.append(identity)

    def subscriptions(self, customer: str) -> list[Subscription]:
        return list(self.runs)

    def subscribe(self, tenant: str, customer: str, plan: Plan, since: str) -> Subscription:
        self.step("subscribe")
        run = Subscription(f"sub_{since}_{plan.version}", customer, plan.version, since, "active", {})
        if run.id not in [held.id for held in self.runs]:
            self.runs.append(run)
        self.step("subscribed")
        return run

    def keep_drafts(self, subscription: str) -> None:
        self.step("keep")
        [place] = [place for place, run in enumerate(self.runs) if run.id == subscription]
        self.runs[place] = replace(self.runs[place], keeps_drafts=True)
        self.step("kept")

    def end_subscription(self, subscription: str, month: str) -> Subscription:
        [place] = [place for place, run in enumerate(self.runs) if run.id == subscription]
        self.runs[place] = replace(self.runs[place], ends_at=month_span(month)[1])
        self.step("ended")
        return self.runs[place]

    def put_hour_total(
        self, *, event_name: str, customer: str, hour: datetime, total: int, identifier: str, attempt: int
    ) -> None:
        self.step("before the post")
        assert (event_name, customer) == ("duredesk_human_contacts", "cus_danbi")
        assert attempt >= 1
        if identifier not in self.known:
            self.known.add(identifier)
            self.hours[hour] = total
        self.step("after the post")

    def hour_totals(
        self, *, event_name: str, customer: str, start: datetime, end: datetime
    ) -> dict[datetime, int]:
        self.step("summary")
        if event_name != "duredesk_human_contacts":
            return {}
        return {hour: total for hour, total in self.hours.items() if start <= hour < end and total}


@dataclass
class FakeCustomers:
    row: str | None = None
    what: str = ""
    identities: "FakeIdentities | None" = None

    def find(self) -> str | None:
        return self.row

    def bind(self, customer: str) -> Write:
        bound = Conflict("customer_bound", "bound")
        return Step("customer", lambda: setattr(self, "row", customer), lambda: bound if self.row else None)

    def account(self) -> Account:
        return Account(self.row, self.identities.identity if self.identities else None, self.what)

    def arrange(self, what: str) -> Write:
        return Step("arranged", lambda: setattr(self, "what", what))


@dataclass
class FakeIdentities:
    identity: Identity | None = None

    def find(self) -> Identity | None:
        return self.identity


@dataclass
class FakeMirror:
    rows: dict[str, Mirrored] = field(default_factory=dict)

    def of(self, invoice: str) -> Mirrored | None:
        return self.rows.get(invoice)

    def find(self, month: str) -> Mirrored | None:
        standing = [one for one in self.all() if one.invoice.month == month and one.invoice.subscription]
        standing = [one for one in standing if one.invoice.status is not InvoiceStatus.VOID]
        return standing[-1] if standing else None

    def all(self) -> list[Mirrored]:
        return sorted(self.rows.values(), key=lambda one: (one.invoice.month, one.invoice.created_at))

    def save(self, before: Mirrored | None, after: Mirrored) -> Write:
        def refusal() -> Exception | None:
            changed = Mismatch("version_mismatch", "changed")
            return None if self.rows.get(after.invoice.id) == before else changed

        return Step(("invoice", after.invoice.id), lambda: self.rows.update({after.invoice.id: after}), refusal)


@dataclass
class World:
    contacts: FakeContacts = field(default_factory=FakeContacts)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    stripe: FakeGateway = field(default_factory=FakeGateway)
    mirror: FakeMirror = field(default_factory=FakeMirror)
    identities: FakeIdentities = field(default_factory=FakeIdentities)
    commits: int = 0
    dies_at_commit: int = 0

    @property
    def till(self) -> Till:
        gateway = cast(Gateway, self.stripe)
        stores = (self.ledger.windows, self.customers, gateway)
        self.customers.identities = self.identities
        return Till(SHOP, "test", *stores, self._commit, self.mirror, self.identities)

    def answer(self, name: str, at: Millis = NOON) -> None:
        """A contact is answered and booked, in one transaction."""
        contact = a_contact(name, status=Status.CLAIMED, agent="mina")
        change = rules.reply(contact, said(f"{name}r", Author.AGENT, "mina", at), PRICE)
        self.contacts.rows[name] = contact
        assert change.message is not None
        saved = self.contacts.save(contact, change.after)
        commit(saved, self.contacts.append(name, change.message), *self.ledger.writes(change.entries))

    def send(self, now: Millis = NOON, hour: str = AT) -> bool:
        return send_window(self.till, HUMAN, hour, now)

    def window(self, hour: str = AT) -> Window:
        return self.ledger.windows.rows[HUMAN, hour]

    def change(self, hour: str = AT, **values: int | None) -> None:
        self.ledger.windows.rows[HUMAN, hour] = replace(self.window(hour), **values)  # type: ignore[arg-type]

    def breaks(self, now: Millis = NOON + HOUR, *, repair: bool = False) -> tuple[Break, ...]:
        return reconcile(self.till, self.contacts, self.ledger, now, since=0, repair=repair).breaks

    def _commit(self, *writes: Write) -> None:
        self.commits += 1
        if self.commits == self.dies_at_commit:
            raise Died
        commit(*writes)


def sent() -> World:
    world = World()
    for number in range(3):
        world.answer(f"c{number}")
    assert world.send()
    return world
