"""A contact that is put off: until when, and what becomes of it then."""

from dataclasses import replace

from chalicelib.agents.model import Agent
from chalicelib.agents.rules import require_certified, require_room
from chalicelib.contacts import moves
from chalicelib.contacts.kinds import TO_SEND, LaterKind
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message, Status
from chalicelib.contacts.rules import billed, held_by, serves
from chalicelib.contacts.transitions import allow
from chalicelib.kernel.clock import DAY, MINUTE, Millis, iso
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.metering.model import Price

SOONEST: Millis = MINUTE
LATEST: Millis = 30 * DAY


def put_off(contact: Contact, until: Millis, kind: LaterKind, event: Event, text: Message | None) -> Change:
    """The holder puts it off; `text` is kept as a note, and sent at `until` if that is what it is put off for.

    Raises BadInput `invalid_until` for a time that is too near or too far.
    """
    allow(contact, Action.LATER)
    held_by(contact, event.agent)
    if not SOONEST <= until - event.at <= LATEST:
        raise BadInput("invalid_until", "until is a time from 1 minute to 30 days ahead")
    after = moves.move(contact, Status.LATER, event.at)
    if text:
        text = replace(text, author=Author.NOTE, episode=contact.episode.number, effect=TO_SEND)
        after = replace(moves.told(after, text), later_text=text.id)
    after = replace(after, later_until=until, later_kind=kind, preferred=event.agent)
    event = replace(event, episode=contact.episode.number, detail=f"{kind} {iso(until)}")
    return Change(contact, after, event=event, note=text)


def wake(contact: Contact, agent: Agent, event: Event) -> Change:
    """An agent of the pool takes it before its time; what was to be sent is not sent."""
    serves(contact, agent.pool)
    allow(contact, Action.WAKE)
    require_certified(agent, contact.tenant)
    require_room(agent, contact.weight)
    after = moves.taken(contact, agent.id, event.at)
    return Change(contact, after, event=replace(event, episode=contact.episode.number), taker=agent)


def due(contact: Contact, event: Event) -> Change:
    """Its time has come: it goes to the front of the queue, and who put it off is preferred."""
    allow(contact, Action.DUE)
    _require_due(contact, event.at)
    event = replace(event, episode=contact.episode.number, detail=contact.later_kind)
    return Change(contact, moves.returned(contact, event.at), event=event)


def send(contact: Contact, note: Message, price: Price, now: Millis) -> Change:
    """Its time has come: what its `note` says is the agent's answer, billed as any, and it is resolved."""
    allow(contact, Action.SEND)
    _require_due(contact, now)
    said = replace(note, author=Author.AGENT, at=now, effect="")
    # It grew by the text when that was put off, and may be full since: what was promised is sent all the same.
    after = moves.first_answered(moves.move(contact, Status.RESOLVED, now), said)
    return billed(Change(contact, replace(after, resolved_at=now), message=said), price)


def _require_due(contact: Contact, now: Millis) -> None:
    """Raise Conflict `not_due`: the index may still show the time before it was put off anew."""
    if contact.later_until > now:
        raise Conflict("not_due", "this contact is put off until later")
