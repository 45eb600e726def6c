"""What came of the story, against what the oracle says of it: contacts, won, and every break by name."""

from collections import Counter
from typing import Any

from chalicelib.billing.model import InvoiceStatus
from chalicelib.billing.wiring import till_of
from chalicelib.closing.model import BreakRecord, Rule
from chalicelib.closing.store import Breaks
from chalicelib.kernel.clock import DAY, HOUR, kst_month, month_span
from chalicelib.metering.model import PeriodState
from chalicelib.metering.periods import Periods
from chalicelib.metering.store import Ledger
from chalicelib.tenants.model import HOUSE
from tests.billing.paying import Paying, paying
from tests.close.money import decided_in
from tests.close.months import Months
from tests.close.oracle import Expected, Shelf, bills, disputed, expected
from tests.close.scenario import MONTHS, Act, Scenario, Shop

Json = dict[str, Any]
Named = tuple[str, str, Rule]
CLOSES = 73 * HOUR


def judge(story: Scenario) -> Json:
    """Play `story` and return the figures; `faults` names whatever is not as it must be."""
    with paying() as world:
        world.now = month_span(MONTHS[0])[0]
        months = Months(world, story)
        months.play()
        return _figures(world, story, months)


def _figures(world: Paying, story: Scenario, months: Months) -> Json:
    shelves = expected(story, CLOSES)
    wanted = {shop.id: _wanted(story, shop, shelves[shop.id]) for shop in story.shops}
    invoiced = {shop.id: _invoiced(shop.id) for shop in story.shops}
    entries = [entry for shop in story.shops for entry in _ledger(shop.id)]
    due = {(shop, month): one for shop, by_month in wanted.items() for month, one in by_month.items()}
    counted = sum(one.counted for one in due.values())
    billed = sum(sum(by_month.values()) for by_month in invoiced.values())
    found = Counter((one.tenant, one.month, one.rule) for one in _breaks(story))
    faults = [*_wrong(due, invoiced), *_not_locked(story), *_wrong_entries(story, shelves)]
    faults += _unexpected(found, months.planted.expected)
    return {
        **_story(story, months),
        "contacts": sum(deed.act is Act.OPEN for deed in story.deeds),
        "entries": len(entries),
        "billable": sum(entry.delta for entry in entries),
        "counted": counted,
        "adjustments": sum(entry.origin != kst_month(entry.booked_at) for entry in entries),
        "difference_contacts": sum(entry.delta for entry in entries) - _distinct(shelves),
        "won": billed,
        "difference_won": billed - sum(one.bill for one in due.values()),
        "breaks_planted": months.planted.expected.total(),
        "breaks_found": (found & months.planted.expected).total(),
        "breaks_false": (found - months.planted.expected).total(),
        "faults": faults,
    }


def _story(story: Scenario, months: Months) -> Json:
    acts = Counter(deed.act for deed in story.deeds)
    return {
        "months": len(MONTHS),
        "tenants": len(story.shops),
        "plan_changes": sum(len(shop.plans) for shop in story.shops),
        "deeds": {str(act): acts[act] for act in Act},
        "repeats": months.crew.repeats,
        "crashes": months.crew.crashes,
        "disputes": len(story.quarrels),
        "upheld": sum(one.upheld for one in story.quarrels),
        "refunds": len(story.refunds),
        "refunded_won": months.money.refunded,
        "cards": months.money.cards,
        "outage_h": 36,
        "runs": months.runs_played,
        "provider_away": months.away,
    }


def _wanted(story: Scenario, shop: Shop, shelf: Shelf) -> dict[str, Expected]:
    credits: Counter[str] = Counter()
    for one in story.quarrels:
        if one.tenant == shop.id and one.upheld:
            month, at = decided_in(one)
            credits[month] += disputed(shop, shelf, one.month, at)
    return bills(shop, shelf, list(MONTHS), credits)


def _invoiced(tenant: str) -> dict[str, int]:
    """Return the subtotals of the invoices that Stripe holds, by month, in won."""
    with till_of(tenant) as till:
        customer = till.customers.find()
        found = till.gateway.invoices(customer) if customer else []
    final = {InvoiceStatus.OPEN, InvoiceStatus.PAID}
    return {one.month: one.subtotal for one in found if one.status in final and one.month in MONTHS}


def _ledger(tenant: str) -> list[Any]:
    return Ledger(tenant).booked(month_span(MONTHS[0])[0], month_span(MONTHS[-1])[1] + 60 * DAY)


def _breaks(story: Scenario) -> list[BreakRecord]:
    tenants, after = [*(shop.id for shop in story.shops), HOUSE], kst_month(month_span(MONTHS[-1])[1])
    return [one for tenant in tenants for month in (*MONTHS, after) for one in Breaks(tenant).of_month(month)]


def _distinct(shelves: dict[str, Shelf]) -> int:
    return sum(change[6] for shelf in shelves.values() for change in shelf.changes)


def _wrong(due: dict[tuple[str, str], Expected], invoiced: dict[str, dict[str, int]]) -> list[str]:
    pairs = ((key, one.bill, invoiced[key[0]].get(key[1], 0)) for key, one in due.items())
    return [f"{key}: invoiced {is_}, expected {want}" for key, want, is_ in pairs if is_ != want]


def _not_locked(story: Scenario) -> list[str]:
    periods = [Periods(shop.id).find(month) for shop in story.shops for month in MONTHS]
    return [f"{one.tenant} {one.month} is {one.state}" for one in periods if one.state is not PeriodState.LOCKED]


def _wrong_entries(story: Scenario, shelves: dict[str, Shelf]) -> list[str]:
    faults = []
    for shop in story.shops:
        mine = {
            (one.origin, one.booked_at, one.contact, one.episode, one.n, one.delta) for one in _ledger(shop.id)
        }
        want = {change[1:] for change in shelves[shop.id].changes}
        faults += [f"{shop.id}: {what}" for what in sorted(mine ^ want)]
    return faults


def _unexpected(found: Counter[Named], planted: Counter[Named]) -> list[str]:
    missing = [f"not found: {name} x{times}" for name, times in (planted - found).items()]
    return missing + [f"false: {name} x{times}" for name, times in (found - planted).items()]
