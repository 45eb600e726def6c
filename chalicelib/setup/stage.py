"""Rehearsals with the real stores."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from chalicelib.agents.model import REHEARSAL, Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import beside
from chalicelib.aws.tables import commit
from chalicelib.contacts.wiring import desk
from chalicelib.handbook.store import Handbooks
from chalicelib.intents.model import Intent
from chalicelib.kernel.errors import Conflict
from chalicelib.routing.model import Arrival
from chalicelib.setup.rehearsal import Rehearsals
from chalicelib.setup.script import Line, lines
from chalicelib.setup.wiring import choosing
from chalicelib.tenants.history import Choices
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.sections import Section

# All shops rehearse with the same agent, each for a moment.
_CAPACITY = 1_000


def on_stage() -> AbstractContextManager[None]:
    """Let the calls within touch the row of the agent of rehearsals besides what the caller may."""
    return beside(REHEARSAL)


def rehearsals(tenant: str) -> Rehearsals:
    """Return the rehearsals of `tenant`; raise NotFound for an unknown one."""
    # The guard compares with the shops of the pool that is to answer for this one.
    here = desk(tenant)
    return Rehearsals(
        desk=replace(here, pool=REHEARSAL, arrive=lambda now: Arrival(REHEARSAL, now)),
        choosing=choosing(tenant),
        held=lambda most: Choices(tenant).page(Section.REHEARSAL, limit=most, after=None)[0],
        lines=lambda intent: _lines(here.tenant, intent),
        cast=_cast,
    )


def _lines(shop: Tenant, intent: Intent) -> Sequence[Line]:
    known = {"shop.name": shop.name, "agent.name": shop.persona.agent_name}
    return lines(shop.persona, Handbooks(shop.id).shelf().offered, intent, known)


def _cast() -> None:
    agents = Agents()
    if agents.find(REHEARSAL) is not None:
        return
    try:
        commit(agents.add(Agent(REHEARSAL, "Rehearsal", REHEARSAL, _CAPACITY)))
    except Conflict:
        # Another shop rehearses for the first time, too.
        return
