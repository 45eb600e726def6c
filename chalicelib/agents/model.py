"""An agent as routing and claims see one."""

from dataclasses import dataclass

from chalicelib.kernel.clock import SECOND, Millis

LEASE: Millis = 90 * SECOND
DEFAULT_CAPACITY = 6


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
class Presence:
    """The capacity and load of a pool's present agents."""

    capacity: int
    load: int

    @property
    def free(self) -> int:
        """Return the weight that the whole pool can still take."""
        return self.capacity - self.load
