"""A pool in miniature: arrivals are placed and slots pull, by the rules that production runs."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.agents.model import Agent, Presence
from chalicelib.kernel.clock import Millis
from chalicelib.routing.model import Band, Candidate
from chalicelib.routing.rules import choose, guard_open, place
from chalicelib.tenants.model import Contract


@dataclass(frozen=True)
class Sent:
    """A contact that `tenant` sends at `at` and that takes an agent `handling` milliseconds."""

    at: Millis
    tenant: str
    handling: Millis


@dataclass(frozen=True)
class Served:
    """What became of it; `number` is its place in the order of arrival."""

    sent: Sent
    number: int
    rank: Millis
    started: Millis

    @property
    def late(self) -> Millis:
        """Return how long after its rank it was started."""
        return self.started - self.rank


def conforming(tenant: str, contract: Contract, gaps: Sequence[Millis], handling: Millis) -> list[Sent]:
    """Return contacts `gaps` apart, each put off until the contract admits it at once."""
    sent, now, clock = [], 0, 0
    for gap in gaps:
        now = max(now + gap, clock - contract.allowance)
        clock = max(now, clock) + contract.tick
        sent.append(Sent(now, tenant, handling))
    return sent


def run(
    contracts: Mapping[str, Contract], sent: Sequence[Sent], slots: int, turn: Callable[[], int]
) -> list[Served]:
    """Serve everything that is sent, with `slots` slots of weight 1, and return it in the order of starting."""
    arrivals = sorted(sent, key=lambda one: (one.at, one.tenant))
    clocks = dict.fromkeys(contracts, 0)
    waiting: dict[str, Served] = {}
    served: list[Served] = []
    busy: list[Millis] = []
    moments = [one.at for one in arrivals]
    heapq.heapify(moments)
    number = 0
    while moments:
        now = heapq.heappop(moments)
        busy = [until for until in busy if until > now]
        while number < len(arrivals) and arrivals[number].at <= now:
            one = arrivals[number]

            def any_waiting(tenant: str = one.tenant) -> bool:
                return any(other.sent.tenant == tenant for other in waiting.values())

            placed = place(clocks[one.tenant], contracts[one.tenant], now, any_waiting)
            clocks[one.tenant] = placed.clock
            waiting[f"{number:06d}"] = Served(one, number, placed.rank, 0)
            heapq.heappush(moments, placed.rank)
            number += 1
        while len(busy) < slots:
            found = _next(waiting, now, Presence(slots, len(busy)), turn())
            if found is None:
                break
            begun = replace(waiting.pop(found), started=now)
            served.append(begun)
            busy.append(now + begun.sent.handling)
            heapq.heappush(moments, busy[-1])
    return served


def _next(waiting: Mapping[str, Served], now: Millis, presence: Presence, turn: int) -> str | None:
    order = sorted(waiting.items(), key=lambda item: (item[1].rank, item[0]))
    queue = [Candidate(one.sent.tenant, name, 1, Band.ARRIVED, one.rank) for name, one in order]
    chosen = choose(
        queue, Agent("mina", "mina", "main", 1), now=now, guard=lambda: guard_open(presence), start=turn
    )
    return chosen[0].contact if chosen else None
