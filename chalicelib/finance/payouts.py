"""The payouts: which payments of which shops a transfer to our bank consists of."""

from collections.abc import Iterable, Mapping

from chalicelib.billing.model import Invoice, Mirrored, Payment, Payout, Transaction
from chalicelib.finance.columns import PayoutRow
from chalicelib.finance.days import kst_day, kst_time
from chalicelib.kernel.clock import kst_month

Paid = tuple[str, Invoice, Payment]
"""Which shop paid which invoice, and how."""


def paid_by(tenant: str, invoices: Iterable[Mirrored]) -> dict[str, Paid]:
    """Return what a shop paid through the provider, by the movement there."""
    return {
        paid.transaction: (tenant, one.invoice, paid)
        for one in invoices
        for paid in one.payments
        if paid.transaction
    }


def payout_rows(month: str, payouts: Iterable[Payout], paid: Mapping[str, Paid]) -> list[PayoutRow]:
    """Return the movements that belong to `month`, by payout: each movement belongs to one month only."""
    rows = [_row(payout, moved, paid) for payout in payouts for moved in payout.transactions]
    mine = [row for row in rows if row.month == month]
    return sorted(mine, key=lambda row: (row.arrives_on, row.payout_id, row.created_at_kst, row.transaction_id))


def _row(payout: Payout, moved: Transaction, paid: Mapping[str, Paid]) -> PayoutRow:
    known = paid.get(moved.id)
    tenant, invoice, payment = (known[0], known[1].id, known[2].id) if known else ("", "", "")
    return PayoutRow(
        tenant_id=tenant,
        month=known[1].month if known else kst_month(moved.created_at),
        payout_id=payout.id,
        arrives_on=kst_day(payout.arrives_at),
        status=payout.status,
        payout_krw=payout.won,
        transaction_id=moved.id,
        movement=moved.movement,
        source_id=moved.source,
        created_at_kst=kst_time(moved.created_at),
        gross_krw=moved.gross,
        fee_krw=moved.fee,
        net_krw=moved.net,
        payment_id=payment,
        invoice_id=invoice,
    )
