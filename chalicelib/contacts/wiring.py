"""One tenant's desk with the real stores."""

from functools import partial

from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.store import Contacts
from chalicelib.metering.store import Ledger
from chalicelib.routing.service import arrive
from chalicelib.routing.store import VirtualClock
from chalicelib.tenants.store import Tenants


def desk(tenant: str, pool: str = "") -> Desk:
    """Return the desk of `tenant` as a caller of `pool` sees it; raise NotFound for an unknown tenant."""
    profile = Tenants(tenant).profile()
    contacts = Contacts(tenant)
    return Desk(
        tenant=profile,
        contacts=contacts,
        ledger=Ledger(tenant),
        agents=Agents(),
        arrive=partial(
            arrive,
            VirtualClock(tenant, profile.pool),
            profile.contract,
            any_waiting=contacts.any_waiting,
            commit=commit,
        ),
        commit=commit,
        pool=pool,
    )
