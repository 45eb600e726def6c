"""What is refused first while the storage is in trouble, and how this process knows that it is: it looks.

Nothing is configured and nothing shared: each process goes by what became of its own calls in the last seconds.
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from chalicelib.aws.observe import log
from chalicelib.aws.retries import Tally, storage
from chalicelib.kernel.errors import Busy

Seconds = float


class Shed(IntEnum):
    """What may be refused, first to last; as a level of pressure: how far it has come."""

    NOTHING = 0
    REPORT = 1
    SEARCH = 2
    REFRESH = 3
    BOT = 4


_MEMORY: Seconds = 10.0
_ENOUGH_CALLS = 20
# From which share of troubled calls on each is refused. The retry budget nearly makes up for a third of them:
# that far, and a little further, an agent's screen stays fresh.
_FROM = {Shed.REPORT: 0.1, Shed.SEARCH: 0.25, Shed.REFRESH: 0.5, Shed.BOT: 0.7}
# A level is left well below where it was entered, lest it flap.
_UNTIL = 0.6
# Spread out, so that those who were refused together do not come back together.
_WAIT_SECONDS = (5, 15)


@dataclass(frozen=True, slots=True)
class Signals:
    """About how many calls this process made of late, and how many of them failed or took too long."""

    calls: float = 0.0
    troubled: float = 0.0

    @property
    def share(self) -> float:
        """Return the troubled ones' share, 0 to 1; of too few calls it says nothing and is 0."""
        return self.troubled / self.calls if self.calls >= _ENOUGH_CALLS else 0.0

    def after(self, seconds: Seconds, calls: int, troubled: int) -> "Signals":
        """Return what is left of these after so many seconds, with so many calls more."""
        kept = math.exp(-seconds / _MEMORY)
        return Signals(self.calls * kept + calls, self.troubled * kept + troubled)


def level(signals: Signals, before: Shed) -> Shed:
    """Return how far the shedding goes now: up at once, and down only when it is clearly better."""
    up = max((shed for shed, share in _FROM.items() if signals.share >= share), default=Shed.NOTHING)
    stays = max((shed for shed, share in _FROM.items() if signals.share >= share * _UNTIL), default=Shed.NOTHING)
    return max(up, min(before, stays))


class Gauge:
    """The pressure that this process feels; `clock` counts seconds."""

    def __init__(self, tally: Tally, clock: Callable[[], Seconds] = time.time) -> None:
        # The wall clock by default: a frozen function's own may stand still, and old trouble would seem fresh.
        self._tally, self._clock = tally, clock
        self._seen = clock(), tally.calls, tally.troubled
        self._signals, self._level = Signals(), Shed.NOTHING

    def admit(self, shed: Shed) -> None:
        """Take a look, and raise Busy `shed` with the seconds to wait if requests of this kind are refused now."""
        if Shed.NOTHING < shed <= self.look():
            message = "the storage has too much to do, and this can wait; try again later"
            raise Busy("shed", message, retry_after=random.randint(*_WAIT_SECONDS))

    def look(self) -> Shed:
        """Return the level of pressure as of now; a change of it goes into the log."""
        at, calls, troubled = self._seen
        self._seen = now, now_calls, now_troubled = self._clock(), self._tally.calls, self._tally.troubled
        self._signals = self._signals.after(max(0.0, now - at), now_calls - calls, now_troubled - troubled)
        before, self._level = self._level, level(self._signals, self._level)
        if self._level != before:
            line = "pressure rose" if self._level > before else "pressure fell"
            log().warning(line, shed=self._level.name, share=round(self._signals.share, 2))
        return self._level

    def forget(self) -> None:
        """Begin anew, with no pressure: for tests."""
        self.look()
        self._signals, self._level = Signals(), Shed.NOTHING


gauge = Gauge(storage)
