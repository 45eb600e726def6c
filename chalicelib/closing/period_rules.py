"""How a period moves: open, closing, reconciled, invoiced, locked; and back, if two people want it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from chalicelib.billing.model import Invoice
from chalicelib.closing.rules import SETTLING
from chalicelib.kernel.clock import HOUR, Millis, kst_month, month_span, months_between
from chalicelib.kernel.errors import Conflict, Forbidden
from chalicelib.metering.model import Period, PeriodState, UsageEntry
from chalicelib.pricing.model import Bill

LATE: Millis = 72 * HOUR
"""How long after its end a month may still get what belongs to it."""

NO_INVOICE = "none"
"""What stands for the invoice of a month that costs nothing and of which the provider made none."""

_NEXT = {
    PeriodState.OPEN: PeriodState.CLOSING,
    PeriodState.CLOSING: PeriodState.RECONCILED,
    PeriodState.RECONCILED: PeriodState.INVOICED,
    PeriodState.INVOICED: PeriodState.LOCKED,
}
_PASSED = frozenset({PeriodState.RECONCILED, PeriodState.INVOICED, PeriodState.LOCKED})


def next_state(period: Period, now: Millis) -> PeriodState | None:
    """Return the state that the period may come into at `now`; None while it must wait, and when it is locked."""
    end = month_span(period.month)[1]
    # An index may lag: what was booked at the last moment is listed for certain some time after the books closed.
    earliest = {
        PeriodState.OPEN: end,
        PeriodState.CLOSING: end + LATE,
        PeriodState.RECONCILED: period.changed_at + SETTLING,
        PeriodState.INVOICED: 0,
    }
    if period.state is PeriodState.LOCKED or now < earliest[period.state]:
        return None
    return _NEXT[period.state]


def due_months(known: Iterable[Period], now: Millis) -> list[str]:
    """Return the months since the oldest of the `known` that have ended and are not locked, oldest first."""
    states = {period.month: period.state for period in known}
    ended = [month for month in months_between(month_span(min(states))[0], now) if month < kst_month(now)]
    return [month for month in ended if states.get(month) is not PeriodState.LOCKED]


def moved(period: Period, to: PeriodState, *, by: str, why: str, at: Millis) -> Period:
    """Return the period in its next state; raise Conflict("wrong_state") for any other one."""
    if _NEXT.get(period.state) is not to:
        raise Conflict("wrong_state", f"a period that is {period.state} does not become {to}")
    return replace(changed(period), state=to, by=by, why=why, changed_at=at)


def changed(period: Period) -> Period:
    """Return the period with its next version."""
    return replace(period, version=period.version + 1)


def asked(period: Period, *, by: str, why: str) -> Period:
    """Return the period with a person's wish to reopen it."""
    _reopenable(period)
    if period.asked_by not in {"", by}:
        raise Conflict("already_asked", "somebody asked for this already: approve it")
    return replace(changed(period), asked_by=by, asked_why=why)


def withdrawn(period: Period) -> Period:
    """Return the period without a wish to reopen it."""
    return replace(changed(period), asked_by="", asked_why="")


def reopened(period: Period, *, by: str, at: Millis) -> Period:
    """Return the period as it closes anew; raise Forbidden unless `by` is another person than who asked."""
    _reopenable(period)
    if not period.asked_by:
        raise Conflict("not_asked", "nobody asked for this period to be reopened")
    if period.asked_by == by:
        raise Forbidden("same_person", "a second person approves what the first one asks for")
    why = f"{period.asked_by}: {period.asked_why}"
    return replace(withdrawn(period), state=PeriodState.CLOSING, by=by, why=why, changed_at=at, seal="")


def _reopenable(period: Period) -> None:
    if period.state not in _PASSED:
        raise Conflict("wrong_state", f"a period that is {period.state} needs no reopening")


def seal(entries: Iterable[UsageEntry], bill: Bill, invoice: Invoice | None) -> str:
    """Return the SHA-256 of a month's ledger, bill and invoice: of nothing that a payment changes later."""
    booked = sorted(entries, key=lambda entry: (entry.contact, entry.episode, entry.n))
    lines = [asdict(entry) for entry in booked]
    text = json.dumps([lines, asdict(bill), _final(invoice)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _final(invoice: Invoice | None) -> dict[str, object]:
    if invoice is None:
        return {}
    kept = ("id", "customer", "month", "number", "subtotal", "tax", "total")
    lines = sorted((asdict(line) for line in invoice.lines), key=lambda one: one["id"])
    return {name: getattr(invoice, name) for name in kept} | {"lines": lines}
