"""No route lets anybody see, change, or even notice what is another's: every route, caller and place of an id."""

from collections.abc import Iterator

import pytest

from chalicelib.kernel.caller import Kind
from chalicelib.web.api import Route
from tests.isolation.matrix import PARTIES, TOLD_APART, TRIED, Tally, each, party, run
from tests.isolation.places import ABSENT
from tests.isolation.positions import HEADERS, headers_of, parameters
from tests.isolation.world import ROUTES, World, inhabited
from tests.wall import judge

by_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with inhabited() as found:
        yield found


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    found = Tally()
    yield found
    found.write("with our own checks")


@each(TRIED)
def test_nothing_foreign_is_seen_changed_or_noticed(world: World, tally: Tally, route: Route, name: str) -> None:
    refused = len(judge.refused)
    assert list(run(world, route, party(world, name), tally)) == []
    assert judge.refused[refused:] == [], "one of our own checks let this through to the second wall"


@by_route
def test_every_place_of_a_new_route_is_known(world: World, route: Route) -> None:
    known = (ABSENT, *world.things.values())
    unknown = [name for name in parameters(route) if not all(things.knows(name) for things in known)]
    assert unknown == [], "no owner in tests/isolation has a thing for these path parameters"
    assert set(headers_of(route)) <= set(HEADERS)


def test_every_kind_of_caller_is_tried() -> None:
    assert set(PARTIES.values()) == set(Kind)


def test_what_is_told_apart_still_is(tally: Tally) -> None:
    if tally.tried < 2000:
        pytest.skip("only a part of the matrix ran")
    assert tally.told_apart == set(TOLD_APART)
