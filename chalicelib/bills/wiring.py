"""One shop's bill, claims and account with the real stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.aws.tables import Write, commit
from chalicelib.billing.credits import Credits
from chalicelib.bills.alerts import Alerts
from chalicelib.bills.grants import Grants
from chalicelib.bills.model import Alert, Dispute
from chalicelib.bills.ports import Account, Claims
from chalicelib.bills.rules import beyond_the_month, place
from chalicelib.bills.store import Disputes
from chalicelib.closing.invoicing import bill_of, billed_before, plan_of
from chalicelib.closing.shelf import books
from chalicelib.hooks.model import Event
from chalicelib.hooks.wiring import outbox
from chalicelib.kernel.clock import Millis, kst_month, month_span, utc_hour
from chalicelib.kernel.money import Won
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters
from chalicelib.metering.model import Meter, Period, Window
from chalicelib.metering.periods import Periods
from chalicelib.metering.rules import is_adjustment
from chalicelib.metering.store import Ledger, booking
from chalicelib.metering.windows import Windows
from chalicelib.overflow.wiring import spent
from chalicelib.pricing import outlook
from chalicelib.pricing.model import Bill, Forecast, Item, RatedEntry
from chalicelib.pricing.plans import plan
from chalicelib.pricing.statement import rated, rated_adjustments
from chalicelib.tenants.history import Choices
from chalicelib.tenants.store import Tenants


@dataclass(frozen=True, slots=True)
class Glance:
    """What a month's lines follow from, as far as it is told without reading them.

    `contacts` and `rev` are the sums of its windows; `newest` names the entry that was booked last, of those that
    adjust passed months too, which no window counts.
    """

    plan: str
    contacts: int
    rev: int
    newest: tuple[str, ...]
    disputes: Mapping[str, Dispute]

    def is_of(self, lines: Sequence[RatedEntry]) -> bool:
        """Return whether `lines` are what was glanced at: the list of entries may be a moment behind, or ahead."""
        own = sum(line.entry.delta for line in lines if not is_adjustment(line.entry))
        last = max((booking(line.entry) for line in lines), default=())
        return (own, last) == (self.contacts, self.newest)


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
        tell=_decided,
    )


def account(tenant: str) -> Account:
    """Return the account of `tenant`."""
    return Account(Tenants(tenant), Alerts(tenant), spent, commit, Choices(tenant), partial(_alerted, tenant))


def bill(tenant: str, month: str) -> Bill:
    """Return the whole bill of a KST month, as its invoice will have it; raise NotFound for an unknown tenant."""
    return bill_of(Tenants(tenant).profile(), books(tenant), month)


def months(tenant: str, now: Millis) -> list[Period]:
    """Return the periods of a shop's months, the newest first, that of `now` always."""
    known = {one.month: one for one in Periods(tenant).all()}
    known.setdefault(kst_month(now), Period(tenant, kst_month(now)))
    return [known[month] for month in sorted(known, reverse=True)]


def subtotal(period: Period) -> Won:
    """Return what a month costs without VAT: one that is billed, as it was billed."""
    return period.won if period.settled else bill(period.tenant, period.month).subtotal


def forecast(tenant: str, found: Bill, now: Millis) -> Forecast | None:
    """Return how the month of `now`, whose bill so far is `found`, is going to end; None while nothing tells."""
    if found.month != kst_month(now):
        return None
    booked = outlook.by_day(Ledger(tenant).booked(month_span(found.month)[0], now + 1))
    return outlook.forecast(plan(found.plan), booked, now, beyond_the_month(found))


def month_with(tenant: str, month: str, more: int, now: Millis) -> tuple[Bill, Bill] | None:
    """Return what a KST month is going to cost, without and with `more` contacts; None while nothing tells.

    A month that has not begun is thought to bring as many contacts as the current one.
    """
    so_far = bill(tenant, kst_month(now))
    ahead = forecast(tenant, so_far, now)
    if ahead is None:
        return None
    terms = plan_of(Tenants(tenant).profile(), books(tenant), month)
    stays = beyond_the_month(so_far) if month == so_far.month else []
    before, after = (outlook.alike(month, terms, ahead.expected, count, stays) for count in (0, more))
    return before, after


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


def glance(tenant: str, month: str) -> Glance:
    """Return what a KST month's lines follow from; five reads, however many lines there are."""
    terms, held = plan_of(Tenants(tenant).profile(), books(tenant), month), windows(tenant, month)
    totals = sum(one.total for one in held), sum(one.rev for one in held)
    return Glance(terms.version, *totals, Ledger(tenant).newest(month), Disputes(tenant).all())


def windows(tenant: str, month: str) -> list[Window]:
    """Return the hourly counts of a KST month, of every meter."""
    start, end = month_span(month)
    held = Windows(tenant)
    return [one for meter in Meter for one in held.between(meter, utc_hour(start), utc_hour(end - 1))]


def _decided(one: Dispute) -> list[Write]:
    said: dict[str, str | int] = {"contact": one.contact, "episode": one.episode, "won": one.won}
    said |= {"dispute": one.id, "state": one.verdict}
    return outbox(one.tenant, Event.DISPUTE_DECIDED, said, one.decided_at)


def _usage_won(found: Bill) -> Won:
    return sum(line.won for line in found.lines if line.item is Item.USAGE)


def _alerted(tenant: str, alert: Alert) -> list[Write]:
    said = {"percent": alert.threshold, "spent_won": alert.spent_won, "cap_won": alert.cap_won}
    cause = f"{Name.ALERT}-{alert.month}-{alert.threshold:03d}-{alert.n}"
    letter = Letter(tenant, cause, Name.ALERT, To.OWNERS, alert.at, {**said, "month": alert.month})
    event = outbox(tenant, Event.ALERT_REACHED, {**said, "month": alert.month}, alert.at)
    return [Letters(tenant).add(letter), *event]
