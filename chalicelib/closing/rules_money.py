"""Reconciliation of money: invoices, payments, our balance, payouts and tax invoices agree to the won."""

from collections import Counter
from collections.abc import Iterable, Sequence

from chalicelib.billing.model import CreditNote, Invoice, Movement, Payment, Payout, Transaction
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.kernel.clock import DAY, Millis, kst_month, month_span
from chalicelib.kernel.money import Won
from chalicelib.tenants.model import HOUSE

PAYOUT_DUE: Millis = 10 * DAY
"""How old a movement of our balance may be before it must stand in a payout."""

_TAX_INVOICE_DUE: Millis = 10 * DAY
"""How long after the month's end its tax invoice may be missing: through the 10th of the next month."""


def payment_breaks(
    tenant: str, invoice: Invoice, payments: Sequence[Payment], notes: Sequence[CreditNote]
) -> list[Break]:
    """R6: an invoice's total is what was paid, what remains and what was credited; fees are told."""

    def found(item: str, left: Won, right: Won, cause: Cause) -> list[Break]:
        return [Break(Rule.INVOICE_PAYMENT, tenant, item, left, right, cause, invoice.month)] * (left != right)

    breaks = found(f"paid:{invoice.id}", invoice.paid, sum(one.gross for one in payments), Cause.MISSED)
    # What a credit note took off before it was paid is neither paid nor remaining; after that, it is still paid.
    least = invoice.total - invoice.credited
    settled = invoice.paid + invoice.remaining
    right = max(least, min(settled, invoice.total))
    breaks += found(f"total:{invoice.id}", right, settled, Cause.MANUAL_STRIPE_EDIT)
    for one in payments:
        breaks += found(f"net:{one.id}", one.gross - one.fee, one.net, Cause.FEE)
        if not one.transaction:
            breaks += found(f"fee:{one.id}", 0, one.fee, Cause.FEE)
    credited = sum(note.won for note in notes)
    breaks += found(f"credited:{invoice.id}", invoice.credited, credited, Cause.MANUAL_STRIPE_EDIT)
    # What goes back by bank transfer no payment of the provider's shows.
    refunds = sum(note.refunded - note.outside for note in notes), sum(one.refunded for one in payments)
    return breaks + found(f"refunded:{invoice.id}", *refunds, Cause.REFUND)


def payment_items(invoice: Invoice, payments: Iterable[Payment]) -> set[str]:
    """Return everything of an invoice that `payment_breaks` may name."""
    whole = {f"{what}:{invoice.id}" for what in ("paid", "total", "credited", "refunded")}
    return whole | {f"{what}:{one.id}" for one in payments for what in ("net", "fee")}


def balance_breaks(
    payments: Iterable[tuple[str, Payment]],
    transactions: Iterable[Transaction],
    now: Millis,
    *,
    since: Millis,
) -> list[Break]:
    """R6 of our balance from `since` on: each charge is a shop's payment, to the net, and the other way round.

    `payments` are (tenant, payment). What is younger than a day may not have reached us. A dispute is always told.
    """
    moved = {one.id: one for one in transactions}
    paid = {one.transaction: (tenant, one) for tenant, one in payments if one.transaction}
    breaks = []
    for one in moved.values():
        tenant, payment = paid.get(one.id, (HOUSE, None))
        if one.movement is Movement.DISPUTE:
            owner = next((tenant for tenant, pay in paid.values() if pay.charge == one.source), HOUSE)
            breaks.append(_moved(owner, f"dispute:{one.id}", (0, one.gross), Cause.DISPUTE, one.created_at))
        elif payment is not None and payment.net != one.net:
            sides = payment.net, one.net
            breaks.append(_moved(tenant, f"charge:{one.id}", sides, Cause.FEE, one.created_at))
        elif payment is None and one.movement is Movement.CHARGE and now - one.created_at >= DAY:
            breaks.append(_moved(HOUSE, f"charge:{one.id}", (0, one.net), Cause.WRONG_CUSTOMER, one.created_at))
    for tenant, payment in paid.values():
        if payment.transaction not in moved and since + DAY <= payment.paid_at < now - DAY:
            item = f"charge:{payment.transaction}"
            breaks.append(_moved(tenant, item, (payment.net, 0), Cause.MISSED, payment.paid_at))
    return breaks


def _moved(tenant: str, item: str, sides: tuple[Won, Won], cause: Cause, at: Millis) -> Break:
    return Break(Rule.INVOICE_PAYMENT, tenant, item, *sides, cause, kst_month(at))


def payout_breaks(transactions: Sequence[Transaction], payouts: Sequence[Payout], now: Millis) -> list[Break]:
    """R7: each payout is the sum of its movements, and each movement is in one payout once it is due.

    What came in is due unless more went back than there is. What went back waits for money to be taken from: it is
    due once a payout has come without it.
    """
    breaks = []
    times: Counter[str] = Counter()
    for out in payouts:
        times.update(one.id for one in out.transactions)
        inside = sum(one.net for one in out.transactions)
        if inside != out.won:
            sides = inside, out.won
            breaks.append(
                Break(Rule.BALANCE_PAYOUT, HOUSE, out.id, *sides, Cause.SUM_WRONG, kst_month(out.arrives_at))
            )
    held = sum(one.net for one in transactions if not times[one.id])
    last = max((out.arrives_at for out in payouts), default=0)
    for one in transactions:
        passed = last >= one.created_at + PAYOUT_DUE
        late = now - one.created_at >= PAYOUT_DUE and (passed or (one.net > 0 and held > 0))
        if times[one.id] > 1 or (late and not times[one.id]):
            cause = Cause.DOUBLED if times[one.id] else Cause.NOT_PAID_OUT
            sides = one.net, one.net * times[one.id]
            breaks.append(Break(Rule.BALANCE_PAYOUT, HOUSE, one.id, *sides, cause, kst_month(one.created_at)))
    return breaks


def tax_invoice_breaks(
    tenant: str, invoice: Invoice, notes: Iterable[CreditNote], recorded: Won | None, now: Millis
) -> list[Break]:
    """R8: the tax invoice on record is of the invoice less what was credited; it is missing from the 11th on."""
    due = invoice.total - sum(note.won for note in notes)
    if recorded is None and now < month_span(invoice.month)[1] + _TAX_INVOICE_DUE:
        return []
    right = recorded or 0
    if due == right:
        return []
    cause = Cause.NOT_RECORDED if recorded is None else Cause.CHANGED
    return [Break(Rule.INVOICE_TAX_INVOICE, tenant, invoice.id, due, right, cause, invoice.month)]
