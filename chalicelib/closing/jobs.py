"""The close's work off the clock."""

from collections.abc import Callable, Iterable

from chalicelib.aws.batches import each_job, each_of
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.observe import log
from chalicelib.billing.model import GatewayRefused, Payment
from chalicelib.billing.ports import Till
from chalicelib.billing.wiring import gateway, till_of
from chalicelib.closing import rules_records, watching
from chalicelib.closing.advancing import close
from chalicelib.closing.breaks import put_on_record
from chalicelib.closing.model import Break, BreakStatus, Report, Rule
from chalicelib.closing.period_rules import due_months
from chalicelib.closing.ports import Books, TaxInvoiceStore
from chalicelib.closing.proving import Blocked, Close
from chalicelib.closing.service import STRIPE_REACH, reconcile
from chalicelib.closing.shelf import books
from chalicelib.closing.store import open_breaks
from chalicelib.kernel.clock import HOUR, Millis, hour_millis, kst_month, utc, utc_hour
from chalicelib.metering.model import Meter, Period
from chalicelib.tenants.store import all_tenants

Taxes = Callable[[str], TaxInvoiceStore]
"""Where a tenant's tax invoices are on record."""

_RECENT: Millis = 3 * HOUR
_NIGHT_UTC_HOUR = 19
_BY = "close"
_BALANCE = frozenset({Rule.INVOICE_PAYMENT, Rule.BALANCE_PAYOUT})


class ReconciliationBroken(Exception):
    """Something differs; raised so that the function's error alarm rings."""


def reconcile_all(now: Millis, *, since: Millis = 0, repair: bool) -> list[Report]:
    """Reconcile every tenant, with contacts changed since `since`, and log each break by name.

    A tenant that cannot be reconciled stops no other; all of their errors are raised together in the end.
    """
    reports: list[Report] = []
    each_tenant(lambda till: reports.append(_reconcile(till, now, since, repair=repair)))
    return reports


def reconcile_settled(now: Millis, taxes: Taxes | None = None) -> int:
    """Reconcile every tenant, put on record what differs, mend what can be, and close the months that have ended.

    Each hour looks at the last three; that at 04 h in Seoul, when it is quiet, at all that Stripe still takes, at
    money and at seals. Returns how many answered breaks await approval; raises for those unanswered.
    """
    night = utc(now).hour == _NIGHT_UTC_HOUR
    reach = STRIPE_REACH if night else _RECENT
    jobs: dict[str, Callable[[], object]] = {
        "counts": lambda: each_tenant(lambda till: _look(till, now, now - reach)),
        "close": lambda: close_due(now),
    }
    if night:
        jobs["money"] = lambda: check_money(now, taxes)
    each_job(**jobs)
    blocking = list(open_breaks())
    broken = [found for found in blocking if found.status is BreakStatus.OPEN]
    if broken:
        raise ReconciliationBroken(f"{len(broken)} breaks, the first: {broken[0]}")
    return len(blocking)


def close_due(now: Millis) -> list[Blocked]:
    """Bring every month that has ended as far as it can go, of every tenant; return what is in the way."""
    blocked: list[Blocked] = []
    each_tenant(lambda till: blocked.extend(_close(till, now)))
    return blocked


def check_money(now: Millis, taxes: Taxes | None = None) -> None:
    """Compare invoices, payments, payouts and tax invoices, and what was locked with what it was."""
    payments: list[tuple[str, Payment]] = []

    def look(till: Till) -> None:
        tenant, ours = till.tenant.id, books(till.tenant.id)
        for one in watching.check_money(till, ours, taxes(tenant) if taxes else None, now):
            payments.extend((tenant, payment) for payment in one.payments)
        watching.check_seals(till, ours, now)

    each_tenant(look)
    breaks, items = watching.check_balance(gateway(), payments, now)
    hints = [(hint.tenant, hint.id[:7]) for hint in open_breaks() if hint.rule in _BALANCE]
    for tenant, month in sorted({*hints, *((one.tenant, one.month) for one in breaks)}):
        mine = [one for one in breaks if (one.tenant, one.month) == (tenant, month)]
        with acting(Scope(tenant=tenant)):
            put_on_record(books(tenant), mine, rules_records.Scope(month, _BALANCE, items), now)


def each_tenant(job: Callable[[Till], object]) -> None:
    """Do `job` for each tenant, with a session of its own; one that fails stops no other; all raise in the end."""

    def one(tenant: str) -> object:
        with till_of(tenant) as till:
            return job(till)

    each_of("reconciliation", all_tenants(), one)


def _reconcile(till: Till, now: Millis, since: Millis, *, repair: bool) -> Report:
    ours = books(till.tenant.id)
    report = reconcile(till, ours.contacts, ours.ledger, now, since=since, repair=repair)
    _tell(report.breaks)
    return report


def _look(till: Till, now: Millis, since: Millis) -> None:
    # Not mended here: what is mended before it is on record never was there.
    report = _reconcile(till, now, since, repair=False)
    watching.put_counts_on_record(till, books(till.tenant.id), report.breaks, now)


def _close(till: Till, now: Millis) -> list[Blocked]:
    ours, blocked = books(till.tenant.id), []
    known = ours.periods.all() or [_begin(till, ours, now)]
    for month in due_months(known, now):
        try:
            close(Close(till, ours, month, now, by=_BY))
        except Blocked as why:
            log().warning("close waits", tenant=till.tenant.id, month=month, why=why.message)
            blocked.append(why)
        except GatewayRefused as refusal:
            # Asking again gets the same answer; the months after it must not wait for that.
            log().exception("close refused", tenant=till.tenant.id, month=month)
            blocked.append(Blocked(month, [str(refusal)]))
    return blocked


def _begin(till: Till, ours: Books, now: Millis) -> Period:
    """Put the tenant's first month on record, and return it: that of its first usage, else the current one."""
    hours = [window.hour for meter in Meter for window in till.windows.between(meter, "0", utc_hour(now))]
    month = min([kst_month(now), *(kst_month(hour_millis(hour)) for hour in hours)])
    first = Period(till.tenant.id, month, version=1, changed_at=now, by=_BY)
    ours.commit(ours.periods.save(Period(till.tenant.id, month), first))
    return first


def _tell(breaks: Iterable[Break]) -> None:
    for found in breaks:
        log().error("break", rule=found.rule, tenant=found.tenant, item=found.item, cause=found.cause)
