"""The event loop: contacts arrive, slots fall free, and a discipline says who is next."""

import heapq
from collections.abc import Sequence
from typing import Protocol

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import Millis
from tests.spike.scenario import Arrival

NEVER: Millis = 2**63


class Discipline(Protocol):
    """An order of service. Contacts are known by their number in the order of arrival."""

    def arrive(self, number: int, arrival: Arrival) -> Millis:
        """Take in a contact, and return from when on it is due at the latest: then the pool asks again."""

    def take(self, now: Millis, presence: Presence) -> int | None:
        """Return who is next, and forget it; None if nobody is, or nobody should be now."""


def run(arrivals: Sequence[Arrival], slots: int, discipline: Discipline) -> list[Millis]:
    """Serve all `arrivals` with so many slots, and return the time at which each was started."""
    started = [-1] * len(arrivals)
    ends: list[Millis] = []
    dues: list[Millis] = []
    come = gone = 0
    while gone < len(arrivals):
        now = arrivals[come].at if come < len(arrivals) else NEVER
        now = min(now, ends[0] if ends else NEVER, dues[0] if dues else NEVER)
        for past in (ends, dues):
            while past and past[0] <= now:
                heapq.heappop(past)
        while come < len(arrivals) and arrivals[come].at <= now:
            if (due := discipline.arrive(come, arrivals[come])) > now:
                heapq.heappush(dues, due)
            come += 1
        while len(ends) < slots and gone < come:
            taken = discipline.take(now, Presence(slots, len(ends)))
            if taken is None:
                break
            started[taken] = now
            heapq.heappush(ends, now + arrivals[taken].handling)
            gone += 1
    return started
