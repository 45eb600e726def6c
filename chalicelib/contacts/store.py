"""Contacts in the table: one partition holds a contact and all of its story."""

from collections.abc import Iterator
from typing import Any

from chalicelib.aws import tables
from chalicelib.aws.tables import Put, Write, hints
from chalicelib.contacts.model import (
    AlreadyStored,
    Contact,
    ContactChanged,
    Event,
    Message,
    Status,
    Story,
)
from chalicelib.contacts.rows import (
    ContactRow,
    EventRow,
    MessageRow,
    contact_row,
    event_row,
    message_key,
    message_row,
    partition,
    queue_of,
    read_contact,
    read_event,
    read_message,
)
from chalicelib.kernel.clock import Millis, iso
from chalicelib.kernel.errors import not_found
from chalicelib.routing.model import Band, Candidate


class Contacts:
    """One tenant's contacts."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def get(self, contact: str) -> Contact:
        """Return the contact, strongly consistent; raise NotFound."""
        row = ContactRow.find(self._pk(contact), "contact")
        if row is None:
            raise not_found()
        return read_contact(row)

    def story(self, contact: str) -> Story:
        """Return the contact with all that was said and done, strongly consistent; raise NotFound."""
        rows = tables.partition(self._pk(contact))
        found = next((read_contact(row) for row in rows if isinstance(row, ContactRow)), None)
        if found is None:
            raise not_found()
        messages = sorted((read_message(row) for row in rows if isinstance(row, MessageRow)), key=_when)
        events = sorted((read_event(row) for row in rows if isinstance(row, EventRow)), key=_when)
        return Story(found, tuple(messages), tuple(events))

    def message(self, contact: str, same_as: Message) -> Message | None:
        """Return the stored message or note that has the id of `same_as`, strongly consistent, or None."""
        row = MessageRow.find(self._pk(contact), message_key(same_as))
        return read_message(row) if row else None

    def add(self, contact: Contact) -> Write:
        """Return the write that stores a new contact; refused with AlreadyStored."""
        return Put(contact_row(contact), ContactRow.pk.does_not_exist(), _stored)

    def save(self, before: Contact, after: Contact) -> Write:
        """Return the write that replaces `before`; refused with ContactChanged if it is no longer so."""
        unchanged = ContactRow.version == before.version
        return Put(contact_row(after), unchanged, lambda _: ContactChanged())

    def append(self, contact: str, message: Message) -> Write:
        """Return the write that adds a message or a note; refused with AlreadyStored."""
        row = message_row(self._pk(contact), message)
        return Put(row, MessageRow.pk.does_not_exist(), _stored)

    def record(self, contact: str, event: Event) -> Write:
        """Return the write that adds an event; its id is new, so it cannot be refused."""
        return Put(event_row(self._pk(contact), event))

    def any_waiting(self) -> bool:
        """Return whether the index shows anything of this tenant waiting."""
        waiting = ContactRow.query(f"{self._tenant}#{Status.WAITING}", limit=1, index_name="lists")
        return next(iter(waiting), None) is not None

    def page(
        self, status: Status, *, limit: int, after: dict[str, Any] | None
    ) -> tuple[list[str], dict[str, Any] | None]:
        """Return the ids of up to `limit` contacts in `status`, newest change first, and where to go on."""
        found = ContactRow.query(
            f"{self._tenant}#{status}",
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
        return [found[contact] for contact in contacts if contact in found]

    def ids(self, since: Millis) -> Iterator[str]:
        """Yield the ids of contacts whose status changed since `since`; one that moves may come twice."""
        for status in Status:
            recent = ContactRow.lists_sk >= iso(since)
            for row in ContactRow.query(f"{self._tenant}#{status}", recent, index_name="lists"):
                yield row.contact

    def _pk(self, contact: str) -> str:
        return partition(self._tenant, contact)


def queue(pool: str, limit: int) -> Iterator[Candidate]:
    """Yield the pool's waiting contacts in the order of the queue, `limit` to a page: hints."""
    for shown in hints("work", queue_of(pool), ["work_sk", "weight", "preferred"], page=limit):
        band, rank, tenant, contact = shown["work_sk"].split("#")
        preferred = shown.get("preferred", "")
        yield Candidate(tenant, contact, int(shown["weight"]), Band(int(band)), int(rank), preferred)


def _stored(old: Any) -> AlreadyStored:
    return AlreadyStored(old.digest)


def _when(item: Message | Event) -> tuple[Millis, str]:
    return item.at, item.id
