"""Three months of thirty shops, made from a seed: what everybody does, and when."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import DAY, HOUR, MINUTE, Millis, month_span

MONTHS = ("2026-09", "2026-10", "2026-11")
SAME = 72 * HOUR
SKEW = 10 * MINUTE
# Where the provider does not answer, across the end of a month.
OUTAGE = (month_span("2026-10")[1] - 20 * HOUR, month_span("2026-10")[1] + 16 * HOUR)


class Act(StrEnum):
    """What somebody does with a contact."""

    OPEN = "open"
    ANSWER = "answer"
    RESOLVE = "resolve"
    WRITE = "write"
    SPAM = "spam"
    UNDO = "undo"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody does something at `at`; by the clock of the function that does it, it is `clock`.

    `other` is the contact that a merge leaves. Done `times` times, and cut off by a crash first if `dies`.
    """

    at: Millis
    clock: Millis
    tenant: str
    contact: str
    act: Act
    other: str = ""
    times: int = 1
    dies: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop: the price before its first plan, its plans by their first month, and how busy it is."""

    id: str
    price_won: int
    plans: tuple[tuple[str, str], ...]
    contacts: int

    def plan_in(self, month: str) -> str:
        """Return the version in force in a month."""
        return ([f"flat/{self.price_won}"] + [plan for since, plan in self.plans if since <= month])[-1]


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A shop disputes a contact's first episode, billed in `month`; finance decides after the month is closed."""

    tenant: str
    month: str
    contact: str
    upheld: bool


@dataclass(frozen=True, slots=True)
class Refund:
    """Finance gives back won (VAT included) of a month's paid invoice."""

    tenant: str
    month: str
    won: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that happens, in order of time."""

    shops: tuple[Shop, ...]
    deeds: tuple[Deed, ...]
    quarrels: tuple[Quarrel, ...]
    refunds: tuple[Refund, ...]


_PLANS = (
    (),
    (("2026-10", "starter/1"),),
    (("2026-09", "starter/1"), ("2026-11", "standard/1")),
    (("2026-09", "standard/1"), ("2026-10", "volume/1"), ("2026-11", "starter/1")),
    (("2026-09", "trial/1"), ("2026-10", "starter/1")),
    (("2026-09", "volume/1"),),
)


def scenario(seed: int = 1, *, shops: int = 30, contacts: int = 24) -> Scenario:
    """Return the same story for the same seed: `shops` of about `contacts` a month each."""
    chance = random.Random(seed)
    found = tuple(
        Shop(
            f"shop{number:04d}",
            chance.choice([700, 900, 1_000]),
            _PLANS[number % len(_PLANS)],
            contacts // 2 + chance.randrange(contacts),
        )
        for number in range(shops)
    )
    deeds = [deed for shop in found for deed in _life(shop, chance)]
    deeds.sort(key=lambda deed: (deed.at, deed.tenant, deed.contact))
    quarrels = tuple(_quarrels(found, chance))
    refunds = tuple(Refund(shop.id, MONTHS[0], 1_100) for shop in found[::7])
    return Scenario(found, tuple(deeds), quarrels, refunds)


def _life(shop: Shop, chance: random.Random) -> Iterator[Deed]:
    for month in MONTHS:
        start, end = month_span(month)
        for number in range(shop.contacts):
            name = f"{month.replace('-', '')}{number:03d}"
            yield from _kind(shop, number, chance)(shop.id, name, chance, (start, end))


def _kind(shop: Shop, number: int, chance: random.Random) -> "Story":
    """Return a plain story first, then each kind there is, with another one first in each shop, then any."""
    if not number:
        return _plain
    if number <= len(_STORIES):
        return _STORIES[(number + int(shop.id.removeprefix("shop"))) % len(_STORIES)]
    return chance.choice(_STORIES)


Span = tuple[Millis, Millis]
Story = Callable[[str, str, random.Random, Span], Iterator[Deed]]


def _deeds(tenant: str, name: str, chance: random.Random, *steps: tuple[Millis, Act]) -> Iterator[Deed]:
    for at, act in steps:
        times = chance.choice([1, 1, 1, 2, 3])
        yield Deed(at, at, tenant, name, act, times=times, dies=chance.random() < 0.05)


def _answered(tenant: str, name: str, chance: random.Random, at: Millis) -> Iterator[Deed]:
    yield from _deeds(tenant, name, chance, (at - 5 * MINUTE, Act.OPEN), (at, Act.ANSWER))
    yield from _deeds(tenant, name, chance, (at + MINUTE, Act.RESOLVE))


def _within(span: Span, chance: random.Random) -> Millis:
    return chance.randrange(span[0] + HOUR, span[1] - HOUR)


def _plain(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    yield from _answered(tenant, name, chance, _within(span, chance))


def _silent(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    yield from _deeds(tenant, name, chance, (_within(span, chance), Act.OPEN))


def _back(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    """Come back: within 72 hours to the millisecond, or just after."""
    at = _within(span, chance)
    yield from _answered(tenant, name, chance, at)
    again = at + MINUTE + chance.choice([HOUR, SAME, SAME + 1, 5 * DAY])
    yield from _deeds(tenant, name, chance, (again, Act.WRITE), (again + MINUTE, Act.ANSWER))
    yield from _deeds(tenant, name, chance, (again + 2 * MINUTE, Act.RESOLVE))


def _spam(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    at = _within(span, chance)
    yield from _answered(tenant, name, chance, at)
    marked = at + chance.choice([HOUR, DAY, 12 * DAY, 35 * DAY])
    yield from _deeds(tenant, name, chance, (marked, Act.SPAM))
    if chance.random() < 0.5:
        yield from _deeds(tenant, name, chance, (marked + chance.choice([HOUR, 20 * DAY]), Act.UNDO))


def _merged(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    at, other = _within(span, chance), f"{name}b"
    yield from _answered(tenant, name, chance, at)
    if chance.random() < 0.5:
        yield from _answered(tenant, other, chance, at + 20 * MINUTE)
    else:
        yield from _deeds(tenant, other, chance, (at, Act.OPEN))
    joined = at + chance.choice([HOUR, 2 * DAY, 25 * DAY])
    yield Deed(joined, joined, tenant, name, Act.MERGE, other)


def _edge(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    """The last millisecond of the month, or the first one."""
    yield from _answered(tenant, name, chance, chance.choice([span[1] - 1, span[0]]))


def _skewed(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    """A function whose clock is wrong by up to ten minutes answers around the end of the month."""
    at = span[1] + chance.randrange(-5, 5) * MINUTE
    clock = at + chance.choice([-SKEW, SKEW])
    yield from _deeds(tenant, name, chance, (at - HOUR, Act.OPEN))
    yield Deed(at, clock, tenant, name, Act.ANSWER)


def _late(tenant: str, name: str, chance: random.Random, span: Span) -> Iterator[Deed]:
    """An answer of the month's last hour reaches the ledger days after the month was closed."""
    yield from _deeds(tenant, name, chance, (span[1] - 2 * HOUR, Act.OPEN))
    yield Deed(span[1] + chance.randrange(6, 12) * DAY, span[1] - HOUR, tenant, name, Act.ANSWER, times=2)


_STORIES = (_plain, _back, _spam, _merged, _edge, _skewed, _plain, _late, _silent, _plain, _plain, _back)


def _quarrels(shops: tuple[Shop, ...], chance: random.Random) -> Iterator[Quarrel]:
    for shop in shops[1::4]:
        for month in MONTHS[:2]:
            # The first story of each month is a plain one.
            yield Quarrel(shop.id, month, f"{month.replace('-', '')}000", upheld=chance.random() < 0.7)
