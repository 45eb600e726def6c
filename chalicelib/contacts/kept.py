"""What the shop's own people answer, and what a contact is about."""

from dataclasses import replace

from chalicelib.contacts import moves
from chalicelib.contacts.kinds import FOR_SHOP
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message, Status
from chalicelib.contacts.rules import held_by
from chalicelib.contacts.transitions import allow
from chalicelib.intents.model import Intent
from chalicelib.kernel.errors import Conflict
from chalicelib.routing.model import Arrival


def passed(contact: Contact, event: Event, remark: Message | None) -> Change:
    """The holder passes it on to the shop's own people; a `remark` is for them to read."""
    allow(contact, Action.PASS)
    held_by(contact, event.agent)
    after = moves.kept(contact, event.at)
    if remark:
        remark = replace(remark, author=Author.NOTE, episode=contact.episode.number, effect=FOR_SHOP)
        after = moves.told(after, remark)
    return Change(contact, after, event=replace(event, episode=contact.episode.number), note=remark)


def given(contact: Contact, arrival: Arrival, event: Event) -> Change:
    """The shop's own people leave it to the desk: it is queued like an arrival."""
    allow(contact, Action.GIVE)
    after = moves.arrived(moves.move(contact, Status.WAITING, event.at), event.at, arrival)
    return Change(contact, after, event=replace(event, episode=contact.episode.number))


def about(contact: Contact, intent: Intent, event: Event) -> Change:
    """Somebody knows better what it is about; it stays where it is."""
    allow(contact, Action.INTENT)
    if contact.intent == intent:
        raise Conflict("same_intent", f"this contact is about {intent} already")
    after = replace(moves.marked(contact), intent=intent)
    detail = f"{contact.intent or 'unknown'} to {intent}"
    return Change(contact, after, event=replace(event, episode=contact.episode.number, detail=detail))
