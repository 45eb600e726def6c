"""Invoices while they can still change: their lines, their tax and their sums."""

import copy
from collections.abc import Iterable

from tests.fakestripe.books import Books
from tests.fakestripe.errors import Doc
from tests.fakestripe.events import Events
from tests.fakestripe.lines import BLANK, dress, new_line, pricing, rates, sum_up
from tests.fakestripe.prices import parts
from tests.fakestripe.shape import PRIVATE

Span = tuple[int, int]
# [doc] billing/invoices/subscription: a subscription's invoice stays a draft for about an hour.
DRAFT_SECONDS = 3600
_NOTHING: Doc = {"edits": {}, "usage": [], "pending": [], "added": [], "off_stripe": 0, "applied": 0}


class Drafts:
    """Makes invoices, and keeps a draft's lines what they should be now."""

    def __init__(self, books: Books, events: Events) -> None:
        self._books = books
        self._events = events

    def make(self, subscription: Doc, spans: list[Span], reason: str) -> Doc:
        """Make the draft of a subscription's usage in the given spans of time, with all pending items."""
        customer = self._books.find("customer", subscription["customer"])
        invoice = self._books.make(
            "invoice", "in", **copy.deepcopy(BLANK), customer=customer["id"], billing_reason=reason
        )
        invoice |= {"customer_name": customer["name"], "customer_email": customer["email"], "auto_advance": True}
        invoice |= {"period_start": spans[0][0], "period_end": spans[-1][1]}
        invoice |= {name: subscription[name] for name in ("collection_method", "default_tax_rates")}
        invoice["automatically_finalizes_at"] = self._books.time + DRAFT_SECONDS
        invoice["parent"] = {
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {"subscription": subscription["id"], "metadata": subscription["metadata"]},
        }
        invoice["lines"] = {"object": "list", "has_more": False, "url": f"/v1/invoices/{invoice['id']}/lines"}
        if subscription["pause_collection"]:
            # [doc] billing/subscriptions/pause: with keep_as_draft invoices "remain in draft state and
            # auto_advance is set to false".
            invoice |= {"auto_advance": False, "automatically_finalizes_at": None}
        items = [item["id"] for item in reversed(subscription["items"]["data"])]
        pending = self._take_pending(invoice)
        usage = [{"item": item, "start": start, "end": end} for start, end in spans for item in items]
        invoice[PRIVATE] = _NOTHING | {"edits": {}, "added": [], "pending": pending, "usage": usage}
        invoice[PRIVATE]["days_until_due"] = subscription["days_until_due"]
        self.rebuild(invoice)
        if invoice["auto_advance"]:
            self._books.plan(invoice["automatically_finalizes_at"], "finalize", invoice["id"])
        self._books.tell("invoice.created", invoice)
        return invoice

    def refresh(self, invoice: Doc) -> Doc:
        """Bring a draft up to date with the usage; anything else stays as it is."""
        # [doc] billing/subscriptions/usage-based/configure-grace-period: usage of the period counts until "the
        # invoice finalizes", when Stripe "updates it to reflect the latest quantity".
        if invoice["status"] == "draft":
            before = invoice["lines"]["data"]
            lines = list(self._lines(invoice))
            if lines != before:
                self._keep(invoice, lines)
        return invoice

    def rebuild(self, invoice: Doc) -> None:
        """Make a draft's lines anew and save it."""
        self._keep(invoice, list(self._lines(invoice)))

    def touch(self, invoice: Doc, line: str, edit: Doc) -> None:
        """Change one line by hand for good, whatever the invoice's status; `edit` as `dress` takes it."""
        edits = invoice[PRIVATE]["edits"]
        edits[line] = edits.get(line, {}) | edit
        self._keep(invoice, [dress(row, edits) if row["id"] == line else row for row in invoice["lines"]["data"]])

    def without(self, invoice: Doc, item: str) -> None:
        """Take an invoice item and its line off an invoice, whatever its status."""
        for place in ("pending", "added"):
            invoice[PRIVATE][place] = [other for other in invoice[PRIVATE][place] if other != item]
        lines = [row for row in invoice["lines"]["data"] if row[PRIVATE]["source"] != item]
        self._keep(invoice, lines)

    def _keep(self, invoice: Doc, lines: list[Doc]) -> None:
        invoice["lines"] |= {"data": lines, "total_count": len(lines)}
        sum_up(invoice)
        self._books.save(invoice)

    def _take_pending(self, invoice: Doc) -> list[str]:
        items = [row for row in self._books.newest("invoiceitem") if row["invoice"] is None]
        mine = [row for row in items if row["customer"] == invoice["customer"]]
        for item in mine:
            self._books.save(item | {"invoice": invoice["id"]})
        return [item["id"] for item in mine]

    def _lines(self, invoice: Doc) -> Iterable[Doc]:
        # [doc] Invoice.lines: "(1) pending invoice items … in reverse chronological order, (2) subscription items
        # in reverse chronological order, and (3) invoice items added after invoice creation in chronological
        # order".
        own, edits = invoice[PRIVATE], invoice[PRIVATE]["edits"]
        for item in own["pending"]:
            yield dress(self._item_line(invoice, item), edits)
        for usage in own["usage"]:
            for line in self._usage_lines(invoice, usage):
                yield dress(line, edits)
        for item in own["added"]:
            yield dress(self._item_line(invoice, item), edits)

    def _usage_lines(self, invoice: Doc, usage: Doc) -> Iterable[Doc]:
        item = self._books.find("subscription_item", usage["item"])
        price = self._books.find("price", item["price"]["id"])
        quantity = self._quantity(price, invoice["customer"], (usage["start"], usage["end"]))
        cut = parts(price, quantity)
        if not self._books.setting("tier_lines"):
            cut = [(quantity, sum(won for _, won in cut))]
        product = self._books.find("product", price["product"])["name"]
        # [doc] InvoiceLineItem.metadata: a subscription's line has the "current metadata from the subscription".
        metadata = self._books.find("subscription", item["subscription"])["metadata"]
        details = {"subscription": item["subscription"], "subscription_item": item["id"], "proration": False}
        details |= {"proration_details": {"credited_items": None}, "invoice_item": None}
        for place, (units, won) in enumerate(cut):
            line = new_line(invoice, f"{item['id']} {usage['start']} {place}", item["id"])
            line |= {"quantity": units, "amount": won, "period": {"start": usage["start"], "end": usage["end"]}}
            line |= {"description": f"{units} × {product}", "metadata": metadata}
            line["subscription"] = item["subscription"]
            line["parent"] = {"type": "subscription_item_details", "subscription_item_details": details}
            line["parent"]["invoice_item_details"] = None
            line["pricing"] = pricing(price)
            yield line

    def _quantity(self, price: Doc, customer: str, span: Span) -> int:
        meter = self._books.find("meter", price["recurring"]["meter"])
        counted = self._events.counted(meter, customer, self._books.time)
        # [doc] usage-based/meters/configure: a cycle whose total is negative is billed as 0.
        return max(sum(value for when, value in counted if span[0] <= when < span[1]), 0)

    def _item_line(self, invoice: Doc, ident: str) -> Doc:
        item = self._books.find("invoiceitem", ident)
        details = {"invoice_item": ident, "proration": False, "proration_details": {"credited_items": None}}
        line = new_line(invoice, ident, ident)
        line |= {
            name: item[name] for name in ("quantity", "amount", "description", "period", "metadata", "pricing")
        }
        line["parent"] = {"type": "invoice_item_details", "subscription_item_details": None}
        line["parent"]["invoice_item_details"] = details | {"subscription": None}
        # [doc] InvoiceItem.tax_rates: "When set, the `default_tax_rates` on the invoice do not apply".
        if item["tax_rates"]:
            line[PRIVATE]["rates"] = rates(item["tax_rates"])
        return line
