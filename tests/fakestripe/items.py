"""Invoice items: what is put on an invoice beside the usage."""

from tests.fakestripe.books import Books
from tests.fakestripe.drafts import Drafts
from tests.fakestripe.errors import ApiError, Doc, invalid
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.shape import PRIVATE, present


class Items:
    """The account's invoice items."""

    def __init__(self, books: Books, drafts: Drafts) -> None:
        self._books = books
        self._drafts = drafts

    def create(self, form: Params) -> Doc:
        """POST /v1/invoiceitems, of one amount each, which may be negative."""
        customer = self._books.find("customer", form.text("customer"), status=400)
        item = self._books.make("invoiceitem", "ii", customer=customer["id"], amount=form.integer("amount"))
        item |= {"currency": form.text("currency"), "description": form.optional("description"), "quantity": 1}
        item |= {"metadata": form.mapping("metadata"), "quantity_decimal": "1", "proration": False}
        item |= {"invoice": form.optional("invoice"), "date": self._books.time, "pricing": None, "parent": None}
        item |= {"discountable": form.flag("discountable", default=True), "discounts": []}
        item["net_amount"] = item["amount"]
        rates = form.strings("tax_rates")
        item["tax_rates"] = [present(self._books.find("tax_rate", rate, status=400)) for rate in rates]
        period = form.nested("period")
        item["period"] = {name: period.integer(name, self._books.time) for name in ("start", "end")}
        form.finish()
        if item["currency"] != "krw":
            raise invalid("currency", "the stand-in knows won only")
        self._add(item)
        self._books.tell("invoiceitem.created", item)
        return item

    def listing(self, query: Params) -> Doc:
        """GET /v1/invoiceitems."""
        rows = wanted(self._books.newest("invoiceitem"), query, "customer", "invoice")
        created = query.span("created")
        if "pending" in query:
            pending = query.flag("pending", default=True)
            rows = [row for row in rows if (row["invoice"] is None) == pending]
        return page([row for row in rows if created(row["created"])], query, "/v1/invoiceitems")

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/invoiceitems/{id}."""
        query.finish()
        return self._books.find("invoiceitem", ident)

    def delete(self, form: Params, ident: str) -> Doc:
        """DELETE /v1/invoiceitems/{id}, while its invoice is a draft."""
        form.finish()
        item = self._books.find("invoiceitem", ident)
        if item["invoice"] is not None:
            # [doc] api/invoiceitems/delete: only of items not attached to an invoice, or "if it's attached to a
            # draft invoice".
            self._drafts.without(self._draft(item), ident)
        self._books.store.remove("invoiceitem", ident)
        self._books.tell("invoiceitem.deleted", item)
        return {"id": ident, "object": "invoiceitem", "deleted": True}

    def _add(self, item: Doc) -> None:
        if item["invoice"] is None:
            self._books.save(item)
            return
        invoice = self._draft(item)
        if len(invoice[PRIVATE]["added"]) + len(invoice[PRIVATE]["pending"]) >= MOST_ITEMS:
            raise invalid("invoice", f"Invoices can have at most {MOST_ITEMS} invoice items.")
        self._books.save(item)
        invoice[PRIVATE]["added"].append(item["id"])
        self._drafts.rebuild(invoice)
        self._books.tell("invoice.updated", invoice)

    def _draft(self, item: Doc) -> Doc:
        invoice = self._books.find("invoice", item["invoice"], status=400)
        if invoice["customer"] != item["customer"]:
            raise invalid("invoice", "The invoice item's customer must be the invoice's.")
        if invoice["status"] != "draft":
            message = "Invoice items can only be changed on a draft invoice."
            raise ApiError(400, message, code="invoice_not_editable")
        return invoice


# [doc] invoicing: "up to 250 invoice items" on one invoice.
MOST_ITEMS = 250
