"""Hooks with the real stores."""

import json
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from cachetools import TTLCache

from chalicelib.aws.clients import client
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Write, commit
from chalicelib.aws.vault import Vault
from chalicelib.hooks import egress, service
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import Answer, Delivery, Event, Hook
from chalicelib.hooks.ports import Desk
from chalicelib.hooks.rules import day_of
from chalicelib.hooks.store import Hooks
from chalicelib.kernel.clock import Millis
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters

# Longer than the function that calls out may take.
_CALL_SECONDS = 20
# A shop that makes a hook waits for its first event at most so long.
_hooks: TTLCache[str, list[Hook]] = TTLCache(maxsize=4096, ttl=60)


def desk(tenant: str) -> Desk:
    """Return a shop's hooks."""
    return Desk(
        tenant=tenant,
        hooks=Hooks(tenant, Vault(tenant)),
        deliveries=partial(Deliveries, tenant),
        warn=_warning,
        post=_post,
        commit=commit,
    )


def outbox(tenant: str, event: Event, data: Mapping[str, str | int], at: Millis) -> list[Write]:
    """Return the writes that tell the shop's hooks of `event`: part of the transaction that makes it happen.

    `data` is ids, times and numbers, and nothing of a customer. A shop without a hook for it costs nothing but one
    look a minute and process.
    """
    here = desk(tenant)
    known = _hooks.get(tenant)
    if known is None:
        known = _hooks[tenant] = here.hooks.all()
    return service.writes(here, known, event, data, at)


def forget_hooks(tenant: str = "") -> None:
    """Forget what this process knows of a shop's hooks, or of all: after a change, and for tests."""
    if tenant:
        _hooks.pop(tenant, None)
    else:
        _hooks.clear()


def _warning(hook: Hook, delivery: Delivery, now: Millis) -> Write:
    letter = f"{Name.HOOK_FAILING}-{hook.id}-{day_of(now)}"
    said = {"status": delivery.status or delivery.error}
    return Letters(hook.tenant).add(Letter(hook.tenant, letter, Name.HOOK_FAILING, To.OWNERS, now, said))


def _post(url: str, body: str, headers: Mapping[str, str]) -> Answer:
    asked = {"url": url, "body": body, "headers": dict(headers)}
    if not settings().egress_function:
        if settings().stage != "local":
            raise RuntimeError("only the function without rights calls addresses that shops named")
        return _read(egress.call_out(asked, is_local=True))
    given = _lambda().invoke(FunctionName=settings().egress_function, Payload=json.dumps(asked).encode())
    said: Any = json.loads(given["Payload"].read())
    if "FunctionError" in given:
        log().warning("egress failed", said=str(said))
        return Answer(0, 0, "no_answer")
    return _read(said)


def _read(said: Mapping[str, Any]) -> Answer:
    return Answer(int(said["status"]), int(said["ms"]), str(said["error"]))


@cache
def _lambda() -> Any:
    return client("lambda", settings().region, read_timeout=_CALL_SECONDS)
