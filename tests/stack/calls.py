"""Call the product's handlers in this process as Lambda calls them."""

import json
import random
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from chalice.local import RouteMatcher

import app
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.web.limits import limiter

Json = dict[str, Any]

_routes = RouteMatcher(list(app.app.routes))


class Request(NamedTuple):
    """One HTTP request, whole, so that it can be delivered again."""

    caller: Caller
    method: str
    path: str
    body: Json | None = None
    key: str | None = None
    if_match: int | None = None


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: Json
    headers: Mapping[str, str]


def shop(tenant: str) -> Caller:
    return Caller(Kind.SHOP, "key", tenant=tenant)


def agent(agent_id: str, pool: str) -> Caller:
    return Caller(Kind.AGENT, "key", agent=agent_id, pool=pool)


def send(request: Request) -> Answer:
    """Deliver `request`, its caller proven, as API Gateway does; as many in a second as a test likes."""
    limiter.forget()
    answer = app.app(_event(request), None)
    body = json.loads(answer["body"]) if answer["body"] else {}
    return Answer(answer["statusCode"], body, answer["headers"])


def deliver_usage(bodies: Iterable[str]) -> list[str]:
    """Deliver queue messages one by one and return those that must come again."""
    again = []
    for body in bodies:
        record = {
            "messageId": "one",
            "body": body,
            "receiptHandle": "",
            "eventSource": "aws:sqs",
            "attributes": {},
        }
        named = json.loads(body)
        group = named.get("tenant") or named.get("account") or named["event"]
        record["attributes"] = {"MessageGroupId": group}
        if app.send_usage({"Records": [record]}, None)["batchItemFailures"]:
            again.append(body)
    return again


def deliver_changes(records: list[Json]) -> list[Json]:
    """Deliver stream records and return those that must come again."""
    failed = app.relay_changes({"Records": records}, None)["batchItemFailures"]
    sequence = {failure["itemIdentifier"] for failure in failed}
    return [record for record in records if record["dynamodb"]["SequenceNumber"] in sequence]


def sweep() -> None:
    app.sweep({"source": "aws.events", "detail": {}, "detail-type": "Scheduled Event", **_SCHEDULE}, None)


_SCHEDULE: Json = {"version": "0", "account": "", "region": "", "time": "", "resources": [], "id": ""}


def _event(request: Request) -> Json:
    match = _routes.match_route(request.path)
    caller = request.caller
    headers = {"Content-Type": "application/json"}
    if request.key is not None:
        headers["Idempotency-Key"] = request.key
    if request.if_match is not None:
        headers["If-Match"] = f'"{request.if_match}"'
    return {
        "requestContext": {
            "resourcePath": match.route,
            "httpMethod": request.method,
            "path": request.path,
            "requestId": f"{random.getrandbits(64):x}",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": caller.context,
        },
        "headers": headers,
        "multiValueQueryStringParameters": None,
        "pathParameters": match.captured,
        "stageVariables": None,
        "body": json.dumps(request.body) if request.body is not None else None,
        "isBase64Encoded": False,
    }
