"""Signed cursors: a page's end, bound to the caller, the tenant and the query that it belongs to, for a day."""

from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from chalicelib.aws.keys import split
from chalicelib.aws.settings import settings
from chalicelib.kernel.clock import HOUR
from chalicelib.kernel.errors import BadInput
from chalicelib.web.api import Call

_LIFE = 24 * HOUR
Position = dict[str, Any]


def write_cursor(call: Call[Any], query: str, position: Position | None) -> str | None:
    """Return `position` signed for `query` of this caller; None at the end of the list."""
    if position is None:
        return None
    signed: str | bytes = _serializer(call, query).dumps([call.now + _LIFE, position])
    return signed if isinstance(signed, str) else signed.decode()


def read_cursor(call: Call[Any], query: str) -> Position | None:
    """Return the position in the parameter `cursor`, or None without one.

    Raises BadInput `invalid_cursor` if it was not written for this caller and `query`, is over a day old, or leads
    out of the tenant in the path.
    """
    cursor = call.query.get("cursor")
    if not cursor:
        return None
    try:
        until, position = _serializer(call, query).loads(cursor)
    except BadData:
        raise _invalid("this cursor does not belong to this list") from None
    if call.now >= until:
        raise _invalid("this cursor is over a day old")
    if "tenant" in call.params and any(owner != call.params["tenant"] for owner in _owners(position)):
        raise _invalid("this cursor does not belong to this list")
    found: Position = position
    return found


def _serializer(call: Call[Any], query: str) -> URLSafeSerializer:
    # JSON keeps the parts apart, whatever they hold.
    return URLSafeSerializer(
        settings().id_secret, salt=f"{call.caller.name} {call.params.get('tenant', '')} {query}"
    )


def _owners(position: Position) -> list[str]:
    """Return whose the partitions are that the position names: of the table and of the index."""
    return [split(value["S"])[0] for name, value in position.items() if name.endswith("pk")]


def _invalid(message: str) -> BadInput:
    return BadInput("invalid_cursor", message)
