"""Wrong requests about promotions."""

from typing import Any

from chalicelib.kernel.clock import DAY, HOUR, MINUTE, iso
from tests.moto_desk import SHOP, Desk
from tests.promotions.samples import a_promotion
from tests.samples import NOON
from tests.web.bad import USED, Bad, Good

_PROMOTIONS = "/v1/tenants/{tenant}/promotions"
_ONE = _PROMOTIONS + "/{promotion}"
_PLACE = "POST /v1/tenants/danbi/promotions"
IN = {
    "name": "블랙프라이데이",
    "starts_at": "2026-11-28T10:00+09:00",
    "ends_at": "2026-11-28T14:00+09:00",
    "multiple": 5,
}
ABSENT = a_promotion("f" * 16).id

GOOD = {
    f"POST {_PROMOTIONS}": Good(body=IN),
    f"GET {_ONE}": Good(key=ABSENT),
    f"POST {_ONE}/cancel": Good(key=ABSENT),
    f"POST {_PROMOTIONS}/preview": Good(body=IN),
}


def prepare(desk: Desk) -> None:
    """Announce a promotion of 1 December, and use up its Idempotency-Key."""
    taken = {**IN, "starts_at": "2026-12-01T00:00Z", "ends_at": "2026-12-02T00:00Z"}
    assert desk.call(SHOP, _PLACE, taken, headers=USED).status == 201


def _wrong(what: str, code: str, **values: Any) -> Bad:
    return Bad(what, 400, code, body={**IN, **values})


def _at(what: str, code: str, starts_at: int, lasts: int) -> Bad:
    return _wrong(what, code, starts_at=iso(starts_at), ends_at=iso(starts_at + lasts))


_TIMES = {
    "without an offset": "2026-11-28T10:00",
    "a day alone": "2026-11-28",
    "with a blank for the T": "2026-11-28 10:00+09:00",
    "of no calendar": "2026-02-30T10:00+09:00",
    "at hour 24": "2026-11-28T24:00+09:00",
    "a week's day": "2026-W48-6T10:00+09:00",
    "with an offset of a day": "2026-11-28T10:00+24:00",
    "with the name of a zone": "2026-11-28T10:00 KST",
    "in other digits": "２０２６-11-28T10:00+09:00",
    "with a line feed": "2026-11-28T10:00+09:00\n",
    "of the last century": "1999-11-28T10:00+09:00",
    "finer than a millisecond": "2026-11-28T10:00:00.1234+09:00",
    "empty": "",
}

_IDS = [
    Bad(f"the promotion id `{shown}`", 404, "not_found", key=key)
    for key, shown in {
        ABSENT: "of none",
        "a" * 16: "without its day",
        ABSENT.upper(): "in capitals",
        ABSENT + "%0a": "with a line feed",
        ABSENT[:-1] + "%23": "with #",
        "%2e%2e": "%2e%2e",
        "announcements": "announcements",
        "%00": "%00",
    }.items()
]

_ANNOUNCED = [
    *(Bad(f"no `{name}`", 400, "missing_field", body={key: IN[key] for key in IN if key != name}) for name in IN),
    *(
        _wrong(f"`{name}` {what.replace('_', ' ')}", "invalid_field", **{name: value})
        for name in ("name", "starts_at", "ends_at")
        for what, value in {"null": None, "a_number": 7, "an_array": ["a"], "true": True}.items()
    ),
    _wrong("`name` blanks only", "text_empty", name=" \n"),
    _wrong("`name` of 101 characters", "text_too_long", name="가" * 101),
    _wrong("`name` with a control character", "control_character", name="a\x00"),
    *(
        _wrong(f"`{name}` {what}", "invalid_time", **{name: value})
        for name in ("starts_at", "ends_at")
        for what, value in _TIMES.items()
    ),
    *(
        _wrong(f"`multiple` {what}", "invalid_field", multiple=value)
        for what, value in {
            "of 1.4": 1.4,
            "of 0": 0,
            "negative": -5,
            "of 100.1": 100.1,
            "a text": "5",
            "null": None,
            "true": True,
        }.items()
    ),
    _wrong("`multiple` with two decimal places", "invalid_multiple", multiple=2.05),
    _at("an end at the start", "ends_before_start", NOON + DAY, 0),
    _at("an end before the start", "ends_before_start", NOON + DAY, -HOUR),
    _at("14 days and a minute", "promotion_too_long", NOON + DAY, 14 * DAY + MINUTE),
    _at("a start of a minute ago", "starts_in_past", NOON - MINUTE, HOUR),
    _at("a start in a year and a day", "too_far_ahead", NOON + 366 * DAY, HOUR),
    Bad(
        "at the time of another one",
        409,
        "promotion_overlaps",
        body={**IN, "starts_at": "2026-12-02T08:59+09:00", "ends_at": "2026-12-02T18:00+09:00"},
    ),
]

OWN: dict[str, list[Bad]] = {
    f"POST {_PROMOTIONS}": [
        *_ANNOUNCED,
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
    ],
    f"GET {_PROMOTIONS}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"GET {_ONE}": _IDS,
    f"POST {_ONE}/cancel": _IDS,
    f"POST {_PROMOTIONS}/preview": _ANNOUNCED,
    "GET /v1/promotions": [
        Bad("a body with a field", 400, "unknown_field", body={"a": 1}),
        Bad("a pool that is asked for", 400, "unknown_parameter", query={"pool": "other"}),
    ],
}
