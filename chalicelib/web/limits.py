"""How often whom may call: token buckets as one number each, kept in the memory of a warm process.

The bound is therefore per process: with n warm ones a caller gets up to n times as much, and the throttle that API
Gateway puts on the whole stage is the outer bound. No caller crowds out the others: that needs no exact count.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cachetools import TTLCache

from chalicelib.kernel.caller import OFFICE, SHOP_SIDE, TEAM, Caller, Kind
from chalicelib.kernel.errors import TooMany

Seconds = float
Bucket = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls a second in the long run, and so many at once."""

    per_second: float
    burst: int


# A shop's server passes on what its customers write, so a refusal here may lose a contact: a promotion that brings
# 5,000 contacts in ten seconds spreads over dozens of processes, each of which takes 700 of them from one shop.
SERVER = Limit(50, 200)
PERSON = Limit(10, 50)
AGENT = Limit(20, 60)
VISITOR = Limit(1, 10)
TENANT = Limit(100, 400)
VISITORS_OF_TENANT = Limit(50, 200)
OPENED_BY_WIDGET = Limit(0.5, 30)
ADDRESS = Limit(5, 20)

_OWN = {
    **dict.fromkeys(SHOP_SIDE | OFFICE, PERSON),
    **dict.fromkeys(TEAM, AGENT),
    Kind.SHOP: SERVER,
    Kind.VISITOR: VISITOR,
}
_MAX_BUCKETS = 10_000
# Sums of times are not exact: what is short by less than this is not short.
_MICROSECOND: Seconds = 1e-6
# A bucket that nobody touched for as long as the slowest one takes to fill is full, so it may be forgotten.
_FULL_AFTER: Seconds = max(
    limit.burst / limit.per_second
    for limit in (SERVER, PERSON, AGENT, VISITOR, TENANT, VISITORS_OF_TENANT, OPENED_BY_WIDGET, ADDRESS)
)


def take(empty_at: Seconds, now: Seconds, limit: Limit) -> tuple[Seconds, Seconds]:
    """Return until when the bucket is in debt after one more call, and how long to wait if it may not be made.

    `empty_at` is the former debt's end (0 for a new bucket); the second value is 0 when the call may be made.
    """
    due = max(empty_at, now) + 1 / limit.per_second
    wait = due - now - limit.burst / limit.per_second
    return (due, 0) if wait < _MICROSECOND else (empty_at, wait)


def buckets(caller: Caller, source: str) -> Iterator[tuple[Bucket, Limit]]:
    """Yield what a call of `caller` from the address `source` is counted in."""
    if caller.kind is Kind.NOBODY:
        yield ("address", source), ADDRESS
    elif caller.kind is Kind.VISITOR and not caller.contact:
        yield ("widget", caller.tenant, caller.key), OPENED_BY_WIDGET
    else:
        yield (caller.kind, caller.tenant, caller.contact or caller.person or caller.key), _OWN[caller.kind]
    if caller.kind in SHOP_SIDE:
        yield ("tenant", caller.tenant), TENANT
    elif caller.kind is Kind.VISITOR:
        # Apart from the shop's own: a flood of visitors must not shut the shop's server out.
        yield ("visitors", caller.tenant), VISITORS_OF_TENANT


class Limiter:
    """The buckets of one process; `clock` never goes back and counts seconds."""

    def __init__(self, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._clock = clock
        self._debts: TTLCache[Bucket, Seconds] = TTLCache(_MAX_BUCKETS, _FULL_AFTER, timer=clock)

    def admit(self, caller: Caller, source: str) -> None:
        """Count one call; raise TooMany with the whole seconds to wait, and count nothing, over any limit."""
        now, taken = self._clock(), {}
        for bucket, limit in buckets(caller, source):
            taken[bucket], wait = take(self._debts.get(bucket, 0), now, limit)
            if wait:
                message = "too many requests; wait as long as Retry-After says"
                raise TooMany("too_many_requests", message, retry_after=math.ceil(wait))
        self._debts.update(taken)

    def forget(self) -> None:
        """Let every bucket be full again."""
        self._debts.clear()


limiter = Limiter()
