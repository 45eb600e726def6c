"""No route lets one shop see, change, or even notice another: generated from the routes, so that none escapes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import app
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.web.api import Route
from tests.isolation.world import (
    CANARIES,
    OF_A_CONTACT,
    OF_A_TENANT,
    ROUTES,
    STATES,
    World,
    by_contact,
    by_name,
    inhabit,
    kinds,
)
from tests.moto_desk import FARAWAY, MINA, STRANGER, Answer, agent, moto_desk, shop


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with moto_desk() as desk:
        yield World(desk, inhabit(desk), desk.open("faraway"), desk.written())


def known(answer: Answer) -> tuple[int, str]:
    """Everything that a caller can learn: the whole answer but the request's own id."""
    body: Any = json.loads(json.dumps(answer.body))
    if body and "error" in body:
        del body["error"]["request_id"]
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status, json.dumps([body, headers], sort_keys=True)


def test_there_are_routes_to_try() -> None:
    assert len(OF_A_CONTACT) >= 12
    assert {route.policy.public for route in OF_A_TENANT} == {False}


@by_contact
@pytest.mark.parametrize("who", [shop("mungmeal"), shop("faraway"), STRANGER], ids=lambda who: who.name)
def test_foreign_contact_looks_like_an_absent_one_in_every_state(world: World, route: Route, who: Caller) -> None:
    absent = known(world.send(who, route, tenant="danbi"))
    assert absent[0] == (404 if who.kind in kinds(route) else 403)
    world.written.clear()
    for state in STATES:
        assert known(world.send(who, route, tenant="danbi", contact=world.danbi[state])) == absent, state
    assert world.written == []


@by_contact
def test_foreign_contact_in_the_callers_own_name_looks_like_an_absent_one(world: World, route: Route) -> None:
    # The shop names itself in the path, and a contact of another shop.
    who = shop("faraway") if Kind.SHOP in kinds(route) else STRANGER
    absent = known(world.send(who, route, tenant="faraway"))
    assert absent[0] == 404
    for state in STATES:
        assert known(world.send(who, route, tenant="faraway", contact=world.danbi[state])) == absent, state


@by_name
@pytest.mark.parametrize("who", [shop("mungmeal"), STRANGER], ids=lambda who: who.name)
def test_foreign_shop_looks_like_an_absent_one(world: World, route: Route, who: Caller) -> None:
    foreign = known(world.send(who, route, tenant="danbi"))
    assert foreign == known(world.send(who, route, tenant="nosuchshop"))
    assert foreign[0] == (404 if who.kind in kinds(route) else 403)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("who", [shop("mungmeal"), shop("faraway"), STRANGER], ids=lambda who: who.name)
def test_nothing_of_a_shop_is_in_what_others_get(world: World, route: Route, who: Caller) -> None:
    for tenant in ("danbi", who.tenant or FARAWAY.id):
        for contact in (*world.danbi.values(), world.faraway):
            answer = world.send(who, route, tenant=tenant, contact=contact)
            told = json.dumps(answer.body, ensure_ascii=False) + json.dumps(dict(answer.headers))
            found = [secret for secret in world.secrets() if secret in told]
            assert found == []


def test_canaries_are_in_what_the_shop_and_its_agents_get(world: World) -> None:
    told = [
        world.desk.call(who, f"GET /v1/tenants/danbi/contacts/{world.danbi['resolved']}").body
        for who in (shop("danbi"), MINA)
    ] + [world.desk.call(shop("danbi"), "GET /v1/tenants/danbi/usage").body]
    found = json.dumps(told, ensure_ascii=False)
    assert [canary for canary in CANARIES.values() if canary not in found] == []


def test_same_idempotency_key_of_two_shops_makes_two_contacts(world: World) -> None:
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "같은 글"}
    key = {"Idempotency-Key": "order-1"}
    ids = [
        world.desk.call(shop(name), f"POST /v1/tenants/{name}/contacts", body, headers=key).body["id"]
        for name in ("mungmeal", "faraway", "mungmeal")
    ]
    assert ids[0] == ids[2] != ids[1]


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
    assert {route.name for route in ROUTES if route.policy.public} == {"GET /v1/health", "GET /v1/openapi.json"}


def test_agents_name_alone_opens_no_pool(world: World) -> None:
    # No key of another pool has the name of an agent of this one; should there be one, it opens nothing.
    path = f"GET /v1/tenants/danbi/contacts/{world.danbi['waiting']}"
    assert world.desk.call(agent("mina", "other"), path).refusal == (404, "not_found")
    assert world.desk.call(MINA, path).status == 200
