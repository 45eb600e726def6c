"""Give an arriving contact its place in the pool's queue, or hold it back."""

from collections.abc import Callable

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy
from chalicelib.routing.model import ClockMoved
from chalicelib.routing.ports import Clock
from chalicelib.routing.rules import holds_back, place
from chalicelib.tenants.model import Contract

_ATTEMPTS = 50


def arrive(
    clock: Clock,
    contract: Contract,
    now: Millis,
    *,
    any_waiting: Callable[[], bool],
    commit: Callable[[Write], None],
) -> Millis | None:
    """Advance the tenant's clock by one contact and return that contact's rank; None when it is held back.

    This happens before the contact is stored: a tick without a contact is harmless, while the clock inside
    the contact's transaction would make concurrent intake of one tenant collide. What is held back moves no
    clock at all, and is never so on an old reading alone.
    """
    if clock.held_lately(now):
        return None
    reading, fresh = clock.read(), False
    for _ in range(_ATTEMPTS):
        if holds_back(reading, contract, now, any_waiting):
            if fresh:
                clock.seen_held(now)
                return None
            reading, fresh = clock.look(), True
            continue
        placed = place(reading.clock, contract, now, lambda: False)
        try:
            commit(clock.advance(reading, placed.clock))
        except ClockMoved as moved:
            reading, fresh = moved.reading, True
        else:
            clock.seen(placed.clock)
            return placed.rank
    raise Busy("busy", "too many contacts of this tenant arrive at once; try again")
