"""Those who may do reach what they ask for: without this, the refusals of the matrix would prove nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.web.api import Route
from tests.isolation.matrix import EVERYWHERE, TRIED, each, party, told_to
from tests.isolation.positions import base
from tests.isolation.world import CANARY_SHOP, TOLD, World, inhabited
from tests.moto_desk import MINA, shop

# The same callers as in the matrix, on every route that is theirs; a neighbour is a visitor like any other.
# A newcomer has no shop to reach.
LET_IN = [one for one in TRIED if told_to(*one) and not (one[1] == "newcomer" and "{tenant}" in one[0].path)]
# What a caller alone has: a password, a mailed code, a ticket, a secret to sign with; tests/people and
# tests/billing show that these open.
SECRETS = {
    "POST /v1/sign-up/confirm",
    "POST /v1/session/start",
    "POST /v1/session/answer",
    "POST /v1/session/totp",
    "POST /v1/session/refresh",
    "POST /v1/session/end",
    "POST /v1/password/reset",
    "POST /v1/me/password",
    "POST /v1/me/totp",
    "POST /v1/webhooks/stripe",
}
OTHERS_ALONE = {
    ("POST /v1/tenants", "owner"): "has_shop",
    ("GET /v1/me", "agent"): "forbidden",  # an agent's key is nobody's sign-in
    ("POST /v1/agents/me/leave", "agent"): "agent_holds_contacts",
    ("POST /v1/agents/me/leave", "lead"): "agent_holds_contacts",
    ("POST /v1/tenants/{tenant}/people", "admin"): "forbidden",  # who invites the first owner, and nobody else
    # No shop of this world chose a reserve; and the provider knows nothing of the invoice that is mirrored here.
    ("POST /v1/tenants/{tenant}/reserve", "lead"): "no_reserve_pool",
    ("POST /v1/tenants/{tenant}/reserve", "admin"): "no_reserve_pool",
    ("POST /v1/tenants/{tenant}/credit-notes/{correction}/approve", "finance"): "provider_refused",
    # What is not resolved is not rated; tests/panel shows that what is can be.
    ("POST /v1/tenants/{tenant}/contacts/{contact}/rating", "visitor"): "not_resolved",
    ("POST /v1/tenants/{tenant}/contacts/{contact}/rating", "neighbour"): "not_resolved",
    # The month is open yet, and nobody has answered the break: tests/closing goes on from there.
    ("POST /v1/tenants/{tenant}/periods/{month}/reopen", "finance"): "wrong_state",
    ("POST /v1/tenants/{tenant}/periods/{month}/reopen/approve", "finance"): "wrong_state",
    ("POST /v1/tenants/{tenant}/breaks/{break}/approve", "finance"): "wrong_state",
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with inhabited() as found:
        yield found


@each(LET_IN)
def test_callers_of_the_matrix_reach_their_own(world: World, route: Route, name: str) -> None:
    who = party(world, name)
    answer = world.send(route, base(world, route, who))
    world.restore()
    if route.name in SECRETS:
        assert answer.status < 500
    elif (route.name, name) in OTHERS_ALONE:
        assert answer.code == OTHERS_ALONE[route.name, name]
    else:
        assert answer.status < 300, answer.body


def test_danbi_and_its_agents_are_told_the_canaries(world: World) -> None:
    """What the matrix looks for is there to be found, in the answers to those who may have it."""
    things, at = world.things["danbi"], "GET /v1/tenants/danbi"
    owner = Caller(Kind.OWNER, "", tenant="danbi", person=things.all("person")[1])
    asked = [
        *((shop("danbi"), f"{at}/contacts/{contact}") for contact in things.contacts.values()),
        (shop("danbi"), f"{at}/contacts/{things.contacts['claimed']}/files"),
        (shop("danbi"), f"{at}/contacts/{things.contacts['resolved']}/ratings"),
        (shop("danbi"), f"{at}/contacts/{things.contacts['visited']}/files"),
        (MINA, f"{at}/contacts/{things.contacts['claimed']}/files"),
        (shop("danbi"), f"{at}/usage"),
        (owner, f"{at}/erasures/{things.one('erasure')}"),
        (owner, f"{at}/widget-keys"),
        (owner, f"{at}/promotions"),
        (owner, f"{at}/disputes"),
        (owner, f"{at}/billing-identity"),
        (owner, f"{at}/people"),
        (owner, f"{at}/diagnoses"),
        (owner, "GET /v1/incidents"),
        (MINA, f"{at}/contacts/{things.contacts['claimed']}"),
        (replace(MINA, kind=Kind.LEAD), "GET /v1/team"),
    ]
    export = f"POST /v1/tenants/danbi/customers/{things.one('customer')}/export"
    told = [world.must(who, request) for who, request in asked]
    told.append(world.must(owner, export, {"reason": "정보 주체의 요청"}))
    seen = json.dumps(told, ensure_ascii=False)
    # These are only ever written down, or shown in another form; people of the team in their own pool's list.
    kept = {TOLD["hold"], TOLD["idempotency"], TOLD["phone"], CANARY_SHOP.name_en, *things.all("person")}
    assert [one for one in world.secrets if one not in seen and one not in kept] == []


def test_finance_and_admins_work_for_every_shop() -> None:
    assert {Kind.FINANCE, Kind.ADMIN} == EVERYWHERE
