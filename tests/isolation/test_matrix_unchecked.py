"""The same matrix with our own checks switched off: the second wall, and the pool's grant, still refuse."""

from collections.abc import Iterator

import pytest

from chalicelib.web.api import Route
from tests.isolation.matrix import (
    PARTIES,
    SHOP_SIDE_PARTIES,
    TRIED,
    WITHIN_A_SHOP,
    Tally,
    each,
    party,
    run,
    unchecked,
    unjudged,
)
from tests.isolation.world import ROUTES, World, inhabited, kinds

# A second check of our own stands here, which is not switched off: whom an owner may let in, and knows.
HELD_TWICE = {
    "POST /v1/tenants/{tenant}/people",
    "POST /v1/tenants/{tenant}/people/{person}/role",
    "POST /v1/tenants/{tenant}/people/{person}/remove",
    "POST /v1/tenants/{tenant}/people/{person}/reset-authenticator",
    # The contact in the body is looked for under the tenant in the path: one foreign place alone finds nothing.
    "POST /v1/tenants/{tenant}/disputes",
}
OF_SHOPS = [
    (route, name)
    for route in ROUTES
    for name in [name for name in SHOP_SIDE_PARTIES if PARTIES[name] in kinds(route)][:1]
    if "{tenant}" in route.path and route.name not in HELD_TWICE
]
BEHIND = [one for one in TRIED if one[1] not in WITHIN_A_SHOP]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with inhabited() as found, unchecked():
        yield found


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    found = Tally()
    yield found
    found.write("with our own checks switched off")


@each(BEHIND)
def test_nothing_foreign_is_seen_changed_or_noticed(world: World, tally: Tally, route: Route, name: str) -> None:
    assert list(run(world, route, party(world, name), tally)) == []


@each(OF_SHOPS)
def test_without_either_wall_there_is_a_leak(world: World, route: Route, name: str) -> None:
    # What the second wall stopped is what would have happened: the judge has teeth, and so has the matrix.
    with unjudged():
        assert next(run(world, route, party(world, name), Tally()), "")
        world.restore()


def test_the_second_wall_is_what_refuses(tally: Tally) -> None:
    if tally.tried < 2000:
        pytest.skip("only a part of the matrix ran")
    assert tally.outcomes["refused by the second wall"] > 300
