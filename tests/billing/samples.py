"""An ordinary invoice that tests vary."""

from typing import Any

from chalicelib.billing.model import Invoice, InvoiceLine, InvoiceStatus
from chalicelib.kernel.clock import month_span


def an_invoice(status: InvoiceStatus = InvoiceStatus.OPEN, name: str = "in_1", **changes: Any) -> Invoice:
    """Return danbi's invoice of November: 2,700 won and VAT."""
    start, end = month_span("2026-11")
    values: dict[str, Any] = {
        "customer": "cus_danbi",
        "subscription": "sub_1",
        "month": "2026-11",
        "number": "" if status is InvoiceStatus.DRAFT else "N-1",
        "subtotal": 2_700,
        "tax": 270,
        "tax_lines": 1,
        "total": 2_970,
        "paid": 2_970 if status is InvoiceStatus.PAID else 0,
        "remaining": 0 if status is InvoiceStatus.PAID else 2_970,
        "credited": 0,
        "lines": (InvoiceLine("il_1", 1, 2_700, key="base"),),
        "period_start": start,
        "period_end": end,
        "created_at": end,
    }
    return Invoice(id=name, status=status, **{**values, **changes})
