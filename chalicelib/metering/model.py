"""The ledger's words: usage entries, windows and what an episode has been billed."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won


class Meter(StrEnum):
    """What is counted; a bot's answer will be a meter and a price of its own."""

    HUMAN = "human"


class Reason(StrEnum):
    """Why an entry exists."""

    HANDLED = "handled"
    HANDLED_BEFORE_MERGE = "handled_before_merge"
    SPAM = "spam"
    SPAM_UNDONE = "spam_undone"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Price:
    """The price in force for one contact, in won, and the version that names it."""

    won: Won
    version: str


@dataclass(frozen=True, slots=True)
class Episode:
    """The duplicate guard of one billable episode: `n` entries so far, whose sum `net` is 0 or 1.

    `price` is what it was billed at, and `billed_at` where its last entry was booked, so that a correction
    takes back exactly that.
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
    `booked_at`. Times are milliseconds UTC.
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
