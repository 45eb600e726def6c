"""What Stripe says has happened, asked for in place of waiting to be told."""

from stripe.params import EventListParams

from chalicelib.billing.model import ProviderEvent
from chalicelib.billing.rules import told
from chalicelib.billing.stripe_client import PAGE, Account, fit, millis, translated
from chalicelib.kernel.clock import SECOND, Millis

EVENT_TYPES = [
    "invoice.created",
    "invoice.updated",
    "invoice.finalized",
    "invoice.finalization_failed",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.overdue",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "credit_note.created",
    "credit_note.voided",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "checkout.session.completed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.closed",
    "payout.paid",
    "payout.failed",
]
"""The events that are looked at; Stripe lists at most 20 types at once."""


class StripeEvents:
    """The list of events."""

    def __init__(self, account: Account) -> None:
        self._events = account.api.events

    @translated()
    def events(self, since: Millis) -> list[ProviderEvent]:
        """Return what happened from `since` on that we look at, oldest first; Stripe keeps it for 30 days."""
        params = fit(EventListParams)({"created": {"gte": since // SECOND}, "types": EVENT_TYPES, "limit": PAGE})
        rows = list(self._events.list(params).auto_paging_iter())
        return [told(row.id, row.type, row.data.object.to_dict(), millis(row.created)) for row in rows[::-1]]
