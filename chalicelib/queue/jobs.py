"""The sweeper of leases."""

from chalicelib.agents.model import REHEARSAL
from chalicelib.agents.store import all_pools
from chalicelib.aws.observe import log
from chalicelib.kernel.clock import Millis
from chalicelib.queue.service import return_lapsed
from chalicelib.queue.wiring import floor


def sweep_leases(now: Millis) -> int:
    """Return what silent agents hold to the front of their pools' queues; answer how many contacts that was."""
    returned = sum(return_lapsed(floor(), pool, now) for pool in (*all_pools(), REHEARSAL))
    if returned:
        log().warning("leases lapsed", contacts=returned)
    return returned
