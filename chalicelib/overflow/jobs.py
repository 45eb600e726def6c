"""Overflow's work off the stream and the clock."""

from collections.abc import Mapping
from typing import Any

from chalicelib.agents.store import all_pools
from chalicelib.aws.batches import each_of
from chalicelib.aws.credentials import Scope, acting
from chalicelib.contacts.model import Status
from chalicelib.kernel.clock import Millis
from chalicelib.overflow.climbing import climb_ladder
from chalicelib.overflow.queue import OverflowQueue
from chalicelib.overflow.service import mark, spend, sweep
from chalicelib.overflow.store import tenants_in_surge
from chalicelib.overflow.wiring import gate, watch
from chalicelib.routing.model import Lane
from chalicelib.routing.store import turns
from chalicelib.tenants.store import capped_tenants

_TURNS = 1000


def relay_held(record: Mapping[str, Any]) -> None:
    """Send the ticket of a contact that was held back, as its stream `record` shows; its turn is since then."""
    change = record["dynamodb"]
    new, old = _plain(change.get("NewImage", {})), _plain(change.get("OldImage", {}))
    if new.get("kind") != "contact" or new["status"] != Status.OVERFLOW or old.get("status") == Status.OVERFLOW:
        return
    held_at = int(change["NewImage"]["held_at"]["N"])
    mark(gate(), new["pool"], new["tenant"], Lane(new.get("lane", Lane.SHOP)), held_at)
    OverflowQueue().send(new["tenant"], new["contact"])


def sweep_overflow(now: Millis) -> int:
    """Let contacts in wherever there is room, and take spent messages off the queue; count both.

    A pool that fails stops no other; the failure is raised in the end, for the alarm.
    """
    here = gate()
    pools = all_pools()
    entered = sum(each_of("sweep", pools, lambda pool: sweep(here, pool, now)))
    if entered or any(here.turns(pool, now) for pool in pools):
        return entered
    return spend(here)


def climb_ladders(now: Millis) -> int:
    """Take and undo the steps of every shop under pressure, and mind every monthly cap; count what happened.

    A shop whose ladder fails stops no other; the failure is raised in the end, for the alarm.
    """
    held = {turn.tenant for pool in all_pools() for turn in turns(pool, _TURNS)}

    def one(tenant: str) -> int:
        with acting(Scope(tenant=tenant)):
            return climb_ladder(watch(tenant), now)

    return sum(each_of("ladder", sorted({*held, *tenants_in_surge(), *capped_tenants()}), one))


def _plain(image: Mapping[str, Any]) -> dict[str, str]:
    return {name: value["S"] for name, value in image.items() if "S" in value}
