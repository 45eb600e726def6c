"""What lies behind a failed call to the table."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

# As the table's service, the keys', the queues' and the sessions' say it.
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "Throttling",
    "ThrottlingException",
}
# Why a transaction is cancelled when one of its rows is throttled.
_TOO_MUCH = {"ProvisionedThroughputExceeded", "ThrottlingError"}
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


def is_fault(answer: Mapping[str, Any] | None, error: BaseException | None) -> bool:
    """Return whether a service was throttled, slow or away, by its answer or the error that came in its place."""
    if answer is None:
        return isinstance(error, HTTPClientError | ConnectionError)
    if any(reason.get("Code") in _TOO_MUCH for reason in answer.get("CancellationReasons", [])):
        return True
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(answer) in _THROTTLED or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def code_of(answer: Mapping[str, Any] | None) -> str:
    """Return the error code in a service's answer; empty when there is none."""
    return str((answer or {}).get("Error", {}).get("Code", ""))


def is_passing(error: BaseException) -> bool:
    """Return whether the storage was throttled, slow or away: the same request may succeed in a moment."""
    return any(is_fault(getattr(cause, "response", None), cause) for cause in _causes(error))


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
