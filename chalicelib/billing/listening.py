"""What the provider says has happened: heard once, and looked up there before anything is changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from chalicelib.aws.observe import log
from chalicelib.billing.accounts import ensure
from chalicelib.billing.invoices import refresh, refresh_changed
from chalicelib.billing.model import GatewayRefused, ProviderEvent
from chalicelib.billing.ports import EventStore, Gateway, Till
from chalicelib.kernel.clock import DAY, HOUR, Millis

REACH: Millis = 30 * DAY
"""How far back the provider lists its events."""
_OVERLAP: Millis = HOUR
_OF_A_SUBSCRIPTION = "customer.subscription."
_CARD = "checkout.session.completed"
# Nothing of ours follows from these by itself; the hourly reconciliation finds what they did to the sums.
_TO_BE_SEEN = ("charge.dispute.", "payout.failed", "customer.subscription.deleted", "v1.billing.meter.")


@dataclass(frozen=True, slots=True)
class Ear:
    """Where events are kept, where they are looked up, whose a customer is, and that tenant's till."""

    gateway: Gateway
    events: EventStore
    owner: Callable[[str], str | None]
    at: Callable[[str], AbstractContextManager[Till]]


def apply(ear: Ear, name: str, now: Millis) -> None:
    """Do what follows from a stored event, once; raises what the gateway raises when it may help to come again.

    The event says where to look and no more: what is stored is what the provider shows then, and whose it is our
    own rows say.
    """
    event = ear.events.waiting(name, now)
    if event is None:
        return
    if event.type.startswith(_TO_BE_SEEN):
        log().error("the provider reports", event=event.id, type=event.type, about=event.about)
    try:
        _look(ear, event, now)
    except GatewayRefused:
        log().exception("the provider does not know of its own event", event=event.id, type=event.type)
    ear.events.done(name, now)


def ask(ear: Ear, now: Millis) -> int:
    """Store the events that the provider lists since we last asked, and return how many had never come."""
    told = ear.gateway.events(max(ear.events.asked_until() - _OVERLAP, now - REACH))
    new = sum(ear.events.add(event, now) for event in told)
    if told:
        ear.events.ask_from(max(event.created_at for event in told))
    return new


def look_around(till: Till, now: Millis) -> int:
    """Bring one tenant's account and invoices up to date; return how many invoices had changed unheard."""
    changed = refresh_changed(till, now)
    if till.tenant.plans or till.customers.find():
        ensure(till, now)
    return changed


def _look(ear: Ear, event: ProviderEvent, now: Millis) -> None:
    invoice = _invoice(ear, event)
    customer = ear.gateway.invoice(invoice).customer if invoice else event.customer
    if not invoice and not event.type.startswith((_OF_A_SUBSCRIPTION, _CARD)):
        return
    tenant = ear.owner(customer) if customer else None
    if tenant is None:
        log().warning("an event of nobody's", event=event.id, type=event.type)
        return
    with ear.at(tenant) as till:
        # The list of owners is a hint; what binds is the tenant's own row.
        if till.customers.find() == customer:
            _follow(till, event, invoice, now)


def _invoice(ear: Ear, event: ProviderEvent) -> str | None:
    if event.kind == "invoice":
        return event.about or None
    if event.kind == "payment_intent" and event.about:
        return ear.gateway.invoice_paid_by(event.about)
    return None


def _follow(till: Till, event: ProviderEvent, invoice: str | None, now: Millis) -> None:
    if invoice:
        refresh(till, invoice, now)
    elif event.type == _CARD:
        # It refuses the session of another customer.
        till.gateway.use_card(event.customer, event.about)
    else:
        till.commit(till.customers.arrange(""))
        ensure(till, now)
