"""Deliver a history once, and again with everything coming five times and out of order."""

import random
import time
from collections import deque
from functools import partial
from typing import Any

from chalicelib.kernel.clock import HOUR, MINUTE, Millis
from tests.stack import calls, world
from tests.stack.canon import canonical, differences
from tests.stack.forks import fork
from tests.stack.ground import Ground
from tests.stack.invariants import read
from tests.stack.script import Play, Step, play, promote
from tests.stack.settling import at, stripe_totals, unsettled
from tests.stack.world import warm

COPIES = 5
TENANTS = ("replayone", "replaytwo")
# A shop whose customers are held back, with nobody there to let them in before the end.
PROMOTED = "replayheld"
EVERYBODY = (*TENANTS, PROMOTED)
# With nobody present two are let in at a time, as their contract allows; spent tickets go when nobody has a turn.
_MOMENTS = (10 * MINUTE, 12 * MINUTE, 14 * MINUTE)
# Of any ten steps, after how many the stream and the queue are looked at.
_LOOK = 10

Json = dict[str, Any]


def once(here: Ground, rounds: int) -> Json:
    """Play the history of every shop, and return how it ended and every step of it."""
    begin = _begin()
    here.fill([])
    steps = {tenant: play(Play(tenant, begin), rounds) for tenant in TENANTS}
    steps[PROMOTED] = promote(_promoted(begin))
    end = max(step.at for mine in steps.values() for step in mine)
    _settle(here, end, deque(here.changes()), random.Random(0), copies=1)
    return {**_result(here, end), "steps": steps, "begin": begin}


def often(here: Ground, first: Json, seed: int) -> Json:
    """Deliver the same history anew, each request, message and stream record `COPIES` times."""
    lots = random.Random(seed)
    here.fill([])
    for tenant in TENANTS:
        Play(tenant, first["begin"]).found()
    _promoted(first["begin"])
    waiting: dict[str, deque[Step]] = {tenant: deque(steps) for tenant, steps in first["steps"].items()}
    clocks: dict[str, Millis] = {tenant: first["begin"] for tenant in EVERYBODY}
    again: list[tuple[str, Step]] = []
    changes = _Changes(here)
    delivered = 0
    while any(waiting.values()) or again:
        tenant = lots.choice([tenant for tenant in EVERYBODY if waiting[tenant]] or [""])
        if tenant and lots.random() < 1 / COPIES:
            step = waiting[tenant].popleft()
            clocks[tenant] = step.at
            _first(step)
            again += [(tenant, step)] * (COPIES - 1)
        elif again:
            tenant, step = again.pop(lots.randrange(len(again)))
            _repeat(step, clocks[tenant])
        delivered += 1
        if delivered % (_LOOK * COPIES) == 0:
            _pass_on(here, max(clocks.values()), changes.since(), lots, copies=COPIES)
    end = max(clocks.values())
    _settle(here, end, changes.since(), lots, copies=COPIES)
    return {**_result(here, end), "delivered": delivered}


def _promoted(begin: Millis) -> Play:
    story = Play(PROMOTED, begin, contract=world.TIGHT)
    story.found()
    story.use_up()
    return story


class _Changes:
    """The stream's records that were not seen before."""

    def __init__(self, here: Ground) -> None:
        self._here = here
        self._place: str | None = None

    def since(self) -> "deque[Json]":
        fresh, self._place = self._here.changes_from(self._place)
        return deque(fresh)


def _first(step: Step) -> None:
    with at(step.at):
        answer = calls.send(step.request)
    assert answer.status == step.status, (step, answer)


def _repeat(step: Step, now: Millis) -> None:
    with at(now):
        answer = calls.send(step.request)
    # Either it finds what it did before, or it is told that what it saw has moved on.
    assert answer.status == step.status or answer.status in {409, 412}, (step, answer)
    assert step.request.key is None or answer.status == step.status, (step, answer)


def _pass_on(here: Ground, now: Millis, changes: "deque[Json]", lots: random.Random, *, copies: int) -> None:
    """Deliver stream records and queue messages, each `copies` times, in random order."""
    shuffled = [change for change in changes if _is_relayed(change)] * copies
    lots.shuffle(shuffled)
    with at(now):
        assert calls.deliver_changes(shuffled) == []
        bodies = here.messages() * copies
        lots.shuffle(bodies)
        assert calls.deliver_usage(bodies) == []


def _is_relayed(change: Json) -> bool:
    # What the mapping's filter lets through.
    shown = change["dynamodb"].get("NewImage", {})
    kind, status = (shown.get(name, {}).get("S") for name in ("kind", "status"))
    return kind == "window" or (kind, status) == ("contact", "overflow")


def _settle(here: Ground, end: Millis, changes: "deque[Json]", lots: random.Random, *, copies: int) -> None:
    _pass_on(here, end, changes, lots, copies=copies)
    for moment in _MOMENTS:
        with at(end + moment):
            for _ in range(copies):
                calls.sweep()
    _pass_on(here, end + _MOMENTS[-1], deque(), lots, copies=copies)


def _result(here: Ground, end: Millis) -> Json:
    rows, stripe = read(here.items()), stripe_totals(here)
    with at(end + HOUR):
        wrong = unsettled(rows, stripe)
    wrong += [f"{ticket} is still in the queue" for ticket in here.tickets()]
    billed = sum(entry["delta"] for entry in rows.usage)
    held = sum("held_at" in row for row in rows.contacts.values())
    found = {"end": canonical(rows, stripe), "wrong": wrong}
    return {**found, "contacts": len(rows.contacts), "billed": billed, "held": held}


def _begin() -> Millis:
    """Return a time far enough back that the whole history is past, and Stripe still takes its usage."""
    hour = int(time.time()) // 3600 * 1000 * 3600
    return hour - 30 * 24 * HOUR


def compare(here: Ground, rounds: int, seeds: list[int]) -> Json:
    """Return what was wrong or different, for each seed."""
    warm()
    first = fork(partial(once, here, rounds)).result()
    found = {"once": first["wrong"]}
    delivered = 0
    for seed in seeds:
        again = fork(partial(often, here, first, seed)).result()
        delivered += again["delivered"]
        found[f"seed {seed}"] = [*again["wrong"], *differences(first["end"], again["end"])]
    steps = sum(len(mine) for mine in first["steps"].values())
    return {"wrong": found, "steps": steps, "delivered": delivered, "held": first["held"]} | {
        name: first[name] for name in ("contacts", "billed")
    }
