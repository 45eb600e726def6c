"""Health, and the OpenAPI document."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from chalicelib.access.rules import PUBLIC
from chalicelib.web.api import Api, Call, Empty, Route
from chalicelib.web.openapi import document


class HealthView(Struct):
    """That the API answers."""

    status: str


def api(routes: Sequence[Route]) -> Api:
    """Return the routes that describe `routes`."""
    about = Api()

    @about.route("GET", "/v1/health", policy=PUBLIC, returns=HealthView)
    def health(call: Call[Empty]) -> HealthView:
        """Answer, and touch nothing."""
        return HealthView("ok")

    @about.route("GET", "/v1/openapi.json", policy=PUBLIC, returns=dict[str, Any])
    def openapi(call: Call[Empty]) -> dict[str, Any]:
        """Describe every route, as OpenAPI 3.1."""
        return document([*routes, *about.routes])

    return about
