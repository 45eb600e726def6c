"""Customers in the table; nobody reads who was erased, from the moment that the tombstone is committed."""

from collections.abc import Iterator

from chalicelib.aws.keys import prefix, sort_key, split, tenant_key
from chalicelib.aws.queries import partition
from chalicelib.aws.tables import Delete, Put, Write
from chalicelib.customers.model import Customer, CustomerChanged, Details, Tombstone
from chalicelib.customers.ports import Cipher
from chalicelib.customers.rows import (
    DetailsRow,
    FindRow,
    LinkRow,
    TombstoneRow,
    customer_key,
    details_row,
    find_key,
    find_rows,
    read_customer,
    read_tombstone,
    tombs_key,
)
from chalicelib.customers.rules import canonical
from chalicelib.kernel.errors import Conflict, NotFound, not_found
from chalicelib.privacy.model import Field


class Customers:
    """One tenant's customers. A customer's `handle` is the keyed hash of the shop's id that stands in keys."""

    def __init__(self, tenant: str, cipher: Cipher) -> None:
        self._tenant = tenant
        self._cipher = cipher

    def handle(self, customer: str) -> str:
        """Return the handle of the shop's `customer`."""
        return self._cipher.fingerprint("customer", customer)

    def get(self, customer: str) -> Customer:
        """Return the customer, strongly consistent; raise NotFound for absent and erased ones alike."""
        found = self.read(self.handle(customer))
        if found is None:
            raise not_found()
        return found

    def known(self, customer: str) -> Customer | None:
        """Return the customer, strongly consistent; None for absent and erased ones alike."""
        return self.read(self.handle(customer))

    def glance(self, customer: str) -> Details:
        """Return what is known of the customer, for a conversation: eventually consistent, never erased."""
        handle = self.handle(customer)
        row = DetailsRow.find(customer_key(self._tenant, handle), "details", consistent=False)
        if row is None or self.tombstone(handle):
            return Details()
        return read_customer(row, handle, self._cipher).details

    def find(self, field: Field, value: str) -> list[Customer]:
        """Return the customers whose `field` is exactly `value`, in any form of it; BadInput for no value."""
        wanted = canonical(field, value)
        rows = partition(find_key(self._tenant, field, wanted, self._cipher))
        found = (self.read(row.sk) for row in rows)
        return [customer for customer in found if customer and customer.details.known().get(field) == wanted]

    def contacts(self, handle: str) -> list[str]:
        """Return the ids of the customer's contacts, strongly consistent, erased or not."""
        pk = customer_key(self._tenant, handle)
        rows = LinkRow.query(pk, LinkRow.sk.startswith(prefix("contact")), consistent_read=True)
        return [split(row.sk)[-1] for row in rows]

    def save(self, before: Customer | None, after: Customer) -> list[Write]:
        """Return the writes that replace `before` by `after`, whose details are normal; None: there was none.

        Refused with CustomerChanged if it is no longer so.
        """
        handle, row = self.handle(after.id), DetailsRow
        old = self._find_rows(handle, before.details if before else Details())
        new = self._find_rows(handle, after.details)
        unchanged = row.pk.does_not_exist() if before is None else row.version == before.version
        stored = details_row(after, handle, self._cipher)
        stored.version = (before.version if before else 0) + 1
        return [
            Put(stored, unchanged, lambda _: CustomerChanged()),
            *(Put(new[key]) for key in new.keys() - old.keys()),
            *(Delete(old[key]) for key in old.keys() - new.keys()),
        ]

    def of_contact(self, customer: str, contact: str) -> Write:
        """Return the write that says whose `contact` is, one of those that open it; again, it changes nothing."""
        return Put(self._link(self.handle(customer), contact))

    def require_not_erased(self, customer: str) -> None:
        """Raise Conflict `customer_erased` if the shop's id belonged to somebody who was erased."""
        if self.tombstone(self.handle(customer)):
            raise Conflict("customer_erased", "this customer was erased; a new one needs a new id")

    def forget(self, handle: str) -> list[Write]:
        """Return the writes that take the customer's details and find rows away; none when there are none."""
        row = DetailsRow.find(customer_key(self._tenant, handle), "details")
        if row is None:
            return []
        unchanged = DetailsRow.version == row.version
        try:
            found = self._find_rows(handle, read_customer(row, handle, self._cipher).details).values()
        except NotFound:
            # The tenant's key is destroyed: what finds people by their values is out of anybody's reach too.
            found = {}.values()
        return [Delete(row, unchanged, lambda _: CustomerChanged()), *map(Delete, found)]

    def unlink(self, handle: str, contact: str) -> Write:
        """Return the write after which `contact` is nobody's."""
        return Delete(self._link(handle, contact))

    def bury(self, stone: Tombstone) -> Write:
        """Return the write after which the customer is read by nobody; refused with Conflict `customer_erased`."""
        row = TombstoneRow(
            pk=tombs_key(self._tenant),
            sk=stone.handle,
            tenant=self._tenant,
            at=stone.at,
            by=stone.by,
            certificate=stone.certificate,
        )
        erased = Conflict("customer_erased", "this customer was erased already")
        return Put(row, TombstoneRow.pk.does_not_exist(), lambda _: erased)

    def tombstone(self, handle: str) -> Tombstone | None:
        """Return the proof that the customer was erased, strongly consistent, or None."""
        row = TombstoneRow.find(tombs_key(self._tenant), handle)
        return read_tombstone(row) if row else None

    def tombstones(self) -> Iterator[Tombstone]:
        """Yield all tombstones, by handle."""
        for row in TombstoneRow.query(tombs_key(self._tenant), consistent_read=True):
            yield read_tombstone(row)

    def handles(self) -> Iterator[str]:
        """Yield the handles of all customers of whom details are held: eventually consistent."""
        for row in DetailsRow.query(tenant_key(self._tenant, "customers"), index_name="lists"):
            yield split(row.pk)[-1]

    def read(self, handle: str) -> Customer | None:
        """Return the customer behind a handle, strongly consistent; None for absent and erased ones alike."""
        row = DetailsRow.find(customer_key(self._tenant, handle), "details")
        # Looked for last: what was read before an erasure is not shown after it.
        if row is None or self.tombstone(handle):
            return None
        return read_customer(row, handle, self._cipher)

    def _find_rows(self, handle: str, details: Details) -> dict[str, FindRow]:
        return find_rows(self._tenant, handle, details, self._cipher)

    def _link(self, handle: str, contact: str) -> LinkRow:
        pk, sk = customer_key(self._tenant, handle), sort_key("contact", contact)
        return LinkRow(pk=pk, sk=sk, tenant=self._tenant)
