"""What a shop tells of itself and wants reached, and who chose what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta

from chalicelib.intents.model import Scope
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won

OWN_DAYS = 60
"""How many days of its own a shop may name, of each sort."""

Percent = Annotated[int, Meta(ge=0, le=100)]
Seconds = Annotated[int, Meta(ge=1, le=86_400)]
Day = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$(?!\n)")]
Days = Annotated[tuple[Day, ...], Meta(max_length=OWN_DAYS)]
Age = Literal["teens", "twenties", "thirties", "forties", "fifties", "sixties"]


class Stage(StrEnum):
    """How far a shop has come: one in `setup` takes no contacts yet."""

    SETUP = "setup"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Goals:
    """What a shop wants reached: seconds of its opening hours, and percent of its contacts."""

    first_reply_seconds: Seconds = 300
    wait_seconds: Seconds = 120
    resolved_percent: Percent = 90
    satisfied_percent: Percent = 80
    self_service_percent: Percent = 0


@dataclass(frozen=True, slots=True)
class Holidays:
    """On which days of Asia/Seoul (`2026-12-25`) a shop is shut: public holidays if `closed`, and its own.

    On a day of `open_on` it keeps the hours of that weekday although it is a holiday; on one of `closed_on` it is
    shut, whatever else is said.
    """

    closed: bool = True
    open_on: Days = ()
    closed_on: Days = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """What a shop expects: contacts a day, promotions a month, what it would spend; and how old its buyers are."""

    contacts_a_day: Annotated[int, Meta(ge=0, le=100_000)] = 0
    promotions_a_month: Annotated[int, Meta(ge=0, le=31)] = 0
    budget_won: Annotated[Won, Meta(ge=0, le=1_000_000_000)] = 0
    ages: Annotated[tuple[Age, ...], Meta(max_length=6)] = ()


ALL_TO_THE_DESK, USUAL_GOALS, USUAL_HOLIDAYS, UNKNOWN_VOLUME = Scope(), Goals(), Holidays(), Volume()
"""What holds for a shop that has said nothing."""


@dataclass(frozen=True, slots=True)
class By:
    """Who chooses, from which address, and when."""

    name: str
    source: str
    at: Millis


@dataclass(frozen=True, slots=True)
class Choice:
    """What a shop's people chose in one section, and `by` whom; versions count from 1, and none ever changes."""

    section: str
    version: int
    by: By
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That somebody of the shop accepted a version of a document, of which `digest` tells the text."""

    document: str
    version: str
    digest: str
    by: By
