"""Finalizing invoices, by hand or when their hour as a draft has passed, and collecting what is due."""

from tests.fakestripe.books import Books
from tests.fakestripe.drafts import Drafts
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.lines import sum_up
from tests.fakestripe.payments import Payments
from tests.fakestripe.shape import PRIVATE

DAY = 24 * 3600


class Issuing:
    """Turns drafts into invoices."""

    def __init__(self, books: Books, drafts: Drafts, payments: Payments) -> None:
        self._books = books
        self._drafts = drafts
        self._payments = payments
        books.runners |= {"finalize": self._finalize_if_due, "overdue": self._tell_overdue}
        self.index()

    def index(self) -> None:
        """Plan what the stored invoices wait for."""
        for invoice in self._books.newest("invoice"):
            if invoice["status"] == "draft" and invoice["automatically_finalizes_at"]:
                self._books.plan(invoice["automatically_finalizes_at"], "finalize", invoice["id"])
            if invoice["status"] == "open" and invoice["due_date"]:
                self._books.plan(invoice["due_date"], "overdue", invoice["id"])

    def _finalize_if_due(self, ident: str) -> None:
        invoice = self._books.find("invoice", ident)
        due = invoice["automatically_finalizes_at"]
        if invoice["status"] == "draft" and due is not None and due <= self._books.time:
            self.issue(invoice)

    def issue(self, invoice: Doc) -> None:
        """Finalize a draft, and collect what is due unless it shall not advance."""
        self._drafts.refresh(invoice)
        customer = self._books.find("customer", invoice["customer"])
        mine = [row for row in self._books.newest("invoice") if row["customer"] == customer["id"]]
        count = sum(row["number"] is not None for row in mine)
        invoice |= {"status": "open", "number": f"{customer['invoice_prefix']}-{count + 1:04d}"}
        invoice |= {"effective_at": self._books.time, "automatically_finalizes_at": None}
        invoice["hosted_invoice_url"] = self._books.hosted["invoice"] + invoice["id"]
        taxes = [row for row in self._books.newest("tax_id") if row["customer"] == customer["id"]]
        invoice["customer_tax_ids"] = [{"type": row["type"], "value": row["value"]} for row in taxes]
        invoice["status_transitions"] |= {"finalized_at": self._books.time}
        if invoice["collection_method"] == "send_invoice":
            # [doc] SubscriptionCreateParams.days_until_due, from the invoice's finalization on (inferred).
            invoice["due_date"] = self._books.time + (invoice[PRIVATE]["days_until_due"] or 0) * DAY
            self._books.plan(invoice["due_date"], "overdue", invoice["id"])
        self._use_credit(invoice, customer)
        self._books.save(invoice)
        self._books.tell("invoice.finalized", invoice)
        self._collect(invoice)

    def _use_credit(self, invoice: Doc, customer: Doc) -> None:
        # [doc] billing/customer/balance: a negative balance is credit, and it is "applied to their next invoice"
        # when that is finalized; an invoice whose total is negative adds its total to the credit.
        total = invoice["total"]
        applied = min(-customer["balance"], total) if total > 0 and customer["balance"] < 0 else min(total, 0)
        after = customer["balance"] + applied
        invoice |= {"starting_balance": customer["balance"], "ending_balance": after}
        invoice[PRIVATE]["applied"] = applied
        self._books.save(customer | {"balance": after})
        sum_up(invoice)

    def _collect(self, invoice: Doc) -> None:
        # [doc] invoicing/integration/workflow-transitions: an invoice of which nothing is due is paid at once.
        if invoice["amount_due"] == 0:
            self._payments.mark_paid(invoice)
            return
        self._payments.expect(invoice)
        method = self.method(invoice)
        if invoice["collection_method"] == "send_invoice" and invoice["auto_advance"]:
            self._books.tell("invoice.sent", invoice)
        elif invoice["collection_method"] == "charge_automatically" and invoice["auto_advance"] and method:
            try:
                self._payments.charge(invoice, method)
            except ApiError:
                return

    def method(self, invoice: Doc) -> str | None:
        """Tell which card an invoice is paid with: its own, its subscription's or its customer's."""
        subscription = self._books.find("subscription", subscription_of(invoice))
        customer = self._books.find("customer", invoice["customer"])
        methods = (invoice["default_payment_method"], subscription["default_payment_method"])
        chosen: str | None = next(filter(None, methods), None)
        return chosen or customer["invoice_settings"]["default_payment_method"]

    def _tell_overdue(self, ident: str) -> None:
        invoice = self._books.find("invoice", ident)
        if invoice["status"] == "open":
            self._books.tell("invoice.overdue", invoice)


def subscription_of(invoice: Doc) -> str:
    """Tell whose usage an invoice bills."""
    return str(invoice["parent"]["subscription_details"]["subscription"])
