"""Close a month step by step: every step can be repeated, and the next run goes on wherever it was cut off."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.aws.tables import Write
from chalicelib.billing.invoices import refresh
from chalicelib.billing.model import GatewayRefused, Invoice, InvoiceStatus
from chalicelib.closing import invoicing, period_rules, rules_invoice
from chalicelib.closing.period_rules import NO_INVOICE
from chalicelib.closing.proving import (
    Blocked,
    Close,
    in_the_way,
    invoice_breaks,
    prove_counts,
    prove_invoice,
    usage_breaks,
)
from chalicelib.kernel.clock import month_span
from chalicelib.kernel.errors import Mismatch
from chalicelib.metering.model import Period, PeriodState
from chalicelib.pricing.model import Bill, Item
from chalicelib.pricing.rules import carried


def advance(here: Close) -> Period:
    """Do the next possible step of the month's close and return its period; raise Blocked with what is in the way.

    Nothing happens before the step's time has come, nor while somebody asks for the month to be reopened. Raises
    what the gateway raises.
    """
    period = here.ours.periods.find(here.month)
    to = period_rules.next_state(period, here.now)
    if to is None or period.asked_by:
        return period
    try:
        return _STEPS[to](here, period)
    except Blocked:
        _show_breaks(here)
        raise


def close(here: Close) -> Period:
    """Do every step that is possible now, and return the period; raise Blocked if something is in the way."""
    period = here.ours.periods.find(here.month)
    while (after := advance(here)).state is not period.state:
        period = after
    return after


def ask_reopening(here: Close, why: str, *, expected: int | None = None) -> Period:
    """Record that somebody wants the month reopened; the close waits until another person agrees."""
    before = _expected(here, expected)
    return _save(here, before, period_rules.asked(before, by=here.by, why=why))


def approve_reopening(here: Close, *, expected: int | None = None) -> Period:
    """Reopen the month as a second person: it closes anew, and takes entries again if it has no invoice yet."""
    before = _expected(here, expected)
    after = period_rules.reopened(before, by=here.by, at=here.now)
    return _save(here, before, replace(after, invoice="") if _is_lost(here, before) else after)


def _is_lost(here: Close, period: Period) -> bool:
    """Return whether the month's invoice is gone or void, so that another one must be made out."""
    if not period.settled or period.invoice == NO_INVOICE:
        return False
    try:
        return here.till.gateway.invoice(period.invoice).status is InvoiceStatus.VOID
    except GatewayRefused:
        return True


def go_on(here: Close, *, expected: int | None = None) -> Period:
    """Do the next step because a person says so, whoever asked for the month to be reopened."""
    before = _expected(here, expected)
    if before.asked_by:
        _save(here, before, period_rules.withdrawn(before))
    return advance(here)


def settled(here: Close, period: Period) -> tuple[Bill, Invoice | None]:
    """Return the bill of a settled month, and its invoice as the provider shows it now; None if it needed none."""
    bill = invoicing.bill_of(here.till.tenant, here.ours, here.month)
    return bill, None if period.invoice == NO_INVOICE else here.till.gateway.invoice(period.invoice)


def seal(here: Close, bill: Bill, invoice: Invoice | None) -> str:
    """Return the digest of a settled month: of its ledger as it is now, and of what `settled` returned."""
    return period_rules.seal(here.ours.ledger.booked(*month_span(here.month)), bill, invoice)


def _begin(here: Close, period: Period) -> Period:
    # From here on the plan is the one that the month is billed by, whatever the shop's profile says later.
    frozen = replace(period, plan=here.till.tenant.plan_in(here.month))
    return _move(here, _counted(here, frozen), PeriodState.CLOSING, "the month has ended")


def _reconcile(here: Close, period: Period) -> Period:
    before = here.ours.periods.find(invoicing.month_before(here.month))
    if before.version and not before.settled:
        raise Blocked(here.month, [f"the bill of {before.month}"])
    prove_counts(here)
    return _move(here, _counted(here, period), PeriodState.RECONCILED, "contacts, ledger and Stripe agree")


def _invoice(here: Close, period: Period) -> Period:
    # What was booked while the counts were proven is proven now, when nothing more can be booked.
    prove_counts(here)
    bill = invoicing.bill_of(here.till.tenant, here.ours, here.month)
    if not period.settled:
        period = _settle(here, period, bill)
    told: Sequence[Write] = ()
    if period.invoice != NO_INVOICE:
        filled = invoicing.fill(here.till, here.till.gateway.invoice(period.invoice), bill)
        prove_invoice(here, invoice_breaks(here, bill, filled))
        here.till.gateway.finalize(period.invoice)
        told = here.ours.tell(refresh(here.till, period.invoice, here.now).invoice, here.now)
    return _move(here, period, PeriodState.INVOICED, "the invoice is final", told)


def _settle(here: Close, period: Period, bill: Bill) -> Period:
    """Name the month's invoice: from then on the bill is what it is, and what we add to the invoice too."""
    made = invoicing.invoices_of(here.till, here.month)
    breaks = rules_invoice.presence_breaks(here.tenant, bill, made)
    for invoice in made[:1]:
        breaks += usage_breaks(here, bill, here.till.gateway.invoice(invoice.id))
    prove_invoice(here, breaks)
    left = -sum(line.won for line in carried(bill))
    after = replace(_counted(here, period), invoice=made[0].id if made else NO_INVOICE, carried=left)
    return _save(here, period, period_rules.changed(after))


def _lock(here: Close, period: Period) -> Period:
    bill, invoice = settled(here, period)
    prove_invoice(here, invoice_breaks(here, bill, invoice) if invoice is not None else [])
    # What is sealed is what was proven, and not what another look may find.
    sealed = replace(period, seal=seal(here, bill, invoice))
    return _move(here, sealed, PeriodState.LOCKED, "bill and invoice agree")


_STEPS = {
    PeriodState.CLOSING: _begin,
    PeriodState.RECONCILED: _reconcile,
    PeriodState.INVOICED: _invoice,
    PeriodState.LOCKED: _lock,
}


def _counted(here: Close, period: Period) -> Period:
    bill = invoicing.bill_of(here.till.tenant, here.ours, here.month)
    contacts = sum(line.quantity for line in bill.lines if line.item is Item.USAGE)
    return replace(period, won=bill.subtotal, contacts=contacts)


def _move(here: Close, period: Period, to: PeriodState, why: str, told: Sequence[Write] = ()) -> Period:
    """Store the period in its next state, with what is `told` of that; its version is that of the stored one."""
    after = period_rules.moved(replace(period, breaks=0), to, by=here.by, why=why, at=here.now)
    return _save(here, period, after, told)


def _save(here: Close, before: Period, after: Period, told: Sequence[Write] = ()) -> Period:
    writes = [here.ours.periods.save(before, after), *told]
    if after.state is not before.state:
        writes.append(here.ours.history.add(after))
    here.ours.commit(*writes)
    return after


def _show_breaks(here: Close) -> None:
    period = here.ours.periods.find(here.month)
    shown = replace(period_rules.changed(period), breaks=len(in_the_way(here)))
    if shown.breaks != period.breaks:
        _save(here, period, shown)


def _expected(here: Close, version: int | None) -> Period:
    period = here.ours.periods.find(here.month)
    if version not in (None, period.version):
        raise Mismatch("version_mismatch", "this period changed since you looked", version=period.version)
    return period
