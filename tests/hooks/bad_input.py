"""Wrong requests of shops' hooks and their deliveries."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import Delivery, Event, Hook, State
from chalicelib.hooks.store import Hooks
from tests.moto_desk import SHOP, Desk
from tests.samples import NOON
from tests.web.bad import USED, Bad, Good

_HOOKS = "/v1/tenants/{tenant}/hooks"
_ONE = _HOOKS + "/{hook}"
_RESEND = f"POST {_ONE}/deliveries/{{delivery}}/resend"
HOOK, FOREIGN, TOLD = "a" * 32, "b" * 32, f"{NOON:013d}-{'0' * 16}"
HOOK_IN = {"url": "https://hooks.danbi.kr/duredesk", "events": ["contact.resolved"], "label": "주문 서버"}

GOOD = {
    f"POST {_HOOKS}": Good(body=HOOK_IN),
    f"POST {_ONE}/remove": Good(key=HOOK),
    f"POST {_ONE}/test": Good(key=HOOK),
    f"GET {_ONE}/deliveries": Good(key=HOOK),
    _RESEND: Good(key=f"{HOOK}+{TOLD}"),  # two ids in one path
}


def a_hook(tenant: str = "danbi", hook: str = HOOK, **fields: Any) -> Hook:
    """Return a hook that was told of everything."""
    asked = {"url": HOOK_IN["url"], "events": (Event.CONTACT_RESOLVED,), "label": "주문 서버", "by": "shop:danbi"}
    return Hook(**{"tenant": tenant, "id": hook, **asked, "created_at": NOON, "digest": "d", **fields})


def a_delivery(tenant: str = "danbi", hook: str = HOOK, **fields: Any) -> Delivery:
    """Return a delivery that has still to be sent."""
    given: dict[str, Any] = {"id": TOLD, "event": Event.CONTACT_RESOLVED, "at": NOON, "body": "{}", **fields}
    return Delivery(tenant=tenant, hook=hook, **given)


def prepare(desk: Desk) -> None:
    """Give two shops a hook each, danbi's with a delivery that is on its way, and use up an Idempotency-Key."""
    for tenant, hook in (("danbi", HOOK), ("mungmeal", FOREIGN)):
        commit(Hooks(tenant, Vault(tenant)).add(a_hook(tenant, hook), "whsec_1"))
    commit(Deliveries("danbi", HOOK).add(a_delivery(state=State.DUE)))
    first = {**HOOK_IN, "label": "처음"}
    assert desk.call(SHOP, "POST /v1/tenants/danbi/hooks", first, headers=USED).status == 201


def _url(what: str, url: str, code: str = "hook_url") -> Bad:
    return Bad(f"`url` {what}", 400, code, body={**HOOK_IN, "url": url})


def _events(what: str, events: Any, code: str = "invalid_events") -> Bad:
    return Bad(f"`events` {what}", 400, code, body={**HOOK_IN, "events": events})


_HOOK_IDS = [
    Bad("another shop's hook", 404, "not_found", key=FOREIGN),
    *(Bad(f"the hook id `{key}`", 404, "not_found", key=key) for key in ("f" * 32, "A" * 32, "a" * 31, "..")),
]

OWN: dict[str, list[Bad]] = {
    f"POST {_HOOKS}": [
        *(
            Bad(f"no `{name}`", 400, "missing_field", body={key: HOOK_IN[key] for key in HOOK_IN if key != name})
            for name in HOOK_IN
        ),
        Bad("`label` blanks only", 400, "text_empty", body={**HOOK_IN, "label": " "}),
        Bad("`label` of 101 characters", 400, "text_too_long", body={**HOOK_IN, "label": "가" * 101}),
        _url("over http", "http://hooks.danbi.kr/"),
        _url("with an address", "https://192.0.2.1/"),
        _url("with an address of version 6", "https://[2001:db8::1]/"),
        _url("with a number for an address", "https://3221225985/"),
        _url("with a password", "https://a:b@danbi.kr/"),
        _url("at another port", "https://danbi.kr:8443/"),
        _url("at a port that is none", "https://danbi.kr:https/"),
        _url("with a fragment", "https://danbi.kr/#a"),
        _url("without a host", "https:///a"),
        _url("of a name without a dot", "https://localhost/"),
        _url("beyond ASCII", "https://단비.kr/"),
        _url("with a line feed", "https://danbi.kr/\nX: y"),
        _url("of a file", "file:///etc/passwd"),
        _url("of 501 characters", "https://danbi.kr/" + "a" * 484, "invalid_field"),
        _events("empty", [], "invalid_field"),
        _events("unknown", ["contact.opened"], "invalid_field"),
        _events("a text", "contact.resolved", "invalid_field"),
        _events("one of them twice", ["contact.resolved", "contact.resolved"]),
        _events("the test", ["test"]),
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
    ],
    f"GET {_HOOKS}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"POST {_ONE}/remove": _HOOK_IDS,
    f"POST {_ONE}/test": _HOOK_IDS,
    f"GET {_ONE}/deliveries": [
        *_HOOK_IDS,
        Bad("the cursor `x`", 400, "invalid_cursor", query={"cursor": "x"}),
    ],
    _RESEND: [
        Bad("a delivery that is on its way", 409, "delivery_due"),
        *(
            Bad(f"the hook and delivery `{hook}`, `{delivery}`", 404, "not_found", key=f"{hook}+{delivery}")
            for hook, delivery in (
                (FOREIGN, TOLD),
                ("f" * 32, TOLD),
                (HOOK, TOLD[:-1] + "1"),
                (HOOK, TOLD[:-1]),
                (HOOK, TOLD + "0"),
                (HOOK, ".."),
            )
        ),
    ],
}
