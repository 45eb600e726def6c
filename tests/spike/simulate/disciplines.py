"""Our order of service, and four others."""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import Millis
from chalicelib.routing.model import Band, Candidate
from chalicelib.routing.rules import guard_open, is_due, place
from chalicelib.tenants.model import Contract
from tests.spike.scenario import Arrival, Scenario, contracts
from tests.spike.simulate.loop import Discipline


class VirtualClock:
    """Ours: the rules that production runs. The lowest rank is next, and the guard is for what is not due yet."""

    def __init__(self, known: Mapping[str, Contract], *, guarded: bool) -> None:
        self._contracts, self._guarded = known, guarded
        self._clocks: dict[str, Millis] = {}
        self._waiting: Counter[str] = Counter()
        self._queue: list[tuple[Band, Millis, int, Candidate]] = []

    def arrive(self, number: int, arrival: Arrival) -> Millis:
        tenant = arrival.tenant
        clock = self._clocks.get(tenant, 0)
        placed = place(clock, self._contracts[tenant], arrival.at, lambda: self._waiting[tenant] > 0)
        self._clocks[tenant] = placed.clock
        self._waiting[tenant] += 1
        candidate = Candidate(tenant, str(number), 1, Band.ARRIVED, placed.rank)
        heapq.heappush(self._queue, (candidate.band, candidate.rank, number, candidate))
        return placed.rank

    def take(self, now: Millis, presence: Presence) -> int | None:
        *_, number, candidate = self._queue[0]
        if self._guarded and not is_due(candidate, now) and not guard_open(presence):
            return None
        heapq.heappop(self._queue)
        self._waiting[candidate.tenant] -= 1
        return number


class FirstCome:
    """First come, first served over all tenants."""

    def __init__(self) -> None:
        self._queue: deque[int] = deque()

    def arrive(self, number: int, arrival: Arrival) -> Millis:
        self._queue.append(number)
        return arrival.at

    def take(self, now: Millis, presence: Presence) -> int | None:
        return self._queue.popleft()


class RoundRobin:
    """Deficit round robin: each tenant with a backlog gets `quantum` of handling time in its turn.

    It is told beforehand how long each contact will take, which no desk knows.
    """

    def __init__(self, quantum: Millis) -> None:
        self._quantum = quantum
        self._lines: dict[str, deque[tuple[int, Millis]]] = defaultdict(deque)
        self._credit: dict[str, Millis] = {}
        self._turns: deque[str] = deque()

    def arrive(self, number: int, arrival: Arrival) -> Millis:
        if not self._lines[arrival.tenant]:
            self._turns.append(arrival.tenant)
            self._credit[arrival.tenant] = self._quantum
        self._lines[arrival.tenant].append((number, arrival.handling))
        return arrival.at

    def take(self, now: Millis, presence: Presence) -> int | None:
        while True:
            tenant = self._turns[0]
            number, cost = self._lines[tenant][0]
            if cost <= self._credit[tenant]:
                break
            self._credit[tenant] += self._quantum
            self._turns.rotate(-1)
        self._credit[tenant] -= cost
        self._lines[tenant].popleft()
        if not self._lines[tenant]:
            self._turns.popleft()
        return number


class StartTime:
    """Start-time fair queueing: virtual time is the start of whoever was taken last; shares are contracted rates.

    It is told beforehand how long each contact will take, which no desk knows.
    """

    def __init__(self, known: Mapping[str, Contract]) -> None:
        self._contracts = known
        self._virtual = 0.0
        self._finish: dict[str, float] = {}
        self._queue: list[tuple[float, int]] = []

    def arrive(self, number: int, arrival: Arrival) -> Millis:
        start = max(self._virtual, self._finish.get(arrival.tenant, 0.0))
        self._finish[arrival.tenant] = start + arrival.handling / self._contracts[arrival.tenant].rate_per_hour
        heapq.heappush(self._queue, (start, number))
        return arrival.at

    def take(self, now: Millis, presence: Presence) -> int | None:
        self._virtual, number = heapq.heappop(self._queue)
        return number


class Strict:
    """Strict priority: what conforms to the contract goes before all excess, each first come, first served."""

    def __init__(self, known: Mapping[str, Contract]) -> None:
        self._contracts = known
        self._clocks: dict[str, Millis] = {}
        self._conforming: deque[int] = deque()
        self._excess: deque[int] = deque()

    def arrive(self, number: int, arrival: Arrival) -> Millis:
        clock = self._clocks.get(arrival.tenant, 0)
        placed = place(clock, self._contracts[arrival.tenant], arrival.at, lambda: True)
        if placed.rank > arrival.at:
            # Excess uses up nothing of the contract: otherwise all that follows would be excess too.
            self._excess.append(number)
        else:
            self._clocks[arrival.tenant] = placed.clock
            self._conforming.append(number)
        return arrival.at

    def take(self, now: Millis, presence: Presence) -> int | None:
        return (self._conforming or self._excess).popleft()


OURS, GUARDED = "virtual clock", "virtual clock, 10 % guards"
DISCIPLINES: dict[str, Callable[[Scenario], Discipline]] = {
    "first come, first served": lambda day: FirstCome(),
    "deficit round robin": lambda day: RoundRobin(day.handling),
    "start-time fair queueing": lambda day: StartTime(contracts(day)),
    "strict priority": lambda day: Strict(contracts(day)),
    OURS: lambda day: VirtualClock(contracts(day), guarded=False),
    GUARDED: lambda day: VirtualClock(contracts(day), guarded=True),
}
