"""Who works at the desk, and with what."""

import queue
from dataclasses import dataclass, field

from tests.demo.client import Client
from tests.demo.customers import Customers
from tests.demo.floor import Floor, Talk
from tests.demo.progress import Progress

NAMES = ("mina", "jisu", "haneul", "dohyun", "seoyeon", "minjun", "yuna", "taeho")
CAPACITY = 6
SILENT_HOLDS = 2


@dataclass
class Agent:
    """A console; one that `goes_silent` stops answering while it holds something."""

    name: str
    client: Client
    floor: Floor
    customers: Customers
    progress: Progress
    goes_silent: bool = False
    inbox: queue.SimpleQueue[Talk] = field(default_factory=queue.SimpleQueue)
    finished: int = 0
    left_behind: list[Talk] = field(default_factory=list)
    silent_since: float = 0

    @property
    def is_silent(self) -> bool:
        """Whether it has stopped to answer."""
        return self.goes_silent and len(self.left_behind) == SILENT_HOLDS
