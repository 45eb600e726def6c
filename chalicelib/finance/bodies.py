"""What finance asks of a list: which rows, and in which order."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.finance.tables import Condition, Op, Selection, Sort
from chalicelib.kernel.errors import BadInput
from chalicelib.web.api import Call
from chalicelib.web.parse import parse_json

SELECTION = ("sort", "where")
"""The query parameters of a list that can be sorted and filtered."""

_MOST = 5


class ConditionIn(Struct, forbid_unknown_fields=True):
    """What the cells of a column must be: `{"column": "total_krw", "op": "gte", "value": 100000}`."""

    column: str
    op: Op
    value: str | int


def selection_of(call: Call[Any], columns: Mapping[str, Sort]) -> Selection:
    """Return what a request asks of rows with these columns: `sort`, and `where`, a JSON list of conditions.

    Raises BadInput `invalid_filter` or `invalid_sort`.
    """
    found = Selection(tuple(_conditions(call.query.get("where", "[]"))), call.query.get("sort", ""))
    found.check(columns)
    return found


def _conditions(text: str) -> list[Condition]:
    try:
        given = msgspec.convert(parse_json(text.encode()), list[ConditionIn], strict=True)
    except (msgspec.ValidationError, BadInput, UnicodeEncodeError):
        raise _invalid() from None
    if len(given) > _MOST:
        raise _invalid()
    return [Condition(one.column, one.op, one.value) for one in given]


def _invalid() -> BadInput:
    return BadInput("invalid_filter", f"where is a JSON list of up to {_MOST} conditions: column, op, value")
