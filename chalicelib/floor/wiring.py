"""A pool with the real stores: what many leads ask for at once is read once in two seconds and process."""

from cachetools import LRUCache

from chalicelib.agents.model import Presence
from chalicelib.agents.store import Agents, all_pools
from chalicelib.aws.credentials import Scope, acting
from chalicelib.contacts.outlooks import next_wait, times_held
from chalicelib.floor.model import Pool, Seen, Shop
from chalicelib.floor.rules import coming, counts
from chalicelib.floor.sightings import look
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.overflow.climbing import longest
from chalicelib.overflow.model import SurgeState
from chalicelib.overflow.store import Surges, tenants_in_surge
from chalicelib.promotions.store import Promotions
from chalicelib.routing.model import WEIGHTS, Band, Candidate, Lane
from chalicelib.routing.waits import Wait, wait_in_queue
from chalicelib.tenants.model import Channel
from chalicelib.tenants.store import Tenants

_FRESH: Millis = 2 * SECOND
# Each shop costs a session of its own, and a request has 29 seconds.
_SHOPS = 100
# Where shops rehearse: nobody works there.
_OF_NOBODY = "rehearsal"
_pools: LRUCache[str, tuple[Millis, Pool]] = LRUCache(maxsize=256)


def pools(caller: Caller, now: Millis) -> list[Pool]:
    """Return the caller's pool; all pools for whoever has none."""
    wanted = [caller.pool] if caller.pool else [pool for pool in all_pools() if pool != _OF_NOBODY]
    return [_lately(pool, now) for pool in wanted]


def forget_floor() -> None:
    """Forget what this process has seen: for tests."""
    _pools.clear()


def _lately(pool: str, now: Millis) -> Pool:
    at, known = _pools.get(pool, (0, None))
    if known is None or not 0 <= now - at < _FRESH:
        known = _pool(pool, now)
        _pools[pool] = now, known
    return known


def _pool(pool: str, now: Millis) -> Pool:
    seen, surging = look(pool), set(tenants_in_surge())
    counted = counts(seen, now)
    wait = _wait(seen, Agents().presence(pool, now), now)
    shops = {
        one.tenant: _shop(one.tenant, one.tenant in surging, wait, held=one.held > 0, now=now)
        for one in counted[:_SHOPS]
    }
    return Pool(seen, tuple(counted[:_SHOPS]), shops, more=seen.more or len(counted) > _SHOPS)


def _shop(tenant: str, surging: bool, wait: Wait | None, *, held: bool, now: Millis) -> Shop:
    with acting(Scope(tenant=tenant)):
        profile = Tenants(tenant).profile()
        if held:
            lanes = [lane for lane in Lane if times_held(profile, lane, now)]
            wait = longest([next_wait(profile, lane, now) for lane in lanes])
        surge = Surges(tenant).state() if surging else SurgeState()
        return Shop(profile.name, surge, wait, coming(Promotions(tenant).current(now), now))


def _wait(seen: Seen, presence: Presence, now: Millis) -> Wait | None:
    """Return the wait of a chat of usual weight that comes next, behind all that is in the queue."""
    ahead = sum(one.weight for one in seen.queue)
    return wait_in_queue(Candidate("", "", WEIGHTS[Channel.CHAT], Band.ARRIVED, now), ahead, presence, now)
