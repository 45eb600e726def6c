"""Paying invoices: payment intents, charges, and which of them an invoice was paid with."""

from typing import Any

from tests.fakestripe.balance import Balance
from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.form import Params
from tests.fakestripe.lines import sum_up
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.shape import PRIVATE


class Payments:
    """What comes in."""

    def __init__(self, books: Books, balance: Balance) -> None:
        self._books = books
        self._balance = balance

    def expect(self, invoice: Doc) -> None:
        """Make the payment intent and the open invoice payment that a finalized invoice has."""
        # [doc] api/invoice-payment: the default payment comes with finalization, `open` until it is paid.
        intent = self._intent(invoice, "requires_payment_method")
        self._books.tell("payment_intent.created", intent)
        self._join(invoice, {"type": "payment_intent", "payment_intent": intent["id"]}, status="open")

    def charge(self, invoice: Doc, method: str) -> None:
        """Pay an invoice with a card; a declined one is a 402."""
        [payment] = [row for row in self._of(invoice) if row["status"] == "open"]
        intent = self._books.find("payment_intent", payment["payment"]["payment_intent"])
        invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
        charge = self._charge(intent, method)
        intent |= {"latest_charge": charge["id"], "payment_method": method}
        if charge["status"] == "failed":
            self._decline(invoice, intent, charge)
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        charge["balance_transaction"] = self._balance.book("charge", intent["amount"], charge["id"], fee=True)
        for doc in (intent, charge):
            self._books.save(doc)
        self._books.tell("charge.succeeded", charge)
        self._books.tell("payment_intent.succeeded", intent)
        self._settle(invoice, payment, intent["amount"])

    def transfer(self, invoice: Doc) -> None:
        """Note that an invoice was paid outside of Stripe."""
        self.drop(invoice)
        # [doc] changelog 2025-03-31: `amount_paid` counts money from outside too; 2026-05-27: it is computed from
        # payment records. That `paid_out_of_band` makes such a record is inferred.
        details = {"type": "payment_record", "payment_record": f"pr_{invoice['id'][3:]}"}
        payment = self._join(invoice, details, status="open")
        invoice[PRIVATE]["off_stripe"] = invoice["amount_remaining"]
        self._settle(invoice, payment, invoice["amount_remaining"])

    def drop(self, invoice: Doc) -> None:
        """Cancel what an invoice still waits for."""
        for payment in self._of(invoice):
            if payment["status"] == "open":
                times = payment["status_transitions"] | {"canceled_at": self._books.time}
                self._books.save(payment | {"status": "canceled", "status_transitions": times})
                intent = self._books.find("payment_intent", payment["payment"]["payment_intent"])
                self._books.save(intent | {"status": "canceled", "canceled_at": self._books.time})

    def charges_of(self, invoice: Doc) -> list[Doc]:
        """List the charges that paid an invoice."""
        paid = [row["payment"] for row in self._of(invoice) if row["status"] == "paid"]
        intents = [
            self._books.find("payment_intent", row["payment_intent"]) for row in paid if "payment_intent" in row
        ]
        return [self._books.find("charge", intent["latest_charge"]) for intent in intents]

    def list_payments(self, query: Params) -> Doc:
        """GET /v1/invoice_payments."""
        rows = wanted(self._books.newest("invoice_payment"), query, "invoice", "status")
        created, asked = query.span("created"), query.mapping("payment")
        asked.pop("type", None)
        rows = [row for row in rows if created(row["created"]) and asked.items() <= row["payment"].items()]
        return page(rows, query, "/v1/invoice_payments")

    def listing(self, kind: str, query: Params) -> Doc:
        """GET /v1/payment_intents, /v1/charges and the like."""
        created = query.span("created")
        names = ("customer", "payment_intent") if kind == "charge" else ("customer",)
        rows = [row for row in wanted(self._books.newest(kind), query, *names) if created(row["created"])]
        return page(rows, query, f"/v1/{kind}s")

    def _of(self, invoice: Doc) -> list[Doc]:
        return [row for row in self._books.newest("invoice_payment") if row["invoice"] == invoice["id"]]

    def _intent(self, invoice: Doc, status: str) -> Doc:
        intent = self._books.make("payment_intent", "pi", amount=invoice["amount_remaining"], currency="krw")
        intent |= {"customer": invoice["customer"], "status": status, "amount_received": 0, "latest_charge": None}
        intent |= {"payment_method": None, "last_payment_error": None, "capture_method": "automatic"}
        intent |= {"confirmation_method": "automatic", "payment_method_types": ["kr_card"], "amount_capturable": 0}
        return self._books.save(intent | {"canceled_at": None, "description": None})

    def _join(self, invoice: Doc, details: Doc, *, status: str) -> Doc:
        payment = self._books.make(
            "invoice_payment", "inpay", invoice=invoice["id"], currency="krw", status=status
        )
        del payment["metadata"]
        payment |= {"amount_requested": invoice["amount_remaining"], "amount_paid": None, "payment": details}
        payment |= {"is_default": True, "status_transitions": {"paid_at": None, "canceled_at": None}}
        return self._books.save(payment)

    def _charge(self, intent: Doc, method: str) -> Doc:
        card = self._books.find("payment_method", method, status=400)
        failed = bool(card[PRIVATE]["declines"])
        charge = self._books.make("charge", "ch", amount=intent["amount"], currency="krw", payment_method=method)
        charge |= {"customer": intent["customer"], "payment_intent": intent["id"], "paid": not failed}
        charge |= {
            "status": "failed" if failed else "succeeded",
            "captured": not failed,
            "balance_transaction": None,
        }
        charge |= {"amount_captured": 0 if failed else intent["amount"], "amount_refunded": 0, "refunded": False}
        charge |= {"disputed": False, "failure_code": "card_declined" if failed else None, "description": None}
        charge["billing_details"] = {"address": None, "email": None, "name": None, "phone": None}
        charge["payment_method_details"] = {"type": card["type"], card["type"]: card[card["type"]]}
        return charge

    def _decline(self, invoice: Doc, intent: Doc, charge: Doc) -> None:
        reason: Any = {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
        intent |= {"status": "requires_payment_method", "last_payment_error": reason}
        for doc in (intent, charge, invoice):
            self._books.save(doc)
        self._books.tell("charge.failed", charge)
        self._books.tell("payment_intent.payment_failed", intent)
        self._books.tell("invoice.payment_failed", invoice)
        refusal = ApiError(402, reason["message"], kind="card_error", code="card_declined", charge=charge["id"])
        refusal.stored = True
        raise refusal

    def _settle(self, invoice: Doc, payment: Doc, won: int) -> None:
        payment["status_transitions"] |= {"paid_at": self._books.time}
        self._books.save(payment | {"status": "paid", "amount_paid": won})
        self._books.tell("invoice_payment.paid", payment | {"status": "paid", "amount_paid": won})
        invoice["amount_paid"] += won
        self.mark_paid(invoice)

    def mark_paid(self, invoice: Doc) -> None:
        """Close an invoice of which nothing remains."""
        invoice |= {"status": "paid", "attempted": True, "auto_advance": False, "next_payment_attempt": None}
        invoice["status_transitions"] |= {"paid_at": self._books.time}
        sum_up(invoice)
        self._books.save(invoice)
        self._books.tell("invoice.paid", invoice)
        # [doc] event types: `invoice.payment_succeeded` comes with every attempt that succeeds.
        self._books.tell("invoice.payment_succeeded", invoice)
