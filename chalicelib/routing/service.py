"""Give an arriving contact its place in the pool's queue."""

from collections.abc import Callable

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy
from chalicelib.routing.model import ClockMoved
from chalicelib.routing.ports import Clock
from chalicelib.routing.rules import place
from chalicelib.tenants.model import Contract

_ATTEMPTS = 50


def arrive(
    clock: Clock,
    contract: Contract,
    now: Millis,
    *,
    any_waiting: Callable[[], bool],
    commit: Callable[[Write], None],
) -> Millis:
    """Advance the tenant's clock by one contact and return that contact's rank.

    This happens before the contact is stored: a tick without a contact is harmless, while the clock inside
    the contact's transaction would make concurrent intake of one tenant collide.
    """
    before = clock.read()
    for _ in range(_ATTEMPTS):
        placed = place(before, contract, now, any_waiting)
        try:
            commit(clock.advance(before, placed.clock))
        except ClockMoved as moved:
            before = moved.clock
        else:
            clock.seen(placed.clock)
            return placed.rank
    raise Busy("busy", "too many contacts of this tenant arrive at once; try again")
