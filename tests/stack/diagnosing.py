"""Kill whoever reads a file of past contacts at any call, or let them be slow, and read it again."""

import json
import time
from functools import partial
from typing import Any

from chalicelib.aws import objects
from chalicelib.aws.credentials import Scope, acting
from chalicelib.diagnosis import jobs
from chalicelib.diagnosis.model import STALE, Diagnosis
from chalicelib.diagnosis.service import StillRead, announce, get, start
from chalicelib.diagnosis.wiring import library_of
from chalicelib.kernel.clock import Millis
from infra import operate
from tests.data.past import past, written
from tests.stack import wire, world
from tests.stack.forks import Killed, fork
from tests.stack.ground import Ground

SHOP = "readshop"
# Read in two steps, so that there is a call in the midst of the rows.
ROWS = 6_000


def killed(here: Ground) -> tuple[list[str], list[str]]:
    """Return the names of a reader's calls, and all that was wrong after a death at any of them."""
    began = _begin()
    names: list[str] = fork(partial(_recorded, _started("calm", began), began)).result()
    wanted = _kept("calm")
    wrong = [] if wanted.get("state") == "done" else [f"the calm run ended as {wanted}"]
    for number in range(1, len(names) + 1):
        for after in (False, True):
            place = f"killed {'after' if after else 'before'} call {number} ({names[number - 1]})"
            found = _trial(f"trial-{number}-{after}", began, wanted, number=number, after=after)
            wrong += [f"{place}: {what}" for what in found]
    return names, wrong


def slow(here: Ground) -> list[str]:
    """Let a second reader begin and end while the first one is in the midst of the rows; return what is wrong."""
    began = _begin()
    diagnosis = _started("slow", began)
    fork(partial(_overtaken, diagnosis, began)).result()
    found = _kept(diagnosis)
    wrong = [] if (found["state"], found["tries"]) == ("done", 2) else [f"ended as {found}"]
    return wrong + ([] if found["changed_at"] == began + STALE else ["the slower one's end was kept"])


def _begin() -> Millis:
    world.warm()
    operate.apply_tenants([world.tenant(SHOP, "reads")])
    began: Millis = time.time_ns() // 1_000_000
    with acting(Scope(tenant=SHOP)):
        library_of(SHOP)
    return began


def _trial(diagnosis: str, began: Millis, wanted: dict[str, Any], *, number: int, after: bool) -> list[str]:
    _started(diagnosis, began)
    try:
        fork(partial(_doomed, diagnosis, began, number, after)).result()
        return ["was not killed: the number of calls differs from run to run"]
    except Killed:
        left = _kept(diagnosis)
    wrong = [] if left["state"] in {"queued", "reading", "done"} else [f"was left {left['state']}"]
    if left["state"] == "reading":
        wrong += _impatient(diagnosis, began)
    for delay in (STALE, 2 * STALE):
        fork(partial(_work, diagnosis, began + delay)).result()
    found = _kept(diagnosis)
    wrong += [f"{name} is {found[name]}" for name in ("state", "rows", "outcome") if found[name] != wanted[name]]
    return wrong + (["the file still lies there"] if found["lies"] else [])


def _impatient(diagnosis: str, began: Millis) -> list[str]:
    """Who comes before the first reader must be dead sends the message back, and changes nothing."""
    before = _kept(diagnosis)
    came = fork(partial(_refused, diagnosis, began + STALE - 1)).result()
    return [] if came and _kept(diagnosis) == before else ["a second reader began while the first may still read"]


def _refused(diagnosis: str, now: Millis) -> bool:
    try:
        _work(diagnosis, now)
    except StillRead:
        return True
    return False


def _recorded(diagnosis: str, now: Millis) -> list[str]:
    names = wire.record()
    _work(diagnosis, now)
    return list(names)


def _doomed(diagnosis: str, now: Millis, number: int, after: bool) -> None:
    wire.kill_at(number, after=after)
    _work(diagnosis, now)


def _overtaken(diagnosis: str, began: Millis) -> None:
    """Read, and have another one read all of it before the second step's progress is told."""
    told: list[str] = []

    def handle(name: str, send: wire.Send) -> object:
        if name == "UpdateItem":
            told.append(name)
            if len(told) == 2:
                _work(diagnosis, began + STALE)
        return send()

    wire.tap(handle)
    _work(diagnosis, began)


def _work(diagnosis: str, now: Millis) -> None:
    jobs.work(json.dumps({"tenant": SHOP, "id": diagnosis}), now)


def _started(diagnosis: str, began: Millis) -> str:
    """Announce a file, send it in and queue it, without a message: who reads it is the caller's affair."""
    with acting(Scope(tenant=SHOP)):
        library = library_of(SHOP)
        announce(Diagnosis(SHOP, diagnosis, "문의.csv", ROWS, began, "boss", diagnosis), library)
        objects.put(objects.upload_key(SHOP, "past", diagnosis), written(past(ROWS, began)), "text/csv")
        start(diagnosis, None, library, lambda _: None, now=began)
    return diagnosis


def _kept(diagnosis: str) -> dict[str, Any]:
    """Return what is stored of a diagnosis, and whether its file still lies there."""
    with acting(Scope(tenant=SHOP)):
        library = library_of(SHOP)
        found = get(diagnosis, library.store)
        lies = library.uploads.read(diagnosis) is not None
    names = ("tries", "rows", "total", "changed_at")
    state = {"state": found.state.value, "outcome": repr(found.outcome), "lies": lies}
    return state | {name: getattr(found, name) for name in names}
