"""A promotion as a shop announces it, and what the desk makes of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from chalicelib.kernel.clock import Millis
from chalicelib.tenants.model import Contract

TENTHS = 10


class Status(StrEnum):
    """Where a promotion stands."""

    ANNOUNCED = "announced"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promotion:
    """From `starts_at` until before `ends_at` a shop expects `multiple_tenths` / 10 times its usual contacts.

    `id` is the day of the start in Asia/Seoul and the request's own 64 bits: `20261127-0123456789abcdef`. `digest`
    is the body's that it was made of, to tell a repeat of the request from another one; `cancelled_at` is 0 until
    somebody cancels it.
    """

    tenant: str
    id: str
    name: str
    starts_at: Millis
    ends_at: Millis
    multiple_tenths: int
    announced_at: Millis
    announced_by: str
    digest: str
    cancelled_at: Millis = 0
    cancelled_by: str = ""

    @property
    def request(self) -> str:
        """Return the part of the id that a repeat of the request has too, whatever its body."""
        return self.id.rpartition("-")[2]

    def cancelled(self, at: Millis, by: str) -> "Promotion":
        """Return the promotion as it is once somebody cancelled it."""
        return replace(self, cancelled_at=at, cancelled_by=by)


@dataclass(frozen=True, slots=True)
class Span:
    """A low, an expected and a high value: contacts, or won."""

    low: int
    expected: int
    high: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What answering takes: the mean `handling` of a contact, and how many one agent holds at once."""

    handling: Millis
    parallel: int


@dataclass(frozen=True, slots=True)
class Shift:
    """The contacts that come from `starts_at` until before `ends_at`, and the agents who answer nothing else."""

    starts_at: Millis
    ends_at: Millis
    contacts: int
    agents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a promotion means at today's contract and price: `per_hour` contacts expected, `load` in erlangs."""

    promotion: Promotion
    contract: Contract
    contacts: Span
    won: Span
    price_version: str
    demand: Demand
    per_hour: Fraction
    load: Fraction
    shifts: tuple[Shift, ...]

    @property
    def agents(self) -> int:
        """Return the agents whom the busiest hour needs."""
        return max((shift.agents for shift in self.shifts), default=0)


@dataclass(frozen=True, slots=True)
class PooledHour:
    """One hour of a pool: the agents whom the promotions of `tenants` need together, and each shop apart."""

    starts_at: Millis
    tenants: tuple[str, ...]
    contacts: int
    agents: int
    agents_apart: int

    @property
    def saved(self) -> int:
        """Return how many agents fewer the pool needs because its shops share them."""
        return self.agents_apart - self.agents


@dataclass(frozen=True, slots=True)
class Calendar:
    """A pool's promotions that are not over, by start, each with its shop's name, and its hours until `until`.

    `complete` tells that no more are announced than `entries` holds.
    """

    pool: str
    entries: tuple[tuple[str, Plan], ...]
    hours: tuple[PooledHour, ...]
    until: Millis
    complete: bool


class CalendarMoved(Exception):
    """Another announcement of the same shop was stored first."""
