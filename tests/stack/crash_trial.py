"""Kill an operation before and after each of its external calls, resume it, and compare with a calm run."""

import random
import time
from dataclasses import dataclass
from typing import Any

from tests.stack import wire
from tests.stack.canon import canonical, differences
from tests.stack.forks import Killed, fork
from tests.stack.ground import Ground, Item
from tests.stack.invariants import read, violations
from tests.stack.operations import OPERATIONS, Operation, found_shop
from tests.stack.settling import at, settle, stripe_totals, unsettled
from tests.stack.world import warm


@dataclass(frozen=True)
class Scene:
    """An operation, the rows and tickets that it starts from, and what its preparation returned."""

    here: Ground
    operation: Operation
    started: int
    items: list[Item]
    tickets: list[str]
    facts: Any


def crash(here: Ground, name: str) -> tuple[list[str], list[str]]:
    """Return the names of the operation's external calls, and all that was wrong after a death at any of them."""
    warm()
    scene = _scene(here, OPERATIONS[name])
    names: list[str] = fork(lambda: _recorded(scene)).result()
    wanted = fork(lambda: _resumed(scene, repeats=0)).result()
    assert wanted["wrong"] == [], wanted["wrong"]
    wrong = []
    for number in range(1, len(names) + 1):
        for after in (False, True):
            found = _trial(scene, wanted, number=number, after=after)
            place = f"{name} killed {'after' if after else 'before'} call {number} ({names[number - 1]})"
            wrong += [f"{place}: {what}" for what in found]
    return names, wrong


def _scene(here: Ground, operation: Operation) -> Scene:
    started = time.time_ns() // 1_000_000
    here.fill([])

    def prepare() -> Any:
        with at(started):
            found_shop()
            return operation.prepare(here)

    facts = fork(prepare).result()
    here.messages()
    items, tickets = here.items(), here.tickets()
    here.fill(items, tickets)
    return Scene(here, operation, started, items, tickets, facts)


def _recorded(scene: Scene) -> list[str]:
    names = wire.record()
    _attempt(scene)
    return list(names)


def _trial(scene: Scene, wanted: dict[str, Any], *, number: int, after: bool) -> list[str]:
    scene.here.fill(scene.items, scene.tickets)
    try:
        fork(lambda: _doomed(scene, number, after=after)).result()
    except Killed:
        found = fork(lambda: _resumed(scene, repeats=2)).result()
        return [*found["wrong"], *differences(wanted["end"], found["end"])]
    return ["was not killed: the number of calls differs from run to run"]


def _doomed(scene: Scene, number: int, *, after: bool) -> None:
    wire.kill_at(number, after=after)
    _attempt(scene)


def _attempt(scene: Scene) -> None:
    random.seed(scene.started)
    with at(scene.started):
        scene.operation.attempt(scene.facts)


def _resumed(scene: Scene, *, repeats: int) -> dict[str, Any]:
    """Do again what was cut off, let time pass, and return what is wrong and how it ended."""
    wrong = violations(read(scene.here.items()))
    for _ in range(repeats):
        _attempt(scene)
    wrong += violations(read(scene.here.items()))
    settle(scene.here, scene.started)
    rows, stripe = read(scene.here.items()), stripe_totals(scene.here)
    with at(scene.started):
        wrong += unsettled(rows, stripe)
    wrong += [f"{ticket} is still in the queue" for ticket in scene.here.tickets()]
    return {"wrong": wrong, "end": canonical(rows, stripe)}


def operations(here: Ground) -> list[str]:
    """Return the names of all operations."""
    return sorted(OPERATIONS)
