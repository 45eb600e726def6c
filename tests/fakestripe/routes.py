"""Which endpoint a request means."""

import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tests.fakestripe.account import Account
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.faults import Fault
from tests.fakestripe.form import Params, decode
from tests.fakestripe.shape import expand, present
from tests.fakestripe.summaries import summaries
from tests.fakestripe.wire import Request

_FORM = "application/x-www-form-urlencoded"
Endpoint = Callable[..., Doc]


class Routes:
    """The endpoints that we call, all of them on the SDK's `api` host."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._books = account.books
        self._table: dict[tuple[str, int], list[tuple[list[str], Endpoint]]] = defaultdict(list)
        for table in (_selling(account), _billing(account), _money(account), self._metering(account)):
            for name, endpoint in table.items():
                method, _, path = name.partition(" ")
                steps = path.split("/")
                self._table[method, len(steps)].append((steps, endpoint))

    def dispatch(self, request: Request, fault: Fault | None) -> Doc:
        """Execute the request and return the body of its 200."""
        if request.method == "POST" and request.headers.get("content-type", _FORM).split(";")[0] != _FORM:
            raise ApiError(400, f"Invalid request (check that your POST content type is {_FORM}).")
        params = Params(decode(request.text))
        expansions = params.expansions()
        self._books.request = {"id": f"req_{secrets.token_hex(7)}", "idempotency_key": request.key}
        if (request.method, request.path) == ("POST", "/v1/billing/meter_events"):
            return self._account.events.accept(params, request.key, self._books.now(), fault)
        endpoint, idents = self._find(request)
        answer: Doc = present(endpoint(params, *idents))
        for path in expansions:
            expand(self._books, answer, path.split("."))
        return answer

    def _find(self, request: Request) -> tuple[Endpoint, list[str]]:
        asked = request.path.removeprefix("/v1/").split("/")
        for steps, endpoint in self._table[request.method, len(asked)]:
            pairs = list(zip(steps, asked, strict=True))
            if all(step in ("*", given) for step, given in pairs):
                return endpoint, [given for step, given in pairs if step == "*"]
        raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")

    def _metering(self, account: Account) -> dict[str, Endpoint]:
        catalog, events, now = account.catalog, account.events, account.books.now
        return {
            "POST billing/meters": lambda form: catalog.create_meter(form, now()),
            "GET billing/meters": catalog.list_meters,
            "GET billing/meters/*": _finder(account, "meter"),
            "POST billing/meter_event_adjustments": lambda form: events.cancel(form, now()),
            "GET billing/meters/*/event_summaries": (
                lambda query, ident: summaries(events, catalog, ident, query, now())
            ),
        }


def _finder(account: Account, kind: str) -> Endpoint:
    def find(query: Params, ident: str) -> Doc:
        query.finish()
        return account.books.find(kind, ident)

    return find


def _lister(account: Account, kind: str) -> Endpoint:
    return lambda query: account.payments.listing(kind, query)


def _selling(account: Account) -> dict[str, Any]:
    customers, prices, checkout = account.customers, account.prices, account.checkout
    return {
        "POST customers": customers.create,
        "GET customers": customers.listing,
        "GET customers/*": customers.get,
        "POST customers/*": customers.update,
        "POST customers/*/tax_ids": customers.create_tax_id,
        "GET customers/*/tax_ids": customers.list_tax_ids,
        "DELETE customers/*/tax_ids/*": customers.delete_tax_id,
        "GET customers/*/payment_methods": checkout.list_methods,
        "POST products": prices.create_product,
        "GET products": prices.list_products,
        "GET products/*": _finder(account, "product"),
        "POST prices": prices.create,
        "GET prices": prices.listing,
        "GET prices/*": _finder(account, "price"),
        "POST tax_rates": prices.create_tax_rate,
        "GET tax_rates": prices.list_tax_rates,
        "GET tax_rates/*": _finder(account, "tax_rate"),
        "POST checkout/sessions": checkout.create,
        "GET checkout/sessions": checkout.listing,
        "GET checkout/sessions/*": checkout.get,
        "POST checkout/sessions/*/expire": checkout.expire,
        "POST billing_portal/sessions": checkout.create_portal,
    }


def _billing(account: Account) -> dict[str, Any]:
    subscriptions, invoices, items = account.subscriptions, account.invoices, account.items
    return {
        "POST subscriptions": subscriptions.create,
        "GET subscriptions": subscriptions.listing,
        "GET subscriptions/*": subscriptions.get,
        "POST subscriptions/*": subscriptions.update,
        "DELETE subscriptions/*": subscriptions.cancel,
        "GET invoices": invoices.listing,
        "GET invoices/*": invoices.get,
        "POST invoices/*": invoices.update,
        "GET invoices/*/lines": invoices.lines,
        "POST invoices/*/finalize": invoices.finalize,
        "POST invoices/*/pay": invoices.pay,
        "POST invoices/*/void": invoices.void,
        "POST invoices/*/mark_uncollectible": invoices.give_up,
        "POST invoiceitems": items.create,
        "GET invoiceitems": items.listing,
        "GET invoiceitems/*": items.get,
        "DELETE invoiceitems/*": items.delete,
        "POST credit_notes": account.credits.create,
        "GET credit_notes": account.credits.listing,
        "GET credit_notes/*": account.credits.get,
        "GET events": account.notices.listing,
        "GET events/*": account.notices.get,
    }


def _money(account: Account) -> dict[str, Any]:
    balance = account.balance
    return {
        "GET invoice_payments": account.payments.list_payments,
        "GET invoice_payments/*": _finder(account, "invoice_payment"),
        "GET payment_intents": _lister(account, "payment_intent"),
        "GET payment_intents/*": _finder(account, "payment_intent"),
        "GET charges": _lister(account, "charge"),
        "GET charges/*": _finder(account, "charge"),
        "GET balance_transactions": balance.listing,
        "GET balance_transactions/*": _finder(account, "balance_transaction"),
        "POST refunds": balance.create_refund,
        "GET refunds": balance.list_refunds,
        "GET refunds/*": _finder(account, "refund"),
        "GET payouts": balance.list_payouts,
        "GET payouts/*": _finder(account, "payout"),
        "GET setup_intents/*": _finder(account, "setup_intent"),
        "GET payment_methods": account.checkout.list_methods,
        "GET payment_methods/*": _finder(account, "payment_method"),
    }
