"""Wrong requests of the shops' widget keys and of the visitors of their pages."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.visitors.model import WidgetKey
from chalicelib.visitors.store import WidgetKeys
from tests.moto_desk import NOBODY, SHOP, Desk
from tests.samples import NOON
from tests.web.bad import USED, Bad, Good

_KEYS = "/v1/tenants/{tenant}/widget-keys"
_OPEN = "POST /v1/widget/contacts"
ORIGIN = "https://danbi.kr"
WIDGET = WidgetKey("danbi", "a" * 16, (ORIGIN, "https://m.danbi.kr"), "쇼핑몰", NOON, "d")
SHUT = WidgetKey("danbi", "b" * 16, (ORIGIN,), "옛 쇼핑몰", NOON, "d", revoked=True)
VISITOR = Caller(Kind.VISITOR, WIDGET.id, tenant="danbi", contact="0" * 32, origins=" ".join(WIDGET.origins))
HEADERS = {"Origin": ORIGIN, "X-Widget-Key": str(WIDGET), "Idempotency-Key": "good-good-good-good-good"}
KEY_IN = {"origins": [ORIGIN], "label": "쇼핑몰"}
VISIT_IN = {"text": "언제 와요?", "name": "손님"}

GOOD = {
    f"POST {_KEYS}": Good(body=KEY_IN),
    f"POST {_KEYS}/{{key}}/revoke": Good(key=WIDGET.id),
    _OPEN: Good(body=VISIT_IN, headers=HEADERS),
    "GET /v1/widget/shop": Good(headers={"Origin": ORIGIN, "X-Widget-Key": str(WIDGET)}),
    "POST /v1/widget/renew": Good(headers={"Origin": ORIGIN}),
}


def prepare(desk: Desk) -> None:
    """Store widget keys, and use up an Idempotency-Key of each route that creates."""
    for key in (WIDGET, SHUT):
        commit(WidgetKeys("danbi").add(key))
    first = {"label": "처음", "origins": [ORIGIN]}
    assert desk.call(SHOP, "POST /v1/tenants/danbi/widget-keys", first, headers=USED).status == 201
    assert desk.call(NOBODY, _OPEN, {"text": "처음"}, headers=HEADERS | USED).status == 201


def _origins(what: str, origins: Any, code: str = "invalid_origin") -> Bad:
    return Bad(f"`origins` {what}", 400, code, body={**KEY_IN, "origins": origins})


def _refused(what: str, status: int, code: str, **headers: str) -> Bad:
    return Bad(what, status, code, headers={name.replace("_", "-"): value for name, value in headers.items()})


_ORIGINS = [
    Bad("a page of another origin", 403, "origin_not_allowed", headers={"Origin": "https://evil.kr"}),
    Bad("a page of a subdomain", 403, "origin_not_allowed", headers={"Origin": "https://x.danbi.kr"}),
    Bad("a page of the same host over http", 403, "origin_not_allowed", headers={"Origin": "http://danbi.kr"}),
    Bad("a page of the host at another port", 403, "origin_not_allowed", headers={"Origin": f"{ORIGIN}:8443"}),
    Bad("two origins", 403, "origin_not_allowed", headers={"Origin": f"{ORIGIN} https://m.danbi.kr"}),
    Bad("a page without an origin of its own", 403, "origin_not_allowed", headers={"Origin": "null"}),
    Bad("no Origin: no browser", 403, "origin_not_allowed", headers={"Origin": ""}),
]

_WIDGET_KEYS = [
    _refused("no widget key", 401, "unauthenticated", X_Widget_Key=""),
    _refused("a text that is no widget key", 401, "unauthenticated", X_Widget_Key="danbi"),
    _refused("a widget key of no shop", 401, "unauthenticated", X_Widget_Key=f"ddw.absent00.{WIDGET.id}"),
    _refused("a widget key of another shop", 401, "unauthenticated", X_Widget_Key=f"ddw.mungmeal.{WIDGET.id}"),
    _refused("a widget key that there is not", 401, "unauthenticated", X_Widget_Key="ddw.danbi." + "f" * 16),
    _refused("a revoked widget key", 401, "unauthenticated", X_Widget_Key=str(SHUT)),
]

OWN: dict[str, list[Bad]] = {
    f"POST {_KEYS}": [
        Bad("no `origins`", 400, "missing_field", body={"label": "a"}),
        Bad("no `label`", 400, "missing_field", body={"origins": [ORIGIN]}),
        Bad("`label` blanks only", 400, "text_empty", body={**KEY_IN, "label": "  "}),
        Bad("`label` of 101 characters", 400, "text_too_long", body={**KEY_IN, "label": "가" * 101}),
        _origins("empty", [], "invalid_field"),
        _origins("of 11 pages", [f"https://a{number}.kr" for number in range(11)], "invalid_field"),
        _origins("a text", ORIGIN, "invalid_field"),
        _origins("with a path", [f"{ORIGIN}/shop"]),
        _origins("with a wildcard", ["https://*.danbi.kr"]),
        _origins("over http", ["http://danbi.kr"]),
        _origins("with an address", ["https://192.0.2.1"]),
        _origins("with a user", ["https://a@danbi.kr"]),
        _origins("beyond ASCII", ["https://단비.kr"]),
        _origins("two in one", [f"{ORIGIN} https://evil.kr"]),
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
    ],
    f"GET {_KEYS}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"POST {_KEYS}/{{key}}/revoke": [
        *(
            Bad(f"the key id `{key}`", 404, "not_found", key=key)
            for key in ("f" * 16, "A" * 16, "a" * 15, "a" * 17, "a" * 16 + "%0a", "..", "%2e%2e", "profile")
        )
    ],
    "GET /v1/widget/shop": [*_ORIGINS, *_WIDGET_KEYS],
    _OPEN: [
        *_ORIGINS,
        *_WIDGET_KEYS,
        _refused("a guessable Idempotency-Key", 400, "invalid_idempotency_key", Idempotency_Key="order-1"),
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
        Bad("no `text`", 400, "missing_field", body={"name": "손님"}),
        Bad("`text` blanks only", 400, "text_empty", body={"text": " "}),
        Bad("`text` with a control character", 400, "control_character", body={"text": "a\x00"}),
        Bad("`text` a number", 400, "invalid_field", body={"text": 1}),
        Bad("`name` of 51 characters", 400, "text_too_long", body={**VISIT_IN, "name": "가" * 51}),
        Bad("a mail address to be looked up", 400, "unknown_field", body={**VISIT_IN, "email": "a@example.com"}),
        Bad("a customer of the shop's", 400, "unknown_field", body={**VISIT_IN, "customer": {"id": "c1"}}),
        Bad("a body over 16 KB", 413, "body_too_large", body={"text": "가" * 6_000}),
    ],
    "POST /v1/widget/renew": [
        *_ORIGINS,
        Bad("when the conversation is spam", 409, "conversation_closed", contact="spam"),
        Bad("when the conversation was merged", 409, "conversation_closed", contact="merged"),
        Bad("a conversation that there is not", 404, "not_found", contact="absent"),
        Bad("another shop's conversation", 404, "not_found", contact="foreign"),
    ],
}
