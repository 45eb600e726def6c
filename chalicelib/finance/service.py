"""Leaf through a register of many shops, and record tax invoices."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.aws.tables import Write
from chalicelib.finance.model import ShopMonth, TaxRecord
from chalicelib.finance.tables import Register, Selection
from chalicelib.finance.tax import is_number
from chalicelib.finance.taxes import standing
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import BadInput, Conflict, not_found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: at a row of a shop's; `sums` are those of the whole register, once they were made."""

    tenant: str
    row: int
    sums: dict[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a register: its rows, the sums of the whole, and where the next page begins."""

    register: Register
    sums: dict[str, int]
    next: Place | None


def page(
    name: str, row: type, chunks: Iterable[tuple[str, Sequence[Any]]], after: Place | None, *, size: int = 500
) -> Page:
    """Return the page of a register that begins at `after`, or the first one, of `size` rows at most.

    `chunks` are its rows, shop by shop, from that shop on. The first page goes through all of them, for the sums;
    later ones end where they are full.
    """
    taken: list[Any] = []
    sums: Counter[str] = Counter(after.sums if after else Register(name, row, ()).sums)
    following: tuple[str, int] | None = None
    for tenant, rows in chunks:
        skip = after.row if after and after.tenant == tenant else 0
        if after is None:
            sums.update(Register(name, row, tuple(rows)).sums)
        room = size - len(taken)
        taken += rows[skip : skip + room]
        if following is None and len(rows) > skip + room:
            following = tenant, skip + room
            if after is not None:
                break
    end = Place(*following, dict(sums)) if following else None
    return Page(Register(name, row, tuple(taken)), dict(sums), end)


def slice_of(whole: Register, selection: Selection, first: int, *, size: int = 500) -> tuple[Page, int | None]:
    """Return a page of what is selected of a whole register, and the number of the next page's first row."""
    found = selection.of(whole.rows)
    chosen = Register(whole.name, whole.row, tuple(found))
    shown = Register(whole.name, whole.row, tuple(found[first : first + size]))
    return Page(shown, chosen.sums, None), first + size if len(found) > first + size else None


def record_tax_invoice(
    shop: ShopMonth, number: str, note: str, *, by: str, at: Millis, add: Callable[[TaxRecord], Write]
) -> tuple[TaxRecord, list[Write]]:
    """Return the record that a tax invoice was issued under the tax office's `number`, and its write.

    `note` is the credit note that it corrects the month's own by, or empty; a repeat has nothing to write. Raises
    BadInput `invalid_number`, NotFound for an unknown credit note, Conflict `not_invoiced`, `original_first` and
    `already_recorded`.
    """
    record = _record(shop, number.lower(), note, by, at)
    for known in shop.tax:
        if known.note == note and known.number != record.number:
            raise Conflict("already_recorded", "another number is on record for this")
        if known.note == note:
            return known, []
        if known.number == record.number:
            raise Conflict("already_recorded", "this number is on record for another tax invoice of the month")
    if note and all(known.note for known in shop.tax):
        raise Conflict("original_first", "a correction follows the tax invoice that it corrects")
    return record, [add(record)]


def _record(shop: ShopMonth, number: str, note: str, by: str, at: Millis) -> TaxRecord:
    if not is_number(number):
        raise BadInput("invalid_number", "a number of the tax office is a day and 16 digits or letters")
    billed = standing(shop)
    if billed is None:
        raise Conflict("not_invoiced", "this month has no final invoice that a tax invoice could be for")
    bill = billed.invoice
    supply, tax = bill.total - bill.tax, bill.tax
    if note:
        given = [one for one in billed.credit_notes if one.id == note]
        if not given:
            raise not_found()
        supply, tax = given[0].tax - given[0].won, -given[0].tax
    return TaxRecord(shop.tenant, shop.month, number, supply, tax, bill.id, note, at, by)
