"""How a contact and its story look in the table."""

from dataclasses import fields
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import desk_key, sort_key, tenant_key
from chalicelib.aws.tables import Row
from chalicelib.contacts.model import Contact, Status
from chalicelib.kernel.clock import iso
from chalicelib.metering.model import Episode, Price
from chalicelib.routing.model import Band, Lane
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
    lane = UnicodeAttribute(null=True)
    held_at = NumberAttribute(null=True)
    promised_at = NumberAttribute(null=True)
    admitted_at = NumberAttribute(null=True)
    later_until = NumberAttribute(null=True)
    later_kind = UnicodeAttribute(null=True)
    later_text = UnicodeAttribute(null=True)
    hand_at = NumberAttribute(null=True)
    stopped_by = UnicodeAttribute(null=True)
    intent = UnicodeAttribute(null=True)
    taken_at = NumberAttribute(null=True)
    kept_at = NumberAttribute(null=True)
    test = BooleanAttribute(null=True)


# Attributes that are optional in the row, since an absent attribute costs nothing.
_OPTIONAL = [
    *("agent", "preferred", "claimed_at", "first_reply_at", "resolved_at", "spam_from", "merged_into"),
    *("held_at", "promised_at", "admitted_at"),
    *("later_until", "later_kind", "later_text", "hand_at", "stopped_by"),
    *("intent", "taken_at", "kept_at", "test"),
]
PUT_OFF = desk_key("later")
_PLAIN = [field.name for field in fields(Contact) if field.name not in {"id", "episode", "lane", *_OPTIONAL}]


def partition(tenant: str, contact: str) -> str:
    """Return the partition of a contact and all of its story."""
    return tenant_key(tenant, "contact", contact)


def queue_of(pool: str) -> str:
    """Return the index partition of a pool's waiting contacts."""
    return desk_key("queue", pool)


def overflow_of(pool: str) -> str:
    """Return the index partition of the contacts that are held back from a pool's queue."""
    return desk_key("overflow", pool)


def hands_of(pool: str) -> str:
    """Return the index partition of a pool's contacts whose holder wants a lead."""
    return desk_key("hands", pool)


def contact_row(contact: Contact) -> ContactRow:
    """Return the row of `contact`; it is in the queue's index only while somebody must look at it some time."""
    row = ContactRow(
        pk=partition(contact.tenant, contact.id),
        sk="contact",
        contact=contact.id,
        lists_pk=tenant_key(contact.tenant, contact.status),
        lists_sk=sort_key(iso(contact.changed_at), contact.id),
        episode=contact.episode.number,
        n=contact.episode.n,
        net=contact.episode.net,
        lane=None if contact.lane is Lane.SHOP else contact.lane,
        **_plain(contact),
    )
    if price := contact.episode.price:
        row.price_won, row.price_version, row.billed_at = price.won, price.version, contact.episode.billed_at
    row.work_pk, row.work_sk = _work(contact)
    return row


def _work(contact: Contact) -> tuple[str, str] | tuple[None, None]:
    """Return where in the queue's index a contact is: in one place at most."""
    tenant, name = contact.tenant, contact.id
    if contact.status is Status.WAITING:
        place = sort_key(f"{contact.band:d}", f"{contact.rank:015d}", tenant, name)
        return queue_of(contact.pool), place
    if contact.status is Status.OVERFLOW:
        return overflow_of(contact.pool), sort_key(tenant, contact.lane, f"{contact.held_at:015d}", name)
    if contact.status is Status.LATER:
        return PUT_OFF, sort_key(f"{contact.later_until:015d}", tenant, name)
    if contact.hand_at:
        return hands_of(contact.pool), sort_key(f"{contact.hand_at:015d}", tenant, name, contact.agent)
    return None, None


def _plain(contact: Contact) -> dict[str, Any]:
    values = {name: getattr(contact, name) for name in _PLAIN}
    return values | {name: getattr(contact, name) or None for name in _OPTIONAL}


def read_contact(row: ContactRow) -> Contact:
    """Return the contact in `row`."""
    price = None if row.price_won is None else Price(int(row.price_won), row.price_version or "")
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    values |= {name: getattr(row, name) for name in _OPTIONAL if getattr(row, name) is not None}
    values |= {
        "id": row.contact,
        "channel": Channel(row.channel),
        "status": Status(row.status),
        "lane": Lane(row.lane or Lane.SHOP),
        "band": Band(int(row.band)),
        "episode": Episode(int(row.episode), int(row.n), int(row.net), price, int(row.billed_at or 0)),
    }
    return Contact(**values)
