"""The journal: what a shop's month means for the shop, as entries that balance.

Usage is revenue on the day on which it is booked, each contact at what it added to the month's re-rated sum, and
owed but unbilled until its invoice is finalized. No prepayments are sold. What is over of a month whose credits
exceed it is owed to the shop (advances), and taken off the next one. Write-offs are left to the accountant.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.billing.model import Mirrored
from chalicelib.finance.days import kst_day, last_day
from chalicelib.finance.model import ShopMonth, is_final
from chalicelib.kernel.money import Won
from chalicelib.metering.rules import is_adjustment
from chalicelib.pricing.model import Item


class Account(StrEnum):
    """The accounts, by the names that Korean bookkeeping has for them."""

    UNBILLED = "미청구채권"
    RECEIVABLE = "외상매출금"
    REVENUE = "매출"
    VAT = "부가세예수금"
    CASH = "예금"
    FEES = "지급수수료"
    ADVANCES = "선수금"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One side of an entry: of two or three rows with one `entry_id`, as much is debited as credited.

    `period` is the KST month of `date`, in which it is posted; `billed_period` the month that it comes from.
    """

    period: str
    date: str
    entry_id: str
    kind: str
    tenant_id: str
    billed_period: str
    account: str
    debit_krw: Won
    credit_krw: Won
    document: str


_POSTED_BY_THE_DAY = {Item.USAGE, Item.ADJUSTMENT}


def journal_rows(shop: ShopMonth) -> list[JournalRow]:
    """Return the entries that come from a shop's month, by day, whenever they are posted."""
    rows = [*_usage(shop), *_bill(shop)]
    for billed in shop.billed:
        if is_final(billed):
            rows += [*_invoice(shop, billed), *_money(shop, billed), *_credit_notes(shop, billed)]
    return sorted(rows, key=lambda row: (row.date, row.entry_id))


def _usage(shop: ShopMonth) -> Iterator[JournalRow]:
    """Debit what is owed and unbilled, credit revenue: one entry a day and meter, or adjusted month."""
    won: Counter[tuple[str, str, str]] = Counter()
    for one in shop.rated:
        entry = one.entry
        kind, what = ("adjustment", entry.origin) if is_adjustment(entry) else ("usage", entry.meter)
        won[kind, what, kst_day(entry.booked_at)] += one.won
    for (kind, what, day), amount in won.items():
        sides = {Account.UNBILLED: amount, Account.REVENUE: -amount}
        yield from _entry(shop, kind, day, f"{what}/{day}", sides)


def _bill(shop: ShopMonth) -> Iterator[JournalRow]:
    """Post what a month costs besides usage, on its last day: fees, credits, what is carried over."""
    for line in shop.bill.lines:
        if line.item not in _POSTED_BY_THE_DAY:
            against = Account.ADVANCES if line.item is Item.CARRIED else Account.REVENUE
            sides = {Account.UNBILLED: line.won, against: -line.won}
            yield from _entry(shop, line.item, last_day(shop.month), line.key, sides)


def _invoice(shop: ShopMonth, billed: Mirrored) -> Iterator[JournalRow]:
    bill = billed.invoice
    sides = {Account.RECEIVABLE: bill.total, Account.UNBILLED: bill.tax - bill.total, Account.VAT: -bill.tax}
    yield from _entry(shop, "invoice", kst_day(bill.finalized_at), bill.id, sides)


def _money(shop: ShopMonth, billed: Mirrored) -> Iterator[JournalRow]:
    for paid in billed.payments:
        sides = {Account.CASH: paid.net, Account.FEES: paid.gross - paid.net, Account.RECEIVABLE: -paid.gross}
        yield from _entry(shop, "payment", kst_day(paid.paid_at), paid.id, sides)


def _credit_notes(shop: ShopMonth, billed: Mirrored) -> Iterator[JournalRow]:
    for note in billed.credit_notes:
        day = kst_day(note.created_at)
        sides = {Account.REVENUE: note.won - note.tax, Account.VAT: note.tax, Account.RECEIVABLE: -note.won}
        yield from _entry(shop, "credit_note", day, note.id, sides)
        back = {Account.RECEIVABLE: note.refunded, Account.CASH: -note.refunded}
        yield from _entry(shop, "refund", day, note.id, back)


def _entry(shop: ShopMonth, kind: str, day: str, document: str, sides: dict[Account, Won]) -> Iterator[JournalRow]:
    """Yield the rows of one entry: positive sides are debited, negative ones credited, empty ones left out."""
    if sum(sides.values()):
        raise AssertionError(f"{kind} {document} does not balance")
    for account, won in sides.items():
        if won:
            yield JournalRow(
                period=day[:7],
                date=day,
                entry_id=f"{shop.tenant}/{shop.month}/{kind}/{document}",
                kind=kind,
                tenant_id=shop.tenant,
                billed_period=shop.month,
                account=account,
                debit_krw=max(won, 0),
                credit_krw=max(-won, 0),
                document=document,
            )
