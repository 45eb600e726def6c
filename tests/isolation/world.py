"""A shop whose secrets are known by name, and the routes by which others may try to learn them."""

from dataclasses import dataclass

import pytest

import app
from chalicelib.access.rules import Policy
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.web.api import Route
from tests.moto_desk import DANBI, MINA, Answer, Desk
from tests.web.bad_input import GOOD, Good

ABSENT = "f" * 32
# What only the shop `danbi`, its customers and its agents know.
CANARIES = {
    "customer": "canary-customer",
    "name": "카나리아 손님",
    "subject": "카나리아 제목",
    "text": "카나리아 문의",
    "reply": "카나리아 답변",
    "note": "카나리아 메모",
    "agent": "mina",
    "shop": DANBI.name,
    "greeting": DANBI.persona.greeting,
    "signature": DANBI.persona.signature,
    "price": f"flat/{DANBI.price_won}",
}
STATES = ("waiting", "claimed", "resolved", "spam", "merged")

ROUTES = app.routes()
OF_A_TENANT = [route for route in ROUTES if "{tenant}" in route.path]
OF_A_CONTACT = [route for route in OF_A_TENANT if "{contact}" in route.path]


@dataclass(frozen=True)
class World:
    """Danbi has a contact in every state; `faraway`, of another pool, has one that waits."""

    desk: Desk
    danbi: dict[str, str]
    faraway: str
    written: list[str]

    def send(self, who: Caller, route: Route, *, tenant: str, contact: str = ABSENT) -> Answer:
        path = route.path.replace("{tenant}", tenant).replace("{contact}", contact)
        body = GOOD.get(route.name, Good()).body
        if isinstance(body, dict) and "into" in body:
            body = {"into": self.danbi["waiting"]}
        return self.desk.call(who, f"{route.method} {path}", body)

    def secrets(self) -> list[str]:
        return [*CANARIES.values(), *self.danbi.values()]


def inhabit(desk: Desk) -> dict[str, str]:
    told = {name: CANARIES[name] for name in ("text", "subject")}
    customer = {"id": CANARIES["customer"], "name": CANARIES["name"]}
    found = {state: desk.open(channel="email", customer=customer, **told) for state in STATES}
    for state in ("claimed", "resolved"):
        desk.act(MINA, found[state], "claim")
        desk.act(MINA, found[state], "notes", {"text": CANARIES["note"]})
        desk.act(MINA, found[state], "replies", {"text": CANARIES["reply"]})
    desk.act(MINA, found["resolved"], "resolve")
    desk.act(MINA, found["spam"], "spam")
    desk.act(MINA, found["merged"], "merge", {"into": found["waiting"]})
    return found


def put_into(desk: Desk, state: str) -> str:
    """Return a contact in the state in which a route takes it."""
    contact = desk.open()
    for action in {"waiting": [], "spam": ["spam"], "claimed": ["claim"], "resolved": ["claim", "resolve"]}[state]:
        desk.act(MINA, contact, action)
    return contact


def kinds(route: Route) -> frozenset[Kind]:
    assert isinstance(route.policy, Policy)
    return route.policy.kinds


by_name = pytest.mark.parametrize("route", OF_A_TENANT, ids=lambda route: route.name)
by_contact = pytest.mark.parametrize("route", OF_A_CONTACT, ids=lambda route: route.name)
