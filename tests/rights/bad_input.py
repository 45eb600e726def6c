"""Wrong requests about what shops and their customers may demand."""

from typing import Any

from chalicelib.kernel.caller import Caller, Kind
from tests.moto_desk import Desk
from tests.web.bad import Bad, Good

_TENANT = "/v1/tenants/{tenant}"
_CUSTOMER = _TENANT + "/customers/{customer}"
_CONTACT = "POST " + _TENANT + "/contacts/{contact}"
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="11111111-1111-4111-8111-111111111111")
HOLD = {"days": 30, "reason": "분쟁 조정"}
WHY = {"reason": "정보 주체의 요청"}
ERASE = {"reason": "request"}
WHOLE = {"confirm": "danbi", "reason": "contract_over"}

GOOD = {
    f"POST {_CUSTOMER}/export": Good(body=WHY, key="c1"),
    f"POST {_TENANT}/export": Good(body=WHY),
    f"POST {_CUSTOMER}/erase": Good(body=ERASE, key="c1"),
    f"GET {_TENANT}/erasures/{{erasure}}": Good(key="e" * 32),
    f"POST {_TENANT}/erase": Good(body=WHOLE),
    f"{_CONTACT}/hold": Good(body=HOLD),
    f"{_CONTACT}/release-hold": Good("held"),
}


def prepare(desk: Desk, contacts: dict[str, str]) -> None:
    """Put a contact on hold."""
    contacts["held"] = desk.open()
    assert desk.call(OWNER, f"POST /v1/tenants/danbi/contacts/{contacts['held']}/hold", HOLD).status == 200


def _search(what: str, code: str, **query: str) -> Bad:
    return Bad(what, 400, code, query=query)


def _ids(what: str, *wrong: str) -> list[Bad]:
    return [Bad(f"the {what} id `{wrong_id}`", 404, "not_found", key=wrong_id) for wrong_id in wrong]


def _wrong(name: str, good: dict[str, Any], **values: Any) -> list[Bad]:
    return [
        Bad(f"`{name}` {what.replace('_', ' ')}", 400, "invalid_field", body={**good, name: value})
        for what, value in values.items()
    ]


_UNKNOWN = [
    Bad("a customer of whom nothing is known", 404, "not_found", key="nobody"),
    *_ids("customer", "%20", "c%201", "%EB%8B%A8%EB%B9%84", "c1%0a", "%00"),
    Bad("the customer id `c × 65`", 404, "not_found", key="c" * 65),
]
_REASONS = {"unknown": "because", "empty": "", "null": None, "a_number": 7}

OWN: dict[str, list[Bad]] = {
    f"GET {_TENANT}/customers": [
        Bad("a search for nothing", 400, "invalid_search"),
        _search("a search by two values", "invalid_search", phone="01012345678", mail="a@b.kr"),
        _search("a search by name", "unknown_parameter", name="김단비"),
        _search("a part of a phone number", "invalid_phone", phone="010-1234"),
        _search("a phone number with a wildcard", "invalid_phone", phone="0101234*"),
        _search("a part of a mail address", "invalid_mail", mail="@b.kr"),
        _search("an empty `order_number`", "text_empty", order_number=""),
        _search("an `order_number` of 65 characters", "text_too_long", order_number="A" * 65),
        _search("a control character", "control_character", order_number="A\x00"),
    ],
    f"GET {_TENANT}/access-records": [
        *(
            Bad(f"`month={month}`", 400, "invalid_month", query={"month": month})
            for month in ("2026-13", "2026-1", "26-11", "가")
        ),
        Bad("a cursor of another list", 400, "invalid_cursor", query={"cursor": "x"}),
    ],
    f"POST {_CUSTOMER}/export": [
        Bad("no `reason`", 400, "missing_field", body={}, key="c1"),
        *_UNKNOWN,
        Bad("the cursor `x`", 400, "invalid_cursor", query={"cursor": "x"}),
    ],
    f"POST {_TENANT}/export": [
        Bad("no `reason`", 400, "missing_field", body={}),
        Bad("the cursor `x`", 400, "invalid_cursor", query={"cursor": "x"}),
    ],
    f"POST {_CUSTOMER}/erase": [
        *_UNKNOWN,
        Bad("no `reason`", 400, "missing_field", body={}),
        *_wrong("reason", {}, **_REASONS),
    ],
    f"GET {_TENANT}/erasures/{{erasure}}": [
        Bad("an erasure that there is not", 404, "not_found", key="f" * 32),
        *_ids("erasure", "e", "E" * 32, "%00"),
    ],
    f"POST {_TENANT}/erase": [
        Bad("no `confirm`", 400, "missing_field", body={"reason": "request"}),
        Bad("no `reason`", 400, "missing_field", body={"confirm": "danbi"}),
        Bad("`confirm` with another shop's id", 400, "not_confirmed", body={**WHOLE, "confirm": "mungmeal"}),
        Bad("`confirm` in capitals", 400, "not_confirmed", body={**WHOLE, "confirm": "DANBI"}),
        *_wrong("confirm", WHOLE, null=None, true=True),
        *_wrong("reason", WHOLE, **_REASONS),
    ],
    f"{_CONTACT}/hold": [
        Bad("no `days`", 400, "missing_field", body={"reason": "분쟁"}),
        Bad("no `reason`", 400, "missing_field", body={"days": 30}),
        *_wrong("days", HOLD, zero=0, of_1826=1826, negative=-1, a_fraction=1.5, a_text="30", null=None),
        *_wrong("reason", HOLD, null=None, a_number=7),
        Bad("`reason` of blanks only", 400, "text_empty", body={**HOLD, "reason": " \n"}),
        Bad("`reason` of 201 characters", 400, "text_too_long", body={**HOLD, "reason": "가" * 201}),
    ],
    f"{_CONTACT}/release-hold": [Bad("while nothing holds the contact", 409, "not_held", contact="waiting")],
}
