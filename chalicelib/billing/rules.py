"""What is sent under which name, what an event is about, what may follow what, and what plans ask for."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.billing.model import Invoice, InvoiceStatus, ProviderEvent, Subscription
from chalicelib.kernel.clock import Millis, kst_month, month_span
from chalicelib.metering.model import Window
from chalicelib.tenants.model import Tenant

# A paid or voided invoice stays so; one given up may still be paid or voided.
_FOLLOWS = {
    InvoiceStatus.DRAFT: frozenset(InvoiceStatus),
    InvoiceStatus.OPEN: frozenset(InvoiceStatus) - {InvoiceStatus.DRAFT},
    InvoiceStatus.UNCOLLECTIBLE: frozenset({InvoiceStatus.UNCOLLECTIBLE, InvoiceStatus.PAID, InvoiceStatus.VOID}),
    InvoiceStatus.PAID: frozenset({InvoiceStatus.PAID}),
    InvoiceStatus.VOID: frozenset({InvoiceStatus.VOID}),
}
_OF_AN_INVOICE = ("invoice_payment.", "credit_note.")
_OF_A_PAYMENT = ("refund.", "charge.refunded", "charge.dispute.")
# What an id may be to be a part of a key and the name of a queue's group.
_ID = re.compile(r"[\w./-]{1,128}", re.ASCII)


def identifier(stage: str, window: Window) -> str:
    """Return the name under which Stripe gets this revision of the window: a repeat has the same one."""
    return f"{stage}:{window.tenant}:{window.meter}:{window.hour}:r{window.rev}:g{window.gen}"


def told(name: str, kind: str, found: Mapping[str, Any], created_at: Millis) -> ProviderEvent:
    """Return the event `name` of type `kind` with the object `found`, of which nothing but ids is read.

    What belongs to an invoice is about that invoice; a refund or a dispute is about its payment.
    """
    what, about = _text(found, "object") or _text(found, "type"), _text(found, "id")
    if kind.startswith(_OF_AN_INVOICE):
        what, about = "invoice", _text(found, "invoice")
    elif kind.startswith(_OF_A_PAYMENT):
        what, about = "payment_intent", _text(found, "payment_intent")
    return ProviderEvent(name, kind, what, about, created_at, _text(found, "customer"))


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def may_follow(before: Invoice, after: Invoice) -> bool:
    """Return whether `after` can be a later state of the invoice `before`, and of the same customer's."""
    same = (before.id, before.customer) == (after.id, after.customer)
    return same and after.status in _FOLLOWS[before.status]


def covers(run: Subscription, month: str) -> bool:
    """Return whether `run` is the subscription of a KST month."""
    return run.since <= month and (not run.ends_at or run.ends_at > month_span(month)[0])


def uncovered(runs: Iterable[Subscription], month: str) -> bool:
    """Return whether no subscription of `runs` is that of `month`."""
    return not any(covers(run, month) for run in runs)


def ending(tenant: Tenant, run: Subscription, month: str) -> str | None:
    """Return the KST month with which `run` must end, seen from `month`; None while it may stay as it is.

    It ends before the first term of another plan. A month that has begun keeps the subscription that it began
    with, whatever became of the plan: then it ends with that month, and the close names the difference.
    """
    last = _last_month(tenant, run, month)
    if last is None or not covers(run, month):
        return None
    return last if not run.ends_at or month_span(last)[1] < run.ends_at else None


def _last_month(tenant: Tenant, run: Subscription, month: str) -> str | None:
    if tenant.plan_in(month) != run.plan:
        return month
    later = [term.since for term in tenant.plans if term.since > month and term.plan != run.plan]
    return kst_month(month_span(min(later))[0] - 1) if later else None
