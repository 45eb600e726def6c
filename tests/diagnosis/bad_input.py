"""Wrong requests about diagnoses of past contacts."""

from chalicelib.diagnosis.model import MAX_BYTES
from tests.moto_desk import Desk
from tests.people.bad_input import BOSS
from tests.web.bad import USED, Bad, Good

_DIAGNOSES = "/v1/tenants/{tenant}/diagnoses"
_ONE = _DIAGNOSES + "/{diagnosis}"
FILE = {"name": "지난 문의.csv", "size": 1_000}
COLUMNS = {"at": 1, "text": 2}
_NONE = "f" * 32

GOOD = {
    f"POST {_DIAGNOSES}": Good(body=FILE),
    f"POST {_ONE}/start": Good(key=_NONE),
    f"GET {_ONE}": Good(key=_NONE),
}


def prepare(desk: Desk) -> None:
    """Announce a file."""
    first = {**FILE, "name": "처음.csv"}
    answer = desk.call(BOSS.caller, "POST /v1/tenants/danbi/diagnoses", first, headers=USED)
    assert answer.status == 201


_IDS = {_NONE: "", "A" * 32: "A × 32", "1" * 31: "", "1" * 32 + "%0a": "", "..": "", "%00": ""}
_ABSENT = [Bad(f"the diagnosis `{shown or key}`", 404, "not_found", key=key) for key, shown in _IDS.items()]


def _columns(name: str, what: str, value: object) -> Bad:
    body = {"columns": {**COLUMNS, name: value}}
    return Bad(f"`columns.{name}` {what}", 400, "invalid_field", body=body)


OWN: dict[str, list[Bad]] = {
    f"POST {_DIAGNOSES}": [
        *(
            Bad(f"no `{name}`", 400, "missing_field", body={key: FILE[key] for key in FILE if key != name})
            for name in FILE
        ),
        Bad("`name` blanks only", 400, "text_empty", body={**FILE, "name": " "}),
        Bad("`name` of 101 characters", 400, "text_too_long", body={**FILE, "name": "가" * 101}),
        Bad("`name` with a control character", 400, "control_character", body={**FILE, "name": "a\x00"}),
        Bad("`name` a number", 400, "invalid_field", body={**FILE, "name": 7}),
        Bad("`size` of nothing", 400, "invalid_field", body={**FILE, "size": 0}),
        Bad("`size` a text", 400, "invalid_field", body={**FILE, "size": "1"}),
        Bad("`size` over 20 MB", 413, "file_too_large", body={**FILE, "size": MAX_BYTES + 1}),
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
    ],
    f"POST {_ONE}/start": [
        *_ABSENT,
        Bad("`columns` a list", 400, "invalid_field", body={"columns": [1, 2]}),
        Bad("`columns` without `text`", 400, "missing_field", body={"columns": {"at": 1}}),
        *(
            _columns(name, what, value)
            for name in ("at", "text", "channel", "intent", "sales_channel")
            for what, value in {"negative": -1, "of 201": 201, "a title": "날짜", "null": None}.items()
        ),
        _columns("at", "of 0", 0),
        _columns("text", "of 0", 0),
        Bad("an unknown field inside `columns`", 400, "unknown_field", body={"columns": {**COLUMNS, "a": 1}}),
    ],
    f"GET {_ONE}": _ABSENT,
    f"GET {_DIAGNOSES}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
}
