"""Which routes ask nobody who calls, and that these tell nothing of any shop."""

import json
from collections.abc import Iterator

import pytest

import app
from chalicelib.web.api import Route
from tests.isolation.matrix import flaws, party, send
from tests.isolation.positions import Attempt, base
from tests.isolation.world import ROUTES, World, inhabited

# What people call before anybody knows who they are; each has a password, a code, a ticket or a cookie.
SIGN_IN = {
    "POST /v1/sign-up",
    "POST /v1/sign-up/confirm",
    "POST /v1/sign-up/resend",
    "POST /v1/session/start",
    "POST /v1/session/answer",
    "POST /v1/session/totp",
    "POST /v1/session/refresh",
    "POST /v1/session/end",
    "POST /v1/password/forgot",
    "POST /v1/password/reset",
}
# What proves itself by its signature.
SIGNED = {"POST /v1/webhooks/stripe"}
ABOUT = {"GET /v1/health", "GET /v1/openapi.json", "GET /v1/plans", "GET /v1/terms", "POST /v1/cost-comparison"}
PUBLIC = [route for route in ROUTES if route.policy.public]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with inhabited() as found:
        yield found


def test_every_route_but_a_public_one_asks_the_authorizer() -> None:
    asked = {
        f"{method} {path}": entry.authorizer
        for path, methods in app.app.routes.items()
        for method, entry in methods.items()
    }
    assert set(asked) == {route.name for route in ROUTES}
    for route in ROUTES:
        guard = asked[route.name]
        assert (guard is None) is route.policy.public, route.name
        assert guard is None or guard.name == "authorize"


def test_public_routes_are_those_that_tell_nothing() -> None:
    assert {route.name for route in PUBLIC if not route.proof} == SIGN_IN | SIGNED | ABOUT
    assert {route.name for route in PUBLIC if route.proof} == {"POST /v1/widget/contacts", "GET /v1/widget/shop"}


@pytest.mark.parametrize("route", PUBLIC, ids=lambda route: route.name)
def test_public_route_tells_nothing_of_a_shop(world: World, route: Route) -> None:
    nobody = party(world, "nobody")
    request = base(world, route, nobody)
    outcome = send(world, route, request)
    assert flaws(world, nobody, Attempt("nothing", request, request, ((), ())), outcome) == []
    told = json.dumps(outcome.answer.body, ensure_ascii=False)
    assert [tenant for tenant in ("danbi", "faraway") if tenant in told] == []
