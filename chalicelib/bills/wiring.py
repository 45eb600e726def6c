"""One shop's bill, claims and account with the real stores."""

from functools import partial

from chalicelib.aws.tables import commit
from chalicelib.billing.credits import Credits
from chalicelib.bills.alerts import Alerts
from chalicelib.bills.grants import Grants
from chalicelib.bills.ports import Account, Claims
from chalicelib.bills.rules import beyond_the_month, place
from chalicelib.bills.store import Disputes
from chalicelib.closing.invoicing import bill_of, billed_before, plan_of
from chalicelib.closing.shelf import books
from chalicelib.kernel.clock import Millis, kst_month, month_span, utc_hour
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, Window
from chalicelib.metering.rules import is_adjustment
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import Windows
from chalicelib.overflow.wiring import spent
from chalicelib.pricing import outlook
from chalicelib.pricing.model import Bill, Forecast, Item, RatedEntry
from chalicelib.pricing.plans import plan
from chalicelib.pricing.statement import rated, rated_adjustments
from chalicelib.tenants.store import Tenants


def claims(tenant: str) -> Claims:
    """Return the claims of `tenant`; raise NotFound for an unknown one."""
    return Claims(
        tenant=tenant,
        ledger=Ledger(tenant),
        disputes=Disputes(tenant),
        credits=Credits(tenant),
        grants=Grants(tenant),
        plan_of=partial(plan_of, Tenants(tenant).profile(), books(tenant)),
        usage=lambda month: _usage_won(bill(tenant, month)),
        commit=commit,
    )


def account(tenant: str) -> Account:
    """Return the account of `tenant`."""
    return Account(Tenants(tenant), Alerts(tenant), spent, commit)


def bill(tenant: str, month: str) -> Bill:
    """Return the whole bill of a KST month, as its invoice will have it; raise NotFound for an unknown tenant."""
    return bill_of(Tenants(tenant).profile(), books(tenant), month)


def forecast(tenant: str, found: Bill, now: Millis) -> Forecast | None:
    """Return how the month of `now`, whose bill so far is `found`, is going to end; None while nothing tells."""
    if found.month != kst_month(now):
        return None
    booked = outlook.by_day(Ledger(tenant).booked(month_span(found.month)[0], now + 1))
    return outlook.forecast(plan(found.plan), booked, now, beyond_the_month(found))


def statement(tenant: str, month: str) -> list[RatedEntry]:
    """Return a KST month's ledger line by line, adjustments of passed months too, each at what it changed."""
    profile, ours = Tenants(tenant).profile(), books(tenant)
    start, end = month_span(month)
    entries = ours.ledger.booked(start, end)
    late = [entry for entry in entries if is_adjustment(entry)]
    terms = partial(plan_of, profile, ours)
    lines = rated(terms(month), entries)
    lines += rated_adjustments(terms, billed_before(ours, late, month), entries)
    return sorted(lines, key=place)


def windows(tenant: str, month: str) -> list[Window]:
    """Return the hourly counts of a KST month, of every meter."""
    start, end = month_span(month)
    held = Windows(tenant)
    return [one for meter in Meter for one in held.between(meter, utc_hour(start), utc_hour(end - 1))]


def _usage_won(found: Bill) -> Won:
    return sum(line.won for line in found.lines if line.item is Item.USAGE)
