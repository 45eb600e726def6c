"""What routing knows of a waiting contact."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.tenants.model import Channel, Step

# How much of an agent's attention a contact takes while it is held.
WEIGHTS: dict[Channel, int] = {
    Channel.PHONE: 6,
    Channel.VISIT: 6,
    Channel.CHAT: 2,
    Channel.KAKAO: 2,
    Channel.TALKTALK: 2,
    Channel.SMS: 2,
    Channel.EMAIL: 1,
    Channel.BOARD: 1,
    Channel.API: 1,
}


class Band(IntEnum):
    """The coarse order of the queue: whoever was already waiting in someone's hands goes first."""

    FRONT = 0
    ARRIVED = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting contact as the queue's index shows it: a hint, to be checked before it is acted on."""

    tenant: str
    contact: str
    weight: int
    band: Band
    rank: Millis
    preferred: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A contact's place: its rank, and what the tenant's virtual clock shows after it."""

    rank: Millis
    clock: Millis


class Lane(StrEnum):
    """Whose arrivals share a clock: visitors, whom nobody knows, cannot use up what the shop's contract allows."""

    SHOP = "shop"
    WIDGET = "widget"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tenant's clock shows (0: never used), and whether arrivals are held back behind others.

    `admitted` counts those that were let in since `held_since` (milliseconds UTC; 0: nothing is held back). While
    it is `shut` all arrivals are held back and nobody is let in; `steps` are what is done for those who wait.
    """

    clock: Millis = 0
    held_since: Millis = 0
    admitted: int = 0
    shut: bool = False
    steps: frozenset[Step] = frozenset()

    @property
    def held(self) -> bool:
        """Return whether something of the tenant is held back."""
        return self.held_since > 0


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """The rank that the next contact of a tenant's lane would get, of which something is held back: a hint."""

    rank: Millis
    tenant: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where an arriving contact goes: into the queue of `pool` at `rank`, or, if `held`, into overflow."""

    pool: str
    rank: Millis
    held: bool = False


class ClockMoved(Exception):
    """The clock is not as it was thought; `reading` is what it shows now."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.reading = reading
