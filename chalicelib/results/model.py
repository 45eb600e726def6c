"""What is counted of a shop's contacts, day by day, and what is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel.clock import MINUTE, Millis

SPAN_DAYS = 92
"""So many days may be asked for at once."""
SETTLED_DAYS = 4
"""A day so long ago never changes again: whoever came back within 72 hours has done so."""
BUSY = 500
"""A young day with more contacts and ratings than this is counted anew no sooner than `FRESH`."""
FRESH: Millis = 10 * MINUTE
AT_ONCE = 2_000
"""So many contacts and ratings are counted for one request; the days that are left wait for the next one."""
SATISFIED = 4


class Goal(StrEnum):
    """What a shop wants reached."""

    FIRST_REPLY = "first_reply"
    WAIT = "wait"
    RESOLVED = "resolved"
    SATISFIED = "satisfied"
    SELF_SERVICE = "self_service"


class Unit(StrEnum):
    """What a figure counts in."""

    SECONDS = "seconds"
    PERCENT = "percent"


Histogram = Mapping[int, int]
"""Contacts by the number of the span of seconds that they fall into."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Resolved contacts, ratings, and how long replies and first claims took.

    Of the contacts, so many were the desk's and not the shop's own, and so many of these had come back.
    """

    contacts: int = 0
    desks: int = 0
    returned: int = 0
    ratings: int = 0
    satisfied: int = 0
    replies: Histogram = field(default_factory=dict)
    waits: Histogram = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """All contacts of a day together, and apart by the hour of opening, by channel and by intent."""

    total: Tally = Tally()
    hours: Mapping[int, Tally] = field(default_factory=dict)
    channels: Mapping[str, Tally] = field(default_factory=dict)
    intents: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of Asia/Seoul (`2026-11-21`) as it was counted at `as_of`."""

    date: str
    as_of: Millis
    parts: Parts


@dataclass(frozen=True, slots=True)
class Cell:
    """What is told of some contacts; seconds are of the shop's opening hours, and None stands on nothing."""

    key: str
    contacts: int
    first_reply_seconds_median: int | None
    first_reply_seconds_p90: int | None
    wait_seconds_median: int | None
    resolved_percent: float | None
    satisfied_percent: float | None
    ratings: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A goal and what became of it: `n` contacts or ratings stand behind the value, in Korean and English `text`.

    `met` is None while there is no value.
    """

    id: Goal
    goal: int
    value: float | None
    unit: Unit
    met: bool | None
    n: int
    text: str
    text_en: str


class Settled(Exception):
    """The day is stored for good already."""
