"""What a month's service owes the shop when it falls short of what was promised; pure, in whole percent.

The clocks that measure are not here: a result is the record of what they measured.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.kernel.money import Won

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised: `percent` of a month's contacts get their first answer within `seconds`.

    Each percentage point that is missing, begun ones count, gives back `per_point` percent of the month's usage
    charge, and all of them together at most `most`.
    """

    seconds: int
    percent: int
    per_point: int
    most: int


@dataclass(frozen=True, slots=True)
class Result:
    """A month as it was measured: `within` of `measured` contacts were answered in time; `evidence` names it."""

    month: str
    measured: int
    within: int
    evidence: str


FIRST_RESPONSE = Target(seconds=300, percent=90, per_point=2, most=30)
"""What every shop is promised: nine of ten contacts are answered within five minutes of opening hours."""


def credit_percent(target: Target, result: Result) -> int:
    """Return how much of the usage charge is given back, 0 to `target.most`: there is no bonus for more.

    A month in which nothing was measured owes nothing.
    """
    if not result.measured:
        return 0
    missing = target.percent - Fraction(result.within * _WHOLE, result.measured)
    return min(target.most, target.per_point * max(0, math.ceil(missing)))


def credit_won(percent: int, usage_won: Won) -> Won:
    """Return `percent` of a month's usage charge, cut off below one won; nothing of a charge below 0."""
    return max(0, usage_won) * percent // _WHOLE
