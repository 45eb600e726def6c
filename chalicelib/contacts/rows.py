"""How a contact and its story look in the table."""

from dataclasses import fields
from typing import Any

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import desk_key, sort_key, tenant_key
from chalicelib.aws.tables import Row
from chalicelib.contacts.model import Action, Author, Contact, Event, Message, Status
from chalicelib.customers.ports import Cipher
from chalicelib.kernel.clock import iso
from chalicelib.metering.model import Episode, Price
from chalicelib.routing.model import Band
from chalicelib.tenants.model import Channel


class ContactRow(Row, discriminator="contact"):
    """A contact as it stands."""

    tenant = UnicodeAttribute()
    contact = UnicodeAttribute()
    pool = UnicodeAttribute()
    channel = UnicodeAttribute()
    customer = UnicodeAttribute()
    weight = NumberAttribute()
    opened_at = NumberAttribute()
    changed_at = NumberAttribute()
    rank = NumberAttribute()
    size = NumberAttribute(default=0)
    digest = UnicodeAttribute()
    status = UnicodeAttribute()
    band = NumberAttribute()
    version = NumberAttribute()
    episode = NumberAttribute()
    n = NumberAttribute()
    net = NumberAttribute()
    price_won = NumberAttribute(null=True)
    price_version = UnicodeAttribute(null=True)
    billed_at = NumberAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    preferred = UnicodeAttribute(null=True)
    claimed_at = NumberAttribute(null=True)
    first_reply_at = NumberAttribute(null=True)
    resolved_at = NumberAttribute(null=True)
    spam_from = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)


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


# Attributes that are optional in the row, since an absent attribute costs nothing.
_OPTIONAL = ["agent", "preferred", "claimed_at", "first_reply_at", "resolved_at", "spam_from", "merged_into"]
_PLAIN = [field.name for field in fields(Contact) if field.name not in {"id", "episode", *_OPTIONAL}]


def partition(tenant: str, contact: str) -> str:
    """Return the partition of a contact and all of its story."""
    return tenant_key(tenant, "contact", contact)


def queue_of(pool: str) -> str:
    """Return the index partition of a pool's waiting contacts."""
    return desk_key("queue", pool)


def contact_row(contact: Contact) -> ContactRow:
    """Return the row of `contact`; it is in the queue's index only while it waits."""
    row = ContactRow(
        pk=partition(contact.tenant, contact.id),
        sk="contact",
        contact=contact.id,
        lists_pk=tenant_key(contact.tenant, contact.status),
        lists_sk=sort_key(iso(contact.changed_at), contact.id),
        episode=contact.episode.number,
        n=contact.episode.n,
        net=contact.episode.net,
        **_plain(contact),
    )
    if price := contact.episode.price:
        row.price_won, row.price_version, row.billed_at = price.won, price.version, contact.episode.billed_at
    if contact.status is Status.WAITING:
        row.work_pk = queue_of(contact.pool)
        row.work_sk = sort_key(f"{contact.band:d}", f"{contact.rank:015d}", contact.tenant, contact.id)
    return row


def _plain(contact: Contact) -> dict[str, Any]:
    values = {name: getattr(contact, name) for name in _PLAIN}
    return values | {name: getattr(contact, name) or None for name in _OPTIONAL}


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


def read_contact(row: ContactRow) -> Contact:
    """Return the contact in `row`."""
    price = None if row.price_won is None else Price(int(row.price_won), row.price_version or "")
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    values |= {name: getattr(row, name) for name in _OPTIONAL if getattr(row, name) is not None}
    values |= {
        "id": row.contact,
        "channel": Channel(row.channel),
        "status": Status(row.status),
        "band": Band(int(row.band)),
        "episode": Episode(int(row.episode), int(row.n), int(row.net), price, int(row.billed_at or 0)),
    }
    return Contact(**values)


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
