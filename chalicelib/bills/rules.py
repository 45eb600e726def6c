"""Which lines may be disputed and what they cost, when a cap is told of, and which plan may be chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.bills.model import Alert
from chalicelib.kernel.clock import Millis, kst_month, month_span
from chalicelib.kernel.errors import BadInput, Conflict, not_found
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.pricing.model import Bill, Item, Line, Plan, RatedEntry
from chalicelib.pricing.plans import offered, plan
from chalicelib.pricing.rules import adjust, price_month
from chalicelib.tenants.model import Tenant, Term

THRESHOLDS = (50, 80, 100)
"""At which percent of its cap a shop is told."""

_MONTHS_BACK = 2
_OF_THE_MONTH = {Item.USAGE, Item.BASE, Item.MINIMUM}


def disputable(entries: Sequence[UsageEntry], episode: int, now: Millis) -> tuple[str, Meter]:
    """Return the month and meter whose bill an episode is on, from the ledger's `entries` of its contact.

    Raises NotFound for an episode that was never billed, and Conflict `not_billed` for one that was taken off
    again, `dispute_too_late` when its month is more than two months ago.
    """
    mine = [entry for entry in entries if entry.episode == episode]
    if not mine:
        raise not_found()
    if not is_billed(mine):
        raise Conflict("not_billed", "this contact is not on the bill; there is nothing to dispute")
    if mine[0].origin < months_back(now, _MONTHS_BACK):
        raise Conflict("dispute_too_late", "a line is disputed within two months after its own")
    return mine[0].origin, mine[0].meter


def is_billed(entries: Iterable[UsageEntry]) -> bool:
    """Return whether an episode is on the bill, from its entries."""
    return sum(entry.delta for entry in entries) > 0


def months_back(now: Millis, months: int) -> str:
    """Return the KST month so many months before that of `now`."""
    month = kst_month(now)
    for _ in range(months):
        month = kst_month(month_span(month)[0] - 1)
    return month


def place(line: RatedEntry) -> tuple[Millis, str, int, int]:
    """Return where a line stands in its month's statement: no other one stands there."""
    entry = line.entry
    return entry.booked_at, entry.contact, entry.episode, entry.n


def quantities(entries: Iterable[UsageEntry], month: str) -> dict[Meter, int]:
    """Return how many contacts of a KST month are billed by now, adjustments of it included."""
    counted = dict.fromkeys(Meter, 0)
    for entry in entries:
        if entry.origin == month:
            counted[entry.meter] += entry.delta
    return counted


def cost(terms: Plan, billed: Mapping[Meter, int], upheld: Mapping[Meter, int], meter: Meter) -> Won:
    """Return what one contact costs in a month: what the month would cost less without it.

    `billed` are the month's contacts, of which those `upheld` are credited already: so that all credits together
    are never more than what the month cost.
    """
    left = {one: billed[one] - upheld[one] for one in Meter}
    if left[meter] <= 0:
        return 0
    return adjust(terms, {**left, meter: left[meter] - 1}, left)


def due_alerts(told: Sequence[Alert], cap_won: Won, spent: Won, *, month: str, now: Millis) -> list[Alert]:
    """Return what a shop is to be told now: each threshold once a month, or again when it was armed anew."""
    due = []
    for threshold in THRESHOLDS:
        before = [alert for alert in told if alert.threshold == threshold]
        if cap_won and spent >= level(cap_won, threshold) and all(alert.armed for alert in before):
            due.append(Alert(month, threshold, len(before) + 1, cap_won, spent, now))
    return due


def rearmed(told: Iterable[Alert], cap_won: Won, spent: Won) -> list[Alert]:
    """Return, armed, the alerts that a cap raised to `cap_won` puts ahead again of what is spent."""
    return [
        replace(alert, armed=True)
        for alert in told
        if not alert.armed and cap_won > alert.cap_won and spent < level(cap_won, alert.threshold)
    ]


def level(cap_won: Won, threshold: int) -> Won:
    """Return at how many won a threshold is passed."""
    return -(-cap_won * threshold // 100)


def check_cap(profile: Tenant, cap_won: Won, now: Millis) -> None:
    """Raise BadInput `cap_too_low` for a cap that a month of the plan in force reaches without a contact."""
    fixed = sum(line.won for line in price_month(plan(profile.plan_in(kst_month(now))), {}))
    if 0 < cap_won <= fixed:
        raise BadInput("cap_too_low", "the plan's own fees reach this cap before any contact", fixed_won=fixed)


def check_choice(profile: Tenant, term: Term) -> None:
    """Raise BadInput `unknown_plan`, or Conflict `not_offered` for a plan that is not offered from then on.

    A shop may also stay with what it has by then, unless that is a trial.
    """
    wanted = plan(term.plan)
    before = profile.plan_in(kst_month(month_span(term.since)[0] - 1))
    stays = term.plan == before and not wanted.trial
    if not stays and term.plan not in {one.version for one in offered(term.since)}:
        raise Conflict("not_offered", "this plan is not offered from that month on")


def beyond_the_month(bill: Bill) -> list[Line]:
    """Return the lines of a bill that do not follow from the month's contacts: they stand whatever comes."""
    return [
        line
        for line in bill.lines
        if line.item not in _OF_THE_MONTH and not (line.item is Item.CARRIED and line.origin == bill.month)
    ]
