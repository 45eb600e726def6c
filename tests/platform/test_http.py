"""What all routes have in common: health, ids of requests, refusals, and bad days."""

import base64
import json
from collections.abc import Iterator

import pytest

import app
from chalicelib.access.rules import PUBLIC
from chalicelib.web.api import Api, Call, Empty, Route
from chalicelib.web.edge import mount
from chalicelib.web.openapi import document
from tests.moto_desk import MINA, NOBODY, SHOP, Answer, Desk, api_event

ALL = "/v1/tenants/danbi/contacts"


def test_health_answers_everybody_and_touches_nothing(desk: Desk) -> None:
    desk.fail("GetItem", "InternalServerError", status=500, times=99)
    answer = desk.call(NOBODY, "GET /v1/health")
    assert (answer.status, answer.body) == (200, {"status": "ok"})
    assert answer.headers["X-Request-Id"] == "req-1"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_openapi_is_served_to_everybody(desk: Desk) -> None:
    answer = desk.call(NOBODY, "GET /v1/openapi.json")
    assert answer.status == 200
    assert answer.body == json.loads(json.dumps(document(app.routes())))


def test_refusal_has_one_shape(desk: Desk) -> None:
    answer = desk.call(SHOP, f"GET {ALL}/{'f' * 32}")
    assert answer.status == 404
    assert set(answer.body) == {"error"}
    assert set(answer.body["error"]) == {"code", "message", "request_id"}
    assert answer.body["error"]["request_id"] == answer.headers["X-Request-Id"] == "req-1"


def away(answer: Answer) -> None:
    assert answer.refusal == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "SECRET" not in json.dumps(answer.body)


@pytest.mark.parametrize(("code", "status"), [("InternalServerError", 500), ("ThrottlingException", 400)])
@pytest.mark.parametrize("operation", ["Query", "GetItem", "BatchGetItem", "UpdateItem", "TransactWriteItems"])
def test_storage_away_is_503_and_the_same_request_succeeds_later(
    desk: Desk, operation: str, code: str, status: int
) -> None:
    contact = desk.open()
    request = {
        "Query": (SHOP, f"GET {ALL}/{contact}"),
        "GetItem": (MINA, "GET /v1/agents/me"),
        "BatchGetItem": (SHOP, f"GET {ALL}"),
        "UpdateItem": (MINA, "POST /v1/agents/me/heartbeat"),
        "TransactWriteItems": (MINA, f"POST {ALL}/{contact}/claim"),
    }[operation]
    desk.fail(operation, code, status=status)
    away(desk.call(*request))
    assert desk.call(*request).status == 200


def test_conflict_that_does_not_end_is_503_busy(desk: Desk) -> None:
    contact = desk.open()
    desk.fail("TransactWriteItems", "TransactionCanceledException", times=10)
    answer = desk.call(MINA, f"POST {ALL}/{contact}/claim")
    assert answer.refusal == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert desk.call(MINA, f"POST {ALL}/{contact}/claim").status == 200


def test_mistake_of_ours_is_500_and_tells_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.fail("GetItem", "ResourceNotFoundException")
    answer = desk.call(MINA, "GET /v1/agents/me")
    assert answer.refusal == (500, "internal_error")
    assert "Retry-After" not in answer.headers
    assert set(answer.body["error"]) == {"code", "message", "request_id"}
    assert "SECRET" not in json.dumps([answer.body, dict(answer.headers)])


@pytest.fixture
def broken() -> Iterator[Route]:
    """A route that fails in a way that nobody foresaw."""
    api = Api()

    @api.route("GET", "/v1/broken", policy=PUBLIC, returns=None)
    def view(call: Call[Empty]) -> None:
        raise RuntimeError("SECRET of a customer")

    [route] = api.routes
    mount(app.app, route, None)
    yield route
    del app.app.routes[route.path]


def test_unforeseen_exception_is_500_and_tells_nothing(desk: Desk, broken: Route) -> None:
    event = api_event(NOBODY, "GET /v1/health", None, {}, None)
    event["requestContext"] |= {"resourcePath": broken.path, "path": broken.path}
    answer = desk.send({**event, "resource": broken.path, "path": broken.path})
    assert answer.refusal == (500, "internal_error")
    assert "SECRET" not in json.dumps(answer.body)


def test_body_in_base64_is_the_same_body(desk: Desk) -> None:
    body = json.dumps({"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"})
    encoded = {"body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}
    headers = {"content-type": "application/octet-stream"}
    assert desk.call(SHOP, f"POST {ALL}", parts=encoded, headers=headers).status == 201


def test_header_names_come_in_any_case(desk: Desk) -> None:
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
    answers = [
        desk.call(SHOP, f"POST {ALL}", body, headers={name: "k1"})
        for name in ("idempotency-key", "IDEMPOTENCY-KEY")
    ]
    assert answers[0].body == answers[1].body


def test_encoded_path_is_decoded_once(desk: Desk) -> None:
    contact = desk.open()
    encoded = "".join(f"%{ord(letter):02x}" for letter in contact)
    twice = encoded.replace("%", "%25")
    assert desk.call(SHOP, f"GET {ALL}/{encoded}").body["contact"]["id"] == contact
    assert desk.call(SHOP, f"GET {ALL}/{twice}").refusal == (404, "not_found")
