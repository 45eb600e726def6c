"""The payment provider Stripe, all of the port; importing it costs 130 ms, so only jobs that need it do."""

import stripe

from chalicelib.billing.stripe_accounts import StripeAccounts
from chalicelib.billing.stripe_balance import StripeBalance
from chalicelib.billing.stripe_client import Account, connect
from chalicelib.billing.stripe_events import StripeEvents
from chalicelib.billing.stripe_invoices import StripeInvoices
from chalicelib.billing.stripe_payments import StripePayments
from chalicelib.billing.stripe_prices import StripePrices
from chalicelib.billing.stripe_subscriptions import StripeSubscriptions
from chalicelib.billing.stripe_usage import StripeUsage
from chalicelib.kernel.clock import clock


class StripeGateway:
    """One instance per process, safe to keep between calls; each method is documented where it is implemented."""

    def __init__(
        self,
        api_key: str,
        *,
        api_base: str | None,
        meter_events_base: str | None,
        stage: str,
        http_client: stripe.HTTPClient | None = None,
    ) -> None:
        bases = {"api_base": api_base, "meter_events_base": meter_events_base}
        account = Account(connect(api_key, **bases, http_client=http_client), stage, clock())
        usage = StripeUsage(account)
        self.ensure_meter = usage.ensure_meter
        self.put_hour_total = usage.put_hour_total
        self.hour_totals = usage.hour_totals
        self.period_total = usage.period_total
        accounts = StripeAccounts(account)
        self.create_customer = accounts.create_customer
        self.identify = accounts.identify
        self.setup_link = accounts.setup_link
        self.portal_link = accounts.portal_link
        prices = StripePrices(account, usage.ensure_meter)
        subscriptions = StripeSubscriptions(account, prices, accounts)
        self.subscribe = subscriptions.subscribe
        self.subscriptions = subscriptions.subscriptions
        self.keep_drafts = subscriptions.keep_drafts
        self.end_subscription = subscriptions.end_subscription
        self.use_card = subscriptions.use_card
        self._bill(account, prices)

    def _bill(self, account: Account, prices: StripePrices) -> None:
        invoices = StripeInvoices(account, prices)
        self.invoices = invoices.invoices
        self.invoice = invoices.invoice
        self.hold = invoices.hold
        self.add_item = invoices.add_item
        self.finalize = invoices.finalize
        self.pay_by_transfer = invoices.pay_by_transfer
        payments = StripePayments(account)
        self.payments = payments.payments
        self.invoice_paid_by = payments.invoice_paid_by
        self.credit = payments.credit
        self.credit_notes = payments.credit_notes
        balance = StripeBalance(account)
        self.payouts = balance.payouts
        self.transactions = balance.transactions
        self.events = StripeEvents(account).events
