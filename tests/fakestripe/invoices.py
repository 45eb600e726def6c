"""Invoices: held, finalized, paid, voided and given up."""

from collections.abc import Callable

from tests.fakestripe.books import Books
from tests.fakestripe.drafts import DRAFT_SECONDS, Drafts
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.form import Params
from tests.fakestripe.issuing import Issuing, subscription_of
from tests.fakestripe.lines import sum_up
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.payments import Payments
from tests.fakestripe.shape import PRIVATE


class Invoices:
    """The account's invoices, once they are made."""

    def __init__(self, books: Books, drafts: Drafts, payments: Payments, issuing: Issuing) -> None:
        self._books = books
        self._drafts = drafts
        self._payments = payments
        self._issuing = issuing

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/invoices/{id}."""
        query.finish()
        return self._drafts.refresh(self._books.find("invoice", ident))

    def listing(self, query: Params) -> Doc:
        """GET /v1/invoices."""
        rows = wanted(self._books.newest("invoice"), query, "customer", "status", "collection_method")
        created, due, subscription = query.span("created"), query.span("due_date"), query.optional("subscription")
        if subscription is not None:
            rows = [row for row in rows if subscription_of(row) == subscription]
        rows = [row for row in rows if created(row["created"]) and due(row["due_date"] or 0)]
        found = page(rows, query, "/v1/invoices")
        for row in found["data"]:
            self._drafts.refresh(row)
        return found

    def lines(self, query: Params, ident: str) -> Doc:
        """GET /v1/invoices/{id}/lines."""
        invoice = self._drafts.refresh(self._books.find("invoice", ident))
        return page(invoice["lines"]["data"], query, f"/v1/invoices/{ident}/lines")

    def update(self, form: Params, ident: str) -> Doc:
        """POST /v1/invoices/{id}."""
        invoice = self._drafts.refresh(self._books.find("invoice", ident))
        changes: Doc = {"metadata": form.merged("metadata", invoice["metadata"])}
        for name in ("description", "collection_method", "default_payment_method"):
            if name in form:
                changes[name] = form.text(name)
        advance = form.flag("auto_advance", default=invoice["auto_advance"])
        days = form.integer("days_until_due", invoice[PRIVATE]["days_until_due"] or 0)
        form.finish()
        if invoice["status"] != "draft" and set(changes) - {"metadata", "default_payment_method", "description"}:
            raise ApiError(400, "Finalized invoices can't be updated in this way.", code="invoice_not_editable")
        invoice |= changes
        invoice[PRIVATE]["days_until_due"] = days
        self._advance(invoice, advance=advance)
        self._books.save(invoice)
        self._books.tell("invoice.updated", invoice)
        return invoice

    def finalize(self, form: Params, ident: str) -> Doc:
        """POST /v1/invoices/{id}/finalize."""
        invoice = self._books.find("invoice", ident)
        advance = form.flag("auto_advance", default=invoice["auto_advance"])
        form.finish()
        if invoice["status"] != "draft":
            # The wording is inferred; the status and the code of api/errors are documented.
            message = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
            raise ApiError(400, message, code="invoice_not_editable")
        invoice["auto_advance"] = advance
        self._issuing.issue(invoice)
        return invoice

    def pay(self, form: Params, ident: str) -> Doc:
        """POST /v1/invoices/{id}/pay, of invoices that are finalized."""
        invoice = self._books.find("invoice", ident)
        outside = form.flag("paid_out_of_band", default=False)
        method = form.optional("payment_method") or self._issuing.method(invoice)
        form.flag("off_session", default=True)
        form.flag("forgive", default=False)
        form.finish()
        self._expect_status(invoice, "open", "uncollectible")
        if outside:
            self._payments.transfer(invoice)
        elif method is None:
            message = "There is no `default_payment_method` set on this Customer or Invoice."
            raise ApiError(400, message, code="resource_missing")
        else:
            self._payments.charge(invoice, method)
        return invoice

    def void(self, form: Params, ident: str) -> Doc:
        """POST /v1/invoices/{id}/void."""
        # [doc] api/invoices/void: "Mark a finalized invoice as void".
        return self._close(form, ident, "void", "voided_at", "invoice.voided")

    def give_up(self, form: Params, ident: str) -> Doc:
        """POST /v1/invoices/{id}/mark_uncollectible."""
        return self._close(form, ident, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")

    def stop(self, wanted_ones: Callable[[Doc], bool]) -> None:
        """Collect no longer of their own accord what is open of some invoices."""
        for invoice in self._books.newest("invoice"):
            if invoice["status"] == "open" and wanted_ones(invoice):
                self._books.save(invoice | {"auto_advance": False})

    def _close(self, form: Params, ident: str, status: str, when: str, kind: str) -> Doc:
        invoice = self._books.find("invoice", ident)
        form.finish()
        self._expect_status(invoice, "open", *(["uncollectible"] if status == "void" else []))
        invoice |= {"status": status, "auto_advance": False}
        invoice["status_transitions"] |= {when: self._books.time}
        if status == "void":
            self._payments.drop(invoice)
        sum_up(invoice)
        self._books.save(invoice)
        self._books.tell(kind, invoice)
        return invoice

    def _expect_status(self, invoice: Doc, *known: str) -> None:
        if invoice["status"] not in known:
            message = f"Invoice is {invoice['status']}, and would have to be {' or '.join(known)}."
            raise ApiError(400, message, code="invoice_not_editable")

    def _advance(self, invoice: Doc, *, advance: bool) -> None:
        if advance == invoice["auto_advance"]:
            return
        # [doc] Invoice.automatically_finalizes_at: "If the invoice's auto_advance is set to false, … is null".
        invoice["auto_advance"] = advance
        if invoice["status"] == "draft":
            when = self._books.time + DRAFT_SECONDS if advance else None
            invoice["automatically_finalizes_at"] = when
            self._books.plan(when or 0, "finalize", invoice["id"])
