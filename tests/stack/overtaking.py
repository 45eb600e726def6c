"""Two senders of one window, of which the slower holds the older total."""

import os
import time
from functools import partial

from tests.stack import calls, wire
from tests.stack.forks import fork
from tests.stack.ground import Ground
from tests.stack.invariants import read
from tests.stack.script import Play
from tests.stack.settling import at, settle, stripe_totals, unsettled
from tests.stack.world import warm

TENANT = "overtaken"


def overtake(here: Ground) -> list[str]:
    """Hold a sender up before it tells Stripe, let the total grow and another one send; return what is wrong."""
    warm()
    here.messages()
    began = time.time_ns() // 1_000_000
    fork(partial(_answer, began)).result()
    assert calls.deliver_changes(here.changes()) == []
    bodies = here.messages()
    assert bodies
    arrived, go = os.pipe(), os.pipe()
    slow = fork(partial(_held_up, bodies, began, arrived[1], go[0]))
    os.read(arrived[0], 1)
    fork(partial(_answer, began + 60_000)).result()
    fork(partial(_send, bodies, began + 90_000)).result()
    os.write(go[1], b"!")
    slow.result()
    return list(fork(partial(_settled, here, began)).result())


def _answer(now: int) -> None:
    story = Play(TENANT, now)
    if calls.send(calls.Request(story.agent(), "GET", "/v1/agents/me")).status == 404:
        story.found()
    story.open()
    story.say(story.agent(), story.pull(), "replies")


def _send(bodies: list[str], now: int) -> None:
    with at(now):
        calls.deliver_usage(bodies)


def _held_up(bodies: list[str], now: int, arrived: int, go: int) -> None:
    held: list[str] = []

    def handle(name: str, send: wire.Send) -> object:
        if name.endswith("meter_events") and not held:
            held.append(name)
            os.write(arrived, b"!")
            os.read(go, 1)
        return send()

    wire.tap(handle)
    _send(bodies, now)


def _settled(here: Ground, began: int) -> list[str]:
    settle(here, began)
    rows, stripe = read(here.items()), stripe_totals(here)
    with at(began):
        return unsettled(rows, stripe) + ([] if stripe == {TENANT: 2} else [f"Stripe holds {stripe}"])
