"""OpenAPI 3.1 from the routes' own types."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from chalicelib.web.api import Empty, Route

# What only adds a record to a contact decides nothing by its version.
_RECORDS = ("/unmask", "/files", "/ready", "/send", "/rating", "/hold", "/release-hold", "/check", "/fill", "/repair")
_VERSIONED = ("{contact}", "/periods/{month}", "/breaks/{break}", "/answers/{answer}")
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {name: {"type": "string"} for name in ("code", "message", "request_id")},
        }
    },
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the OpenAPI document of `routes`."""
    listed = list(routes)
    shapes = [route.body for route in listed if route.body is not Empty]
    shapes += [route.returns for route in listed if route.returns is not None]
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    known = dict(zip(map(id, shapes), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Duredesk", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": _ERROR},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, schemas: dict[int, dict[str, Any]]) -> dict[str, Any]:
    doc = (route.view.__doc__ or "").strip()
    failure = {"description": "a refusal", "content": _json({"$ref": "#/components/schemas/Error"})}
    operation: dict[str, Any] = {
        "summary": doc.partition("\n")[0],
        "description": f"For {route.policy.name}.",
        "operationId": route.view.__name__,
        "parameters": _parameters(route),
        "responses": {"4XX": failure, "5XX": failure},
        "security": [] if route.policy.public else [{"key": []}],
    }
    success: dict[str, Any] = {"description": "done"}
    if route.returns is not None:
        success["content"] = _json(schemas[id(route.returns)])
    operation["responses"][str(int(route.status))] = success
    if route.body is not Empty:
        # What a route reads byte by byte is a JSON object all the same, of somebody else's making.
        shape = {"type": "object"} if route.body is bytes else schemas[id(route.body)]
        operation["requestBody"] = {"required": True, "content": _json(shape)}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    found = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    found += [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in route.query
    ]
    return [*found, *({"name": name, "in": "header", "schema": {"type": "string"}} for name in _headers(route))]


def _headers(route: Route) -> list[str]:
    """Return the headers that the route minds: a key where something is created, a version where it changes."""
    proves = ["Origin", "X-Widget-Key"] if route.proof else []
    if route.method == "GET":
        return proves
    creates = route.status is HTTPStatus.CREATED
    of_a_version = any(part in route.path for part in _VERSIONED) and not route.path.endswith(_RECORDS)
    changes = route.method == "PUT" or route.path.endswith("/next") or of_a_version
    return ["Idempotency-Key"] * creates + ["If-Match"] * changes + proves


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
