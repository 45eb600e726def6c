"""A promotion day, drawn from a seed: who sends what when, and how long each contact takes an agent.

Shops send by a Poisson process, sizes by Zipf's law. On top of that come surges: so many further contacts of
one shop, spread evenly over a span. Surges draw from streams of their own, so a day without them is the same
day in everything else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis
from chalicelib.routing.rules import GUARD_SHARE
from chalicelib.tenants.model import Contract

SPIKE_SIZE_RANK, SPIKE_TIMES, SPIKE_LASTS = 3, 50, 10 * MINUTE
BURST_CONTACTS, BURST_LASTS = 5_000, 10 * SECOND
BURST_AFTER = 15 * MINUTE
RIVALS = 5


@dataclass(frozen=True, slots=True)
class Arrival:
    """A contact that `tenant` sends `at` milliseconds into the day and that takes a slot for `handling`."""

    at: Millis
    tenant: str
    handling: Millis


@dataclass(frozen=True, slots=True)
class Surge:
    """So many contacts of `tenant` on top of its usual ones, from `start` on, over `lasts` milliseconds."""

    tenant: str
    start: Millis
    lasts: Millis
    contacts: int

    @property
    def end(self) -> Millis:
        """Return the time at which it is over."""
        return self.start + self.lasts


@dataclass(frozen=True, slots=True)
class Scenario:
    """A day of `tenants` shops with a pool of `agents`; `load` is the busy share of the slots in the calm.

    `handling` is the mean of an exponential distribution. Usual arrivals end at `lasts`.
    """

    seed: int
    tenants: int
    agents: int
    capacity: int = 2
    handling: Millis = 300 * SECOND
    load: float = 0.7
    warm_up: Millis = 30 * MINUTE
    lasts: Millis = 90 * MINUTE
    surges: tuple[Surge, ...] = ()

    @property
    def slots(self) -> int:
        """Return how many contacts the pool holds at once."""
        return self.agents * self.capacity

    @property
    def surging(self) -> frozenset[str]:
        """Return the tenants that send more than usual."""
        return frozenset(surge.tenant for surge in self.surges)

    @property
    def surged(self) -> Millis:
        """Return the time at which the last surge is over."""
        return max((surge.end for surge in self.surges), default=self.warm_up)


def name(size_rank: int) -> str:
    """Return the id of the tenant that is so many-th in size, from 1 on."""
    return f"shop{size_rank:05d}"


def rates_per_hour(scenario: Scenario) -> dict[str, float]:
    """Return the usual contacts per hour of each tenant, the biggest first."""
    whole = scenario.load * scenario.slots * HOUR / scenario.handling
    places = range(1, scenario.tenants + 1)
    biggest = whole / sum(1 / size_rank for size_rank in places)
    return {name(size_rank): biggest / size_rank for size_rank in places}


def contracts(scenario: Scenario) -> dict[str, Contract]:
    """Return each tenant's contract: twice its usual rate, and three or ten minutes' worth of that at once."""
    return {tenant: _contract(rate) for tenant, rate in rates_per_hour(scenario).items()}


def _contract(usual_per_hour: float) -> Contract:
    rate = max(1, math.ceil(2 * usual_per_hour))
    return Contract(rate_per_hour=rate, burst=max(3, math.ceil(rate * 10 * MINUTE / HOUR)))


def arrivals(scenario: Scenario) -> list[Arrival]:
    """Return all contacts of the day in the order in which they come."""
    found = _usual(scenario)
    for number, surge in enumerate(scenario.surges):
        found += _surging(scenario, surge, Random(f"{scenario.seed}/surge/{number}"))
    return sorted(found, key=lambda one: (one.at, one.tenant))


def _usual(scenario: Scenario) -> list[Arrival]:
    rng = Random(f"{scenario.seed}/usual")
    rates = rates_per_hour(scenario)
    tenants, bounds = list(rates), list(accumulate(rates.values()))
    found, at = [], 0.0
    while (at := at + rng.expovariate(bounds[-1] / HOUR)) < scenario.lasts:
        [tenant] = rng.choices(tenants, cum_weights=bounds)
        found.append(Arrival(int(at), tenant, _handling(scenario, rng)))
    return found


def _surging(scenario: Scenario, surge: Surge, rng: Random) -> list[Arrival]:
    return [
        Arrival(surge.start + int(rng.random() * surge.lasts), surge.tenant, _handling(scenario, rng))
        for _ in range(surge.contacts)
    ]


def _handling(scenario: Scenario, rng: Random) -> Millis:
    return max(1, round(rng.expovariate(1 / scenario.handling)))


def calm(scenario: Scenario) -> Scenario:
    """Return the same day without its surges."""
    return replace(scenario, surges=())


def promotion_day(seed: int, *, tenants: int = 200, agents: int = 40, scale: float = 1.0) -> Scenario:
    """Return a day on which the third-biggest shop sends 50 times as much, and another a sudden burst.

    `scale` is the share of the 5,000 contacts that the burst has. The burst's shop is a tenth of the way down
    the list of sizes. The day is long enough for the backlog to drain, whatever serves it.
    """
    quiet = Scenario(seed, tenants, agents)
    spiking, bursting = name(min(SPIKE_SIZE_RANK, tenants)), name(max(SPIKE_SIZE_RANK + 1, tenants // 10))
    usual = rates_per_hour(quiet)[spiking]
    more = round(usual * (SPIKE_TIMES - 1) * SPIKE_LASTS / HOUR)
    spike = Surge(spiking, quiet.warm_up, SPIKE_LASTS, more)
    burst = Surge(bursting, quiet.warm_up + BURST_AFTER, BURST_LASTS, round(BURST_CONTACTS * scale))
    return _surged(quiet, (spike, burst))


def rivalry(seed: int, *, tenants: int = 200, agents: int = 40) -> Scenario:
    """Return a day on which shops with equal contracts have a backlog together, the last five times the first's.

    They are the smallest shops. What the calm leaves free would serve the least backlog in half an hour.
    """
    quiet = Scenario(seed, tenants, agents)
    spare = (1 - quiet.load) * quiet.slots / quiet.handling
    least = math.ceil(spare * 30 * MINUTE / RIVALS)
    rivals = enumerate(equals(contracts(quiet), RIVALS), start=1)
    return _surged(
        quiet, tuple(Surge(tenant, quiet.warm_up, BURST_LASTS, least * times) for times, tenant in rivals)
    )


def equals(known: Mapping[str, Contract], count: int) -> Sequence[str]:
    """Return so many of the smallest tenants, all with one contract."""
    found = list(known)[-count:]
    if len({known[tenant] for tenant in found}) > 1:
        raise ValueError("the smallest tenants' contracts differ")
    return found


def _surged(quiet: Scenario, surges: tuple[Surge, ...]) -> Scenario:
    day = replace(quiet, surges=surges)
    spare = (1 - GUARD_SHARE - quiet.load) * quiet.slots
    drain = sum(surge.contacts for surge in surges) * quiet.handling / spare
    return replace(day, lasts=day.surged + round(1.1 * drain) + HOUR)
