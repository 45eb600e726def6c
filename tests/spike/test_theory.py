import heapq
import math
from random import Random

import pytest

from tests.spike.figures import percentiles
from tests.spike.theory import priority_bound


def two_classes(rng: Random, *, handling_s: float, slots: int, load: float, contacts: int) -> list[float]:
    """Return the waits of prior contacts, where a backlog without end takes every slot that they leave."""
    ends = [rng.expovariate(1 / handling_s) for _ in range(slots)]
    heapq.heapify(ends)
    waits, at = [], 0.0
    for _ in range(contacts):
        at += rng.expovariate(load * slots / handling_s)
        while ends[0] < at:
            heapq.heapreplace(ends, ends[0] + rng.expovariate(1 / handling_s))
        waits.append(ends[0] - at)
        heapq.heapreplace(ends, ends[0] + rng.expovariate(1 / handling_s))
    return waits


@pytest.mark.parametrize(("slots", "load"), [(1, 0.5), (8, 0.7), (80, 0.7), (80, 0.2)])
def test_the_formula_agrees_with_a_queue_of_two_classes(slots: int, load: float) -> None:
    waits = two_classes(Random(11), handling_s=300, slots=slots, load=load, contacts=60_000)
    bound = priority_bound(300, slots, load)
    assert sum(waits) / len(waits) == pytest.approx(bound.mean_s, rel=0.05)
    expected = [bound.quantile_s(share) for share in (0.5, 0.9, 0.99)]
    assert percentiles(waits) == pytest.approx(expected, rel=0.08)


def test_quantiles_of_an_exponential_wait() -> None:
    bound = priority_bound(300, 100, 0.7)
    assert bound.mean_s == pytest.approx(10)
    assert bound.quantile_s(0.9) == pytest.approx(10 * math.log(10))
    assert bound.quantile_s(0) == 0


@pytest.mark.parametrize("load", [-0.1, 1, 1.2])
def test_an_overload_has_no_bound(load: float) -> None:
    assert priority_bound(300, 80, 0).mean_s == 300 / 80
    with pytest.raises(ValueError, match="overload"):
        priority_bound(300, 80, load)
