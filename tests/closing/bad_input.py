"""Wrong requests about the close of a month, and about breaks."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.closing.rules_records import record_id, seen
from chalicelib.closing.store import Breaks
from chalicelib.metering.model import Period, PeriodState
from chalicelib.metering.periods import Periods
from tests.samples import NOON
from tests.web.bad import Bad, Good

MONTH, OPEN, INVOICED = "2026-07", "2026-08", "2026-06"
FOUND = Break(Rule.BILL_LINE, "danbi", "usage:human", 10, 7, Cause.PRICE_VERSION, MONTH)
BREAK, CLEARED = record_id(FOUND), f"{MONTH}-{'f' * 16}"
REOPENING = {"reason": "한 건이 빠졌다"}
EXPLANATION = {"cause": "manual_stripe_edit", "note": "우리가 깎아 주었다"}

_PERIOD = "/v1/tenants/{tenant}/periods/{month}"
_BREAKS = "/v1/tenants/{tenant}/breaks"

GOOD = {
    f"GET {_PERIOD}": Good(key=MONTH),
    f"POST {_PERIOD}/close": Good(key=MONTH),
    f"POST {_PERIOD}/repair": Good(key=OPEN),
    f"POST {_PERIOD}/reopen": Good(body=REOPENING, key=MONTH),
    f"POST {_PERIOD}/reopen/approve": Good(key=MONTH),
    f"POST {_BREAKS}/{{break}}/resolve": Good(body=EXPLANATION, key=BREAK),
    f"POST {_BREAKS}/{{break}}/approve": Good(key=BREAK),
}


def prepare() -> None:
    """Let danbi have a month that is invoiced, and one that is reconciled with an open break in it."""
    reconciled = Period("danbi", MONTH, PeriodState.RECONCILED, version=1)
    commit(Periods("danbi").save(Period("danbi", MONTH), reconciled))
    invoiced = Period("danbi", INVOICED, PeriodState.INVOICED, version=1, invoice="in_1")
    commit(Periods("danbi").save(Period("danbi", INVOICED), invoiced))
    commit(Breaks("danbi").save(None, seen(FOUND, None, NOON)[1]))


_STALE = Bad("an If-Match of another version", 412, "version_mismatch", headers={"If-Match": "999"})
_PATHS = {"a month that there is not": "2026-13", "a month in full width": "%EF%BC%92026-09", "no month": ".."}
_MONTHS = [Bad(what, 404, "not_found", key=key) for what, key in _PATHS.items()]
_WRONG = {"absent": CLEARED, "of another month": BREAK.replace(MONTH, OPEN), "of no form": "x", "..": ".."}
_WRONG_BREAKS = [Bad(f"a break {what}", 404, "not_found", key=key) for what, key in _WRONG.items()]


def _texts(good: dict[str, str], name: str) -> list[Bad]:
    def put(value: Any) -> dict[str, Any]:
        return {key: one for key, one in {**good, name: value}.items() if one is not ...}

    said = {
        "of blanks": (" \n ", "text_empty"),
        "of 501 characters": ("가" * 501, "text_too_long"),
        "with a control character": ("a\x00b", "control_character"),
        "a number": (7, "invalid_field"),
        "null": (None, "invalid_field"),
    }
    found = [Bad(f"`{name}` {what}", 400, code, body=put(value)) for what, (value, code) in said.items()]
    return [Bad(f"no `{name}`", 400, "missing_field", body=put(...)), *found]


OWN: dict[str, list[Bad]] = {
    f"POST {_PERIOD}/repair": [
        *_MONTHS,
        Bad("a body with a field", 400, "unknown_field", body={"from": "2026-11"}),
        Bad("a month whose invoice is made out", 409, "already_invoiced", key=INVOICED),
    ],
    f"GET {_PERIOD}": [*_MONTHS, Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"POST {_PERIOD}/close": [
        *_MONTHS,
        Bad("a month before the first of the shop", 400, "too_early", key="2026-05"),
        _STALE,
    ],
    f"POST {_PERIOD}/reopen": [
        *_MONTHS,
        *_texts(REOPENING, "reason"),
        Bad("while the month is open", 409, "wrong_state", key=OPEN),
        _STALE,
    ],
    f"POST {_PERIOD}/reopen/approve": [
        *_MONTHS,
        Bad("while nobody has asked", 409, "not_asked"),
        Bad("while the month is open", 409, "wrong_state", key=OPEN),
        _STALE,
    ],
    f"GET {_BREAKS}": [
        Bad(f"`month={value}`", 400, "invalid_month", query={"month": value})
        for value in ("2026-13", "26-11", "2026-11-01", "20٢٦-11", "now")
    ],
    f"POST {_BREAKS}/{{break}}/resolve": [
        *_WRONG_BREAKS,
        *_texts(EXPLANATION, "note"),
        *(
            Bad(f"`cause` {what}", 400, "invalid_field", body={**EXPLANATION, "cause": value})
            for what, value in {"unknown": "magic", "in capitals": "FEE", "null": None, "a number": 1}.items()
        ),
        Bad("no `cause`", 400, "missing_field", body={"note": "x"}),
        _STALE,
    ],
    f"POST {_BREAKS}/{{break}}/approve": [
        *_WRONG_BREAKS,
        Bad("before somebody has answered it", 409, "wrong_state"),
        _STALE,
    ],
}
