"""One tenant's desk with the real stores."""

from functools import partial

from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import beside
from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.erasure import ContactErasure
from chalicelib.contacts.model import Story
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.store import Contacts
from chalicelib.customers.store import Customers
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.metering.store import Ledger
from chalicelib.routing.service import arrive
from chalicelib.routing.store import VirtualClock
from chalicelib.tenants.store import Tenants


def desk(tenant: str, pool: str = "", *, lane: str = "") -> Desk:
    """Return the desk of `tenant` as a caller of `pool` sees it; raise NotFound for an unknown tenant.

    Arrivals of another `lane` are ranked by a clock of their own: visitors, whom nobody knows, cannot use up what
    the shop's own contract allows.
    """
    profile = Tenants(tenant).profile()
    contacts = Contacts(tenant)
    return Desk(
        tenant=profile,
        contacts=contacts,
        ledger=Ledger(tenant),
        agents=Agents(),
        arrive=partial(
            arrive,
            VirtualClock(tenant, f"{profile.pool}.{lane}" if lane else profile.pool),
            profile.contract,
            any_waiting=contacts.any_waiting,
            commit=commit,
        ),
        commit=commit,
        customers=Customers(tenant, Vault(tenant)),
        pool=pool,
        beside=beside,
    )


def desk_for(caller: Caller, tenant: str) -> Desk:
    """Return the desk of `tenant` for `caller`, with whose session of that tenant the calls are made.

    Raises NotFound for an unknown tenant, and for an agent at a tenant that neither is served by the agent's pool
    nor has a contact that the agent holds: the wall knows tenants and agents, and pools are known only here.
    """
    here = desk(tenant, caller.pool, lane="widget" if caller.kind is Kind.VISITOR else "")
    if caller.pool not in {"", here.tenant.pool} and not _holds(caller.agent, tenant):
        raise not_found()
    return here


def story_for(caller: Caller, here: Desk, contact: str, now: Millis) -> Story:
    """Return a contact's story; what has expired and is on legal hold is there for the owner alone."""
    tenant = here.tenant.id
    holds = ContactErasure(tenant).held(now) if caller.kind is Kind.OWNER else {}
    kept = Contacts(tenant, held_until=holds[contact].until) if contact in holds else here.contacts
    return kept.story(contact)


def _holds(agent: str, tenant: str) -> bool:
    found = Agents().find(agent)
    return found is not None and any(ref.partition("/")[0] == tenant for ref in found.holding)
