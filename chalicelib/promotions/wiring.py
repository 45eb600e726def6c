"""Plans, the contract in force and the leads' calendars with the real stores."""

from collections.abc import Iterator

from chalicelib.agents.model import DEFAULT_CAPACITY
from chalicelib.agents.store import Agents, all_pools
from chalicelib.aws.credentials import Scope, acting
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis
from chalicelib.promotions import staffing
from chalicelib.promotions.model import Calendar, Demand, Plan, Promotion
from chalicelib.promotions.rules import contract_at, next_raise
from chalicelib.promotions.store import Promotions, announced
from chalicelib.tenants.model import Contract, Tenant
from chalicelib.tenants.store import Tenants

# A chat takes two of an agent's capacity, and what a promotion brings is mostly chats.
PARALLEL = DEFAULT_CAPACITY // 2
# Each shop in a calendar costs a session of its own, and a request has 29 seconds.
_LISTED = 100


def handling(pool: str, now: Millis) -> Millis:
    """Return the mean time for which an agent of the pool holds a contact, as far as it was measured."""
    return Agents().presence(pool, now).handling


def plan_of(promotion: Promotion, profile: Tenant, now: Millis) -> Plan:
    """Return what the promotion means at the shop's contract and price of today."""
    return staffing.plan(promotion, profile, Demand(handling(profile.pool, now), PARALLEL))


def contract_of(profile: Tenant, now: Millis) -> Contract:
    """Return the shop's contract in force: raised while one of its promotions runs, known at most 30 s late."""
    return contract_at(profile.contract, Promotions(profile.id).current(now), now)


def next_raise_of(profile: Tenant, now: Millis) -> Promotion | None:
    """Return the shop's first promotion ahead that will raise its contract, known at most 30 s late, or None."""
    return next_raise(profile.contract, Promotions(profile.id).current(now), now)


def calendars(caller: Caller, now: Millis) -> list[Calendar]:
    """Return the calendar of the caller's pool; of all pools for whoever has none."""
    return [_calendar(pool, now) for pool in ([caller.pool] if caller.pool else all_pools())]


def _calendar(pool: str, now: Millis) -> Calendar:
    hints = announced(pool, now, _LISTED + 1)
    shops: dict[str, set[str]] = {}
    for tenant, promotion in hints[:_LISTED]:
        shops.setdefault(tenant, set()).add(promotion)
    entries = [found for tenant, wanted in shops.items() for found in _plans(tenant, wanted, pool, now)]
    return staffing.calendar(pool, entries, now, complete=len(hints) <= _LISTED)


def _plans(tenant: str, wanted: set[str], pool: str, now: Millis) -> Iterator[tuple[Tenant, Plan]]:
    # The index is a hint: a promotion may be cancelled, and a shop in another pool, by now.
    with acting(Scope(tenant=tenant)):
        profile, known = Tenants(tenant).profile(), Promotions(tenant).since(now)
    if profile.pool == pool:
        yield from (
            (profile, plan_of(one, profile, now)) for one in known if one.id in wanted and not one.cancelled_at
        )
