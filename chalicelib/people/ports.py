"""What signing in and letting people in and out need of the world."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from chalicelib.agents.model import Agent
from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis
from chalicelib.people.model import (
    Account,
    Challenge,
    Claim,
    Claims,
    PermissionChange,
    Person,
    Renewal,
    Ticket,
    Tokens,
)
from chalicelib.tenants.aims import Acceptance
from chalicelib.tenants.model import Tenant


class Directory(Protocol):
    """Where mail addresses, passwords and second factors are kept; `user` is an id or a mail address."""

    def sign_up(self, mail: str, password: str) -> None: ...
    def confirm(self, mail: str, code: str) -> None: ...
    def resend(self, mail: str) -> None: ...
    def sign_in(self, user: str, password: str) -> Tokens | Challenge: ...
    def answer(self, challenge: Challenge, said: str) -> Tokens | Challenge: ...
    def renew(self, user: str, refresh: str) -> str: ...
    def revoke(self, refresh: str) -> None: ...
    def sign_out(self, user: str) -> None: ...
    def forgot(self, mail: str) -> None: ...
    def reset(self, mail: str, code: str, password: str) -> None: ...
    def set_password(self, user: str, password: str) -> None: ...
    def new_secret(self, access: str) -> str: ...
    def enroll(self, user: str, access: str, code: str) -> None: ...
    def unenroll(self, user: str) -> None: ...
    def invite(self, mail: str) -> Account: ...
    def invite_again(self, mail: str) -> None: ...
    def restore(self, user: str) -> None: ...
    def find(self, user: str) -> Account | None: ...
    def disable(self, user: str) -> None: ...
    def forget(self, user: str) -> None: ...


class PeopleStore(Protocol):
    """What this module needs of a store of people."""

    def find(self, person: str) -> Person | None: ...
    def of_tenant(self, tenant: str) -> list[Person]: ...
    def team(self) -> list[Person]: ...
    def add(self, person: Person) -> Write: ...
    def save(self, before: Person, after: Person) -> Write: ...
    def void(self, person: str, at: Millis) -> Write: ...
    def enrolled(self, person: str, at: Millis, *, began: Millis) -> Write: ...
    def unenrolled(self, person: str, at: Millis) -> Write: ...
    def owners(self, tenant: str, change: int) -> Write: ...


class ChangeStore(Protocol):
    """What this module needs of a record of permissions: one shop's, or the team's."""

    def add(self, change: PermissionChange) -> Write: ...


class TryStore(Protocol):
    """What this module needs of a store of tries, for one purpose and one mail address."""

    def read(self) -> tuple[Millis, ...]: ...
    def save(self, before: tuple[Millis, ...], after: tuple[Millis, ...]) -> Write: ...


class AgentStore(Protocol):
    """What this module needs of a store of agents."""

    def find(self, agent: str) -> Agent | None: ...
    def add(self, agent: Agent) -> Write: ...
    def retire(self, agent: Agent) -> Write: ...


class TenantStore(Protocol):
    """What this module needs of a store of one tenant."""

    def current(self) -> Tenant | None: ...
    def save(self, profile: Tenant, before: Tenant | None) -> Write: ...


class RegistrationStore(Protocol):
    """What this module needs of a store of 사업자등록번호."""

    def find(self, number: str) -> Claim | None: ...
    def claim(self, claim: Claim, before: Claim | None) -> Write: ...


class AcceptanceStore(Protocol):
    """What this module needs of a store of what one shop accepted."""

    def all(self) -> list[Acceptance]: ...
    def add(self, one: Acceptance) -> Write: ...


class Sealer(Protocol):
    """What this module needs of a seal."""

    def ticket(self, ticket: Ticket, now: Millis) -> str: ...
    def open_ticket(self, sealed: str, now: Millis) -> Ticket: ...
    def renewal(self, renewal: Renewal, now: Millis) -> str: ...
    def open_renewal(self, sealed: str, now: Millis) -> Renewal: ...


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in: the directory, what is kept of them, and how to commit.

    `changes` returns the record of a shop, or for no tenant the team's. `clock` is the one that tokens are signed
    with, which no test stage shifts. `verify` reads a token or raises Unauthenticated. `acting` lets the calls
    within touch the rows of one tenant, agent and person.
    """

    directory: Directory
    people: PeopleStore
    changes: Callable[[str], ChangeStore]
    tries: Callable[[str, str], TryStore]
    verify: Callable[[str], Claims]
    seal: Sealer
    clock: Callable[[], Millis]
    commit: Callable[..., None]
    acting: Callable[[str, str, str], AbstractContextManager[None]] = lambda _tenant, _agent, _person: (
        nullcontext()
    )


@dataclass(frozen=True, slots=True)
class Desks:
    """What else is touched when people are let in and out.

    `keys` returns the writes that revoke all API keys of an owner; `return_held` gives back what an agent holds.
    """

    agents: AgentStore
    tenant: Callable[[str], TenantStore]
    keys: Callable[[Kind, str], list[Write]]
    return_held: Callable[[str, Millis], int]
    suspend: Callable[[str, bool, Millis], Write]
    registrations: RegistrationStore
    acceptances: Callable[[str], AcceptanceStore]
