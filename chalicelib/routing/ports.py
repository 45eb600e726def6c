"""What ranking needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis


class Clock(Protocol):
    """What this module needs of a store of one tenant's clock."""

    def read(self) -> Millis: ...
    def advance(self, before: Millis, after: Millis) -> Write: ...
    def seen(self, clock: Millis) -> None: ...
