"""Which tax invoices of a shop's month are still to be issued, and the file from which a person issues them."""

from collections.abc import Sequence

from chalicelib.billing.model import Identity, Mirrored
from chalicelib.finance.model import ShopMonth, is_final
from chalicelib.finance.tables import to_csv
from chalicelib.finance.tax import TaxInvoice, correction, fields_of, tax_invoice


def standing(shop: ShopMonth) -> Mirrored | None:
    """Return the month's invoice, if it was finalized and there is anything to tax."""
    return next((one for one in shop.billed if is_final(one) and one.invoice.total), None)


def to_issue(shop: ShopMonth, supplier: Identity) -> list[TaxInvoice]:
    """Return what was not recorded as issued: the month's own, and a correction for each of its credit notes.

    A correction names the number of what it corrects, and has a flaw until that is recorded.
    """
    billed = standing(shop)
    if billed is None:
        return []
    recorded = {one.note: one.number for one in shop.tax if one.invoice == billed.invoice.id}
    first = tax_invoice(shop.tenant, billed.invoice, supplier=supplier, buyer=shop.identity)
    notes = enumerate(billed.credit_notes, 1)
    wanted = {"": first} | {n.id: correction(first, n, i, recorded.get("", "")) for i, n in notes}
    return [one for note, one in wanted.items() if note not in recorded]


class TaxInvoiceFile:
    """A CSV file in place of an issuing service: a person uploads it, and records the numbers that it gets."""

    def __init__(self) -> None:
        self.content = b""

    def issue(self, invoices: Sequence[TaxInvoice]) -> dict[str, str]:
        """Put `invoices` into the file; no number is known yet."""
        rows = [fields_of(one) for one in invoices]
        names = list(rows[0]) if rows else []
        self.content = to_csv(names, [list(row.values()) for row in rows])
        return {}
