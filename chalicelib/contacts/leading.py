"""What a lead does with the contacts of the pool."""

from dataclasses import replace

from chalicelib.agents.model import Agent
from chalicelib.agents.rules import require_certified, require_present, require_room
from chalicelib.contacts import moves
from chalicelib.contacts.model import Action, Change, Contact, Event
from chalicelib.contacts.transitions import allow
from chalicelib.kernel.errors import Conflict, not_found


def reassigned(contact: Contact, to: Agent, event: Event) -> Change:
    """A lead hands what waits, or what anybody holds, to a present agent of the pool; this never bills."""
    allow(contact, Action.REASSIGN)
    if to.id == contact.agent:
        raise Conflict("same_agent", "this agent holds the contact already")
    if to.pool != contact.pool:
        raise not_found()
    require_certified(to, contact.tenant)
    require_present(to, event.at)
    require_room(to, contact.weight)
    if contact.agent:
        after = replace(moves.stay(contact), agent=to.id, claimed_at=event.at, hand_at=0)
    else:
        after = moves.taken(contact, to.id, event.at)
    event = replace(event, episode=contact.episode.number, detail=to.id)
    return Change(contact, after, event=event, taker=to)
