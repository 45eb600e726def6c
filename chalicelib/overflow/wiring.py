"""The gate with the real stores."""

from contextlib import AbstractContextManager
from functools import partial

from cachetools import LRUCache

from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.tables import commit
from chalicelib.contacts.outlooks import next_wait, times_held
from chalicelib.contacts.store import Contacts, held_back, lanes_held_back, queue
from chalicelib.kernel.clock import SECOND, Millis, kst_month, month_span, utc_hour
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.metering.windows import Windows
from chalicelib.overflow.ports import Backlog, Gate, Watch
from chalicelib.overflow.queue import OverflowQueue
from chalicelib.overflow.service import mark
from chalicelib.overflow.store import Surges
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import price_month
from chalicelib.promotions.wiring import contract_of
from chalicelib.routing.model import Lane, Turn
from chalicelib.routing.store import VirtualClock, turns
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.store import Tenants

_TURNS = 100
_PAGE = 50
_LONG = 200
_FRESH: Millis = 2 * SECOND
_LEFT_OUT: Millis = 60 * SECOND

# A calm pool's pulls look for turns once in two seconds and process, and pay nothing else.
_calm_at: LRUCache[str, Millis] = LRUCache(maxsize=256)
# What cannot be let in must not use up, pull by pull, the messages of what can.
_failed_at: LRUCache[tuple[str, str, Lane], Millis] = LRUCache(maxsize=1024)


def gate(*, at_pull: bool = False) -> Gate:
    """Return the gate; `at_pull` a calm pool is not looked at again for two seconds."""
    return Gate(
        tickets=OverflowQueue(),
        turns=_turns_lately if at_pull else _turns,
        lanes=lanes_held_back,
        presence=Agents().presence,
        waiting=_waiting,
        backlog=_backlog,
        contacts=Contacts,
        commit=commit,
        failed=_failed,
        acting=_acting,
    )


def watch(tenant: str) -> Watch:
    """Return what the ladder of `tenant` needs; raise NotFound for an unknown one."""
    profile = Tenants(tenant).profile()

    def call_in(pool: str, lane: Lane, now: Millis) -> None:
        mark(gate(), pool, tenant, lane, now)

    return Watch(
        tenant=profile,
        surges=Surges(tenant),
        held=partial(times_held, profile),
        wait=partial(next_wait, profile),
        spent=partial(spent, profile),
        clock=partial(VirtualClock, tenant),
        mark=call_in,
        staffed=lambda pool, now: Agents().presence(pool, now).capacity > 0,
        commit=commit,
    )


def spent(profile: Tenant, now: Millis) -> Won:
    """Return what this month of Asia/Seoul has cost the shop so far under its plan, from its windows' sums.

    Fees are in it, whenever the month's contacts came; adjustments of passed months and credits are not.
    """
    month = kst_month(now)
    first, last = utc_hour(month_span(month)[0]), utc_hour(now)
    windows = Windows(profile.id)
    counted = {meter: sum(one.total for one in windows.between(meter, first, last)) for meter in Meter}
    return sum(line.won for line in price_month(plan(profile.plan_in(month)), counted))


def forget_calm() -> None:
    """Forget what this process has seen: for tests."""
    _calm_at.clear()
    _failed_at.clear()


def _turns(pool: str, _now: Millis) -> list[Turn]:
    return turns(pool, _TURNS)


def _turns_lately(pool: str, now: Millis) -> list[Turn]:
    if 0 <= now - _calm_at.get(pool, -_FRESH) < _FRESH:
        return []
    found = _turns(pool, now)
    if not found:
        _calm_at[pool] = now
    return [turn for turn in found if not _left_out(pool, turn, now)]


def _left_out(pool: str, turn: Turn, now: Millis) -> bool:
    return 0 <= now - _failed_at.get((pool, turn.tenant, turn.lane), -_LEFT_OUT) < _LEFT_OUT


def _failed(pool: str, turn: Turn, now: Millis) -> None:
    _failed_at[pool, turn.tenant, turn.lane] = now


def _waiting(pool: str) -> int:
    """Return the weight that waits, as far as it matters: nobody is let in behind so many."""
    weight = 0
    for number, candidate in enumerate(queue(pool, _PAGE), start=1):
        weight += candidate.weight
        if number == _LONG:
            break
    return weight


def _backlog(pool: str, tenant: str, lane: Lane, now: Millis) -> Backlog:
    profile, contacts = Tenants(tenant).profile(), Contacts(tenant)
    # The reserve pool takes what is held back from home; any other pool only what was held back from itself.
    behind = profile.pool if pool == profile.surge.reserve_pool else pool
    return Backlog(
        contract=contract_of(profile, now),
        clock=VirtualClock(tenant, pool, lane),
        contacts=contacts,
        oldest=partial(held_back, behind, tenant, lane),
        any_waiting=contacts.any_waiting,
    )


def _acting(tenant: str) -> AbstractContextManager[None]:
    return acting(Scope(tenant=tenant))
