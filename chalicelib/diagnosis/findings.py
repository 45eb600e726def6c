"""What past contacts tell, and what they advise."""

from dataclasses import dataclass

from chalicelib.intents.model import Intent
from chalicelib.kernel.money import Won
from chalicelib.tenants.model import Channel


@dataclass(frozen=True, slots=True)
class IntentShare:
    """Examined contacts of an intent, and the minutes that answering one is thought to take."""

    intent: Intent
    count: int
    percent: float
    minutes: int


@dataclass(frozen=True, slots=True)
class Share:
    """Contacts by a name."""

    name: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Peak:
    """A day of Asia/Seoul with far more contacts than usual: so many times the mean day."""

    date: str
    count: int
    multiple: float


@dataclass(frozen=True, slots=True)
class Hourly:
    """Contacts by the day of the week, Monday first, and the hour, both in Asia/Seoul; `max` is the most of them.

    Only contacts whose hour is known are counted.
    """

    counts: tuple[tuple[int, ...], ...]
    max: int
    known: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What the expected month costs on a plan, in won without VAT."""

    plan: str
    name: str
    name_en: str
    won: Won


@dataclass(frozen=True, slots=True)
class Advised:
    """A channel to begin with, and why, in Korean and English."""

    channel: Channel
    why: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Automatable:
    """How many hours a month an intent takes."""

    intent: Intent
    hours: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to begin with: the cheapest plan comes first, and so does the intent that takes the most time.

    `agents_usual` and `agents_peak` are whom the mean hour with contacts and the busiest one need.
    """

    plans: tuple[Offer, ...]
    channels: tuple[Advised, ...]
    rate_per_hour: int
    burst: int
    agents_usual: int
    agents_peak: int
    automation: tuple[Automatable, ...]
    cap_won: Won


@dataclass(frozen=True, slots=True)
class Report:
    """What past contacts tell; days and hours are those of Asia/Seoul, `first` and `last` the outermost days.

    `examined` contacts were looked into for their intents. `closed_hours_percent` is the share that came outside
    the shop's opening hours; None if that is not known.
    """

    first: str
    last: str
    days: int
    contacts: int
    per_day: float
    per_month: int
    examined: int
    intents: tuple[IntentShare, ...]
    hours: Hourly
    channels: tuple[Share, ...]
    sales_channels: tuple[Share, ...]
    peaks: tuple[Peak, ...]
    closed_hours_percent: float | None
    proposal: Proposal
