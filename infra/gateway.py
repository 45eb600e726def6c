"""What API Gateway answers by itself: errors, preflights of visitors' pages, and too many requests at once."""

from typing import Any

from chalicelib.access.rules import Policy
from chalicelib.kernel.caller import Kind
from chalicelib.web.api import Route
from chalicelib.web.edge import SECURITY
from infra.stages import resource

Json = dict[str, Any]

# The outer bound of all callers together, for the whole stage; `web.limits` holds each of them to a share.
THROTTLE = {"ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 2000}

# Any page may ask what it may send; only a page that the widget key allows may read the answer to what it sends.
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": (
        "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,X-Widget-Key"
    ),
    "Access-Control-Max-Age": "600",
}


def rest_api(routes: list[Route]) -> Json:
    """Return what is merged over Chalice's own API."""
    return {
        "Properties": {
            "GatewayResponses": responses(),
            "MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", **THROTTLE}],
            "DefinitionBody": {"paths": _preflights(routes)},
        }
    }


def responses() -> Json:
    """Return API Gateway's error responses, with the headers that every answer of ours has."""
    found = resource("gateway")
    for response in found.values():
        headers = response.setdefault("ResponseParameters", {}).setdefault("Headers", {})
        headers |= {name: f"'{value}'" for name, value in SECURITY.items()}
    return found


def response_resources() -> Json:
    """Repeat the API's own error responses as resources, since the emulator reads them only from there."""
    return {
        f"Api{kind.title().replace('_', '')}": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": "RestAPI"},
                "ResponseType": kind,
                **({"StatusCode": response["StatusCode"]} if "StatusCode" in response else {}),
                "ResponseParameters": {
                    f"gatewayresponse.header.{name}": value
                    for name, value in response["ResponseParameters"]["Headers"].items()
                },
                "ResponseTemplates": response["ResponseTemplates"],
            },
        }
        for kind, response in responses().items()
    }


def _preflights(routes: list[Route]) -> Json:
    methods: dict[str, list[str]] = {}
    for route in routes:
        if _is_for_visitors(route):
            methods.setdefault(route.path, []).append(route.method)
    return {path: {"options": _preflight([*named, "OPTIONS"])} for path, named in methods.items()}


def _is_for_visitors(route: Route) -> bool:
    policy = route.policy
    return route.proof is not None or (isinstance(policy, Policy) and Kind.VISITOR in policy.kinds)


def _preflight(methods: list[str]) -> Json:
    found = resource("preflight")
    shown = {**PREFLIGHT, **SECURITY, "Access-Control-Allow-Methods": ",".join(methods)}
    found["responses"]["200"]["headers"] = {name: {"type": "string"} for name in shown}
    found["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"] = {
        f"method.response.header.{name}": f"'{value}'" for name, value in shown.items()
    }
    return found
