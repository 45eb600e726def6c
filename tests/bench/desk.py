"""The product's own handlers, called as Lambda calls them."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.web.limits import limiter
from tests.bench.meter import Meter, Sample

Json = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What Lambda passes beside the event."""

    function_name: str = "bench"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-2:000000000000:function:bench"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of a usual timeout."""
        return 29_000


def shop(tenant: str) -> Json:
    """Return what the authorizer says of a shop's server."""
    return {**Caller(Kind.SHOP, "k", tenant=tenant).context, "principalId": f"shop:{tenant}"}


def agent(name: str, pool: str) -> Json:
    """Return what the authorizer says of an agent."""
    return {**Caller(Kind.AGENT, "k", agent=name, pool=pool).context, "principalId": f"agent:{name}"}


class Api:
    """Sends requests straight into the app, each as the event that API Gateway makes of it."""

    def __init__(self, app: Chalice, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    def send(
        self, caller: Json, method: str, route: str, body: Json | None = None, **params: str
    ) -> tuple[Any, Sample]:
        """Return the answer's body and the measured sample; refuse any answer but a 2xx."""
        event = _event(caller, method, route, body, params)
        # It sends as fast as it can, for one shop and few agents.
        limiter.forget()
        with self._meter.measure() as sample:
            answer = self._app(event, Context())
        if not 200 <= answer["statusCode"] < 300:
            raise RuntimeError(f"{method} {route}: {answer['statusCode']} {answer['body']}")
        return json.loads(answer["body"] or "null"), sample

    def refuse(self, caller: Json, method: str, route: str, raw: str, **params: str) -> Sample:
        """Return the measured sample of a request that the app must refuse as bad input."""
        event = {**_event(caller, method, route, None, params), "body": raw}
        limiter.forget()
        with self._meter.measure() as sample:
            answer = self._app(event, Context())
        if answer["statusCode"] != 400:
            raise RuntimeError(f"{method} {route}: {answer['statusCode']} {answer['body']}")
        return sample


def _event(caller: Json, method: str, route: str, body: Json | None, params: dict[str, str]) -> Json:
    headers = {
        "accept": "application/json",
        "authorization": "Bearer dd.shop.danbi.0123456789abcdef." + "0" * 64,
        "content-type": "application/json",
        "host": "api.example.com",
        "idempotency-key": str(uuid.uuid4()),
        "user-agent": "bench",
        "x-forwarded-for": "203.0.113.7",
    }
    return {
        "resource": route,
        "path": route.format(**params),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": params or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route,
            "httpMethod": method,
            "requestId": str(uuid.uuid4()),
            "authorizer": caller,
            "identity": {"sourceIp": "203.0.113.7"},
        },
        "body": None if body is None else json.dumps(body, ensure_ascii=False),
        "isBase64Encoded": False,
    }


def queue_event(sent: Json) -> Json:
    """Return the event with which Lambda delivers a message that was `sent`."""
    record = {
        "messageId": str(uuid.uuid4()),
        "receiptHandle": "r",
        "body": sent["MessageBody"],
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1",
            "SenderId": "s",
            "ApproximateFirstReceiveTimestamp": "1",
            "MessageGroupId": sent["MessageGroupId"],
            "MessageDeduplicationId": sent["MessageDeduplicationId"],
            "SequenceNumber": "1",
        },
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ap-northeast-2:000000000000:usage.fifo",
        "awsRegion": "ap-northeast-2",
    }
    return {"Records": [record]}
