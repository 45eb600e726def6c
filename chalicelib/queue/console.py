"""What an agent does and sees beside taking contacts: breaks, what is in hand, onlookers, the own day."""

from dataclasses import replace

from chalicelib.agents.model import LEASE, Agent, Break, BreakKind, Colleague, Day
from chalicelib.agents.rules import colleagues_of, date_of, so_far
from chalicelib.contacts.model import Contact
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import NotFound
from chalicelib.queue.ports import Console, Floor
from chalicelib.queue.service import find


def pause(floor: Floor, agent_id: str, kind: BreakKind, now: Millis) -> Agent:
    """Begin a break; a repeat changes nothing. Raises Conflict `on_break` during one of another kind."""
    agent = find(floor, agent_id)
    if agent.paused and agent.paused.kind is kind:
        return agent
    wanted = Break(kind, now, agent.capacity)
    floor.commit(floor.agents.pause(agent, wanted))
    return replace(agent, capacity=0, paused=wanted, alive_until=now + LEASE)


def resume(floor: Floor, agent_id: str, now: Millis) -> Agent:
    """End the agent's break; without one, nothing changes. Raises Conflict `break_over` if another call did it."""
    agent = find(floor, agent_id)
    if agent.paused is None:
        return agent
    floor.commit(floor.agents.resume(agent, agent.paused, now))
    return replace(agent, capacity=agent.paused.capacity, paused=None, alive_until=now + LEASE)


def held(console: Console, agent: Agent) -> list[Contact]:
    """Return what the agent holds; not what went to others since the agent was read."""
    found = (_find(console, agent, ref) for ref in sorted(agent.holding))
    return [contact for contact in found if contact and contact.agent == agent.id]


def look(console: Console, agent: Agent, ref: str, now: Millis) -> None:
    """Let the holder of a contact of the agent's pool see that the agent looks at it; nothing for one's own."""
    contact = _find(console, agent, ref)
    if contact is None or contact.agent == agent.id or contact.pool != agent.pool:
        return
    with console.floor.acting(contact.tenant, agent.id):
        console.floor.commit(console.onlooker(contact.tenant, contact.id, agent, now))


def colleagues(console: Console, agent_id: str, pool: str, now: Millis) -> list[Colleague]:
    """Return who of the agent's pool is there to take a contact over, best first; raise NotFound.

    Of more than 200, those are left out who come last by their ids.
    """
    find(console.floor, agent_id)
    chosen = colleagues_of(agent_id, console.present(pool, now))
    known = [(one, console.floor.agents.seen(one.id) or console.colleague(one.id)) for one in chosen]
    return colleagues_of(agent_id, [replace(one, name=agent.name) for one, agent in known if agent])


def figures(console: Console, agent_id: str, now: Millis) -> Day:
    """Return the agent's day in Asia/Seoul so far; raise NotFound."""
    agent = find(console.floor, agent_id)
    return so_far(console.day(agent_id, date_of(now)), agent, now)


def _find(console: Console, agent: Agent, ref: str) -> Contact | None:
    """Return a contact by the name under which agents hold it, or None: it expired, or never was."""
    tenant, _, contact = ref.partition("/")
    with console.floor.acting(tenant, agent.id):
        try:
            return console.contact(tenant, contact)
        except NotFound:
            return None
