"""Stripe's error envelope, with the wordings that Stripe itself uses."""

from typing import Any

Doc = dict[str, Any]


class ApiError(Exception):
    """One refusal, as Stripe would put it on the wire."""

    def __init__(self, status: int, message: str, *, kind: str = "invalid_request_error", **fields: Any) -> None:
        """Take the HTTP status, the message and any further fields of the `error` object."""
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        self.stored = False
        self.body: Doc = {"error": {"type": kind, "message": message, **fields}}


def missing(name: str) -> ApiError:
    """Name a required parameter that was not sent."""
    return ApiError(400, f"Missing required param: {name}.", code="parameter_missing", param=name)


def unknown(name: str) -> ApiError:
    """Name a parameter that the endpoint does not have."""
    return ApiError(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def invalid(name: str, message: str) -> ApiError:
    """Say what is wrong with one parameter."""
    return ApiError(400, message, param=name)


def no_such(what: str, ident: str, *, status: int = 404) -> ApiError:
    """Say that an object does not exist: 404 for an id in the path, 400 for one in a parameter."""
    return ApiError(status, f"No such {what}: '{ident}'", code="resource_missing", param="id")


def duplicate(identifier: str) -> ApiError:
    """Refuse an identifier that is still remembered."""
    # https://github.com/langfuse/langfuse/pull/16292 quotes this answer. Users found it to carry no `code`,
    # whatever the documentation of v2 says (`duplicate_meter_event`).
    error = ApiError(400, f"An event already exists with identifier {identifier}.")
    error.headers["Stripe-Should-Retry"] = "false"
    error.stored = True
    return error
