"""The ledger's words: usage entries, windows and what an episode has been billed."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.money import Won


class Meter(StrEnum):
    """What is counted, each at prices of its own."""

    HUMAN = "human"
    BOT = "bot"


class EntriesMoved(Conflict):
    """The episode was booked once more meanwhile: what follows from its entries is to be reckoned anew."""

    def __init__(self) -> None:
        super().__init__("entries_moved", "this contact's bill was corrected meanwhile")


class PeriodClosed(Conflict):
    """The month takes no more entries; what belongs to it is booked in a later one, as an adjustment."""

    def __init__(self, month: str) -> None:
        super().__init__("period_closed", f"the month {month} is closed")


class PeriodState(StrEnum):
    """How far a month's close has come; entries are booked until it is reconciled."""

    OPEN = "open"
    CLOSING = "closing"
    RECONCILED = "reconciled"
    INVOICED = "invoiced"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Period:
    """A tenant's KST month: `contacts` billed and `won` without VAT as of the last look, and its open `breaks`.

    `plan` is the version that the month is billed by, as of its end. `invoice` is that of the provider, named
    before it is finalized; from then on the bill is settled, and `carried` is what it leaves to the next month's.
    `by` and `why` tell who moved the period last; `asked_by` asks for its reopening, which takes a second person.
    `seal` is the digest of ledger, bill and invoice when the month was locked.
    """

    tenant: str
    month: str
    state: PeriodState = PeriodState.OPEN
    version: int = 0
    contacts: int = 0
    won: Won = 0
    breaks: int = 0
    invoice: str = ""
    changed_at: Millis = 0
    by: str = ""
    why: str = ""
    asked_by: str = ""
    asked_why: str = ""
    seal: str = ""
    plan: str = ""
    carried: Won = 0

    @property
    def settled(self) -> bool:
        """Return whether the month's invoice may be final: what is booked now goes on a later one."""
        return bool(self.invoice)


class Reason(StrEnum):
    """Why an entry exists."""

    HANDLED = "handled"
    HANDLED_BEFORE_MERGE = "handled_before_merge"
    SPAM = "spam"
    SPAM_UNDONE = "spam_undone"
    MERGED = "merged"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Price:
    """The price in force for one contact, in won, and the version that names it."""

    won: Won
    version: str


@dataclass(frozen=True, slots=True)
class Episode:
    """The duplicate guard of one billable episode: `n` entries so far, whose sum `net` is 0 or 1.

    `price` is what it was billed at, and `billed_at` the time of its first entry, so that a correction takes
    back exactly that.
    """

    number: int = 1
    n: int = 0
    net: int = 0
    price: Price | None = None
    billed_at: Millis = 0


FIRST_EPISODE = Episode()


@dataclass(frozen=True, slots=True)
class UsageEntry:
    """One immutable line of the ledger: `delta` of +1 or -1 contact at `price`, with its evidence.

    `evidence` is the id of the message that made the contact billable; `reverses` is the `n` of the entry
    that a correction refers to (0: none). `occurred_at` is when it happened; month and window follow
    `booked_at`. `origin` is the KST month whose bill it changes: one that is booked in a later month, because its
    own has passed, is an adjustment and in no window. Times are milliseconds UTC.
    """

    tenant: str
    contact: str
    episode: int
    n: int
    delta: int
    reason: Reason
    evidence: str
    price: Price
    occurred_at: Millis
    booked_at: Millis
    actor: str
    channel: str
    origin: str
    meter: Meter = Meter.HUMAN
    reverses: int = 0
    rule: str = "first-human-reply/1"


@dataclass(frozen=True, slots=True)
class Window:
    """The sum of a tenant's entries of one meter in one UTC hour; dirty until Stripe holds `rev` of it.

    `sent_at` is when Stripe last acknowledged it; `refused` says why it will not take it, if it has said so.
    """

    tenant: str
    meter: Meter
    hour: str
    total: int
    rev: int
    gen: int = 0
    sent_rev: int = 0
    sent_total: int = 0
    attempt: int = 0
    dirty_since: Millis | None = None
    lease_until: Millis = 0
    sent_at: Millis = 0
    refused: str = ""
