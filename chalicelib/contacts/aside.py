"""Put contacts off, raise hands, whisper, end abusive conversations, and let others take a contact over."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.contacts import hands, kept, later, leading
from chalicelib.contacts.deciding import act, customer_of, require_customer, require_not_erased, say
from chalicelib.contacts.hands import require_not_barred
from chalicelib.contacts.kinds import LaterKind
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.service import agent_of, claimed
from chalicelib.contacts.transitions import allow
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.ids import random_id


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when a contact is put off and what for; `text`, made from a canned `answer` or none, is sent then.

    `sure` says that the agent was warned of what the shop's rules advise against.
    """

    until: Millis
    kind: LaterKind
    text: Message | None = None
    answer: str | None = None
    sure: bool = False


def put_off(desk: Desk, contact_id: str, pause: Pause, event: Event, *, expected: int | None = None) -> Contact:
    """Put off what the agent of `event` holds; a text is guarded now, as if it were sent."""

    def decide(contact: Contact) -> Change:
        change = later.put_off(contact, pause.until, pause.kind, event, pause.text)
        if pause.text:
            require_not_erased(desk, contact)
            desk.guard(contact, pause.text.text, pause.answer, pause.sure)
        return change

    return act(desk, contact_id, decide, expected=expected)


def wake(desk: Desk, contact_id: str, event: Event, *, expected: int | None = None) -> Contact:
    """Let the agent of `event` take what was put off."""
    agent = agent_of(desk, event.agent)

    def decide(contact: Contact) -> Change:
        change = later.wake(contact, agent, event)
        require_not_barred(agent, customer_of(desk, contact))
        return change

    return act(desk, contact_id, decide, expected=expected)


def end_pause(desk: Desk, contact_id: str, now: Millis) -> Contact:
    """Send what was to be sent, or queue the contact; safe to run twice, and to die in at any time.

    Raises Conflict if it is not put off any more, or until later.
    """
    event = Event(random_id(), Action.DUE, "sweeper", now, episode=0)

    def decide(contact: Contact) -> Change:
        note = _to_send(desk, contact)
        return later.send(contact, note, desk.price(now), now) if note else later.due(contact, event)

    return act(desk, contact_id, decide)


def call_lead(
    desk: Desk, contact_id: str, reason: Message, event: Event, *, expected: int | None = None
) -> Contact:
    """Raise the hand of the agent of `event`, who holds the contact; the `reason` is kept as a note."""

    def decide(contact: Contact) -> Change:
        change = hands.raised(contact, event, reason)
        require_not_erased(desk, contact)
        return change

    return act(desk, contact_id, decide, expected=expected)


def whisper(desk: Desk, contact_id: str, said: Message, kind: Kind, *, expected: int | None = None) -> Message:
    """Store what a lead tells a holder whose hand is up. A repeat returns the first answer."""
    return say(desk, contact_id, said, lambda contact: hands.whisper(contact, said, kind), expected=expected)


def stop(
    desk: Desk, contact_id: str, said: Sequence[Message], event: Event, *, expected: int | None = None
) -> Contact:
    """End a conversation with what is `said`: the house's warning, and a remark if there is one.

    No contact of its customer comes to this agent again.
    """

    def decide(contact: Contact) -> Change:
        change = hands.stop(contact, said[0], said[1] if len(said) > 1 else None, event)
        require_customer(contact)
        return change

    return act(desk, contact_id, decide, expected=expected)


def pass_on(
    desk: Desk, contact_id: str, remark: Message | None, event: Event, *, expected: int | None = None
) -> Contact:
    """Pass what the agent of `event` holds on to the shop's own people, with a `remark` for them or without."""

    def decide(contact: Contact) -> Change:
        change = kept.passed(contact, event, remark)
        if remark:
            require_not_erased(desk, contact)
        return change

    return act(desk, contact_id, decide, expected=expected)


def give(desk: Desk, contact_id: str, event: Event, *, expected: int | None = None) -> Contact:
    """Leave to the desk what the shop's own people were to answer."""

    def decide(contact: Contact) -> Change:
        allow(contact, event.action)
        return kept.given(contact, desk.arrive(event.at), event)

    return act(desk, contact_id, decide, expected=expected)


def reassign(desk: Desk, contact_id: str, to: str, event: Event, *, expected: int | None = None) -> Contact:
    """Hand what waits, or what somebody holds, to the agent `to`."""

    def decide(contact: Contact) -> Change:
        agent = agent_of(desk, to)
        change = leading.reassigned(contact, agent, event)
        require_not_barred(agent, customer_of(desk, contact))
        return change

    with desk.beside(to):
        return claimed(act(desk, contact_id, decide, expected=expected))


def _to_send(desk: Desk, contact: Contact) -> Message | None:
    """Return the note that is to be sent; None if there is none, or if its customer was erased meanwhile."""
    if contact.later_kind != LaterKind.SEND or not contact.customer or desk.erased(contact):
        return None
    named = Message(contact.later_text, Author.NOTE, "", "", contact.changed_at, episode=0, digest="")
    note = desk.contacts.message(contact.id, named)
    return note if note and note.text else None
