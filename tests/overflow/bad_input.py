"""Wrong requests about waits and of shops under pressure."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.overflow.model import SurgeState
from chalicelib.overflow.store import Surges
from chalicelib.tenants.model import Step
from tests.moto_desk import Desk
from tests.people import bad_input as people
from tests.samples import NOON
from tests.web.bad import USED, Bad, Good

_ONE = "/v1/tenants/{tenant}/contacts/{contact}"
_RESERVE = "/v1/tenants/{tenant}/reserve"
RESERVE = {"until": "2026-11-21T14:00+09:00"}
PREFER = {"by": "callback", "phone": "010-1234-5678"}
TEXT = {"text": "저희가 직접 답변드려요"}
CALLED = SurgeState(NOON, steps={Step.STAFF: NOON})

GOOD = {
    f"POST {_ONE}/prefer": Good(body=PREFER),
    f"POST {_ONE}/answer-ourselves": Good(body=TEXT),
    f"POST {_RESERVE}": Good(body=RESERVE),
}


def prepare(desk: Desk, found: dict[str, str]) -> None:
    """Let danbi's owner answer a contact and use up an Idempotency-Key; then nothing is in force."""
    found["answered"] = desk.open()
    path = f"POST /v1/tenants/danbi/contacts/{found['answered']}/answer-ourselves"
    surges = Surges("danbi")
    commit(surges.save(SurgeState(), CALLED))
    assert desk.call(people.BOSS.caller, path, {"text": "처음"}, headers=USED).status == 201
    commit(surges.save(surges.state(), SurgeState()))


def _body(what: str, code: str, good: dict[str, Any], **values: Any) -> Bad:
    body = {name: value for name, value in {**good, **values}.items() if value is not ...}
    return Bad(what, 400, code, body=body)


def _states(body: dict[str, str]) -> list[Bad]:
    states = ("claimed", "resolved", "spam")
    found = [Bad(f"while the contact is {one}", 409, "wrong_state", contact=one, body=body) for one in states]
    return [*found, Bad("when the contact was merged", 409, "contact_merged", contact="merged", body=body)]


_BODY = Bad("a body with a field", 400, "unknown_field", body={"a": 1})

OWN: dict[str, list[Bad]] = {
    f"GET {_ONE}/wait": [_BODY],
    f"POST {_ONE}/prefer": [
        _body("no `by`", "missing_field", PREFER, by=...),
        *(
            _body(f"`by` {what}", "invalid_field", PREFER, by=value)
            for what, value in {"unknown": "fax", "in capitals": "MAIL", "null": None, "a number": 1}.items()
        ),
        *(
            _body(f"`{name}` {what}", "invalid_field", PREFER, **{name: value})
            for name in ("phone", "mail")
            for what, value in {"null": None, "a number": 1012345678, "an array": ["a"]}.items()
        ),
        _body("a callback without a phone", "missing_detail", PREFER, phone=...),
        _body("an answer by mail without a mail", "missing_detail", PREFER, by="mail"),
        _body("`phone` that is no number", "invalid_phone", PREFER, phone="빨리요"),
        _body("`phone` too long", "text_too_long", PREFER, phone="0" * 33),
        _body("`mail` without a domain", "invalid_mail", PREFER, by="mail", mail="danbi@"),
        *_states(PREFER),
        Bad("while nothing else is offered", 409, "not_offered"),
    ],
    f"POST {_ONE}/answer-ourselves": [
        _body("no `text`", "missing_field", TEXT, text=...),
        _body("`text` blanks only", "text_empty", TEXT, text=" \n\t "),
        _body("`text` of 10,001 characters", "text_too_long", TEXT, text="가" * 10_001),
        _body("`text` with a control character", "control_character", TEXT, text="a\x00b"),
        _body("`text` a number", "invalid_field", TEXT, text=7),
        *_states(TEXT),
        Bad("while the shop's own staff is not called", 409, "not_in_force"),
        Bad("an If-Match of another version", 412, "version_mismatch", headers={"If-Match": "999"}),
        Bad(
            "an Idempotency-Key that came with another body",
            409,
            "idempotency_mismatch",
            contact="answered",
            headers=USED,
        ),
    ],
    "GET /v1/tenants/{tenant}/overflow": [_BODY],
    f"POST {_RESERVE}": [
        _body("no `until`", "missing_field", RESERVE, until=...),
        _body("`until` a number", "invalid_field", RESERVE, until=7),
        _body("`until` without an offset", "invalid_time", RESERVE, until="2026-11-21T14:00"),
        _body("`until` a day alone", "invalid_time", RESERVE, until="2026-11-21"),
        _body("`until` that is over", "invalid_until", RESERVE, until="2026-11-21T11:59+09:00"),
        _body("`until` in more than 4 hours", "invalid_until", RESERVE, until="2026-11-21T20:00+09:00"),
        Bad("of a shop that chose no reserve", 409, "no_reserve_pool"),
    ],
}
