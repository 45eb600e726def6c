"""How what was said and done with a contact looks in the table."""

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import sort_key
from chalicelib.aws.tables import Row
from chalicelib.contacts.model import Action, Author, Event, Message
from chalicelib.customers.ports import Cipher


class MessageRow(Row, discriminator="message"):
    """Something said, or a note."""

    message = UnicodeAttribute()
    author = UnicodeAttribute()
    agent = UnicodeAttribute(null=True)
    content = BinaryAttribute(legacy_encoding=False)
    at = NumberAttribute()
    episode = NumberAttribute()
    digest = UnicodeAttribute()
    effect = UnicodeAttribute(null=True)


class EventRow(Row, discriminator="event"):
    """Something that happened."""

    event = UnicodeAttribute()
    action = UnicodeAttribute()
    actor = UnicodeAttribute()
    at = NumberAttribute()
    episode = NumberAttribute()
    detail = UnicodeAttribute(null=True)


def message_key(message: Message) -> str:
    """Return the sort key of a message, or of a note."""
    kind = "note" if message.author is Author.NOTE else "msg"
    return sort_key(kind, message.id)


def message_row(pk: str, message: Message, cipher: Cipher) -> MessageRow:
    """Return the row of a message, or of a note; what was said, and a customer's name, are sealed in it."""
    sk, by_customer = message_key(message), message.author is Author.CUSTOMER
    said = [message.text, message.subject, message.name if by_customer else ""]
    return MessageRow(
        pk=pk,
        sk=sk,
        message=message.id,
        author=message.author,
        # An agent's name is ours, and the bill's evidence.
        agent=None if by_customer else message.name,
        content=cipher.seal(f"{pk} {sk}", msgspec.json.encode(said).decode()),
        at=message.at,
        episode=message.episode,
        digest=message.digest,
        effect=message.effect or None,
    )


def event_row(pk: str, event: Event) -> EventRow:
    """Return the row of an event."""
    return EventRow(
        pk=pk,
        sk=sort_key("event", event.id),
        event=event.id,
        action=event.action,
        actor=event.actor,
        at=event.at,
        episode=event.episode,
        detail=event.detail or None,
    )


def read_message(row: MessageRow, cipher: Cipher | None) -> Message:
    """Return the message in `row`; without a cipher, or once it was erased, without what was said."""
    text = subject = name = ""
    if cipher and row.content:
        text, subject, name = msgspec.json.decode(cipher.open(f"{row.pk} {row.sk}", row.content))
    return Message(
        id=row.message,
        author=Author(row.author),
        name=row.agent or name,
        text=text,
        at=int(row.at),
        episode=int(row.episode),
        digest=row.digest,
        subject=subject,
        effect=row.effect or "",
    )


def read_event(row: EventRow) -> Event:
    """Return the event in `row`."""
    return Event(
        id=row.event,
        action=Action(row.action),
        actor=row.actor,
        at=int(row.at),
        episode=int(row.episode),
        detail=row.detail or "",
    )
