"""Keep our copy of an invoice what the provider shows."""

from dataclasses import replace

from chalicelib.billing.model import Invoice, InvoiceStatus, Mirrored
from chalicelib.billing.ports import Till
from chalicelib.billing.rules import may_follow
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, Mismatch, not_found

_READS = 5


def refresh(till: Till, invoice_id: str, now: Millis) -> Mirrored:
    """Read the invoice anew at the provider, hold it if it is a draft that would advance, store it; return it.

    Stored is only what may follow what is stored already: an older state never comes back. Raises NotFound for
    another customer's invoice, and what the gateway raises.
    """
    for _ in range(_READS):
        # Ours is read first: whoever stores between our reads has read later than we know, so we read again.
        before = till.mirror.of(invoice_id)
        after = _read(till, invoice_id, before, now)
        if before is not None and (_same(before, after) or not may_follow(before.invoice, after.invoice)):
            return before
        try:
            till.commit(till.mirror.save(before, after))
        except Mismatch:
            continue
        return after
    raise Busy("busy", "this invoice changes too often; try again")


def refresh_changed(till: Till, now: Millis) -> int:
    """Refresh each invoice that the provider shows otherwise than we do; return how many there were."""
    customer = till.customers.find()
    shown = till.gateway.invoices(customer) if customer else []
    known = {one.invoice.id: one.invoice for one in till.mirror.all()} if shown else {}
    changed = [invoice.id for invoice in shown if known.get(invoice.id) != invoice]
    for invoice_id in changed:
        refresh(till, invoice_id, now)
    return len(changed)


def _read(till: Till, invoice_id: str, before: Mirrored | None, now: Millis) -> Mirrored:
    invoice = till.gateway.invoice(invoice_id)
    if invoice.customer != till.customers.find():
        raise not_found()
    if invoice.status is InvoiceStatus.DRAFT and invoice.advances:
        invoice = till.gateway.hold(invoice_id)
    return Mirrored(
        invoice=invoice,
        payments=tuple(till.gateway.payments(invoice_id)) if _is_final(invoice) else (),
        credit_notes=tuple(till.gateway.credit_notes(invoice_id)) if _is_final(invoice) else (),
        seen_at=now,
        version=before.version + 1 if before else 1,
    )


def _is_final(invoice: Invoice) -> bool:
    return invoice.status is not InvoiceStatus.DRAFT


def _same(before: Mirrored, after: Mirrored) -> bool:
    return replace(after, seen_at=before.seen_at, version=before.version) == before
