"""What finance is shown of a shop's tax invoices."""

from typing import Self

from msgspec import Struct

from chalicelib.finance.days import kst_day, kst_time
from chalicelib.finance.model import ShopMonth, TaxRecord
from chalicelib.finance.tax import mgt_key
from chalicelib.finance.taxes import standing
from chalicelib.kernel.clock import month_span
from chalicelib.kernel.money import Won

_TENTH = "10"


class TaxRecordView(Struct):
    """A tax invoice that was issued: the month's own, or the correction for a credit note."""

    number: str
    credit_note: str
    supply: Won
    tax: Won
    recorded_at: str
    by: str

    @classmethod
    def of(cls, record: TaxRecord) -> Self:
        """Return what the API shows of a record."""
        at = kst_time(record.recorded_at)
        return cls(record.number, record.note, record.supply, record.tax, at, record.by)


class TaxInvoiceView(Struct):
    """What a shop's month needs of tax invoices: what is due until the end of `due_on`, and what was issued."""

    month: str
    mgt_key: str
    due_on: str
    total: Won
    issued: Won
    records: list[TaxRecordView]

    @classmethod
    def of(cls, shop: ShopMonth) -> Self:
        """Return what the API shows of a month; `total` is the invoice's, less its credit notes."""
        billed = standing(shop)
        total = billed.invoice.total - sum(note.won for note in billed.credit_notes) if billed else 0
        return cls(
            month=shop.month,
            mgt_key=mgt_key(shop.tenant, shop.month),
            due_on=kst_day(month_span(shop.month)[1])[:8] + _TENTH,
            total=total,
            issued=sum(one.supply + one.tax for one in shop.tax),
            records=[TaxRecordView.of(one) for one in shop.tax],
        )
