"""What routing knows of a waiting contact."""

from dataclasses import dataclass
from enum import IntEnum

from chalicelib.kernel.clock import Millis
from chalicelib.tenants.model import Channel

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


class ClockMoved(Exception):
    """Another intake advanced the clock first; `clock` is what it shows now."""

    def __init__(self, clock: Millis) -> None:
        super().__init__(clock)
        self.clock = clock
