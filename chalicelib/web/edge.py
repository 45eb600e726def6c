"""From Chalice to a route's view and back: the caller, the parsed call, and refusals as statuses."""

import time
from collections.abc import Mapping
from dataclasses import fields
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import msgspec
from chalice.app import Chalice, CORSConfig, Request, Response

from chalicelib.aws.failures import is_passing
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import clock
from chalicelib.kernel.errors import (
    BadInput,
    Busy,
    Conflict,
    DeskError,
    Forbidden,
    Mismatch,
    NotFound,
    TooLarge,
    Unauthenticated,
)
from chalicelib.web.api import Call, Route
from chalicelib.web.parse import check_params, expected_version, idempotency_key, parse_body

# The first class that fits decides.
STATUSES: dict[type[DeskError], HTTPStatus] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadInput: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Mismatch: HTTPStatus.PRECONDITION_FAILED,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}

CORS = CORSConfig(
    allow_headers=["Idempotency-Key", "If-Match"], expose_headers=["X-Request-Id", "Retry-After"], max_age=600
)


def mount(app: Chalice, route: Route, authorizer: Any) -> None:
    """Register `route` with Chalice; every route but a public one asks the authorizer."""

    def view(**params: str) -> Response:
        request = app.current_request
        if request is None:
            raise AssertionError("a view runs within a request")
        return _answer(route, request, params)

    name = f"{route.method} {route.path}"
    guard = None if route.policy.public else authorizer
    options = {"methods": [route.method], "authorizer": guard, "cors": CORS, "content_types": [], "name": name}
    app.route(route.path, **options)(view)


def _answer(route: Route, request: Request, params: Mapping[str, str]) -> Response:
    started = time.perf_counter()
    request_id = request.context.get("requestId", "")
    code = ""
    try:
        result = route.view(_call(route, request, params))
        status, body = (HTTPStatus.NO_CONTENT, b"") if result is None else (route.status, msgspec.json.encode(result))
    except DeskError as error:
        code, status, body = error.code, _status(error), _error_body(error, request_id)
    except Exception as error:
        passing = is_passing(error)
        code = "unavailable" if passing else "internal_error"
        status = HTTPStatus.SERVICE_UNAVAILABLE if passing else HTTPStatus.INTERNAL_SERVER_ERROR
        body = _error_body(DeskError(code, "something on our side failed; try again"), request_id)
        log().exception("request failed", route=route.name, request_id=request_id)
    took = round((time.perf_counter() - started) * 1000, 1)
    log().info("request", route=route.name, status=int(status), code=code, ms=took, request_id=request_id)
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Request-Id": request_id}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return Response(body=body.decode(), status_code=int(status), headers=headers)


def _call(route: Route, request: Request, raw_params: Mapping[str, str]) -> Call[Any]:
    params = {name: unquote(value) for name, value in raw_params.items()}
    caller = _caller(request)
    check_params(params)
    route.policy.check(caller, params)
    return Call(
        caller=caller,
        params=params,
        query=dict(request.query_params or {}),
        body=parse_body(_raw_body(request), route.body),
        route=route.name,
        key=idempotency_key(request.headers),
        expected=expected_version(request.headers),
        now=clock(settings().clock_offset_seconds)(),
        source=request.context.get("identity", {}).get("sourceIp", ""),
        origin=request.headers.get("origin", ""),
    )


def _raw_body(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode(errors="surrogatepass") if isinstance(raw, str) else raw


def _caller(request: Request) -> Caller:
    proven = request.context.get("authorizer") or {}
    kind = proven.get("kind")
    if kind is None:
        return Caller(Kind.NOBODY, "")
    ids = {field.name: proven[field.name] for field in fields(Caller)}
    return Caller(**{**ids, "kind": Kind(kind)})


def _status(error: DeskError) -> HTTPStatus:
    return next(status for kind, status in STATUSES.items() if isinstance(error, kind))


def _error_body(error: DeskError, request_id: str) -> bytes:
    content = {"code": error.code, "message": error.message, "request_id": request_id, **error.details}
    return msgspec.json.encode({"error": content})
