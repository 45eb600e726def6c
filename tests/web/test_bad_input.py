"""Every wrong request gets the status and code that `docs/errors.md` promises, and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

import app
from chalicelib.access.rules import Policy
from chalicelib.contacts.views import ContactIn
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.visitors.views import VisitIn
from chalicelib.web.api import Route
from tests.hostile import BODIES
from tests.moto_desk import MINA, NOBODY, SHOP, Answer, Desk, moto_desk
from tests.people import bad_input as people
from tests.rights.bad_input import OWNER
from tests.visitors.bad_input import VISITOR
from tests.web.bad import Bad, Good
from tests.web.bad_input import GOOD, OWN, cases, prepare


@dataclass(frozen=True)
class World:
    desk: Desk
    ids: dict[str, str]
    written: list[str]

    def body(self, body: Any) -> Any:
        """Put the id in the place of the name of a prepared contact."""
        if isinstance(body, dict) and body.get("into") in self.ids:
            return {"into": self.ids[body["into"]]}
        return body

    def send(self, route: Route, bad: Bad) -> Answer:
        good = GOOD.get(route.name, Good())
        wanted = bad.contact or good.contact
        contact = self.ids.get(wanted, wanted)
        key = bad.key or good.key
        path = route.path.replace("{tenant}", bad.tenant).replace("{contact}", contact)
        for name in (
            "{key}",
            "{customer}",
            "{erasure}",
            "{promotion}",
            "{dispute}",
            "{correction}",
            "{register}",
            "{month}",
            "{break}",
            "{answer}",
            "{file}",
            "{diagnosis}",
            "{other}",
            "{section}",
            "{incident}",
            "{letter}",
            "{agent}",
        ):
            path = path.replace(name, key)
        hook, _, delivery = key.partition("+")
        path = path.replace("{hook}", hook).replace("{delivery}", delivery)
        path = path.replace("{person}", bad.person or good.person)
        spoiled = bad.body is not None or bad.raw is not None
        return self.desk.call(
            self.usual(route, contact) if bad.usual else bad.who,
            f"{route.method} {path}",
            self.body(bad.body if spoiled else good.body),
            raw=bad.raw,
            headers=good.headers | bad.headers,
            query=bad.query,
            parts=bad.parts,
        )

    def usual(self, route: Route, contact: str) -> Caller | None:
        """Return who calls the route on a normal day."""
        policy = route.policy
        assert isinstance(policy, Policy)
        if policy.public:
            return NOBODY
        if (person := people.usual(policy)) is not None:
            return person
        if policy.kinds == {Kind.VISITOR}:
            return replace(VISITOR, contact=contact)
        if policy.kinds == {Kind.OWNER}:
            return OWNER
        return MINA if Kind.AGENT in policy.kinds else SHOP


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with moto_desk() as desk:
        ids = prepare(desk)
        before = stored(desk)
        yield World(desk, ids, desk.written())
        assert stored(desk) == before


def stored(desk: Desk) -> list[str]:
    # The clock is advanced before a contact is stored: a tick without a contact is harmless.
    return sorted(repr(row) for row in desk.rows() if row["kind"]["S"] != "clock")


def test_every_route_has_rows_and_no_row_is_of_a_route_that_is_gone() -> None:
    assert {route.name for route in app.routes()} == set(OWN)
    assert all(OWN.values())


@pytest.mark.parametrize(
    ("route", "bad"), [pytest.param(route, bad, id=f"{route.name}: {bad.what}") for route, bad in cases()]
)
def test_wrong_request_is_refused_and_changes_nothing(world: World, route: Route, bad: Bad) -> None:
    world.written.clear()
    answer = world.send(route, bad)
    assert answer.refusal == (bad.status, bad.code), answer.body
    assert world.written == (["UpdateItem"] if ticks(route, bad) else [])
    assert {"code", "message", "request_id"} <= set(answer.body["error"])
    assert answer.headers["X-Request-Id"] == answer.body["error"]["request_id"] == "req-1"


def ticks(route: Route, bad: Bad) -> bool:
    """Whether the request is found wrong only when the contact meets its own row, after the shop's clock moved."""
    return bad.code == "idempotency_mismatch" and route.body in (ContactIn, VisitIn)


@pytest.mark.parametrize("raw", BODIES)
def test_a_body_of_legal_size_that_would_keep_a_function_busy_is_refused(world: World, raw: str) -> None:
    assert world.desk.call(SHOP, "POST /v1/tenants/danbi/contacts", raw=raw).status == 400
