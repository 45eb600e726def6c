"""What theory says of waiting before a backlog that has no end.

Let k slots be always busy, because somebody's backlog never ends, and let all others go before it without
interrupting it. Slots fall free k/H times a second, and each time the next of the others is taken, if one
waits: those who wait are an M/M/1 queue. Whoever arrives finds n before it with probability (1 - load) * load^n
and waits for n + 1 slots to fall free: exponentially distributed, with mean (H / k) / (1 - load of the others).
The mean is Cobham's for non-preemptive priorities (1954), with a lower class that takes all the rest.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """An exponentially distributed wait, in seconds."""

    mean_s: float

    def quantile_s(self, share: float) -> float:
        """Return the wait that so large a share of the contacts keep within: ln 10 times the mean for 0.9."""
        return -math.log1p(-share) * self.mean_s


def priority_bound(handling_s: float, slots: int, load_of_others: float) -> Bound:
    """Return how long contacts wait that all go before a backlog without end.

    `handling_s` is the mean time that a contact takes a slot, `load_of_others` the share of all slots that the
    prior contacts keep busy.
    """
    if not 0 <= load_of_others < 1:
        raise ValueError("the others alone overload the pool")
    return Bound(handling_s / slots / (1 - load_of_others))
