"""Contacts in the table: one partition holds a contact and all of its story."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from chalicelib.aws import queries
from chalicelib.aws.keys import prefix, split, tenant_key, up_to
from chalicelib.aws.queries import hints
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.aws.vault import Vault
from chalicelib.contacts.model import (
    AlreadyStored,
    Contact,
    ContactChanged,
    Event,
    Message,
    Status,
    Story,
)
from chalicelib.contacts.rows import ContactRow, contact_row, overflow_of, partition, queue_of, read_contact
from chalicelib.contacts.story_rows import (
    EventRow,
    MessageRow,
    event_row,
    message_key,
    message_row,
    read_event,
    read_message,
)
from chalicelib.kernel.clock import Millis, clock, iso
from chalicelib.kernel.errors import not_found
from chalicelib.routing.model import Band, Candidate, Lane
from chalicelib.tenants.rules import expires_at, is_readable
from chalicelib.tenants.store import Tenants

Position = dict[str, Any]
_ENDED = (Status.RESOLVED, Status.SPAM, Status.MERGED)


class Contacts:
    """One tenant's contacts: nobody reads what was erased, or what expired, from that very millisecond.

    `sealed` is for those who compare what was counted: nothing is hidden then, and nothing is opened.
    `held_until` is the end of a legal hold, for the one who may read beyond the expiry because of it.
    """

    def __init__(self, tenant: str, *, sealed: bool = False, held_until: Millis = 0) -> None:
        self._tenant = tenant
        self._held_until = held_until
        self._cipher = None if sealed else Vault(tenant)

    def get(self, contact: str) -> Contact:
        """Return the contact, strongly consistent; raise NotFound."""
        row = ContactRow.find(self._pk(contact), "contact")
        found = read_contact(row) if row else None
        if found is None or not self._shown(found):
            raise not_found()
        return found

    def story(self, contact: str) -> Story:
        """Return the contact with all that was said and done, strongly consistent; raise NotFound."""
        rows = queries.partition(self._pk(contact))
        found = next((read_contact(row) for row in rows if isinstance(row, ContactRow)), None)
        if found is None or not self._shown(found):
            raise not_found()
        said = (read_message(row, self._cipher) for row in rows if isinstance(row, MessageRow))
        messages = sorted(said, key=_when)
        events = sorted((read_event(row) for row in rows if isinstance(row, EventRow)), key=_when)
        return Story(found, tuple(messages), tuple(events))

    def message(self, contact: str, same_as: Message) -> Message | None:
        """Return the stored message or note that has the id of `same_as`, strongly consistent, or None."""
        row = MessageRow.find(self._pk(contact), message_key(same_as))
        return read_message(row, self._cipher) if row else None

    def add(self, contact: Contact) -> Write:
        """Return the write that stores a new contact; refused with AlreadyStored."""
        return Put(contact_row(contact), ContactRow.pk.does_not_exist(), _stored)

    def save(self, before: Contact, after: Contact) -> Write:
        """Return the write that replaces `before`; refused with ContactChanged if it is no longer so."""
        unchanged = ContactRow.version == before.version
        return Put(contact_row(after), unchanged, lambda _: ContactChanged())

    def append(self, contact: str, message: Message) -> Write:
        """Return the write that adds a message or a note; refused with AlreadyStored."""
        row = message_row(self._pk(contact), message, Vault(self._tenant))
        return Put(row, MessageRow.pk.does_not_exist(), _stored)

    def record(self, contact: str, event: Event) -> Write:
        """Return the write that adds an event; its id is new, so it cannot be refused."""
        return Put(event_row(self._pk(contact), event))

    def any_waiting(self) -> bool:
        """Return whether the index shows anything of this tenant waiting."""
        waiting = ContactRow.query(tenant_key(self._tenant, Status.WAITING), limit=1, index_name="lists")
        return next(iter(waiting), None) is not None

    def page(self, status: Status, *, limit: int, after: Position | None) -> tuple[list[str], Position | None]:
        """Return the ids of up to `limit` contacts in `status`, newest change first, and where to go on."""
        found = ContactRow.query(
            tenant_key(self._tenant, status),
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=after,
            index_name="lists",
        )
        ids = [row.contact for row in found]
        return ids, found.last_evaluated_key

    def many(self, contacts: list[str]) -> list[Contact]:
        """Return these contacts in this order, as a list view shows them: eventually consistent."""
        keys = [(self._pk(contact), "contact") for contact in contacts]
        found = {row.contact: read_contact(row) for row in ContactRow.batch_get(keys)}
        return [found[contact] for contact in contacts if contact in found and self._shown(found[contact])]

    def ids(self, since: Millis) -> Iterator[str]:
        """Yield the ids of contacts that are open, or were ended since `since`; one that moves may come twice."""
        for status in Status:
            # What is open may be answered at any time without a change of its status.
            recent = ContactRow.lists_sk >= iso(since if status in _ENDED else 0)
            for row in ContactRow.query(tenant_key(self._tenant, status), recent, index_name="lists"):
                yield row.contact

    def _shown(self, contact: Contact) -> bool:
        if self._cipher is None:
            return True
        retention = Tenants(self._tenant).profile().retention
        expires = expires_at(contact.status, contact.changed_at, retention)
        now = clock(settings().clock_offset_seconds)()
        # An erased one that is still open must be closed by somebody; nothing of anybody is in it.
        return (bool(contact.customer) or expires is None) and is_readable(expires, self._held_until, now)

    def _pk(self, contact: str) -> str:
        return partition(self._tenant, contact)


def queue(pool: str, limit: int) -> Iterator[Candidate]:
    """Yield the pool's waiting contacts in the order of the queue, `limit` to a page: hints."""
    for shown in hints(queue_of(pool), ["work_sk", "weight", "preferred"], page=limit):
        band, rank, tenant, contact = split(shown["work_sk"])
        preferred = shown.get("preferred", "")
        yield Candidate(tenant, contact, int(shown["weight"]), Band(int(band)), int(rank), preferred)


