"""Figures that sum up many."""

import math
from collections.abc import Iterable, Sequence


def percentile(values: Iterable[float], share: float) -> float:
    """Return the least value that so large a share of `values` do not exceed; 0 if there are none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def percentiles(values: Iterable[float], shares: Sequence[float] = (0.5, 0.9, 0.99)) -> tuple[float, ...]:
    """Return one percentile for each share."""
    ordered = sorted(values)
    return tuple(percentile(ordered, share) for share in shares)


def jain(parts: Sequence[float]) -> float:
    """Return Jain's index of fairness: 1 if all parts are equal, 1/n if one of n has everything."""
    squares = sum(part * part for part in parts)
    return sum(parts) ** 2 / (len(parts) * squares) if squares else 1.0
