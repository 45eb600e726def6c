"""Records of the tax invoices that were issued, in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.finance.model import TaxRecord
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.money import Won

_OWN = "original"


class _TaxRow(Row, discriminator="tax_invoice"):
    tenant = UnicodeAttribute()
    month = UnicodeAttribute()
    number = UnicodeAttribute()
    supply = NumberAttribute()
    tax = NumberAttribute()
    invoice = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    recorded_at = NumberAttribute()
    by = UnicodeAttribute()


class TaxRecords:
    """One tenant's tax invoices on record."""

    def __init__(self, tenant: str) -> None:
        self._pk = tenant_key(tenant, "tax-invoice")

    def of_month(self, month: str) -> list[TaxRecord]:
        """Return what was issued for a KST month, strongly consistent: the corrections, then its own."""
        rows = _TaxRow.query(self._pk, _TaxRow.sk.startswith(prefix(month)), consistent_read=True)
        return [_record(row) for row in rows]

    def recorded(self, invoice: str) -> Won | None:
        """Return the total with VAT, corrections included, of those for an invoice of the provider's, or None."""
        rows = [_record(row) for row in _TaxRow.query(self._pk, consistent_read=True)]
        totals = [one.supply + one.tax for one in rows if one.invoice == invoice]
        return sum(totals) if totals else None

    def add(self, record: TaxRecord) -> Write:
        """Return the write that keeps `record`, once for ever for its month and credit note."""
        row = _TaxRow(
            pk=self._pk,
            sk=sort_key(record.month, record.note or _OWN),
            tenant=record.tenant,
            month=record.month,
            number=record.number,
            supply=record.supply,
            tax=record.tax,
            invoice=record.invoice,
            note=record.note or None,
            recorded_at=record.recorded_at,
            by=record.by,
        )
        known = Conflict("already_recorded", "a tax invoice is on record for this already")
        return Put(row, _TaxRow.pk.does_not_exist(), lambda _: known)


def _record(row: _TaxRow) -> TaxRecord:
    return TaxRecord(
        tenant=row.tenant,
        month=row.month,
        number=row.number,
        supply=int(row.supply),
        tax=int(row.tax),
        invoice=row.invoice,
        note=row.note or "",
        recorded_at=int(row.recorded_at),
        by=row.by,
    )
