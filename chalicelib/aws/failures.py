"""What lies behind a failed call to the table."""

from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

_THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}


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
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, HTTPClientError | ConnectionError):
            return True
        if isinstance(cause, ClientError):
            answer: dict[str, Any] = cause.response
            status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if answer["Error"]["Code"] in _THROTTLED or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return True
        # PynamoDB wraps twice: its own errors name their cause, and the botocore error behind it has the status.
        cause = getattr(cause, "cause", None) or cause.__cause__
    return False
