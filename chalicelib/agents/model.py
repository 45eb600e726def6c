"""An agent as routing and claims see one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from chalicelib.kernel.clock import MINUTE, SECOND, Millis

LEASE: Millis = 90 * SECOND
DEFAULT_CAPACITY = 6
USUAL_HANDLING: Millis = 5 * MINUTE
REHEARSAL = "rehearsal"
"""The agent, alone in a pool of the same name, who answers in rehearsals; nobody signs in as this one."""
_USUAL_WEIGHT = 20


class BreakKind(StrEnum):
    """What a break is for; `CARE` is the rest after somebody was abusive."""

    MEAL = "meal"
    REST = "rest"
    TRAINING = "training"
    CARE = "care"


@dataclass(frozen=True, slots=True)
class Break:
    """Time since `since` (milliseconds UTC) in which an agent takes nothing; then `capacity` is there again."""

    kind: BreakKind
    since: Millis
    capacity: int


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of a pool. `load` is the weight of what is in `holding` (`tenant/contact`), over all tenants.

    The lease on all of it runs until `alive_until`; `version` counts changes of `holding`. While the agent is
    `paused`, `capacity` is 0. No contact of the customers in `barred` (`tenant/handle`) comes to the agent again,
    and none of shops that are not in `certified`; None: all shops of the pool will do.
    """

    id: str
    name: str
    pool: str
    capacity: int
    load: int = 0
    holding: frozenset[str] = frozenset()
    alive_until: Millis = 0
    version: int = 0
    paused: Break | None = None
    barred: frozenset[str] = frozenset()
    certified: frozenset[str] | None = None

    @property
    def free(self) -> int:
        """Return the weight that still fits."""
        return self.capacity - self.load


@dataclass(frozen=True, slots=True)
class Colleague:
    """A present member of a pool, as who hands a contact over sees one; during a break `capacity` is 0."""

    id: str
    name: str
    load: int
    capacity: int

    @property
    def free(self) -> bool:
        """Return whether anything more fits."""
        return self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Work:
    """What an agent finished, and when: its weight, and the milliseconds that it was held, times that weight."""

    finished: int = 0
    worked: int = 0
    at: Millis = 0

    @classmethod
    def of(cls, weight: int, claimed_at: Millis, resolved_at: Millis) -> Self:
        """Return the work on a contact that was held since `claimed_at`; none unless it was resolved."""
        return cls(weight, weight * max(0, resolved_at - claimed_at), resolved_at) if resolved_at else cls()


NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class Day:
    """An agent's day of Asia/Seoul: contacts finished, and milliseconds that they were held.

    A break's milliseconds are of the day on which it began, a rating is of the day on which it came. Of `ratings`,
    `satisfied` were 4 or 5.
    """

    date: str
    finished: int = 0
    handled: Millis = 0
    breaks: Mapping[BreakKind, Millis] = field(default_factory=dict)
    ratings: int = 0
    satisfied: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """The capacity and load of a pool's present agents, and what they finished since each of them came."""

    capacity: int
    load: int
    finished: int = 0
    worked: int = 0

    @property
    def free(self) -> int:
        """Return the weight that the whole pool can still take."""
        return self.capacity - self.load

    @property
    def handling(self) -> Millis:
        """Return how long a contact is held, from claim to resolution, by the measured mean.

        While little has been finished, what is usual has the share of `_USUAL_WEIGHT`.
        """
        known = self.worked + _USUAL_WEIGHT * USUAL_HANDLING
        return known // (self.finished + _USUAL_WEIGHT)
