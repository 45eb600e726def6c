"""Make customer, identity and subscriptions at the provider what a shop's profile says."""

import hashlib

import msgspec

from chalicelib.aws.observe import log
from chalicelib.billing.model import GatewayRefused, Identity
from chalicelib.billing.ports import Till
from chalicelib.billing.rules import ending, uncovered
from chalicelib.kernel.clock import Millis, kst_month, month_span, months_between
from chalicelib.kernel.errors import Conflict
from chalicelib.pricing.plans import plan


def ensure(till: Till, now: Millis, *, since: str = "") -> str:
    """Make customer, identity and subscriptions at the provider what the tenant's plans say; return the customer.

    Each KST month from the first that was ever subscribed to, or from `since` if that is earlier, until now has
    one subscription: none of its usage may lie outside. Asks the provider nothing while what it was last told
    still holds. Safe to repeat, at once, late, or after dying half-way; raises what the gateway raises.
    """
    known, month = till.customers.account(), kst_month(now)
    customer, identity = known.customer or _customer(till), known.identity
    first, _, told = known.told.partition(" ")
    wanted = min(since or month, first or month)
    fingerprint = _fingerprint(till, month, identity)
    if first and (first, told) == (wanted, fingerprint):
        return customer
    first = _subscribe(till, customer, wanted, now)
    if identity is not None and not _identified(till, customer, identity):
        # Told again at the next window or hour, until the shop has put it right.
        fingerprint = _fingerprint(till, month, None)
    till.commit(till.customers.arrange(f"{first} {fingerprint}"))
    return customer


def _identified(till: Till, customer: str, identity: Identity) -> bool:
    """Tell the provider whose invoices these are; one that it refuses must not keep usage from being counted."""
    try:
        till.gateway.identify(customer, identity)
    except GatewayRefused:
        log().exception("identity refused", tenant=till.tenant.id)
        return False
    return True


def _subscribe(till: Till, customer: str, first: str, now: Millis) -> str:
    """Give each month its one subscription; return the first month that has one."""
    runs = till.gateway.subscriptions(customer)
    first = min([first, *(run.since for run in runs)])
    for month in months_between(month_span(first)[0], now):
        if uncovered(runs, month):
            terms = plan(till.tenant.plan_in(month))
            runs = [*runs, till.gateway.subscribe(till.tenant.id, customer, terms, month)]
    for run in runs:
        if not (run.keeps_drafts or 0 < run.ends_at <= now):
            till.gateway.keep_drafts(run.id)
        last = ending(till.tenant, run, kst_month(now))
        if last is not None:
            till.gateway.end_subscription(run.id, last)
    return first


def _customer(till: Till) -> str:
    created = till.gateway.create_customer(till.tenant.id, till.tenant.name)
    try:
        till.commit(till.customers.bind(created))
    except Conflict:
        return till.customers.find() or created
    return created


def _fingerprint(till: Till, month: str, identity: Identity | None) -> str:
    """Return what tells one state of what the provider must be told from another."""
    told = (month, till.tenant.price_won, till.tenant.plans, identity)
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()
