"""Every change that the desk can make, each with the state of the world that it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.agents.model import Agent
from chalicelib.kernel.clock import MINUTE
from infra.operate import now
from tests.stack import calls, world
from tests.stack.calls import Request, agent, send, shop
from tests.stack.ground import Ground
from tests.stack.settling import at

SHOP, HELD_SHOP, POOL = "crashshop", "heldshop", "crash"
CONTACTS = f"/v1/tenants/{SHOP}/contacts"
MINA, JUNHO = agent("mina", POOL), agent("junho", POOL)


@dataclass(frozen=True)
class Operation:
    """`prepare` returns what `attempt` then does; a repeat of `attempt` is what client, queue or schedule do."""

    prepare: Callable[[Ground], Any]
    attempt: Callable[[Any], None]


def found_shop() -> None:
    shops = [world.tenant(SHOP, POOL), world.tenant(HELD_SHOP, POOL, contract=world.TIGHT)]
    world.found(shops, [Agent(name, name, POOL, 6) for name in ("mina", "junho")])


def _opened(key: str) -> str:
    return str(_done(_arrival(SHOP, key))["id"])


def _arrival(tenant: str, key: str) -> Request:
    body = {"channel": "chat", "customer": {"id": "c-1"}, "text": "배송이 언제 오나요?"}
    return Request(shop(tenant), "POST", f"/v1/tenants/{tenant}/contacts", body, key)


def _claimed(key: str) -> str:
    contact = _opened(key)
    _done(Request(MINA, "POST", f"{CONTACTS}/{contact}/claim"))
    return contact


def _answered(key: str) -> str:
    contact = _claimed(key)
    _done(_said(MINA, contact, "replies", f"first-{key}"))
    return contact


def _resolved(key: str) -> str:
    contact = _answered(key)
    _done(Request(MINA, "POST", f"{CONTACTS}/{contact}/resolve"))
    return contact


def _spam(key: str) -> str:
    contact = _resolved(key)
    _done(Request(MINA, "POST", f"{CONTACTS}/{contact}/spam"))
    return contact


def _said(caller: Any, contact: str, what: str, key: str) -> Request:
    return Request(caller, "POST", f"{CONTACTS}/{contact}/{what}", {"text": "내일 도착합니다."}, key)


def _full() -> None:
    """Use up the contract of a shop: what it opens from now on is held back."""
    for key in ("first", "second"):
        assert _done(_arrival(HELD_SHOP, key))["status"] == "waiting"


def _held() -> list[str]:
    """Let two contacts be held back, and return their ids."""
    _full()
    held = [_done(_arrival(HELD_SHOP, key)) for key in ("third", "fourth")]
    assert [one["status"] for one in held] == ["overflow", "overflow"]
    return [one["id"] for one in held]


def _done(request: Request) -> dict[str, Any]:
    answer = send(request)
    assert answer.status < 300, (request, answer)
    return answer.body


def _act(state: Callable[[str], str], what: str, caller: Any = MINA, body: Any = None) -> Operation:
    """Return the operation `what` on a contact in a state, guarded by the version that the caller saw."""

    def prepare(here: Ground) -> Request:
        contact = state("one")
        _done(Request(JUNHO, "POST", "/v1/agents/me/heartbeat"))
        seen = _done(Request(MINA, "GET", f"{CONTACTS}/{contact}"))["contact"]["version"]
        return Request(caller, "POST", f"{CONTACTS}/{contact}/{what}", body, if_match=seen)

    return Operation(prepare, _request)


def _create(state: Callable[[str], str], what: str, caller: Any) -> Operation:
    return Operation(lambda here: _said(caller, state("one"), what, "key-1"), _request)


def _request(request: Request) -> None:
    # A repeat whose first answer was lost is told that the state or the version moved on.
    answer = send(request)
    assert answer.status < 300 or answer.status in {409, 412}, answer


def _open(here: Ground) -> Request:
    body = {"channel": "chat", "customer": {"id": "c-1"}, "text": "환불해 주세요."}
    return Request(shop(SHOP), "POST", CONTACTS, body, "open-1")


def _pull(here: Ground) -> Request:
    _opened("one")
    _opened("two")
    return Request(MINA, "POST", "/v1/queue/next", if_match=0)


def _merge(here: Ground) -> Request:
    absorbed, survivor = _answered("one"), _opened("two")
    return Request(MINA, "POST", f"{CONTACTS}/{absorbed}/merge", {"into": survivor})


def _present(here: Ground) -> Request:
    _done(Request(MINA, "POST", "/v1/agents/me/heartbeat"))
    return Request(MINA, "POST", "/v1/agents/me/leave")


def _changes(here: Ground) -> list[dict[str, Any]]:
    _answered("one")
    return here.changes()


def _relay(records: list[dict[str, Any]]) -> None:
    assert calls.deliver_changes(records) == []


def _hold(here: Ground) -> Request:
    _full()
    return _arrival(HELD_SHOP, "third")


def _held_changes(here: Ground) -> list[dict[str, Any]]:
    _held()
    return here.changes()


def _pull_while_held(here: Ground) -> Request:
    _relay(_held_changes(here))
    return Request(MINA, "POST", "/v1/queue/next", if_match=0)


def _room(here: Ground) -> int:
    """Somebody has room when the sweeper comes."""
    _relay(_held_changes(here))
    _done(Request(MINA, "POST", "/v1/agents/me/heartbeat"))
    return now()


def _spent(here: Ground) -> int:
    """Somebody took all that is held back out of its turn, and its tickets are still there."""
    held = _held()
    _relay(here.changes())
    for contact in held:
        _done(Request(MINA, "POST", f"/v1/tenants/{HELD_SHOP}/contacts/{contact}/claim"))
    return now()


def _forgotten(here: Ground) -> int:
    """The overflow queue never heard of what was held back two minutes ago."""
    _held()
    later = now() + 3 * MINUTE
    with at(later):
        _done(Request(MINA, "POST", "/v1/agents/me/heartbeat"))
    return later


def _window(here: Ground) -> list[str]:
    _answered("one")
    with at(now() + 10 * MINUTE):
        calls.sweep()
    return here.messages()


def _send(bodies: list[str]) -> None:
    assert bodies
    calls.deliver_usage(bodies)


def _silent(here: Ground) -> int:
    _answered("one")
    _claimed("two")
    return now() + 6 * MINUTE


def _sweep(later: int) -> None:
    with at(later):
        calls.sweep()


OPERATIONS: dict[str, Operation] = {
    "open": Operation(_open, _request),
    "message": _create(_opened, "messages", shop(SHOP)),
    "message_reopens": _create(_resolved, "messages", shop(SHOP)),
    "pull": Operation(_pull, _request),
    "claim": _act(_opened, "claim"),
    "reply": _create(_claimed, "replies", MINA),
    "reply_again": _create(_answered, "replies", MINA),
    "note": _create(_claimed, "notes", MINA),
    "resolve": _act(_answered, "resolve"),
    "reopen": _act(_resolved, "reopen", shop(SHOP)),
    "transfer": _act(_answered, "transfer", body={"to": "junho"}),
    "release": _act(_answered, "release"),
    "spam": _act(_answered, "spam"),
    "undo_spam": _act(_spam, "undo-spam", shop(SHOP)),
    "merge": Operation(_merge, _request),
    "heartbeat": Operation(lambda here: Request(MINA, "POST", "/v1/agents/me/heartbeat"), _request),
    "leave": Operation(_present, _request),
    "relay": Operation(_changes, _relay),
    "send_usage": Operation(_window, _send),
    "sweep": Operation(_silent, _sweep),
    "hold": Operation(_hold, _request),
    "relay_held": Operation(_held_changes, _relay),
    "pull_lets_in": Operation(_pull_while_held, _request),
    "sweep_lets_in": Operation(_room, _sweep),
    "sweep_forgotten": Operation(_forgotten, _sweep),
    "sweep_spends": Operation(_spent, _sweep),
}
