"""What pulling work needs of the world."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from chalicelib.agents.model import Agent, Break, Colleague, Day, Presence
from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Contact
from chalicelib.contacts.ports import AgentStore, Desk
from chalicelib.kernel.clock import Millis
from chalicelib.routing.model import Candidate
from chalicelib.routing.rules import GUARD_SHARE


class Team(AgentStore, Protocol):
    """What this module needs of a store of agents."""

    def beat(self, agent: Agent, now: Millis) -> Write: ...
    def pause(self, agent: Agent, wanted: Break) -> Write: ...
    def resume(self, agent: Agent, before: Break, now: Millis) -> Write: ...
    def leave(self, agent: Agent, now: Millis, *, lapsed: bool = False) -> Write: ...
    def certify(self, agent: Agent, tenants: frozenset[str] | None) -> Write: ...
    def seen(self, agent: str) -> Agent | None: ...
    def presence(self, pool: str, now: Millis) -> Presence: ...
    def lapsed(self, pool: str, now: Millis) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Floor:
    """All pools and all tenants' desks: where pooled work meets.

    `acting` lets the calls within touch the rows of one tenant (or none) and one agent. `admit` lets contacts that
    are held back into a pool's queue, as there is room; `guard_share` of its capacity is kept for who conforms.
    """

    agents: Team
    queue: Callable[[str, int], Iterator[Candidate]]
    desk: Callable[[str], Desk]
    commit: Callable[..., None]
    turn: Callable[[], int] = lambda: random.randrange(1 << 16)
    acting: Callable[[str, str], AbstractContextManager[None]] = lambda _tenant, _agent: nullcontext()
    admit: Callable[[str, Millis], object] = lambda _pool, _now: None
    guard_share: float = GUARD_SHARE


@dataclass(frozen=True, slots=True)
class Console:
    """What an agent's screen keeps fresh: the floor, and what it shows beside the queue.

    `contact` is one of a tenant's, `day` is what an agent did on a date, `onlooker` says that an agent looks at
    a tenant's contact. `waiting` and `hands` count a pool's contacts that wait, and its agents who want a lead.
    `present` are a pool's agents who are there, without their names; `colleague` reads one beside the own row.
    """

    floor: Floor
    contact: Callable[[str, str], Contact]
    day: Callable[[str, str], Day]
    onlooker: Callable[[str, str, Agent, Millis], Write]
    waiting: Callable[[str, Millis], int]
    hands: Callable[[str], int]
    present: Callable[[str, Millis], list[Colleague]]
    colleague: Callable[[str], Agent | None]
