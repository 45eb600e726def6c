"""20,000 requests made from the OpenAPI document, in process: no answer is a 5xx, each refusal has its shape."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis

import app
from chalicelib.billing.wiring import gateway
from chalicelib.finance import catalogue
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import kst_month
from chalicelib.web.openapi import document
from tests.closing import bad_input as closing
from tests.fakestripe import API_KEY, FakeStripe, running
from tests.fuzz.requests_of import Sent, requests_of
from tests.moto_desk import MINA, SHOP, STRANGER, Answer, Desk, api_event, moto_desk
from tests.people import bad_input as people
from tests.samples import NOON
from tests.visitors.bad_input import ORIGIN, VISITOR, WIDGET
from tests.web.bad_input import prepare

pytestmark = pytest.mark.soak

CASES = int(os.environ.get("FUZZ_CASES", "20000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261121"))
# moto copies its table for each transaction, so a full one is slow: a new desk after so many requests.
A_DESK = 400


ROUTES = app.routes()
_KINDS: dict[str, frozenset[Kind] | set[Kind]] = {
    route.name: getattr(route.policy, "kinds", frozenset()) or {Kind.NOBODY} for route in ROUTES
}


class World:
    """A desk that is made anew from time to time, with the same requests going on; `stripe` is where it pays."""

    def __init__(self, stripe: str) -> None:
        self._stripe = stripe
        self.seen: Counter[str] = Counter()
        self.known: dict[str, list[str]] = {}
        self._left = 0
        self._open: Any = None
        self._desk: Desk | None = None
        self._ids: dict[str, str] = {}

    def send(self, sent: Sent) -> Answer:
        desk = self._renewed()
        headers = {"Origin": ORIGIN, "X-Widget-Key": str(WIDGET), **sent.headers}
        path, body = sent.path, sent.body
        for name, contact in self._ids.items():
            path = path.replace("{" + name + "}", contact)
            body = body and body.replace("{" + name + "}", contact)
        event = api_event(self._caller(sent), f"{sent.method} {path}", body, headers, sent.query)
        answer = desk.send(event)
        self.seen[f"{answer.status} {answer.code}".strip()] += 1
        return answer

    @property
    def callers(self) -> list[Caller | None]:
        person = people.BOSS.caller
        visitor = replace(VISITOR, contact=self._ids.get("waiting", "0" * 32))
        others = [replace(person, kind=kind) for kind in (Kind.STAFF, Kind.VIEWER)]
        office = [Caller(Kind.FINANCE, "", person="q"), people.CHIEF.caller, people.NEWCOMER.caller]
        lead = replace(people.LEADER.caller, agent="mina")
        return [SHOP, MINA, person, visitor, None, SHOP, MINA, STRANGER, *others, *office, lead]

    def _caller(self, sent: Sent) -> Caller | None:
        """Return mostly somebody whom the route lets in."""
        let_in = [who for who in self.callers if (who.kind if who else Kind.NOBODY) in _KINDS[sent.operation]]
        chosen = let_in if let_in and sent.who % 10 else self.callers
        return chosen[sent.who % len(chosen)]

    def _renewed(self) -> Desk:
        if self._left == 0 or self._desk is None:
            self.close()
            self._open = moto_desk()
            desk = self._desk = self._open.__enter__()
            desk.shift(STRIPE_API_KEY=API_KEY, STRIPE_API_BASE=self._stripe, STRIPE_METER_EVENTS_BASE=self._stripe)
            gateway.cache_clear()
            self._ids = prepare(desk)
            self._left = A_DESK
        self._left -= 1
        return self._desk

    def close(self) -> None:
        if self._open is not None:
            self._open.__exit__(None, None, None)
            self._open = None


@contextmanager
def a_world() -> Iterator[World]:
    with running(FakeStripe()) as base:
        world = World(base)
        try:
            yield world
        finally:
            world.close()


def explain(sent: Sent, answer: Answer) -> str:
    """Return what is wrong with an answer, or nothing."""
    if answer.status >= 500:
        return f"{answer.status} {answer.code}"
    if answer.status >= 400 and not {"code", "message", "request_id"} <= set(answer.body.get("error", {})):
        return f"a refusal without its shape: {answer.body}"
    return ""


def test_no_request_makes_a_5xx() -> None:
    states = ("waiting", "claimed", "resolved", "spam", "merged", "theirs", "foreign")
    known = {
        "tenant": ["danbi", "danbi", "danbi", "mungmeal"],
        "contact": ["{" + name + "}" for name in states],
        "key": [WIDGET.id],
        "agent": ["mina", "juno"],
        "to": ["juno", "mina"],
        "person": [one.id for one in (people.CLERK, people.LEADER, people.FLOOR, people.STRANGER)],
        "mail": ["kim@danbi.example", "lee@team.example"],
        "into": ["{waiting}", "{resolved}", "{foreign}"],
        "month": [kst_month(NOON), closing.MONTH],
        "break": [closing.BREAK],
        "register": [*catalogue.NAMES],
        "dispute": ["d" * 32 + "-1"],
    }
    with a_world() as world:

        @seed(SEED)
        @hypothesis(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(requests_of(json.loads(json.dumps(document(ROUTES))), known))
        def send(sent: Sent) -> None:
            answer = world.send(sent)
            assert not explain(sent, answer), (sent, answer.body)

        send()
    sys.stdout.write(f"{sum(world.seen.values())} requests: {dict(world.seen.most_common())}\n")
    assert sum(world.seen.values()) >= CASES * 0.9
    assert sum(count for answer, count in world.seen.items() if answer.startswith("2")) > CASES * 0.02
