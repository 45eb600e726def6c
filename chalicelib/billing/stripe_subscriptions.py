"""Subscriptions at Stripe: one for each run of months under one plan, in months of Korea."""

import stripe
from stripe.params import SubscriptionCreateParams, SubscriptionListParams, SubscriptionUpdateParams

from chalicelib.billing.model import Subscription
from chalicelib.billing.stripe_accounts import StripeAccounts
from chalicelib.billing.stripe_client import PAGE, Account, fit, id_of, is_ours, millis, translated
from chalicelib.billing.stripe_prices import StripePrices
from chalicelib.kernel.clock import SECOND, month_span
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan

DAYS_UNTIL_DUE = 14
_ENDED = {"canceled", "incomplete_expired"}
_KEEP = "keep_as_draft"


class StripeSubscriptions:
    """What the shops subscribe to; what others made by hand in our account is left alone."""

    def __init__(self, account: Account, prices: StripePrices, accounts: StripeAccounts) -> None:
        self._account = account
        self._subscriptions = account.api.subscriptions
        self._prices = prices
        self._accounts = accounts

    @translated()
    def subscribe(self, tenant: str, customer: str, plan: Plan, since: str) -> Subscription:
        """Return the tenant's subscription to the plan from the KST month `since`, making it if there is none.

        Stripe refuses a month that has not begun. Invoices are charged to the customer's card, or without one are
        sent and due after 14 days.
        """
        owned = self._account.owned(tenant=tenant, since=since, plan=plan.version)

        def find() -> stripe.Subscription | None:
            return next((row for row in self._all(customer) if is_ours(row.metadata, owned)), None)

        def make(options: stripe.RequestOptions) -> stripe.Subscription:
            params = self._params(customer, plan, since, owned)
            return self._subscriptions.create(fit(SubscriptionCreateParams)(params), options)

        return _read(self._account.once(f"subscription:{tenant}:{since}:{plan.version}", find, make))

    @translated()
    def subscriptions(self, customer: str) -> list[Subscription]:
        """Return the customer's subscriptions of this stage, ended ones too, in the order in which they begin."""
        ours = [row for row in self._all(customer) if is_ours(row.metadata, self._account.owned())]
        return sorted((_read(row) for row in ours), key=lambda one: one.since)

    @translated()
    def keep_drafts(self, subscription: str) -> None:
        """Let the subscription's invoices stay drafts until they are finalized by hand; doing it again is nothing.

        Without it Stripe finalizes a draft after an hour, whether anybody could look at it or not.
        """
        params = fit(SubscriptionUpdateParams)({"pause_collection": {"behavior": _KEEP}})
        self._subscriptions.update(subscription, params)

    @translated()
    def end_subscription(self, subscription: str, month: str) -> Subscription:
        """Let the subscription end with the KST month `month`, whose usage it still bills."""
        found, end = self._subscriptions.retrieve(subscription), month_span(month)[1] // SECOND
        if found.status in _ENDED or found.cancel_at == end:
            return _read(found)
        return _read(self._subscriptions.update(subscription, fit(SubscriptionUpdateParams)({"cancel_at": end})))

    @translated()
    def use_card(self, customer: str, session: str) -> None:
        """Charge the customer's invoices to the card that was registered in the set-up `session`."""
        self._accounts.put_card(customer, self._accounts.card_of_session(customer, session))
        for row in self._all(customer):
            if is_ours(row.metadata, self._account.owned()) and row.status not in _ENDED:
                params = fit(SubscriptionUpdateParams)({"collection_method": "charge_automatically"})
                self._subscriptions.update(row.id, params)

    def _params(self, customer: str, plan: Plan, since: str, owned: dict[str, str]) -> SubscriptionCreateParams:
        params: SubscriptionCreateParams = {
            "customer": customer,
            "items": [{"price": self._prices.price(plan, rate)} for rate in plan.rates],
            "metadata": owned,
            # Under `classic`, usage before a change of prices would not be billed.
            "billing_mode": {"type": "flexible"},
            # The last day of a month, 15:00 UTC: the first of the next one, 00:00 in Korea.
            "billing_cycle_anchor_config": {"day_of_month": 31, "hour": 15, "minute": 0, "second": 0},
            # Usage from before a subscription began would never be billed.
            "backdate_start_date": month_span(since)[0] // SECOND,
            "default_tax_rates": [self._prices.vat()],
            "collection_method": "charge_automatically",
        }
        if not self._accounts.card(customer):
            params["collection_method"] = "send_invoice"
            params["days_until_due"] = DAYS_UNTIL_DUE
        return params

    def _all(self, customer: str) -> list[stripe.Subscription]:
        # Without a status the list leaves out what has ended, which would then be made once more.
        params = fit(SubscriptionListParams)({"customer": customer, "status": "all", "limit": PAGE})
        return list(self._subscriptions.list(params).auto_paging_iter())


def _read(row: stripe.Subscription) -> Subscription:
    names = row.metadata.to_dict()
    prices = [(item.id, item.price.metadata.to_dict()) for item in row.items.auto_paging_iter()]
    items = {Meter(of_price["meter"]): item for item, of_price in prices if "meter" in of_price}
    return Subscription(
        id=row.id,
        customer=id_of(row.customer),
        plan=names.get("plan", ""),
        since=names.get("since", ""),
        status=row.status,
        items=items,
        ends_at=millis(row.ended_at or row.cancel_at),
        keeps_drafts=row.pause_collection is not None and row.pause_collection.behavior == _KEEP,
    )
