"""Virtual time: what falls into the same second happens together, in threads, and then time goes on."""

import heapq
import itertools
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from chalicelib.kernel.clock import SECOND, Millis

THREADS = 8


@dataclass(frozen=True, slots=True)
class Task:
    """What `actor` does `at` a time: called with that time, it returns what follows from it."""

    at: Millis
    actor: str
    act: Callable[[Millis], Iterable["Task"]] = field(compare=False)


class Loop:
    """Plays tasks in the order of time; nobody does two things at once, but different actors do."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._numbers = itertools.count()
        self._heap: list[tuple[Millis, int, Task]] = []

    def add(self, tasks: Iterable[Task]) -> None:
        """Plan tasks."""
        for task in tasks:
            heapq.heappush(self._heap, (task.at, next(self._numbers), task))

    def run(self, *, before: Callable[[Millis], object], done: Callable[[], bool]) -> Millis:
        """Play until it is `done` or nothing is planned; return the last second. `before` sees each begin."""
        second: Millis = 0
        with ThreadPoolExecutor(self._threads) as pool:
            while self._heap and not done():
                begun = self._heap[0][0] // SECOND * SECOND
                if begun > second:
                    second = begun
                    before(second)
                for found in list(pool.map(_play, self._due(second + SECOND))):
                    # A thing that follows at once from what others did in this second still belongs to it.
                    self.add(found)
        return second

    def _due(self, end: Millis) -> list[list[Task]]:
        """Take off what comes before `end`, one list for each actor."""
        actors: dict[str, list[Task]] = {}
        while self._heap and self._heap[0][0] < end:
            task = heapq.heappop(self._heap)[2]
            actors.setdefault(task.actor, []).append(task)
        return list(actors.values())


def _play(tasks: list[Task]) -> list[Task]:
    return [following for task in tasks for following in task.act(task.at)]
