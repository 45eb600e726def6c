"""Invoices as the provider showed them, in the table: what can be read when the provider cannot."""

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.billing.model import InvoiceStatus, Mirrored
from chalicelib.kernel.errors import Mismatch


class _InvoiceRow(Row, discriminator="invoice"):
    tenant = UnicodeAttribute()
    month = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    content = UnicodeAttribute()


class Mirror:
    """One tenant's invoices; `Mirrored` is `billing.model`'s."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "invoice")

    def of(self, invoice: str) -> Mirrored | None:
        """Return the invoice by the provider's id of it, strongly consistent, or None."""
        row = _InvoiceRow.find(self._pk, invoice)
        return _mirrored(row) if row else None

    def find(self, month: str) -> Mirrored | None:
        """Return the invoice that bills a KST month: the newest of a subscription that was not voided, or None."""
        return self.by_month().get(month)

    def by_month(self) -> dict[str, Mirrored]:
        """Return the invoice that bills each KST month that has one, as `find` does."""
        standing = (
            one for one in self.all() if one.invoice.subscription and one.invoice.status is not InvoiceStatus.VOID
        )
        return {one.invoice.month: one for one in standing}

    def all(self) -> list[Mirrored]:
        """Return every invoice, by month and then by creation, strongly consistent."""
        rows = _InvoiceRow.query(self._pk, consistent_read=True)
        found = [_mirrored(row) for row in rows]
        return sorted(found, key=lambda one: (one.invoice.month, one.invoice.created_at, one.invoice.id))

    def save(self, before: Mirrored | None, after: Mirrored) -> Write:
        """Return the write that replaces `before` by `after`, whose version is one more; else refused."""
        row = _InvoiceRow(
            pk=self._pk,
            sk=after.invoice.id,
            tenant=self._tenant,
            month=after.invoice.month,
            status=after.invoice.status,
            version=after.version,
            content=msgspec.json.encode(after).decode(),
        )
        unchanged: Condition = _InvoiceRow.pk.does_not_exist()
        if before is not None:
            unchanged = _InvoiceRow.version == before.version
        return Put(row, unchanged, lambda _: Mismatch("version_mismatch", "this invoice was read anew meanwhile"))


def _mirrored(row: _InvoiceRow) -> Mirrored:
    return msgspec.json.decode(row.content, type=Mirrored)
