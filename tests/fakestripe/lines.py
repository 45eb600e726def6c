"""The lines of an invoice, and the sums that follow from them."""

import hashlib
from decimal import Decimal

from tests.fakestripe.errors import Doc
from tests.fakestripe.prices import rounded
from tests.fakestripe.shape import PRIVATE


def rates(chosen: list[Doc]) -> list[list[str]]:
    return [[rate["id"], str(rate["percentage"])] for rate in chosen]


def new_line(invoice: Doc, name: str, source: str) -> Doc:
    ident = hashlib.sha256(f"{invoice['id']} {name}".encode()).hexdigest()[:24]
    line: Doc = {"id": f"il_{ident}", "object": "line_item", "invoice": invoice["id"], "livemode": False}
    line |= {"currency": "krw", "discountable": False, "discounts": [], "discount_amounts": []}
    line |= {"pretax_credit_amounts": [], "subscription": None}
    return line | {PRIVATE: {"rates": rates(invoice["default_tax_rates"]), "source": source}}


def pricing(price: Doc) -> Doc:
    details = {"price": price["id"], "product": price["product"]}
    return {"type": "price_details", "price_details": details, "unit_amount_decimal": None}


def dress(line: Doc, edits: Doc) -> Doc:
    """Give a line what follows from quantity and won, as edited by hand: `quantity`, `won` and `tax`."""
    edit = edits.get(line["id"], {})
    line = line | {"quantity": edit.get("quantity", line["quantity"]), "amount": edit.get("won", line["amount"])}
    line |= {"quantity_decimal": str(line["quantity"]), "subtotal": line["amount"]}
    # [doc] billing/taxes/tax-rates: tax is computed and rounded for each line; that halves are rounded away from
    # zero is unverified.
    line["taxes"] = [
        {"amount": edit.get("tax", rounded(Decimal(line["amount"]) * Decimal(percentage) / 100))}
        | {"tax_behavior": "exclusive", "tax_rate_details": {"tax_rate": rate}, "taxable_amount": line["amount"]}
        | {"taxability_reason": "standard_rated", "type": "tax_rate_details"}
        for rate, percentage in line[PRIVATE]["rates"]
    ]
    return line


def sum_up(invoice: Doc) -> None:
    """Compute an invoice's sums from its lines and from what was paid and credited."""
    lines, own = invoice["lines"]["data"], invoice[PRIVATE]
    taxes: dict[str, Doc] = {}
    for tax in (tax for line in lines for tax in line["taxes"]):
        whole = taxes.setdefault(tax["tax_rate_details"]["tax_rate"], tax | {"amount": 0, "taxable_amount": 0})
        for name in ("amount", "taxable_amount"):
            whole[name] += tax[name]
    subtotal = sum(line["amount"] for line in lines)
    total = subtotal + sum(tax["amount"] for tax in taxes.values())
    invoice |= {"subtotal": subtotal, "subtotal_excluding_tax": subtotal, "total_taxes": list(taxes.values())}
    invoice |= {"total": total, "total_excluding_tax": subtotal}
    # [doc] Invoice.amount_due; a credit note before payment reduces it and `amount_remaining`.
    invoice["amount_due"] = max(total - own["applied"], 0) - invoice["pre_payment_credit_notes_amount"]
    closed = invoice["status"] in ("paid", "void")
    invoice["amount_remaining"] = 0 if closed else max(invoice["amount_due"] - invoice["amount_paid"], 0)


BLANK: Doc = {
    "status": "draft",
    "currency": "krw",
    "number": None,
    "due_date": None,
    "description": None,
    "attempted": False,
    "attempt_count": 0,
    "amount_paid": 0,
    "amount_overpaid": 0,
    "amount_shipping": 0,
    "starting_balance": 0,
    "ending_balance": None,
    "pre_payment_credit_notes_amount": 0,
    "post_payment_credit_notes_amount": 0,
    "default_payment_method": None,
    "customer_tax_ids": [],
    "discounts": [],
    "total_discount_amounts": [],
    "total_pretax_credit_amounts": [],
    "effective_at": None,
    "hosted_invoice_url": None,
    "invoice_pdf": None,
    "next_payment_attempt": None,
    "last_finalization_error": None,
    "automatic_tax": {"enabled": False, "liability": None, "status": None},
    "issuer": {"type": "self"},
}
_TIMES = ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
BLANK["status_transitions"] = dict.fromkeys(_TIMES)
