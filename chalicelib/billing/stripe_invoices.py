"""Invoices at Stripe: drafts are held, get our items, and are finalized when the month is closed."""

from collections.abc import Callable

import stripe
from stripe.params import (
    InvoiceFinalizeInvoiceParams,
    InvoiceItemCreateParams,
    InvoiceItemListParams,
    InvoiceListParams,
    InvoicePayParams,
    InvoiceUpdateParams,
)

from chalicelib.billing.model import GatewayRefused, Invoice, InvoiceLine, InvoiceStatus
from chalicelib.billing.stripe_client import PAGE, Account, fit, id_of, is_ours, millis, translated, whole
from chalicelib.billing.stripe_prices import StripePrices
from chalicelib.kernel.clock import SECOND, kst_month
from chalicelib.kernel.money import Won


class StripeInvoices:
    """The invoices of our customers, also those that somebody made by hand: reconciliation has to see them."""

    def __init__(self, account: Account, prices: StripePrices) -> None:
        self._account = account
        self._invoices = account.api.invoices
        self._items = account.api.invoice_items
        self._prices = prices

    @translated()
    def invoices(self, customer: str) -> list[Invoice]:
        """Return the customer's invoices with all of their lines, newest first."""
        params = fit(InvoiceListParams)({"customer": customer, "limit": PAGE})
        return [self._read(row) for row in self._invoices.list(params).auto_paging_iter()]

    @translated()
    def invoice(self, invoice: str) -> Invoice:
        """Return one invoice as it is now."""
        return self._read(self._invoices.retrieve(invoice))

    @translated()
    def hold(self, invoice: str) -> Invoice:
        """Keep Stripe from finalizing a draft by itself; what is no draft any more is returned as it is."""
        found = self._invoices.retrieve(invoice)
        if found.status == "draft" and found.auto_advance:
            found = self._invoices.update(invoice, fit(InvoiceUpdateParams)({"auto_advance": False}))
        return self._read(found)

    @translated()
    def add_item(self, invoice: Invoice, *, key: str, won: Won, description: str) -> None:
        """Add our item `key` to a draft, `won` before VAT; one that is there already is not added again."""
        owned = self._account.owned(key=key)

        def make(options: stripe.RequestOptions) -> stripe.InvoiceItem:
            params: InvoiceItemCreateParams = {
                "customer": invoice.customer,
                "invoice": invoice.id,
                "amount": won,
                "currency": "krw",
                "description": description,
                "period": {"start": invoice.period_start // SECOND, "end": invoice.period_end // SECOND},
                "tax_rates": [self._prices.vat()],
                "metadata": owned,
            }
            return self._items.create(fit(InvoiceItemCreateParams)(params), options)

        try:
            self._account.once(f"item:{invoice.id}:{key}", lambda: self._item(invoice.id, owned), make)
        except stripe.InvalidRequestError as error:
            if self._invoices.retrieve(invoice.id).status == "draft":
                raise
            raise GatewayRefused("not_draft", f"{invoice.id} takes no more items") from error

    @translated()
    def finalize(self, invoice: str) -> Invoice:
        """Make a draft final, to be sent or charged; one that is final already is returned as it is."""
        # Released here: a finalized invoice that does not advance is neither charged nor sent.
        params = fit(InvoiceFinalizeInvoiceParams)({"auto_advance": True})
        return self._moved(
            invoice,
            "finalize",
            {"draft"},
            lambda options: self._invoices.finalize_invoice(invoice, params, options),
        )

    @translated()
    def pay_by_transfer(self, invoice: str) -> Invoice:
        """Record that an invoice was paid to our bank account, even one given up; others return as they are."""
        params = fit(InvoicePayParams)({"paid_out_of_band": True})
        return self._moved(
            invoice, "pay", {"open", "uncollectible"}, lambda options: self._invoices.pay(invoice, params, options)
        )

    def _moved(
        self, invoice: str, name: str, before: set[str], move: Callable[[stripe.RequestOptions], stripe.Invoice]
    ) -> Invoice:
        """Return the invoice moved on from a status in `before`, by us or by somebody else."""

        def find() -> stripe.Invoice | None:
            found = self._invoices.retrieve(invoice)
            return None if found.status in before else found

        try:
            return self._read(self._account.once(f"{name}:{invoice}", find, move))
        except stripe.InvalidRequestError:
            # Somebody else moved it between our look and our request; otherwise the refusal is meant.
            found = find()
            if found is None:
                raise
            return self._read(found)

    def _item(self, invoice: str, owned: dict[str, str]) -> stripe.InvoiceItem | None:
        params = fit(InvoiceItemListParams)({"invoice": invoice, "limit": PAGE})
        rows = self._items.list(params).auto_paging_iter()
        return next((row for row in rows if is_ours(row.metadata, owned)), None)

    def _read(self, row: stripe.Invoice) -> Invoice:
        lines = list(row.lines.auto_paging_iter())
        return self._with(row, lines, _span(row, lines))

    def _with(self, row: stripe.Invoice, lines: list[stripe.InvoiceLineItem], span: tuple[int, int]) -> Invoice:
        return Invoice(
            id=row.id,
            customer=id_of(row.customer),
            subscription=_subscription(row),
            month=kst_month(millis(span[0])),
            status=InvoiceStatus(row.status or "draft"),
            number=row.number or "",
            subtotal=row.subtotal,
            tax=sum(tax.amount for tax in row.total_taxes or ()),
            tax_lines=sum(len(line.taxes or ()) for line in lines),
            total=row.total,
            paid=row.amount_paid,
            remaining=row.amount_remaining,
            credited=row.pre_payment_credit_notes_amount + row.post_payment_credit_notes_amount,
            lines=tuple(self._line(line) for line in lines),
            period_start=millis(span[0]),
            period_end=millis(span[1]),
            created_at=millis(row.created),
            finalized_at=millis(row.status_transitions.finalized_at),
            due_at=millis(row.due_date),
            advances=bool(row.auto_advance),
        )

    def _line(self, line: stripe.InvoiceLineItem) -> InvoiceLine:
        price = line.pricing.price_details if line.pricing is not None else None
        # The metadata of a line of usage are those of its subscription, whose item names are not ours to read.
        used, ours = _used(line), is_ours(line.metadata, self._account.owned())
        quantity = line.quantity if line.quantity is not None else whole(line.quantity_decimal or 0, "line")
        return InvoiceLine(
            id=line.id,
            quantity=quantity,
            won=line.amount,
            meter=self._prices.meter_of(id_of(price.price)) if used and price is not None else None,
            key=line.metadata.to_dict().get("key", "") if ours and not used else "",
            description=line.description or "",
        )


def _used(line: stripe.InvoiceLineItem) -> bool:
    """Return whether a line is of metered usage rather than of an item."""
    return line.parent is not None and line.parent.type == "subscription_item_details"


def _subscription(row: stripe.Invoice) -> str:
    parent = row.parent
    if parent is None or parent.type != "subscription_details" or parent.subscription_details is None:
        return ""
    return id_of(parent.subscription_details.subscription)


def _span(row: stripe.Invoice, lines: list[stripe.InvoiceLineItem]) -> tuple[int, int]:
    """Return start and end in seconds of the usage: its lines' period, since the invoice's own is of its items."""
    used = [line.period for line in lines if _used(line)]
    if not used:
        return row.period_start, row.period_end
    return min(span.start for span in used), max(span.end for span in used)