def held_back(pool: str, tenant: str, lane: Lane, limit: int) -> list[str]:
    """Return the ids of up to `limit` contacts of a lane that are held back, the oldest first: hints."""
    mine = Row.work_sk.startswith(prefix(tenant, lane))
    found = hints(overflow_of(pool), ["work_sk"], page=limit, within=mine)
    return [split(shown["work_sk"])[3] for shown in islice(found, limit)]


def count_before(contact: Contact) -> int:
    """Return how many wait before a contact in its pool's queue: a hint."""
    return queries.count(queue_of(contact.pool), Row.work_sk < str(contact_row(contact).work_sk))


def count_held_back(pool: str, tenant: str, lane: Lane) -> int:
    """Return how many contacts of a lane are held back: a hint."""
    return queries.count(overflow_of(pool), Row.work_sk.startswith(prefix(tenant, lane)))


def times_held_back(pool: str, tenant: str, lane: Lane) -> list[Millis]:
    """Return since when each contact of a lane is held back, the oldest first: hints."""
    found = hints(overflow_of(pool), ["work_sk"], page=1000, within=Row.work_sk.startswith(prefix(tenant, lane)))
    return [int(split(shown["work_sk"])[2]) for shown in found]


def lanes_held_back(pool: str) -> Iterator[tuple[str, Lane, Millis]]:
    """Yield each lane of which something is held back, and since when its oldest is: hints."""
    beyond = None
    while shown := next(hints(overflow_of(pool), ["work_sk"], page=1, within=beyond), None):
        tenant, lane, since, _ = split(shown["work_sk"])
        yield tenant, Lane(lane), int(since)
        beyond = Row.work_sk > up_to(tenant, lane)


def _stored(old: Any) -> AlreadyStored:
    return AlreadyStored(old.digest)


def _when(item: Message | Event) -> tuple[Millis, str]:
    return item.at, item.id
