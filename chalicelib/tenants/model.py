"""A shop as the desk knows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from chalicelib.intents.model import Scope
from chalicelib.kernel.clock import HOUR, Millis
from chalicelib.kernel.money import Won
from chalicelib.tenants.aims import (
    ALL_TO_THE_DESK,
    UNKNOWN_VOLUME,
    USUAL_GOALS,
    USUAL_HOLIDAYS,
    Goals,
    Holidays,
    Stage,
    Volume,
)

HOUSE = "duredesk"
"""Stands where a tenant's id stands for what is the desk's own; no shop may have it."""


class Channel(StrEnum):
    """How a contact came."""

    CHAT = "chat"
    EMAIL = "email"
    KAKAO = "kakao"
    TALKTALK = "talktalk"
    PHONE = "phone"
    BOARD = "board"
    SMS = "sms"
    VISIT = "visit"
    API = "api"


class Trade(StrEnum):
    """What a shop sells."""

    FASHION = "fashion"
    COSMETICS = "cosmetics"
    PET_FOOD = "pet_food"
    FURNITURE = "furniture"
    ELECTRONICS = "electronics"
    FARM_FRUIT = "farm_fruit"


Line = Annotated[str, Meta(min_length=1, max_length=300)]
Span = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$(?!\n)")]


@dataclass(frozen=True, slots=True)
class Contract:
    """What a tenant may send before its own excess waits: contacts per hour, and so many at once."""

    rate_per_hour: Annotated[int, Meta(ge=1, le=100_000)]
    burst: Annotated[int, Meta(ge=1, le=100_000)]

    @property
    def tick(self) -> Millis:
        """Return the time that one contact takes of the contracted rate."""
        return HOUR // self.rate_per_hour

    @property
    def allowance(self) -> Millis:
        """Return how far the virtual clock may run ahead before a contact ranks in the future."""
        return self.burst * self.tick


@dataclass(frozen=True, slots=True)
class Persona:
    """The voice in which agents answer for this shop."""

    agent_name: Line
    tone: Line
    greeting: Line
    signature: Line
    language: Annotated[str, Meta(pattern="^[a-z]{2}$")] = "ko"


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours in Asia/Seoul, spans `HH:MM-HH:MM` for each day; a day without spans is closed."""

    mon: tuple[Span, ...] = ()
    tue: tuple[Span, ...] = ()
    wed: tuple[Span, ...] = ()
    thu: tuple[Span, ...] = ()
    fri: tuple[Span, ...] = ()
    sat: tuple[Span, ...] = ()
    sun: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days contacts and spam are readable after they ended.

    A shop keeps complaints and disputes for three years by law. Records of access (two years) and of permissions
    (three) are the desk's own duty: `privacy.store` and `people.changes` keep them alike for all shops.
    """

    contacts: Annotated[int, Meta(ge=30, le=3_650)] = 1_095
    spam: Annotated[int, Meta(ge=7, le=365)] = 90


class Step(StrEnum):
    """What is done, one after the other, as the expected wait of a shop's customers grows."""

    MESSAGE = "message"
    OFFER = "offer"
    RESERVE = "reserve"
    STAFF = "staff"
    AFTER_HOURS = "after_hours"


class Cap(StrEnum):
    """What a monthly cap does once it is reached: it is told (`soft`), or also ends the admission (`hard`)."""

    SOFT = "soft"
    HARD = "hard"


Threshold = Annotated[int, Meta(ge=1, le=86_400)]


@dataclass(frozen=True, slots=True)
class Surge:
    """From which expected wait, in seconds, each step of the ladder is taken, and the most to spend in a month.

    Without a `reserve_pool` nobody else's agents are called; a `cap_won` of 0 is none. The month is that of
    Asia/Seoul.
    """

    message: Threshold = 60
    offer: Threshold = 300
    reserve: Threshold = 600
    staff: Threshold = 1_200
    reserve_pool: Annotated[str, Meta(pattern="^([a-z0-9]{3,32})?$")] = ""
    cap_won: Annotated[Won, Meta(ge=0, le=1_000_000_000)] = 0
    cap: Cap = Cap.SOFT


@dataclass(frozen=True, slots=True)
class Term:
    """The plan that a shop has from the KST month `since` on, until the next term: `standard/2`."""

    since: Annotated[str, Meta(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]
    plan: Annotated[str, Meta(pattern=r"^[a-z]{2,16}/\d{1,7}$")]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A shop's profile.

    `plans` are the terms that its people chose, in order; before the first of them each contact costs `price_won`.
    `registration` is its 사업자등록번호, ten digits, and `language` the one of the mails to its people.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9]{4,32}$")]
    name: Line
    name_en: Line
    kind: Trade
    pool: Annotated[str, Meta(pattern="^[a-z0-9]{3,32}$")]
    price_won: Annotated[Won, Meta(ge=0, le=1_000_000)]
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1)]
    contract: Contract
    persona: Persona
    hours: Hours
    retention: Retention = Retention()
    surge: Surge = Surge()
    plans: tuple[Term, ...] = ()
    stage: Stage = Stage.LIVE
    scope: Scope = ALL_TO_THE_DESK
    goals: Goals = USUAL_GOALS
    holidays: Holidays = USUAL_HOLIDAYS
    volume: Volume = UNKNOWN_VOLUME
    language: Literal["ko", "en"] = "ko"
    emergency_phone: Annotated[str, Meta(max_length=30)] = ""
    registration: Annotated[str, Meta(pattern=r"^([0-9]{10})?$(?!\n)")] = ""

    def plan_in(self, month: str) -> str:
        """Return the version of the plan in force in a KST month, as every usage entry of it keeps it."""
        begun = [term.plan for term in self.plans if term.since <= month]
        return begun[-1] if begun else f"flat/{self.price_won}"
