"""What a new subscription is made of."""

import itertools
from typing import Any

from tests.fakestripe.anchors import Anchor
from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc, invalid, missing
from tests.fakestripe.form import Params
from tests.fakestripe.shape import PRIVATE, present

Span = tuple[int, int]
_NOTHING: Doc = {
    "status": "active",
    "currency": "krw",
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "ended_at": None,
    "latest_invoice": None,
    "default_payment_method": None,
    "collection_method": "charge_automatically",
    "days_until_due": None,
    "default_tax_rates": [],
    "description": None,
    "pause_collection": None,
    "schedule": None,
    "trial_end": None,
    "trial_start": None,
    "automatic_tax": {"enabled": False, "liability": None, "disabled_reason": None},
}


class Subscribing:
    """Reads the request for a subscription and makes it."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def read(self, form: Params) -> tuple[Doc, list[Span]]:
        """Make and save a subscription; with it come the periods that are over already, as it was backdated."""
        customer = self._books.find("customer", form.text("customer"), status=400)
        prices = [self._price(row) for row in form.rows("items")]
        if not prices:
            raise missing("items")
        if len({price["id"] for price in prices}) < len(prices):
            raise invalid("items", "Cannot add multiple subscription items with the same plan.")
        subscription = self._books.make("subscription", "sub", **_NOTHING, customer=customer["id"])
        subscription |= {"metadata": form.mapping("metadata"), "billing_mode": _billing_mode(form)}
        subscription |= read_collection(form, subscription, self._books)
        start, anchor = self._start(form, subscription)
        turns = [start]
        while turns[-1] <= self._books.time:
            turns.append(anchor.after(turns[-1]))
        # [doc] billing_cycle_anchor_config: the "next occurence of the day_of_month at the
        # hour, minute, and second UTC".
        subscription |= {
            "start_date": start,
            "billing_cycle_anchor": turns[-1],
            "cancel_at": form.moment("cancel_at"),
        }
        for tolerated in ("proration_behavior", "payment_behavior", "off_session", "currency"):
            form.optional(tolerated)
        form.finish()
        if subscription["cancel_at"] is not None and subscription["cancel_at"] <= self._books.time:
            raise invalid("cancel_at", "`cancel_at` must be a time in the future.")
        subscription["items"] = self._items(subscription, prices, (turns[-2], turns[-1]))
        subscription[PRIVATE] = {"anchor": [anchor.day, anchor.hour, anchor.minute, anchor.second]}
        return self._books.save(subscription), list(itertools.pairwise(turns[:-1]))

    def _price(self, row: Params) -> Doc:
        price = self._books.find("price", row.text("price"), status=400)
        row.mapping("metadata")
        # [doc] SubscriptionCreateParamsItem.quantity: not for metered prices.
        if "quantity" in row:
            raise invalid("items", "Quantity should not be specified where usage_type is `metered`.")
        if not price["active"]:
            raise invalid("items", f"The price specified is inactive: {price['id']}.")
        return price

    def _start(self, form: Params, subscription: Doc) -> tuple[int, Anchor]:
        now = self._books.time
        start = form.moment("backdate_start_date")
        if start is not None and start > now:
            raise invalid("backdate_start_date", "`backdate_start_date` must be in the past.")
        start = now if start is None else start
        fixed = form.moment("billing_cycle_anchor")
        config = form.nested("billing_cycle_anchor_config")
        subscription["billing_cycle_anchor_config"] = None
        if "day_of_month" in config:
            # [doc] billing_cycle_anchor_config: "Mutually exclusive with billing_cycle_anchor".
            if fixed is not None:
                raise invalid("billing_cycle_anchor", "You may only specify one of these parameters.")
            times = [config.integer(name, 0) for name in ("hour", "minute", "second")]
            anchor = Anchor(config.integer("day_of_month"), *times)
            named = {"hour": anchor.hour, "minute": anchor.minute, "second": anchor.second, "month": None}
            subscription["billing_cycle_anchor_config"] = {"day_of_month": anchor.day, **named}
            return start, anchor
        if fixed is not None and not now < fixed <= Anchor.of(now).after(now):
            # [doc] billing-cycle: the anchor is in the future, and within the natural billing period.
            raise invalid("billing_cycle_anchor", "`billing_cycle_anchor` must be within the next billing period.")
        return start, Anchor.of(fixed or start)

    def _items(self, subscription: Doc, prices: list[Doc], period: Span) -> Doc:
        items: list[Doc] = []
        for price in prices:
            item = self._books.make("subscription_item", "si", price=present(price), quantity=None, tax_rates=[])
            item |= {"subscription": subscription["id"], "discounts": [], "billed_until": None}
            item |= {"current_period_start": period[0], "current_period_end": period[1]}
            items.append(self._books.save(item))
        url = f"/v1/subscription_items?subscription={subscription['id']}"
        return {"object": "list", "has_more": False, "url": url, "data": items}


def read_collection(form: Params, old: Doc, books: Books) -> Doc:
    """Read how a subscription is paid and taxed."""
    changes: Doc = {"collection_method": form.optional("collection_method") or old["collection_method"]}
    changes["days_until_due"] = form.integer("days_until_due", old["days_until_due"] or 0) or None
    if changes["collection_method"] == "send_invoice" and changes["days_until_due"] is None:
        # [doc] api/subscriptions/create: days_until_due is for `send_invoice`; that it is required is inferred.
        raise missing("days_until_due")
    for name in ("default_payment_method", "description"):
        if name in form:
            changes[name] = form.optional(name)
    if changes.get("default_payment_method"):
        method = books.find("payment_method", changes["default_payment_method"], status=400)
        if method["customer"] != old["customer"]:
            raise ApiError(400, "The payment method is not attached to the customer.")
    if "default_tax_rates" in form:
        rates = form.strings("default_tax_rates")
        changes["default_tax_rates"] = [present(books.find("tax_rate", rate, status=400)) for rate in rates]
    return changes


def _billing_mode(form: Params) -> Any:
    # [doc] billing_mode: "If no value is passed, the default is flexible". The stand-in has no classic.
    mode = form.nested("billing_mode")
    kind = mode.optional("type") or "flexible"
    mode.mapping("flexible")
    if kind != "flexible":
        raise invalid("billing_mode[type]", "the stand-in knows flexible billing mode only")
    return {"type": kind, "flexible": {"proration_discounts": "included"}}
