"""The OpenAPI document says of each route what the route does."""

from http import HTTPStatus
from typing import Any

import pytest

import app
from chalicelib.web.api import Empty, Route
from chalicelib.web.openapi import document

ROUTES = app.routes()
ACTIONS = [
    "claim",
    "messages",
    "replies",
    "notes",
    "resolve",
    "reopen",
    "transfer",
    "release",
    "spam",
    "undo-spam",
    "prefer",
    "answer-ourselves",
    "close",
    "approve",
    "retire",
    "later",
    "wake",
    "hand",
    "lower-hand",
    "stop",
    "pass",
    "give",
    "intent",
    "reassign",
]
CHANGING = tuple(f"/{name}" for name in (*ACTIONS, "merge", "next"))
# What was asked for never changes: who approves it has seen what it is.
UNCHANGING = "/credit-notes/{correction}/approve"


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return document(ROUTES)


def operation(written: dict[str, Any], route: Route) -> dict[str, Any]:
    found: dict[str, Any] = written["paths"][route.path][route.method.lower()]
    return found


def test_every_route_is_documented_and_nothing_else_is(written: dict[str, Any]) -> None:
    documented = {f"{method.upper()} {path}" for path, methods in written["paths"].items() for method in methods}
    assert documented == {route.name for route in ROUTES}
    assert written["openapi"] == "3.1.0"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_operation_names_its_callers_its_parameters_and_its_answers(written: dict[str, Any], route: Route) -> None:
    found = operation(written, route)
    assert found["summary"]
    assert route.policy.name in found["description"]
    assert found["security"] == ([] if route.policy.public else [{"key": []}])
    assert {str(int(route.status)), "4XX", "5XX"} == set(found["responses"])
    assert ("requestBody" in found) is (route.body is not Empty)
    in_path = {parameter["name"] for parameter in found["parameters"] if parameter["in"] == "path"}
    assert in_path == {part[1:-1] for part in route.path.split("/") if part.startswith("{")}
    in_header = {parameter["name"] for parameter in found["parameters"] if parameter["in"] == "header"}
    in_query = {parameter["name"] for parameter in found["parameters"] if parameter["in"] == "query"}
    assert in_query == set(route.query)
    assert ({"Origin", "X-Widget-Key"} <= in_header) is (route.proof is not None)
    assert ("Idempotency-Key" in in_header) is (route.status is HTTPStatus.CREATED)
    versioned = route.path.endswith(CHANGING) and not route.path.endswith(UNCHANGING)
    changes = route.method == "PUT" or (route.method == "POST" and versioned)
    assert ("If-Match" in in_header) is changes


def test_operation_ids_are_unique(written: dict[str, Any]) -> None:
    ids = [operation(written, route)["operationId"] for route in ROUTES]
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere(written: dict[str, Any]) -> None:
    schemas = written["components"]["schemas"]
    for reference in references(written):
        assert reference.removeprefix("#/components/schemas/") in schemas


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def test_bodies_that_come_in_take_no_unknown_field(written: dict[str, Any]) -> None:
    schemas = written["components"]["schemas"]
    for name in ("ContactIn", "CustomerIn", "TextIn", "TransferIn", "MergeIn"):
        assert schemas[name]["additionalProperties"] is False
    assert schemas["ContactIn"]["required"] == ["channel", "customer", "text"]
