"""Contacts without their people: what was said and by whom is taken out, what was counted and billed stays.

A contact whose `customer` is empty was erased. Holds are kept beside the contacts, one for each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.aws import queries
from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Delete, Put, Row, Update, Write
from chalicelib.contacts.model import Contact, ContactChanged, Status
from chalicelib.contacts.rows import ContactRow, partition, read_contact
from chalicelib.contacts.story_rows import MessageRow
from chalicelib.kernel.clock import Millis, iso
from chalicelib.kernel.errors import Conflict

_BATCH = 25
_ERASED_AT = Path("erased_at")


class _HoldRow(Row, discriminator="hold"):
    tenant = UnicodeAttribute()
    until = NumberAttribute()
    reason = UnicodeAttribute()
    by = UnicodeAttribute()
    at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Hold:
    """A contact that must be kept `until` then (milliseconds UTC) for a dispute, and who said so."""

    contact: str
    until: Millis
    reason: str
    by: str
    at: Millis


class ContactErasure:
    """What may be erased of one tenant's contacts, and what may not yet."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def erase(self, contact: str, at: Millis) -> list[Sequence[Write]]:
        """Return what erases `contact`, 25 writes to a transaction at most, the contact's own row last and alone.

        To be committed in this order, again from the start after a crash: what is erased already is left out, and
        an empty list means that nothing is left to do. Refused with ContactChanged if the contact moved on.
        """
        rows = queries.partition(partition(self._tenant, contact))
        said = [_blank(row, at) for row in rows if isinstance(row, MessageRow) and not _is_blank(row)]
        batches: list[Sequence[Write]] = [said[first : first + _BATCH] for first in range(0, len(said), _BATCH)]
        for row in rows:
            if isinstance(row, ContactRow) and (row.customer or row.lists_pk or batches):
                batches.append([_nobodys(row, at)])
        return batches

    def listed(self, status: Status, before: Millis | None = None) -> Iterator[str]:
        """Yield the contacts in `status` since before then that were not erased, oldest first: hints."""
        until = ContactRow.lists_sk < iso(before) if before is not None else None
        for row in ContactRow.query(tenant_key(self._tenant, status), until, index_name="lists"):
            yield row.contact

    def hold(self, hold: Hold) -> Write:
        """Return the write that keeps a contact; a second hold replaces the first one."""
        row = _HoldRow(
            pk=self._holds,
            sk=hold.contact,
            tenant=self._tenant,
            until=hold.until,
            reason=hold.reason,
            by=hold.by,
            at=hold.at,
        )
        return Put(row)

    def release(self, contact: str) -> Write:
        """Return the write that ends the hold of `contact`; refused with Conflict `not_held`."""
        row = _HoldRow(pk=self._holds, sk=contact)
        free = Conflict("not_held", "nothing holds this contact")
        return Delete(row, _HoldRow.pk.exists(), lambda _: free)

    def held(self, now: Millis) -> dict[str, Hold]:
        """Return the holds in force, by contact, strongly consistent."""
        rows = _HoldRow.query(self._holds, consistent_read=True)
        holds = (Hold(row.sk, int(row.until), row.reason, row.by, int(row.at)) for row in rows)
        return {hold.contact: hold for hold in holds if hold.until > now}

    def find(self, contact: str) -> Contact | None:
        """Return the contact as it stands, expired and erased ones too, strongly consistent, or None."""
        row = ContactRow.find(partition(self._tenant, contact), "contact")
        return read_contact(row) if row else None

    @property
    def _holds(self) -> str:
        return tenant_key(self._tenant, "hold")


def _blank(row: MessageRow, at: Millis) -> Write:
    # An agent's name stays: it is ours, and the bill's evidence.
    actions: list[Action] = [MessageRow.content.set(b""), MessageRow.digest.set(""), _ERASED_AT.set(at)]
    unchanged = MessageRow.pk.exists() & _ERASED_AT.does_not_exist()
    return Update(row, actions, unchanged, lambda _: ContactChanged())


def _is_blank(row: MessageRow) -> bool:
    return not row.content


def _nobodys(row: ContactRow, at: Millis) -> Write:
    actions: list[Action] = [
        ContactRow.customer.set(""),
        ContactRow.digest.set(""),
        ContactRow.lists_pk.remove(),
        ContactRow.lists_sk.remove(),
        ContactRow.version.set(ContactRow.version + 1),
        _ERASED_AT.set(at),
    ]
    return Update(row, actions, ContactRow.version == row.version, lambda _: ContactChanged())
