"""Our balance at Stripe: what moves it, and what of it reaches our bank."""

import stripe
from stripe.params import BalanceTransactionListParams, PayoutListParams, PayoutListParamsArrivalDate

from chalicelib.billing.model import Movement, Payout, Transaction
from chalicelib.billing.stripe_client import PAGE, Account, fit, id_of, millis, translated
from chalicelib.kernel.clock import SECOND, Millis

_MOVEMENTS = {
    "charge": Movement.CHARGE,
    "charge_failure": Movement.CHARGE,
    "refund": Movement.REFUND,
    "refund_failure": Movement.REFUND,
    "partial_capture_reversal": Movement.REFUND,
    "dispute": Movement.DISPUTE,
    "dispute_reversal": Movement.DISPUTE,
}
# The transfer itself: it is what the other movements add up to, and none of them.
_TRANSFERS = {"payout", "payout_reversal"}


class StripeBalance:
    """Whole won, with the fees that Stripe keeps."""

    def __init__(self, account: Account) -> None:
        self._api = account.api

    @translated()
    def payouts(self, start: Millis, end: Millis) -> list[Payout]:
        """Return the payouts due at our bank from `start` until before `end`, with what they consist of."""
        days: PayoutListParamsArrivalDate = {"gte": start // SECOND, "lt": end // SECOND}
        params = fit(PayoutListParams)({"arrival_date": days, "limit": PAGE})
        return [self._payout(row) for row in self._api.payouts.list(params).auto_paging_iter()]

    @translated()
    def transactions(self, start: Millis, end: Millis) -> list[Transaction]:
        """Return the movements of our balance from `start` until before `end`, without payouts themselves."""
        return self._moved({"created": {"gte": start // SECOND, "lt": end // SECOND}, "limit": PAGE})

    def _payout(self, row: stripe.Payout) -> Payout:
        # Stripe knows what a payout consists of only where it made the payout itself.
        moved = self._moved({"payout": row.id, "limit": PAGE}) if row.automatic else []
        return Payout(row.id, row.amount, row.status, millis(row.arrival_date), tuple(moved))

    def _moved(self, params: BalanceTransactionListParams) -> list[Transaction]:
        rows = self._api.balance_transactions.list(fit(BalanceTransactionListParams)(params)).auto_paging_iter()
        return [_transaction(row) for row in rows if row.reporting_category not in _TRANSFERS]


def _transaction(row: stripe.BalanceTransaction) -> Transaction:
    movement = _MOVEMENTS.get(row.reporting_category, Movement.OTHER)
    source = id_of(row.source)
    return Transaction(row.id, movement, row.amount, row.fee, row.net, source, millis(row.created))
