"""What the months must cost, computed from the story alone: contact by contact, with no rule of the product."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from chalicelib.kernel.clock import Millis, kst_month, month_span
from chalicelib.pricing.plans import PUBLISHED
from tests.close.scenario import SAME, Act, Deed, Scenario, Shop

Prices = list[tuple[int | None, int]]
PRICES: dict[str, tuple[Prices, int, int]] = {
    one.version: ([(tier.up_to, tier.won) for tier in one.rates[0].tiers], one.base_won, one.minimum_won)
    for one in PUBLISHED
}


@dataclass
class Answered:
    """An episode that was answered: the month whose bill it is on, and what happened to it since."""

    origin: str
    billed_at: Millis
    on: bool = True
    n: int = 1


@dataclass
class Known:
    """A contact: its current episode (None before the first answer), its number, and when it was resolved."""

    episode: Answered | None = None
    number: int = 1
    resolved_at: Millis | None = None


@dataclass
class Shelf:
    """A shop's contacts, and the changes (booked month, origin, time, contact, episode, n, delta) they made."""

    contacts: dict[str, Known] = field(default_factory=lambda: defaultdict(Known))
    changes: list[tuple[str, str, Millis, str, int, int, int]] = field(default_factory=list)


@dataclass
class Expected:
    """A shop's month: contacts counted, and its bill in won without VAT before and after what is carried."""

    counted: int
    sum: int
    bill: int


def expected(story: Scenario, closes: Millis) -> dict[str, Shelf]:
    """Return what each shop's contacts change; a month takes entries until `closes` after its end."""
    shelves = {shop.id: Shelf() for shop in story.shops}
    for deed in story.deeds:
        _play(shelves[deed.tenant], deed, closes)
    return shelves


def _play(shelf: Shelf, deed: Deed, closes: Millis) -> None:
    known = shelf.contacts[deed.contact]
    if deed.act is Act.ANSWER and known.episode is None:
        known.episode = Answered(kst_month(deed.clock), deed.clock)
        _note(shelf, deed, known, +1, closes)
    elif deed.act is Act.RESOLVE:
        known.resolved_at = deed.clock
    elif deed.act is Act.WRITE and known.resolved_at is not None:
        if deed.clock - known.resolved_at > SAME:
            known.episode, known.number = None, known.number + 1
        known.resolved_at = None
    elif deed.act in {Act.SPAM, Act.UNDO, Act.MERGE}:
        _correct(shelf, deed, known, closes)


def _correct(shelf: Shelf, deed: Deed, known: Known, closes: Millis) -> None:
    episode = known.episode
    if episode is None:
        return
    if deed.act is Act.UNDO and not episode.on:
        _turn(shelf, deed, known, closes)
    if deed.act in {Act.SPAM, Act.MERGE} and episode.on:
        _turn(shelf, deed, known, closes)
        survivor = shelf.contacts[deed.other] if deed.act is Act.MERGE else None
        if survivor is not None and survivor.episode is None:
            survivor.episode = Answered(episode.origin, episode.billed_at)
            _note(shelf, Deed(deed.at, deed.clock, deed.tenant, deed.other, deed.act), survivor, +1, closes)


def _turn(shelf: Shelf, deed: Deed, known: Known, closes: Millis) -> None:
    assert known.episode is not None
    known.episode.on = not known.episode.on
    known.episode.n += 1
    _note(shelf, deed, known, +1 if known.episode.on else -1, closes)


def _note(shelf: Shelf, deed: Deed, known: Known, delta: int, closes: Millis) -> None:
    episode = known.episode
    assert episode is not None
    month = max(episode.origin, kst_month(deed.clock))
    at = deed.clock if month > episode.origin else episode.billed_at
    while deed.at >= month_span(month)[1] + closes:
        at = month_span(month)[1]
        month = kst_month(at)
    shelf.changes.append((month, episode.origin, at, deed.contact, known.number, episode.n, delta))


def price(plan: str, quantity: int) -> int:
    """Return what a month of `quantity` contacts costs, one contact after the other."""
    tiers, base, least = PRICES.get(plan) or ([(None, int(plan.removeprefix("flat/")))], 0, 0)
    won = base
    for nth in range(1, quantity + 1):
        won += next(each for up_to, each in tiers if up_to is None or nth <= up_to)
    return max(won, least)


def bills(shop: Shop, shelf: Shelf, months: list[str], credits: dict[str, int]) -> dict[str, Expected]:
    """Return the shop's bills, month by month: `credits` are the won given back on each."""
    total: Counter[str] = Counter()
    found, carried = {}, 0
    for month in months:
        here = [change for change in shelf.changes if change[0] == month]
        counted = sum(change[6] for change in here if change[1] == month)
        total[month] += counted
        won = price(shop.plan_in(month), counted)
        for origin in sorted({change[1] for change in here} - {month}):
            before = price(shop.plan_in(origin), total[origin])
            total[origin] += sum(change[6] for change in here if change[1] == origin)
            won += price(shop.plan_in(origin), total[origin]) - before
        won -= credits.get(month, 0) + carried
        carried = max(0, -won)
        found[month] = Expected(counted, won, max(0, won))
    return found


def disputed(shop: Shop, shelf: Shelf, month: str, decided: Millis) -> int:
    """Return what a contact that was counted in `month` is worth at `decided`: what the month costs more by it."""
    known = [one for one in shelf.changes if one[1] == month and one[2] <= decided]
    count = sum(one[6] for one in known)
    return price(shop.plan_in(month), count) - price(shop.plan_in(month), count - 1)
