"""What lies behind a failed call to the table."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

_THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}
_DENIED = {"AccessDeniedException", "AccessDenied"}


def reasons(error: Exception) -> list[tuple[str, Any]]:
    """Return (code, old item) for each write; PynamoDB keeps the whole answer in the error's cause."""
    cause: BaseException | None = getattr(error, "cause", None) or error
    while cause is not None and cause.__cause__ is not None:
        cause = cause.__cause__
    if not isinstance(cause, ClientError):
        return []
    answer: dict[str, Any] = cause.response
    reasons = answer.get("CancellationReasons")
    if reasons is None:
        return [(answer["Error"]["Code"], answer.get("Item"))]
    return [(reason.get("Code", "None"), reason.get("Item")) for reason in reasons]


def is_passing(error: BaseException) -> bool:
    """Return whether the storage was throttled, slow or away: the same request may succeed in a moment."""
    for cause in _causes(error):
        if isinstance(cause, HTTPClientError | ConnectionError):
            return True
        if isinstance(cause, ClientError):
            answer: dict[str, Any] = cause.response
            status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if answer["Error"]["Code"] in _THROTTLED or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return True
    return False


def is_denied(error: BaseException) -> bool:
    """Return whether the second wall refused a call that our own checks had let through."""
    return any(
        isinstance(cause, ClientError) and cause.response["Error"]["Code"] in _DENIED for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    # PynamoDB wraps twice: its own errors name their cause, and the botocore error behind it has the status.
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = getattr(cause, "cause", None) or cause.__cause__
