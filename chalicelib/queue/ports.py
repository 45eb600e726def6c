"""What pulling work needs of the world."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from chalicelib.agents.model import Agent, Presence
from chalicelib.aws.tables import Write
from chalicelib.contacts.ports import AgentStore, Desk
from chalicelib.kernel.clock import Millis
from chalicelib.routing.model import Candidate
from chalicelib.routing.rules import GUARD_SHARE


class Team(AgentStore, Protocol):
    """What this module needs of a store of agents."""

    def beat(self, agent: Agent, now: Millis) -> Write: ...
    def leave(self, agent: Agent, *, lapsed_at: Millis | None = None) -> Write: ...
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
