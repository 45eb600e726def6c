"""Signed cursors: a page's end, bound to the query that it belongs to."""

from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from chalicelib.kernel.errors import BadInput


def write_cursor(secret: str, query: str, position: dict[str, Any] | None) -> str | None:
    """Return `position` signed for `query`; None at the end of the list."""
    if position is None:
        return None
    signed: str | bytes = URLSafeSerializer(secret, salt=query).dumps(position)
    return signed if isinstance(signed, str) else signed.decode()


def read_cursor(secret: str, query: str, cursor: str | None) -> dict[str, Any] | None:
    """Return the position in `cursor`; raise BadInput `invalid_cursor` if it was not written for `query`."""
    if not cursor:
        return None
    try:
        position: dict[str, Any] = URLSafeSerializer(secret, salt=query).loads(cursor)
    except BadData:
        raise BadInput("invalid_cursor", "this cursor does not belong to this list") from None
    return position
