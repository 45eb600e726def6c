"""From Chalice to a route's view and back: the caller, the parsed call, and refusals as statuses."""

import time
from collections.abc import Mapping
from dataclasses import fields
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import msgspec
from chalice.app import Chalice, Request, Response

from chalicelib.aws.failures import is_passing
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import Millis, clock
from chalicelib.kernel.errors import DeskError, Forbidden
from chalicelib.web.api import Call, Reply, Route
from chalicelib.web.limits import limiter
from chalicelib.web.parse import (
    MAX_BODY_BYTES,
    MAX_VISITOR_BODY_BYTES,
    check_headers,
    check_params,
    clock_reading,
    expected_version,
    idempotency_key,
    parse_body,
    parse_query,
)
from chalicelib.web.pressure import gauge
from chalicelib.web.refusals import error_body, status_of, wait_of
from chalicelib.web.source import source
from chalicelib.web.wall import behind_the_wall

# On every answer, and by the template on those that API Gateway makes itself.
SECURITY = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def mount(app: Chalice, route: Route, authorizer: Any) -> None:
    """Register `route` with Chalice; every route but a public one asks the authorizer."""

    def view(**params: str) -> Response:
        request = app.current_request
        if request is None:
            raise AssertionError("a view runs within a request")
        return _answer(route, request, params)

    name = f"{route.method} {route.path}"
    guard = None if route.policy.public else authorizer
    # Chalice's own CORS would allow every origin on every answer.
    options = {"methods": [route.method], "authorizer": guard, "content_types": [], "name": name}
    app.route(route.path, **options)(view)


def _answer(route: Route, request: Request, params: Mapping[str, str]) -> Response:
    started = time.perf_counter()
    request_id = request.context.get("requestId", "")
    code, added = "", dict[str, str]()
    try:
        result = _served(route, request, params, added)
        status, body = _success(route, result, unchanged=_is_known(request, added))
    except DeskError as error:
        code, status, body = error.code, status_of(error), error_body(error, request_id)
        added |= wait_of(error)
    except Exception as error:
        passing = is_passing(error)
        code = "unavailable" if passing else "internal_error"
        status = HTTPStatus.SERVICE_UNAVAILABLE if passing else HTTPStatus.INTERNAL_SERVER_ERROR
        body = error_body(DeskError(code, "something on our side failed; try again"), request_id)
        log().exception("request failed", route=route.name, request_id=request_id)
    took = round((time.perf_counter() - started) * 1000, 1)
    log().info("request", route=route.name, status=int(status), code=code, ms=took, request_id=request_id)
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Request-Id": request_id, **SECURITY, **added}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", "1")
    return Response(body=body.decode(), status_code=int(status), headers=headers)


def _is_counted(route: Route) -> bool:
    """Return whether a call counts as one of its caller's.

    A signed body does not: its few senders come all at once, and a forged one costs little. Nor does a look at a
    shop's page: its address was counted, and it must not use up the conversations that the page may open.
    """
    return route.body is not bytes and not (route.proof and route.method == "GET")


def _is_known(request: Request, added: Mapping[str, str]) -> bool:
    return "ETag" in added and added["ETag"] == request.headers.get("if-none-match")


def _success(route: Route, content: Any, *, unchanged: bool) -> tuple[HTTPStatus, bytes]:
    if unchanged:
        return HTTPStatus.NOT_MODIFIED, b""
    return (HTTPStatus.NO_CONTENT, b"") if content is None else (route.status, msgspec.json.encode(content))


def _served(route: Route, request: Request, params: Mapping[str, str], added: dict[str, str]) -> Any:
    """Return what the view answers; `added` gets the headers that this answer, or its refusal, has besides."""
    check_headers(request.headers)
    caller = _caller(route, request)
    added |= _cors(caller, request.headers.get("origin", ""))
    gauge.admit(route.shed)
    if _is_counted(route):
        limiter.admit(caller, source(request.headers, request.context))
    call = _call(route, request, params, caller)
    result = behind_the_wall(caller, call.params.get("tenant", ""), lambda: route.view(call))
    if isinstance(result, Reply):
        added |= result.headers
        return result.content
    return result


def _call(route: Route, request: Request, raw_params: Mapping[str, str], caller: Caller) -> Call[Any]:
    params = {name: unquote(value) for name, value in raw_params.items()}
    check_params(params)
    route.policy.check(caller, params)
    given = request.query_params
    limit = MAX_VISITOR_BODY_BYTES if caller.kind is Kind.VISITOR else MAX_BODY_BYTES
    return Call(
        caller=caller,
        params=params,
        query=parse_query({name: given.getlist(name) for name in given} if given else {}, route.query),
        body=parse_body(_raw_body(request), route.body, limit=limit),
        route=route.name,
        key=idempotency_key(request.headers),
        expected=expected_version(request.headers),
        now=_now(request),
        source=source(request.headers, request.context),
        origin=request.headers.get("origin", ""),
        cookie=request.headers.get("cookie", ""),
        scripted="x-duredesk" in request.headers,
        signature=request.headers.get("stripe-signature", ""),
        known=request.headers.get("if-none-match", ""),
    )


def _now(request: Request) -> Millis:
    given = request.headers.get("x-duredesk-now") if settings().clock_header else None
    return clock_reading(given) if given is not None else clock(settings().clock_offset_seconds)()


def _raw_body(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode(errors="surrogatepass") if isinstance(raw, str) else raw


def _caller(route: Route, request: Request) -> Caller:
    nobody = Caller(Kind.NOBODY, "")
    if route.proof is not None:
        # A guess at a credential counts like a call, before it costs more.
        limiter.admit(nobody, source(request.headers, request.context))
        return route.proof(request.headers)
    proven = request.context.get("authorizer") or {}
    kind = proven.get("kind")
    if kind is None:
        return nobody
    return Caller(**{field.name: proven[field.name] for field in fields(Caller)} | {"kind": Kind(kind)})


def _cors(caller: Caller, origin: str) -> dict[str, str]:
    """Return what lets the visitor's page read the answer; nobody else calls from another site's page.

    Raises Forbidden `origin_not_allowed` for a page of another origin, and for a visitor who is no browser.
    """
    if caller.kind is not Kind.VISITOR:
        return {}
    if not origin or origin not in caller.origins.split():
        raise Forbidden("origin_not_allowed", "the widget key does not allow this Origin")
    shown = "X-Request-Id, Retry-After, ETag"
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": shown, "Vary": "Origin"}
