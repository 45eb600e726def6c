"""An agent as routing and claims see one."""

from dataclasses import dataclass
from typing import Self

from chalicelib.kernel.clock import MINUTE, SECOND, Millis

LEASE: Millis = 90 * SECOND
DEFAULT_CAPACITY = 6
USUAL_HANDLING: Millis = 5 * MINUTE
_USUAL_WEIGHT = 20


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of a pool. `load` is the weight of what is in `holding` (`tenant/contact`), over all tenants.

    The lease on all of it runs until `alive_until`; `version` counts changes of `holding`.
    """

    id: str
    name: str
    pool: str
    capacity: int
    load: int = 0
    holding: frozenset[str] = frozenset()
    alive_until: Millis = 0
    version: int = 0

    @property
    def free(self) -> int:
        """Return the weight that still fits."""
        return self.capacity - self.load


@dataclass(frozen=True, slots=True)
class Work:
    """What an agent finished: its weight, and the milliseconds that it was held, times that weight."""

    finished: int = 0
    worked: int = 0

    @classmethod
    def of(cls, weight: int, claimed_at: Millis, resolved_at: Millis) -> Self:
        """Return the work on a contact that was held since `claimed_at`; none unless it was resolved."""
        return cls(weight, weight * max(0, resolved_at - claimed_at)) if resolved_at else cls()


NO_WORK = Work()


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
