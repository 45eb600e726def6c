"""The refusals of the product, in the language of the desk; HTTP and jobs translate them at their edge."""


class DeskError(Exception):
    """A refusal with a stable machine `code` and an English `message` for developers.

    `details` holds small JSON values that help the caller to act, never another tenant's data.
    """

    def __init__(self, code: str, message: str, **details: str | int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = details


class BadInput(DeskError):
    """The request can never succeed as it was sent."""


class TooLarge(BadInput):
    """The body is over the size that the API accepts."""


class Unauthenticated(DeskError):
    """Nobody is known to have sent this."""


class Forbidden(DeskError):
    """The caller is known and may not do this."""


class NotFound(DeskError):
    """Absent, or another tenant's: the two must look the same."""


class Conflict(DeskError):
    """The state of the thing does not allow this, now."""


class Mismatch(DeskError):
    """The caller decided on a version that is no longer the current one (`If-Match`)."""


class Busy(DeskError):
    """Too many at once; the same request may succeed in a moment."""


class TooMany(DeskError):
    """Over a limit; `details["retry_after"]` says in how many seconds the same request may succeed."""


def same_body(first: str, again: str) -> None:
    """Raise Conflict `idempotency_mismatch` unless a repeat has the body (its digest) of the first request."""
    if first != again:
        raise Conflict("idempotency_mismatch", "this Idempotency-Key came with another body before")


def not_found() -> NotFound:
    """Return the one answer for absent and foreign ids alike."""
    return NotFound("not_found", "nothing of this id is here")
