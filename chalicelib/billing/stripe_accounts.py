"""Customers at Stripe: who the invoices are made out to, and the pages on which they leave a card."""

import stripe
from stripe.params import (
    CustomerCreateParams,
    CustomerCreateTaxIdParams,
    CustomerListParams,
    CustomerListTaxIdsParams,
    CustomerUpdateParams,
    billing_portal,
    checkout,
)

from chalicelib.billing.model import GatewayRefused, Identity
from chalicelib.billing.stripe_client import PAGE, Account, fit, id_of, is_ours, translated


class StripeAccounts:
    """The shops as Stripe's customers."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._api = account.api

    @translated()
    def create_customer(self, tenant: str, name: str) -> str:
        """Return the id of the tenant's Stripe customer, making it if there is none."""
        owned = self._account.owned(tenant=tenant)
        params: CustomerCreateParams = {"name": name, "metadata": owned}
        return self._account.once(
            f"customer:{tenant}",
            lambda: self._find_customer(owned),
            lambda options: self._api.customers.create(fit(CustomerCreateParams)(params), options),
        ).id

    @translated()
    def identify(self, customer: str, identity: Identity) -> None:
        """Put name, mail and registration number on the invoices to come, in place of what was there."""
        params: CustomerUpdateParams = {
            "name": identity.name,
            "email": identity.mail,
            "preferred_locales": ["ko", "en"],
        }
        self._api.customers.update(customer, fit(CustomerUpdateParams)(params))
        number = identity.registration
        value = f"{number[:3]}-{number[3:5]}-{number[5:]}" if number else ""
        if value:
            self._register(customer, value)
        for tax_id in self._registrations(customer):
            if tax_id.value != value:
                self._api.customers.tax_ids.delete(customer, tax_id.id)

    @translated()
    def setup_link(self, customer: str, back: str, key: str) -> str:
        """Return a page on which the customer registers a card and then comes `back`; one page for each `key`.

        Who has registered one comes back with `?card=registered`, which proves nothing: the webhook does.
        It is a set-up and no subscription: a card that is registered twice makes nothing twice.
        """
        owned = self._account.owned(key=key)
        params: checkout.SessionCreateParams = {
            "mode": "setup",
            "customer": customer,
            "currency": "krw",
            "success_url": f"{back}?card=registered",
            "cancel_url": back,
            "metadata": owned,
        }
        session = self._account.once(
            f"setup:{customer}:{key}",
            lambda: self._find_session(customer, owned),
            lambda options: self._api.checkout.sessions.create(fit(checkout.SessionCreateParams)(params), options),
        )
        return session.url or ""

    @translated()
    def portal_link(self, customer: str, back: str) -> str:
        """Return a page on which the customer sees invoices and cards, for the next few minutes."""
        params = fit(billing_portal.SessionCreateParams)({"customer": customer, "return_url": back})
        return self._api.billing_portal.sessions.create(params).url

    def card_of_session(self, customer: str, session: str) -> str:
        """Return the payment method that the customer left in a set-up; refuse an unfinished or foreign one."""
        params = fit(checkout.SessionRetrieveParams)({"expand": ["setup_intent"]})
        found = self._api.checkout.sessions.retrieve(session, params)
        if id_of(found.customer) != customer or found.mode != "setup":
            raise GatewayRefused("session_mismatch", f"{session} is no set-up of {customer}")
        if found.status != "complete" or not isinstance(found.setup_intent, stripe.SetupIntent):
            raise GatewayRefused("session_open", f"{session} is not complete")
        return id_of(found.setup_intent.payment_method)

    def card(self, customer: str) -> str:
        """Return the payment method that the customer's invoices are charged to, empty without one."""
        settings = self._api.customers.retrieve(customer).invoice_settings
        return id_of(settings.default_payment_method) if settings is not None else ""

    def put_card(self, customer: str, card: str) -> None:
        """Charge the customer's invoices to this payment method from now on, unless that is a newer one by now.

        Events come in any order, and again days later.
        """
        charged = self.card(customer)
        if charged and charged != card and self._registered(charged) > self._registered(card):
            return
        params = fit(CustomerUpdateParams)({"invoice_settings": {"default_payment_method": card}})
        self._api.customers.update(customer, params)

    def _registered(self, card: str) -> int:
        return self._api.payment_methods.retrieve(card).created

    def _find_customer(self, owned: dict[str, str]) -> stripe.Customer | None:
        # Listing is the only sure way: search by metadata lags and so misses just the customer that a crashed
        # attempt made; ids cannot be chosen; the list filters by e-mail, not metadata; the Idempotency-Key is
        # forgotten after a day. One page per 100 shops is cheap for what happens once per shop.
        rows = self._api.customers.list(fit(CustomerListParams)({"limit": PAGE})).auto_paging_iter()
        return next((row for row in rows if is_ours(row.metadata, owned)), None)

    def _find_session(self, customer: str, owned: dict[str, str]) -> stripe.checkout.Session | None:
        params = fit(checkout.SessionListParams)({"customer": customer, "status": "open", "limit": PAGE})
        rows = self._api.checkout.sessions.list(params).auto_paging_iter()
        return next((row for row in rows if is_ours(row.metadata, owned)), None)

    def _registrations(self, customer: str) -> list[stripe.TaxId]:
        params = fit(CustomerListTaxIdsParams)({"limit": PAGE})
        rows = self._api.customers.tax_ids.list(customer, params).auto_paging_iter()
        return [row for row in rows if row.type == "kr_brn"]

    def _register(self, customer: str, value: str) -> None:
        params: CustomerCreateTaxIdParams = {"type": "kr_brn", "value": value}

        def find() -> stripe.TaxId | None:
            return next((row for row in self._registrations(customer) if row.value == value), None)

        self._account.once(
            f"tax_id:{customer}:{value}",
            find,
            lambda options: self._api.customers.tax_ids.create(
                customer, fit(CustomerCreateTaxIdParams)(params), options
            ),
        )
