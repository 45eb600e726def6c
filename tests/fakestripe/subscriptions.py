"""Subscriptions, and the turning of their months."""

from typing import Any

from tests.fakestripe.anchors import Anchor
from tests.fakestripe.books import Books
from tests.fakestripe.drafts import Drafts
from tests.fakestripe.errors import ApiError, Doc, invalid
from tests.fakestripe.form import Params
from tests.fakestripe.invoices import Invoices
from tests.fakestripe.issuing import Issuing, subscription_of
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.shape import PRIVATE, present
from tests.fakestripe.subscribing import Subscribing, read_collection

ENDS_WITH_PERIOD = ("min_period_end", "max_period_end", "max_billed_until")


class Subscriptions:
    """The account's subscriptions."""

    def __init__(self, books: Books, drafts: Drafts, invoices: Invoices, issuing: Issuing) -> None:
        self._books = books
        self._drafts = drafts
        self._invoices = invoices
        self._issuing = issuing
        self._subscribing = Subscribing(books)
        books.runners["turn"] = self._turn
        self.index()

    def index(self) -> None:
        """Plan what the stored subscriptions wait for."""
        for subscription in self._books.newest("subscription"):
            if subscription["status"] == "active":
                self._plan(subscription)

    def create(self, form: Params) -> Doc:
        """POST /v1/subscriptions, of metered monthly items."""
        subscription, passed = self._subscribing.read(form)
        self._plan(subscription)
        self._books.tell("customer.subscription.created", subscription)
        # [doc] billing-mode/compare: flexible "doesn't create zero-amount line items when you add usage-based
        # items", and an invoice that would be empty is not made.
        if passed:
            # [doc] SubscriptionCreateParams.backdate_start_date: "the first invoice will contain line items for
            # the timespan between the start date and the current time". One line a month is inferred.
            invoice = self._drafts.make(subscription, passed, "subscription_create")
            self._set(subscription, latest_invoice=invoice["id"])
            if subscription["collection_method"] == "charge_automatically":
                # [doc] billing/invoices/subscription: the first invoice is finalized at once.
                self._issuing.issue(invoice)
        return self._books.find("subscription", subscription["id"])

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/subscriptions/{id}."""
        query.finish()
        return self._books.find("subscription", ident)

    def listing(self, query: Params) -> Doc:
        """GET /v1/subscriptions; canceled ones only where asked for."""
        # [doc] SubscriptionListParams.status: by default "all subscriptions that have not been canceled".
        status, price, created = query.optional("status"), query.optional("price"), query.span("created")
        rows = wanted(self._books.newest("subscription"), query, "customer", "collection_method")
        shown = {None: ("active",), "all": ("active", "canceled"), "ended": ("canceled",)}.get(status, (status,))
        rows = [row for row in rows if row["status"] in shown]
        rows = [row for row in rows if price is None or price in _prices(row)]
        return page([row for row in rows if created(row["created"])], query, "/v1/subscriptions")

    def update(self, form: Params, ident: str) -> Doc:
        """POST /v1/subscriptions/{id}; items are not swapped here."""
        old = self._books.find("subscription", ident)
        changes: Doc = {"metadata": form.merged("metadata", old["metadata"])}
        changes |= read_collection(form, old, self._books)
        if "pause_collection" in form:
            changes["pause_collection"] = _pause(form)
        if "cancel_at" in form:
            changes["cancel_at"] = self._cancel_at(form, old)
        if form.flag("cancel_at_period_end", default=False):
            changes |= {"cancel_at": old["items"]["data"][0]["current_period_end"], "cancel_at_period_end": True}
        form.optional("proration_behavior")
        form.finish()
        moved = {name for name, value in changes.items() if old[name] != value}
        if old["status"] == "canceled" and moved - {"metadata"}:
            message = "A canceled subscription can only update its cancellation_details and metadata."
            raise ApiError(400, message)
        subscription = self._set(old, **changes)
        self._plan(subscription)
        self._books.tell("customer.subscription.updated", subscription)
        return subscription

    def cancel(self, form: Params, ident: str) -> Doc:
        """DELETE /v1/subscriptions/{id}, at once."""
        subscription = self._books.find("subscription", ident)
        # [doc] SubscriptionCancelParams.invoice_now: "a final invoice that invoices for any un-invoiced metered
        # usage", by default not.
        invoices_now = form.flag("invoice_now", default=False)
        form.flag("prorate", default=False)
        form.finish()
        if subscription["status"] == "canceled":
            raise ApiError(404, f"No such subscription: '{ident}'", code="resource_missing", param="id")
        if invoices_now:
            start = subscription["items"]["data"][0]["current_period_start"]
            made = self._drafts.make(subscription, [(start, self._books.time)], "subscription_update")
            self._set(subscription, latest_invoice=made["id"])
        # [doc] api/subscriptions/cancel: Stripe stops "automatic collection of all finalized invoices".
        self._invoices.stop(lambda invoice: subscription_of(invoice) == ident)
        return self._end(self._books.find("subscription", ident))

    def _cancel_at(self, form: Params, old: Doc) -> int | None:
        value: Any = form.optional("cancel_at")
        if value in ENDS_WITH_PERIOD:
            return int(old["items"]["data"][0]["current_period_end"])
        if not value:
            return None
        if not value.isdigit() or int(value) <= self._books.time:
            raise invalid("cancel_at", "`cancel_at` must be a time in the future.")
        return int(value)

    def _plan(self, subscription: Doc) -> None:
        end = subscription["items"]["data"][0]["current_period_end"]
        self._books.plan(min(end, subscription["cancel_at"] or end), "turn", subscription["id"])

    def _turn(self, ident: str) -> None:
        """Bill the period that has ended, and begin the next one or end the subscription."""
        subscription = self._books.find("subscription", ident)
        first = subscription["items"]["data"][0]
        end = min(first["current_period_end"], subscription["cancel_at"] or first["current_period_end"])
        if subscription["status"] == "canceled" or end > self._books.time:
            return
        made = self._drafts.make(subscription, [(first["current_period_start"], end)], "subscription_cycle")
        subscription = self._set(subscription, latest_invoice=made["id"])
        if subscription["cancel_at"] == end:
            # [doc] SubscriptionCreateParams.cancel_at. That the last invoice has the usage is documented for the
            # period's end, and inferred for any other time.
            self._end(subscription)
            return
        following = Anchor(*subscription[PRIVATE]["anchor"]).after(end)
        items = [
            item | {"current_period_start": end, "current_period_end": following}
            for item in subscription["items"]["data"]
        ]
        subscription = self._set(subscription, items=subscription["items"] | {"data": items})
        self._plan(subscription)
        self._books.tell("customer.subscription.updated", subscription)

    def _end(self, subscription: Doc) -> Doc:
        time = self._books.time
        ended = self._set(subscription, status="canceled", ended_at=time, canceled_at=time)
        self._books.tell("customer.subscription.deleted", present(ended))
        return ended

    def _set(self, subscription: Doc, **changes: Any) -> Doc:
        return self._books.save(self._books.find("subscription", subscription["id"]) | changes)


def _pause(form: Params) -> Doc:
    given = form.mapping("pause_collection")
    if given.get("behavior") not in ("keep_as_draft", "mark_uncollectible", "void"):
        raise invalid("pause_collection[behavior]", "Invalid pause_collection[behavior]")
    if given != {"behavior": "keep_as_draft"}:
        raise invalid("pause_collection", "the stand-in knows keep_as_draft without an end only")
    return {"behavior": "keep_as_draft", "resumes_at": None}


def _prices(subscription: Doc) -> list[str]:
    return [item["price"]["id"] for item in subscription["items"]["data"]]
