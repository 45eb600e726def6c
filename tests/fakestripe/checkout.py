"""Hosted pages on which a shop registers a card or looks after it, and the cards."""

from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc, invalid
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.shape import PRIVATE

# [doc] checkout SessionCreateParams.expires_at: "24 hours from creation" by default.
OPEN_SECONDS = 24 * 3600


class Checkout:
    """Checkout in `mode=setup`, the billing portal and payment methods."""

    def __init__(self, books: Books) -> None:
        self._books = books
        books.runners["expire"] = self._expire_if_open
        self.index()

    def index(self) -> None:
        """Plan what the stored sessions wait for."""
        for session in self._books.newest("checkout.session"):
            if session["status"] == "open":
                self._books.plan(session["expires_at"], "expire", session["id"])

    def create(self, form: Params) -> Doc:
        """POST /v1/checkout/sessions."""
        if form.text("mode") != "setup":
            raise invalid("mode", "the stand-in knows mode setup only")
        customer = self._books.find("customer", form.text("customer"), status=400)
        session = self._books.make("checkout.session", "cs_test", mode="setup", customer=customer["id"])
        session |= {"success_url": form.text("success_url"), "cancel_url": form.optional("cancel_url")}
        session |= {
            "currency": form.optional("currency"),
            "client_reference_id": form.optional("client_reference_id"),
        }
        types = form.strings("payment_method_types") + form.strings("allowed_payment_method_types")
        if not types and session["currency"] is None:
            # [doc] SessionCreateParams.currency: "Required in setup mode when" no payment method types are given.
            raise invalid("currency", "`currency` is required in setup mode without payment method types.")
        session |= {
            "metadata": form.mapping("metadata"),
            "locale": form.optional("locale"),
            "ui_mode": "hosted_page",
        }
        details = form.nested("setup_intent_data")
        intent = self._books.make("setup_intent", "seti", customer=customer["id"], usage="off_session")
        intent |= {"metadata": details.mapping("metadata"), "description": details.optional("description")}
        intent |= {"status": "requires_payment_method", "payment_method": None, "payment_method_types": types}
        form.finish()
        session |= {"setup_intent": intent["id"], "status": "open", "payment_status": "no_payment_required"}
        session |= {"expires_at": self._books.time + OPEN_SECONDS, "subscription": None, "payment_intent": None}
        session |= {
            "url": self._books.hosted["checkout"] + session["id"],
            "invoice": None,
            "line_items": None,
        }
        self._books.save(intent)
        self._books.plan(session["expires_at"], "expire", session["id"])
        return self._books.save(session)

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/checkout/sessions/{id}."""
        query.finish()
        return self._books.find("checkout.session", ident)

    def listing(self, query: Params) -> Doc:
        """GET /v1/checkout/sessions."""
        created = query.span("created")
        rows = wanted(self._books.newest("checkout.session"), query, "customer", "status")
        return page([row for row in rows if created(row["created"])], query, "/v1/checkout/sessions")

    def expire(self, form: Params, ident: str) -> Doc:
        """POST /v1/checkout/sessions/{id}/expire."""
        form.finish()
        session = self._open(ident)
        session |= {"status": "expired", "url": None}
        self._books.save(session)
        self._books.tell("checkout.session.expired", session)
        return session

    def complete(self, ident: str, *, declines: bool) -> Doc:
        """Do what a shop does on the page: register a card, here one that is good or one that declines charges."""
        session = self._open(ident)
        method = self._card(session["customer"], declines=declines)
        intent = self._books.find("setup_intent", session["setup_intent"])
        intent |= {"status": "succeeded", "payment_method": method["id"]}
        session |= {"status": "complete", "url": None}
        for doc in (intent, session):
            self._books.save(doc)
        self._books.tell("payment_method.attached", method)
        self._books.tell("setup_intent.succeeded", intent)
        # [doc] checkout/fulfillment; a card that is set up becomes nobody's default by itself.
        self._books.tell("checkout.session.completed", session)
        return session

    def create_portal(self, form: Params) -> Doc:
        """POST /v1/billing_portal/sessions."""
        customer = self._books.find("customer", form.text("customer"), status=400)
        session = self._books.make("billing_portal.session", "bps", customer=customer["id"])
        session |= {"return_url": form.optional("return_url"), "locale": form.optional("locale"), "flow": None}
        session |= {"configuration": form.optional("configuration") or "bpc_default", "on_behalf_of": None}
        form.finish()
        del session["metadata"]
        return self._books.save(session | {"url": self._books.hosted["portal"] + session["id"]})

    def list_methods(self, query: Params, customer: str | None = None) -> Doc:
        """GET /v1/payment_methods and /v1/customers/{id}/payment_methods."""
        customer = customer or query.text("customer")
        self._books.find("customer", customer)
        rows = [row for row in self._books.newest("payment_method") if row["customer"] == customer]
        return page(wanted(rows, query, "type"), query, "/v1/payment_methods")

    def _card(self, customer: str, *, declines: bool) -> Doc:
        card = {"brand": "bc", "last4": "0002" if declines else "4242", "exp_month": 12, "exp_year": 2030}
        method = self._books.make("payment_method", "pm", type="kr_card", kr_card=card, customer=customer)
        method |= {"allow_redisplay": "limited", PRIVATE: {"declines": declines}}
        method["billing_details"] = {"address": None, "email": None, "name": None, "phone": None}
        return self._books.save(method)

    def _open(self, ident: str) -> Doc:
        session = self._books.find("checkout.session", ident)
        if session["status"] != "open":
            raise ApiError(400, f"This Session is {session['status']}; only open Sessions can be used.")
        return session

    def _expire_if_open(self, ident: str) -> None:
        if self._books.find("checkout.session", ident)["status"] == "open":
            self.expire(Params({}), ident)
