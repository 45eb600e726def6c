"""Refusals as HTTP says them: a status, a body, and how long to wait."""

from http import HTTPStatus

import msgspec

from chalicelib.kernel.errors import (
    BadInput,
    Busy,
    Conflict,
    DeskError,
    Forbidden,
    Mismatch,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
)

# The first class that fits decides.
STATUSES: dict[type[DeskError], HTTPStatus] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadInput: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Mismatch: HTTPStatus.PRECONDITION_FAILED,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: DeskError) -> HTTPStatus:
    """Return the status that says `error`."""
    return next(status for kind, status in STATUSES.items() if isinstance(error, kind))


def wait_of(error: DeskError) -> dict[str, str]:
    """Return the header that says when to try again, if that is known."""
    return {"Retry-After": str(error.details["retry_after"])} if "retry_after" in error.details else {}


def error_body(error: DeskError, request_id: str) -> bytes:
    """Return the body that says `error`."""
    content = {"code": error.code, "message": error.message, "request_id": request_id, **error.details}
    return msgspec.json.encode({"error": content})
