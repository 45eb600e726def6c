"""A pool as its lead sees it at one moment."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.agents.model import Agent
from chalicelib.kernel.clock import Millis
from chalicelib.overflow.model import SurgeState
from chalicelib.promotions.model import Promotion
from chalicelib.routing.model import Candidate
from chalicelib.routing.waits import Wait


class AgentState(StrEnum):
    """Whether an agent is there; one who is silent still holds what the sweeper will return."""

    PRESENT = "present"
    BREAK = "break"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Held:
    """A contact that is held back from the pool's queue since then (milliseconds UTC)."""

    tenant: str
    since: Millis


@dataclass(frozen=True, slots=True)
class Hand:
    """An agent who wants a lead at a contact since then (milliseconds UTC)."""

    tenant: str
    contact: str
    agent: str
    since: Millis


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a pool: its queue in order, what is held back, its agents, and who wants a lead.

    `more` tells that the queue or what is held back is longer than was read.
    """

    pool: str
    queue: tuple[Candidate, ...]
    held: tuple[Held, ...]
    agents: tuple[Agent, ...]
    hands: tuple[Hand, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """A shop's share of a pool: contacts that wait, are held back, or are with agents.

    `oldest` is since when the first that waits does (0: none waits), by its place in the queue.
    """

    tenant: str
    waiting: int = 0
    held: int = 0
    with_agents: int = 0
    oldest: Millis = 0


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of which something is in a pool: its name, its ladder, and the wait of whoever comes next.

    `wait` is None when nobody can tell; `promotion` is the one that runs, or comes next.
    """

    name: str
    surge: SurgeState
    wait: Wait | None
    promotion: Promotion | None


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool with the shops of which something is in it; `more` tells that there is more than was counted."""

    seen: Seen
    counts: tuple[Counts, ...]
    shops: dict[str, Shop]
    more: bool
