"""What a holder does who needs help: raises a hand for a lead, or ends an abusive conversation."""

from dataclasses import replace

from chalicelib.agents.model import Agent
from chalicelib.contacts import moves
from chalicelib.contacts.kinds import WHISPER
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message, Status
from chalicelib.contacts.rules import held_by, note
from chalicelib.contacts.transitions import allow
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import Conflict, Forbidden


def raised(contact: Contact, event: Event, reason: Message) -> Change:
    """The holder wants a lead; the `reason` becomes a note, which is sealed and erased like all that is said."""
    allow(contact, Action.HAND)
    held_by(contact, event.agent)
    if contact.hand_at:
        raise Conflict("hand_up", "your hand is up already")
    reason = replace(reason, author=Author.NOTE, episode=contact.episode.number)
    after = moves.told(moves.stay(contact), reason)
    return replace(_by_hand(contact, event, replace(after, hand_at=event.at)), note=reason)


def lowered(contact: Contact, event: Event) -> Change:
    """The holder needs no lead any more."""
    allow(contact, Action.LOWER)
    held_by(contact, event.agent)
    if not contact.hand_at:
        raise Conflict("hand_down", "your hand is not up")
    return _by_hand(contact, event, replace(moves.stay(contact), hand_at=0))


def whisper(contact: Contact, said: Message, kind: Kind) -> Change:
    """A lead tells the holder something; raise Forbidden for another one, Conflict `hand_down` without a hand."""
    if kind is not Kind.LEAD:
        raise Forbidden("forbidden", "leads whisper, and nobody else")
    change = note(contact, replace(said, effect=WHISPER))
    if not contact.hand_at:
        raise Conflict("hand_down", "nobody asked for a lead here")
    return change


def stop(contact: Contact, warning: Message, remark: Message | None, event: Event) -> Change:
    """The holder ends the conversation with a `warning` of the house's; it counts as nobody's handling."""
    allow(contact, Action.STOP)
    held_by(contact, event.agent)
    number = contact.episode.number
    # What is said here does not count: whoever is insulted until nothing more fits can end that too.
    after = moves.move(contact, Status.RESOLVED, event.at)
    after = replace(after, resolved_at=event.at, stopped_by=event.agent, preferred="")
    said, event = replace(warning, episode=number), replace(event, episode=number)
    remark = replace(remark, episode=number) if remark else None
    return Change(contact, after, message=said, event=event, note=remark)


def require_not_barred(agent: Agent, customer: str) -> None:
    """Raise Conflict `barred` if the agent had to stop this customer (`tenant/handle`) before."""
    if customer in agent.barred:
        raise Conflict("barred", "this customer's contacts do not come to this agent any more")


def _by_hand(contact: Contact, event: Event, after: Contact) -> Change:
    return Change(contact, after, event=replace(event, episode=contact.episode.number))
