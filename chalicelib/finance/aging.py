"""What shops owe, by how long it is overdue: days of Asia/Seoul."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.billing.model import Mirrored
from chalicelib.finance.days import days_after, kst_day
from chalicelib.finance.model import is_final
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won


class Bucket(StrEnum):
    """How long something is overdue."""

    CURRENT = "current"
    DAYS_30 = "1-30"
    DAYS_60 = "31-60"
    DAYS_90 = "61-90"
    OLDER = "90+"


_LAST_DAYS = {Bucket.CURRENT: 0, Bucket.DAYS_30: 30, Bucket.DAYS_60: 60, Bucket.DAYS_90: 90}


@dataclass(frozen=True, slots=True)
class AgingRow:
    """An invoice that is not paid in full: `days` after its due day, 0 or less while that has not passed."""

    tenant_id: str
    month: str
    invoice_id: str
    number: str
    status: str
    as_of: str
    due_on: str
    days: int
    bucket: str
    total_krw: Won
    remaining_krw: Won


def bucket(days: int) -> Bucket:
    """Return the bucket of what is due since so many days."""
    return next((one for one, last in _LAST_DAYS.items() if days <= last), Bucket.OLDER)


def aging_rows(tenant: str, billed: Iterable[Mirrored], at: Millis) -> list[AgingRow]:
    """Return what was open at `at` of a shop's invoices, the longest due first."""
    open_ = [(one, remaining_at(one, at)) for one in billed]
    rows = [_row(tenant, one, won, kst_day(at)) for one, won in open_ if won]
    return sorted(rows, key=lambda row: (row.due_on, row.invoice_id))


def remaining_at(billed: Mirrored, at: Millis) -> Won:
    """Return what remained to be paid of an invoice at `at`; nothing before it was finalized.

    Since its last change it is what the provider says; at an earlier time, what had not come in and not been
    credited by then.
    """
    bill = billed.invoice
    if not is_final(billed) or bill.finalized_at > at:
        return 0
    if at >= billed.seen_at:
        return bill.remaining
    paid = sum(one.gross for one in billed.payments if one.paid_at <= at)
    credited = sum(one.won for one in billed.credit_notes if one.created_at <= at)
    return max(0, bill.total - paid - credited)


def _row(tenant: str, billed: Mirrored, remaining: Won, day: str) -> AgingRow:
    bill = billed.invoice
    due = kst_day(bill.due_at or bill.finalized_at)
    days = days_after(day, due)
    return AgingRow(
        tenant_id=tenant,
        month=bill.month,
        invoice_id=bill.id,
        number=bill.number,
        status=bill.status,
        as_of=day,
        due_on=due,
        days=days,
        bucket=bucket(days),
        total_krw=bill.total,
        remaining_krw=remaining,
    )
