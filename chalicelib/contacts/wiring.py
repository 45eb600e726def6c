"""One tenant's desk with the real stores."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial

from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import Scope, acting, beside
from chalicelib.aws.observe import log
from chalicelib.aws.tables import Write, commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.erasure import ContactErasure
from chalicelib.contacts.model import Author, Contact, Message, Story
from chalicelib.contacts.notices import Outlook
from chalicelib.contacts.outlooks import outlook
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.store import Contacts
from chalicelib.contacts.telling import remind, told
from chalicelib.customers.store import Customers
from chalicelib.files.model import Side
from chalicelib.files.store import Files
from chalicelib.handbook.wiring import guard, steps_left
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.metering.store import Ledger
from chalicelib.promotions.wiring import contract_of
from chalicelib.routing.model import Arrival, Lane
from chalicelib.routing.service import arrive
from chalicelib.routing.store import VirtualClock
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.store import Tenants


def desk(tenant: str, pool: str = "", *, lane: Lane = Lane.SHOP) -> Desk:
    """Return the desk of `tenant` as a caller of `pool` sees it; raise NotFound for an unknown tenant.

    Arrivals of `lane` are ranked by its clock.
    """
    profile, contacts = Tenants(tenant).profile(), Contacts(tenant)

    def place(now: Millis) -> Arrival:
        clock = VirtualClock(tenant, profile.pool, lane)
        rank = arrive(clock, contract_of(profile, now), now, any_waiting=contacts.any_waiting, commit=commit)
        return Arrival(profile.pool, now, held=True) if rank is None else Arrival(profile.pool, rank)

    return Desk(
        tenant=profile,
        contacts=contacts,
        ledger=Ledger(tenant),
        agents=Agents(),
        arrive=place,
        commit=commit,
        customers=Customers(tenant, Vault(tenant)),
        pool=pool,
        beside=beside,
        expect=partial(_expect, profile),
        guard=lambda _contact, text, answer, sure: guard(profile, pool, text, answer, sure=sure),
        steps_done=lambda steps, sure: steps_left(profile, steps, sure=sure),
        attach=_attach,
        erased=was_erased,
        tell=told,
        remind=remind,
    )


def desk_for(caller: Caller, tenant: str) -> Desk:
    """Return the desk of `tenant` for `caller`, with whose session of that tenant the calls are made.

    Raises NotFound for an unknown tenant, and for an agent at a tenant that neither is served by the agent's pool
    nor has a contact that the agent holds: the wall knows tenants and agents, and pools are known only here.
    """
    here = desk(tenant, caller.pool, lane=lane_of(caller))
    if caller.pool not in {"", here.tenant.pool} and not _holds(caller.agent, tenant):
        raise not_found()
    return here


def for_two(tenant: str) -> AbstractContextManager[None]:
    """Let the calls within touch the rows of `tenant` and of two agents, of whom the caller need not be one."""
    return acting(Scope(tenant=tenant))


def was_erased(contact: Contact) -> bool:
    """Return whether this came before its customer was erased, and waits to be blanked or is on legal hold."""
    customers = Customers(contact.tenant, Vault(contact.tenant))
    stone = customers.tombstone(customers.handle(contact.customer))
    return stone is not None and contact.opened_at <= stone.at


def lane_of(caller: Caller) -> Lane:
    """Return the lane of what `caller` sends."""
    return Lane.WIDGET if caller.kind is Kind.VISITOR else Lane.SHOP


def story_for(caller: Caller, here: Desk, contact: str, now: Millis) -> Story:
    """Return a contact's story; what has expired and is on legal hold is there for the owner alone."""
    tenant = here.tenant.id
    holds = ContactErasure(tenant).held(now) if caller.kind is Kind.OWNER else {}
    kept = Contacts(tenant, held_until=holds[contact].until) if contact in holds else here.contacts
    return kept.story(contact)


def _attach(contact: Contact, message: Message, files: Sequence[str]) -> list[Write]:
    side = Side.AGENT if message.author is Author.AGENT else Side.CUSTOMER
    return Files(contact.tenant).attach(contact.id, message.id, side, files)


def _expect(profile: Tenant, contact: Contact, now: Millis) -> Outlook | None:
    try:
        return outlook(profile, contact, now)
    except Exception:
        # A contact must not be lost because nobody can tell how long it will wait.
        log().exception("wait not known", tenant=profile.id)
        return None


def _holds(agent: str, tenant: str) -> bool:
    found = Agents().find(agent)
    return found is not None and any(ref.partition("/")[0] == tenant for ref in found.holding)
