"""What was paid for invoices at Stripe, and what was taken off them again."""

import stripe
from stripe.params import (
    CreditNoteCreateParams,
    CreditNoteListParams,
    InvoicePaymentListParams,
    InvoicePaymentListParamsPayment,
    PaymentIntentRetrieveParams,
)

from chalicelib.billing.model import CreditNote, Payment
from chalicelib.billing.stripe_client import PAGE, Account, fit, id_of, is_ours, millis, translated
from chalicelib.kernel.money import Won


class StripePayments:
    """Money, in whole won."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._api = account.api

    @translated()
    def payments(self, invoice: str) -> list[Payment]:
        """Return what was paid for the invoice: by card with its fee, or outside of Stripe with none."""
        params = fit(InvoicePaymentListParams)({"invoice": invoice, "status": "paid", "limit": PAGE})
        return [self._payment(row) for row in self._api.invoice_payments.list(params).auto_paging_iter()]

    @translated()
    def invoice_paid_by(self, payment_intent: str) -> str | None:
        """Return the invoice that a payment intent is for; None for one of no invoice."""
        asked: InvoicePaymentListParamsPayment = {"type": "payment_intent", "payment_intent": payment_intent}
        rows = self._api.invoice_payments.list(fit(InvoicePaymentListParams)({"payment": asked, "limit": PAGE}))
        return next((id_of(row.invoice) for row in rows.data), None)

    @translated()
    def credit(self, invoice: str, *, key: str, won: Won, reason: str, refund: bool) -> CreditNote:
        """Take `won`, VAT included, off a finalized invoice, once for each `key`.

        What is not yet paid is simply due no more. Of what was paid, `refund` gives it back the way it came;
        otherwise it is the customer's balance, which the next invoice uses up.
        """
        owned = self._account.owned(key=key)

        def find() -> stripe.CreditNote | None:
            return next((row for row in self._notes(invoice) if is_ours(row.metadata, owned)), None)

        def make(options: stripe.RequestOptions) -> stripe.CreditNote:
            params: CreditNoteCreateParams = {
                "invoice": invoice,
                "amount": won,
                "memo": reason,
                "metadata": owned,
                "email_type": "none",
            }
            self._give_back(params, refund=refund)
            return self._api.credit_notes.create(fit(CreditNoteCreateParams)(params), options)

        return self._note(self._account.once(f"credit:{invoice}:{key}", find, make))

    @translated()
    def credit_notes(self, invoice: str) -> list[CreditNote]:
        """Return the invoice's credit notes that stand, in the order in which they were made."""
        return [self._note(row) for row in self._notes(invoice)[::-1]]

    def _payment(self, row: stripe.InvoicePayment) -> Payment:
        charge = self._charge(row)
        moved = charge.balance_transaction if charge is not None else None
        won = row.amount_paid or 0
        known = moved if isinstance(moved, stripe.BalanceTransaction) else None
        return Payment(
            id=row.id,
            invoice=id_of(row.invoice),
            gross=won,
            fee=known.fee if known is not None else 0,
            net=known.net if known is not None else won,
            refunded=charge.amount_refunded if charge is not None else 0,
            paid_at=millis(row.status_transitions.paid_at),
            transaction=id_of(known),
            charge=id_of(charge),
        )

    def _charge(self, row: stripe.InvoicePayment) -> stripe.Charge | None:
        if row.payment.type != "payment_intent":
            return None
        intent = id_of(row.payment.payment_intent)
        params = fit(PaymentIntentRetrieveParams)({"expand": ["latest_charge.balance_transaction"]})
        charge = self._api.payment_intents.retrieve(intent, params).latest_charge
        return charge if isinstance(charge, stripe.Charge) else None

    def _give_back(self, params: CreditNoteCreateParams, *, refund: bool) -> None:
        """Say where what was paid goes: Stripe credits the unpaid part by itself, and refunds what it took."""
        rest = max(params.get("amount", 0) - self._api.invoices.retrieve(params["invoice"]).amount_remaining, 0)
        if not refund:
            back, outside, balance = 0, 0, rest
        else:
            taken = [paid for paid in self.payments(params["invoice"]) if paid.charge]
            back = min(rest, sum(paid.gross - paid.refunded for paid in taken))
            outside, balance = rest - back, 0
        if back:
            params["refund_amount"] = back
        if outside:
            params["out_of_band_amount"] = outside
        if balance:
            params["credit_amount"] = balance

    def _notes(self, invoice: str) -> list[stripe.CreditNote]:
        params = fit(CreditNoteListParams)({"invoice": invoice, "limit": PAGE})
        rows = self._api.credit_notes.list(params).auto_paging_iter()
        return [row for row in rows if row.status == "issued"]

    def _note(self, row: stripe.CreditNote) -> CreditNote:
        ours = row.metadata if is_ours(row.metadata, self._account.owned()) else None
        return CreditNote(
            id=row.id,
            invoice=id_of(row.invoice),
            number=row.number,
            won=row.total,
            tax=sum(tax.amount for tax in row.total_taxes or ()),
            refunded=sum(refund.amount_refunded for refund in row.refunds) + (row.out_of_band_amount or 0),
            outside=row.out_of_band_amount or 0,
            reason=row.memo or "",
            created_at=millis(row.created),
            key=ours.to_dict().get("key", "") if ours is not None else "",
        )
