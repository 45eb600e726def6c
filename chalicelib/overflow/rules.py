"""How many contacts may be let in, and whose."""

import json
import math

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.overflow.model import BadTicket
from chalicelib.routing.model import WEIGHTS, Reading, Turn
from chalicelib.tenants.model import Contract

BATCH = 10
FORGOTTEN: Millis = 120 * SECOND

_HEAVIEST = max(WEIGHTS.values())
_LOOK_AHEAD_SHARE = 10
_LOOK_AHEAD_LEAST = 4


def room(presence: Presence, waiting: int) -> int:
    """Return the weight that the queue can take: free capacity and a small look-ahead, less what is `waiting`.

    The look-ahead keeps agents from waiting for the next round; any more would only make the queue long. Nobody
    present needs none.
    """
    ahead = max(_LOOK_AHEAD_LEAST, presence.capacity // _LOOK_AHEAD_SHARE) if presence.capacity else 0
    return max(0, presence.free + ahead - waiting)


def wanted(turns: list[Turn], space: int, now: Millis) -> int:
    """Return how many contacts are to be let in at once: one for each turn that is due, and as there is `space`.

    No more than can be used whatever they weigh: what is received five times for nothing is a dead letter.
    What a tenant's contract allows is let in whatever else waits: else a busy pool would starve whoever was held
    back once.
    """
    due = sum(turn.rank <= now for turn in turns)
    return min(BATCH, max(due, math.ceil(space / _HEAVIEST))) if turns else 0


def may_enter(turn: Turn, space: int, now: Millis) -> bool:
    """Return whether the turn's next contact may be let in."""
    return turn.rank <= now or space > 0


def next_rank(reading: Reading, contract: Contract) -> Millis:
    """Return the rank of the tenant's next contact, as the list of turns keeps it."""
    return reading.clock - contract.allowance


def read_ticket(body: str) -> tuple[str, str]:
    """Return the tenant and the contact that a ticket was sent for; raise BadTicket."""
    try:
        named = json.loads(body)
        return str(named["tenant"]), str(named["contact"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadTicket(body[:200]) from error
