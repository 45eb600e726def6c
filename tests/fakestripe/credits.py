"""Credit notes: what is taken off a finalized invoice."""

from decimal import Decimal

from tests.fakestripe.balance import Balance
from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc, invalid, missing
from tests.fakestripe.form import Params
from tests.fakestripe.lines import sum_up
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.payments import Payments
from tests.fakestripe.prices import rounded

_REASONS = (None, "duplicate", "fraudulent", "order_change", "product_unsatisfactory")
_WAYS = ("refund_amount", "credit_amount", "out_of_band_amount")


class Credits:
    """The account's credit notes."""

    def __init__(self, books: Books, payments: Payments, balance: Balance) -> None:
        self._books = books
        self._payments = payments
        self._balance = balance

    def create(self, form: Params) -> Doc:
        """POST /v1/credit_notes, of one amount with its tax."""
        invoice = self._books.find("invoice", form.text("invoice"), status=400)
        note = self._books.make("credit_note", "cn", invoice=invoice["id"], customer=invoice["customer"])
        note |= {"memo": form.optional("memo"), "reason": form.optional("reason"), "currency": "krw"}
        note |= {"metadata": form.mapping("metadata"), "effective_at": self._books.time, "status": "issued"}
        ways = {name: form.integer(name, 0) for name in _WAYS}
        if "amount" not in form:
            raise missing("amount")
        won = form.integer("amount")
        form.optional("email_type")
        form.finish()
        if note["reason"] not in _REASONS:
            raise invalid("reason", f"Invalid reason: must be one of {_REASONS[1:]}")
        before, after = self._split(invoice, won, sum(ways.values()))
        charge = self._charge(invoice, ways["refund_amount"])
        note |= _sums(invoice, won) | {"pre_payment_amount": before, "post_payment_amount": after}
        kinds = {(True, False): "pre_payment", (False, True): "post_payment", (True, True): "mixed"}
        note |= {"type": kinds[before > 0, after > 0], "out_of_band_amount": ways["out_of_band_amount"] or None}
        note["number"] = f"{invoice['number']}-CN-{len(self._of(invoice)) + 1:02d}"
        note |= self._give_back(note, charge, ways)
        self._books.save(note)
        self._apply(invoice, note)
        self._books.tell("credit_note.created", note)
        return note

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/credit_notes/{id}."""
        query.finish()
        return self._books.find("credit_note", ident)

    def listing(self, query: Params) -> Doc:
        """GET /v1/credit_notes."""
        created = query.span("created")
        rows = wanted(self._books.newest("credit_note"), query, "invoice", "customer")
        return page([row for row in rows if created(row["created"])], query, "/v1/credit_notes")

    def _of(self, invoice: Doc) -> list[Doc]:
        return [note for note in self._books.newest("credit_note") if note["invoice"] == invoice["id"]]

    def _split(self, invoice: Doc, won: int, given: int) -> tuple[int, int]:
        if invoice["status"] not in ("open", "paid", "uncollectible"):
            # [doc] api/credit_notes/create: "after the invoice is finalized"; a void one owes nothing.
            message = f"You can't create a credit note for a {invoice['status']} invoice."
            raise ApiError(400, message, code="invoice_not_editable")
        if not 0 < won <= invoice["total"] - sum(note["total"] for note in self._of(invoice)):
            raise invalid("amount", "The amount must be positive and not exceed what is left of the invoice.")
        # [doc] api/credit_notes/create: it "will first reduce the invoice's amount_remaining", not below zero; the
        # refund, credit and outside amounts "must equal the post_payment_amount".
        before = min(invoice["amount_remaining"], won)
        if given != won - before:
            message = f"The sum of refund_amount, credit_amount and out_of_band_amount must equal {won - before}."
            raise ApiError(400, message, param="amount")
        return before, won - before

    def _charge(self, invoice: Doc, won: int) -> Doc | None:
        if not won:
            return None
        open_charges = [
            charge
            for charge in self._payments.charges_of(invoice)
            if charge["amount"] - charge["amount_refunded"] >= won
        ]
        if not open_charges:
            raise invalid("refund_amount", "The invoice has no charge that this amount can be refunded from.")
        return open_charges[0]

    def _give_back(self, note: Doc, charge: Doc | None, ways: dict[str, int]) -> Doc:
        refunds: list[Doc] = []
        if charge is not None:
            refund = self._balance.refund(charge, ways["refund_amount"], metadata={})
            refunds = [{"amount_refunded": refund["amount"], "refund": refund["id"], "type": "refund"}]
        if ways["credit_amount"]:
            # [doc] CreditNoteCreateParams.credit_amount: credited to "the customer's balance".
            customer = self._books.find("customer", note["customer"])
            self._books.save(customer | {"balance": customer["balance"] - ways["credit_amount"]})
        return {"refunds": refunds, "customer_balance_transaction": None}

    def _apply(self, invoice: Doc, note: Doc) -> None:
        for name in ("pre_payment", "post_payment"):
            invoice[f"{name}_credit_notes_amount"] += note[f"{name}_amount"]
        sum_up(invoice)
        if invoice["status"] == "open" and invoice["amount_remaining"] == 0:
            self._payments.drop(invoice)
            self._payments.mark_paid(invoice)
        self._books.save(invoice)
        self._books.tell("invoice.updated", invoice)


def _sums(invoice: Doc, won: int) -> Doc:
    """Share an amount between supply and tax as the invoice does; that Stripe rounds so is unverified."""
    taxes = []
    for tax in invoice["total_taxes"]:
        part = rounded(Decimal(won) * tax["amount"] / invoice["total"])
        taxes.append(tax | {"amount": part, "taxable_amount": won - part})
    supply = won - sum(tax["amount"] for tax in taxes)
    sums: Doc = {"amount": won, "total": won, "subtotal": supply, "subtotal_excluding_tax": supply}
    sums |= {"total_excluding_tax": supply, "total_taxes": taxes, "discount_amount": 0, "discount_amounts": []}
    sums |= {"pretax_credit_amounts": [], "amount_shipping": 0, "shipping_cost": None, "voided_at": None}
    return sums | {"lines": {"object": "list", "data": [], "has_more": False, "url": ""}, "pdf": ""}
