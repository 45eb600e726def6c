"""What a promotion takes: contacts, won, and agents by Erlang C, in which whoever finds all busy waits for one.

An agent who may hold several conversations at once counts as so many servers. Nobody is thought to give up: that
would make a small team look large enough. Rates and loads are exact fractions: the sum of two shops' loads is the
load of both.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from chalicelib.kernel.clock import DAY, HOUR, MINUTE, Millis, kst_month
from chalicelib.metering.model import Meter
from chalicelib.pricing.plans import plan as priced
from chalicelib.pricing.rules import list_won
from chalicelib.promotions.model import TENTHS, Calendar, Demand, Plan, PooledHour, Promotion, Shift, Span
from chalicelib.promotions.rules import raised
from chalicelib.tenants.model import Tenant

WITHIN: Millis = MINUTE
ANSWERED = Fraction(80, 100)
"""This share of the customers waits no longer than `WITHIN`."""
OCCUPANCY = Fraction(85, 100)
"""Agents are busy for no more than this share of their time, however many share the work."""

# The contracted rate is twice what usually comes.
USUAL = Fraction(1, 2)
# A shop's multiple is a guess: what comes beyond the usual may be half of it, or half as much again.
LOW, EXPECTED, HIGH = Fraction(1, 2), Fraction(1), Fraction(3, 2)
# A promotion this short is staffed by the half hour.
SHORT: Millis = 3 * HOUR
# So far ahead a lead's calendar counts agents hour by hour.
HORIZON: Millis = 28 * DAY


def plan(promotion: Promotion, profile: Tenant, demand: Demand) -> Plan:
    """Return what the promotion means at the shop's contract and list price of its first month.

    Contacts come alike at every hour of it: nobody knows which ones, and customers also write to a closed shop.
    """
    hours = Fraction(promotion.ends_at - promotion.starts_at, HOUR)
    usual = profile.contract.rate_per_hour * USUAL
    low, expected, high = (usual * _multiple(promotion, share) for share in (LOW, EXPECTED, HIGH))
    contacts = Span(math.floor(low * hours), round(expected * hours), math.ceil(high * hours))
    load = expected * demand.handling / HOUR
    agents = agents_needed(load, demand.handling, demand.parallel)
    version = profile.plan_in(kst_month(promotion.starts_at))
    won = list_won(priced(version), Meter.HUMAN)
    return Plan(
        promotion=promotion,
        contract=raised(profile.contract, promotion),
        contacts=contacts,
        won=Span(*(amount * won for amount in (contacts.low, contacts.expected, contacts.high))),
        price_version=version,
        demand=demand,
        per_hour=expected,
        load=load,
        shifts=tuple(_shifts(promotion, expected, agents)),
    )


def added(plan: Plan, profile: Tenant) -> int:
    """Return how many contacts the promotion is expected to bring beyond those that usually come meanwhile."""
    one = plan.promotion
    return round((plan.per_hour - profile.contract.rate_per_hour * USUAL) * (one.ends_at - one.starts_at) / HOUR)


def calendar(pool: str, entries: Sequence[tuple[Tenant, Plan]], now: Millis, *, complete: bool) -> Calendar:
    """Return a pool's calendar of `entries`: the agents of each hour from now on, of all shops together and apart.

    If more are announced than could be read, the hours end where the first of those may begin.
    """
    ordered = sorted(entries, key=lambda one: (one[1].promotion.starts_at, one[1].promotion.id))
    until = now + HORIZON
    if ordered and not complete:
        until = min(until, ordered[-1][1].promotion.starts_at)
    named = tuple((profile.name, known) for profile, known in ordered)
    hours = tuple(_pooled([known for _, known in ordered], now, until))
    return Calendar(pool, named, hours, until, complete)


def erlang_b(servers: int, load: float) -> float:
    """Return the share that finds all `servers` busy if nobody waits; `load` in erlangs."""
    return next(islice(_blocked(load), servers, None))


def erlang_c(servers: int, load: float) -> float:
    """Return the share that has to wait at all; everybody does once the load is more than `servers` carry."""
    return _waiting(servers, load, erlang_b(servers, load))


def late(servers: int, load: float, handling: Millis, within: Millis = WITHIN) -> float:
    """Return the share that waits longer than `within`; handling times are exponential about their mean."""
    return erlang_c(servers, load) * _still(servers, load, within / handling)


@lru_cache(maxsize=4096)
def agents_needed(load: Fraction, handling: Millis, parallel: int) -> int:
    """Return the fewest agents, each with `parallel` conversations at once, who meet both targets."""
    if not load:
        return 0
    erlangs, patience, fewest = float(load), WITHIN / handling, math.ceil(load / OCCUPANCY)
    for servers, blocked in enumerate(_blocked(erlangs)):
        if servers >= fewest:
            waiting = _waiting(servers, erlangs, blocked) * _still(servers, erlangs, patience)
            if waiting <= 1 - ANSWERED:
                return math.ceil(Fraction(servers, parallel))
    raise AssertionError("more servers always suffice")


def _blocked(load: float) -> Iterator[float]:
    """Yield Erlang B for 0, 1, 2 ... servers: no factorial, and no difference of two large numbers."""
    blocked, servers = 1.0, 0
    while True:
        yield blocked
        servers += 1
        blocked = load * blocked / (servers + load * blocked)


def _waiting(servers: int, load: float, blocked: float) -> float:
    return servers * blocked / (servers - load * (1 - blocked)) if servers > load else 1.0


def _still(servers: int, load: float, patience: float) -> float:
    """Return the share of those waiting who still do after `patience`, in mean handling times."""
    return math.exp(-(servers - load) * patience) if servers > load else 1.0


def _multiple(promotion: Promotion, share: Fraction) -> Fraction:
    """Return the multiple if `share` of what it promises beyond the usual comes."""
    return 1 + (Fraction(promotion.multiple_tenths, TENTHS) - 1) * share


def _shifts(promotion: Promotion, per_hour: Fraction, agents: int) -> Iterator[Shift]:
    """Yield the full hours that the promotion lies in, or parts of one; Korea is whole hours away from UTC."""
    starts_at, ends_at = promotion.starts_at, promotion.ends_at
    step = HOUR if ends_at - starts_at > SHORT else HOUR // 2
    for begin in range(starts_at - starts_at % step, ends_at, step):
        first, last = max(begin, starts_at), min(begin + step, ends_at)
        yield Shift(first, last, math.ceil(per_hour * Fraction(last - first, HOUR)), agents)


def _pooled(plans: Sequence[Plan], now: Millis, until: Millis) -> Iterator[PooledHour]:
    hours: dict[Millis, dict[str, Plan]] = {}
    for known in plans:
        one = known.promotion
        first = max(one.starts_at, now)
        for begin in range(first - first % HOUR, min(one.ends_at, until), HOUR):
            there = hours.setdefault(begin, {})
            # Of two of one shop that meet within the hour, the busier one is staffed for.
            if one.tenant not in there or there[one.tenant].load < known.load:
                there[one.tenant] = known
    for begin in sorted(hours):
        yield _together(begin, hours[begin])


def _together(begin: Millis, plans: dict[str, Plan]) -> PooledHour:
    demand = next(iter(plans.values())).demand
    load = sum((known.load for known in plans.values()), Fraction())
    return PooledHour(
        starts_at=begin,
        tenants=tuple(sorted(plans)),
        contacts=math.ceil(sum(known.per_hour for known in plans.values())),
        agents=agents_needed(load, demand.handling, demand.parallel),
        agents_apart=sum(known.agents for known in plans.values()),
    )
