"""Plans and priced lines, in whole won without VAT."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, UsageEntry


@dataclass(frozen=True, slots=True)
class Tier:
    """What each contact costs up to and including the `up_to`-th of a month; None: all that follow."""

    up_to: int | None
    won: Won


@dataclass(frozen=True, slots=True)
class Rate:
    """The graduated prices of one meter; a free allowance is a first tier at 0 won."""

    meter: Meter
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One published version of a plan, never changed afterwards: `standard/1`.

    A month costs its usage and `base_won`, and at least `minimum_won`. `since` is the first month in which a shop
    may have it. A trial's contacts are metered and cost nothing.
    """

    version: str
    name_ko: str
    name_en: str
    since: str
    rates: tuple[Rate, ...]
    base_won: Won = 0
    minimum_won: Won = 0
    trial: bool = False


class Item(StrEnum):
    """What a line of a bill stands for."""

    USAGE = "usage"
    BASE = "base"
    MINIMUM = "minimum"
    ADJUSTMENT = "adjustment"
    DISPUTE = "dispute"
    SLA = "sla"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a month's bill; `key` names it within the month for ever, so that it is invoiced once.

    `quantity` counts contacts (1 for what is no count); `origin` is the month that an adjustment or credit is for,
    or that carries a remainder over.
    """

    item: Item
    key: str
    quantity: int
    won: Won
    meter: Meter | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Won that a shop gets back on the bill of the month it is booked in, once: `won` is positive.

    `evidence` names the dispute or the SLA result that it stands on.
    """

    tenant: str
    id: str
    item: Item
    won: Won
    origin: str
    booked_at: int
    evidence: str
    actor: str


@dataclass(frozen=True, slots=True)
class RatedEntry:
    """A ledger entry and what it changed: `won` of this entry, and the running sum after it.

    `tier` counts from 1, and `unit_won` is the price of the tier that the contact fell into: that of `won` but for
    the sign, and but for an adjustment whose month stays at the plan's minimum.
    """

    entry: UsageEntry
    won: Won
    running_won: Won
    tier: int
    unit_won: Won


@dataclass(frozen=True, slots=True)
class Bill:
    """What a month costs, in won without VAT: `lines` in the order in which they are shown."""

    month: str
    plan: str
    lines: tuple[Line, ...]

    @property
    def subtotal(self) -> Won:
        """Return the sum of the lines."""
        return sum(line.won for line in self.lines)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the month is going to cost as things go: `low` to `high` holds four of five months that go on so."""

    low: Bill
    expected: Bill
    high: Bill
