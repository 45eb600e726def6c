"""What the use cases of contacts need of the world: stores, and a way to commit."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from chalicelib.agents.model import NO_WORK, Agent, Work
from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Contact, Event, Message, Story
from chalicelib.contacts.notices import Outlook
from chalicelib.customers.ports import CustomerStore
from chalicelib.kernel.clock import Millis, kst_month
from chalicelib.metering.model import Meter, Price, UsageEntry
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import list_won
from chalicelib.routing.model import Arrival
from chalicelib.tenants.model import Tenant

Expect = Callable[[Contact, Millis], Outlook | None]
Guard = Callable[[Contact, str, str | None, bool], None]
StepsDone = Callable[[Sequence[str], bool], Sequence[str]]
Attach = Callable[[Contact, Message, Sequence[str]], list[Write]]


class ContactStore(Protocol):
    """What this module needs of a store of one tenant's contacts."""

    def get(self, contact: str) -> Contact: ...
    def story(self, contact: str) -> Story: ...
    def message(self, contact: str, same_as: Message) -> Message | None: ...
    def add(self, contact: Contact) -> Write: ...
    def save(self, before: Contact, after: Contact) -> Write: ...
    def append(self, contact: str, message: Message) -> Write: ...
    def record(self, contact: str, event: Event) -> Write: ...


class AgentStore(Protocol):
    """What this module needs of a store of agents."""

    def find(self, agent: str) -> Agent | None: ...
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
    ) -> Write: ...
    def give_back(
        self,
        agent: str,
        ref: str,
        weight: int,
        *,
        lapsed_at: Millis | None = None,
        work: Work = NO_WORK,
        barring: str = "",
    ) -> Write: ...


class LedgerStore(Protocol):
    """What this module needs of one tenant's ledger."""

    def writes(self, entries: Sequence[UsageEntry]) -> list[Write]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One tenant's side of the desk: its profile and stores, and how to commit.

    `arrive` gives a contact that arrives at a time its place. `pool` is the caller's, who sees only what it
    serves; shops and jobs, without one, see all of the tenant's. `beside` lets a change touch
    one agent's row more. `expect` says what can be told of a contact's wait; None when that is not known.

    `guard` raises unless this text, made from that canned answer or none, may be sent for the shop to the contact;
    True: the agent was warned. `steps_done` raises unless the script steps done are enough, and returns those that
    were left out on purpose. `attach` returns the writes by which files of the contact belong to a message.
    `erased` tells whether a contact came before its customer was erased, and is still there: on legal hold, say.
    `tell` returns the writes by which the shop's servers hear that a contact came to its status, and `remind` lets
    the shop's people know, after the change, that one waits for them.
    """

    tenant: Tenant
    contacts: ContactStore
    ledger: LedgerStore
    agents: AgentStore
    arrive: Callable[[Millis], Arrival]
    commit: Callable[..., None]
    customers: CustomerStore
    pool: str = ""
    beside: Callable[[str], AbstractContextManager[None]] = lambda _agent: nullcontext()
    expect: Expect = lambda _contact, _now: None
    guard: Guard = lambda _contact, _text, _answer, _sure: None
    steps_done: StepsDone = lambda _steps, _sure: ()
    attach: Attach = lambda _contact, _message, _files: []
    erased: Callable[[Contact], bool] = lambda _contact: False
    tell: Callable[[Contact], list[Write]] = lambda _contact: []
    remind: Callable[[Contact], None] = lambda _contact: None

    def price(self, now: Millis) -> Price:
        """Return the list price of one contact in the plan in force."""
        version = self.tenant.plan_in(kst_month(now))
        return Price(list_won(plan(version), Meter.HUMAN), version)
