"""The variants of a promotion day, and one of them played on a stage."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.clock import MINUTE, SECOND, Millis
from tests.spike import stage as stages
from tests.spike.driver import Driver
from tests.spike.floor import Floor
from tests.spike.loop import Loop
from tests.spike.scenario import Scenario, arrivals, calm, contracts, promotion_day, rivalry
from tests.spike.simulate.measures import Run
from tests.stack.invariants import Rows, read

POOL = "spike"
_WARM_UP = 15 * MINUTE
_CALM_LASTS = 90 * MINUTE


@dataclass(frozen=True)
class Variant:
    """A day, with which guard share and whether in trouble it is played, and whether until nothing waits."""

    day: Scenario
    guard_share: str
    faults: bool = False
    drain: bool = True


@dataclass(frozen=True)
class Played:
    """A played variant: times in milliseconds of the day, requests by status, seconds of ours."""

    variant: Variant
    run: Run
    floor: Floor
    statuses: dict[int, int]
    seconds: float
    troubles: dict[str, int]
    caught_up: list[stages.CaughtUp]
    swept: list[str]
    rows: Rows
    dead_letters: int


def variants(seed: int, scale: float) -> dict[str, Variant]:
    """Return the variants of a seed; `scale` is the share of the 5,000 contacts of the burst."""
    day = earlier(promotion_day(seed, scale=scale))
    quiet = replace(calm(day), lasts=_CALM_LASTS)
    return {
        "calm": Variant(quiet, "0.1"),
        "unguarded": Variant(day, "0"),
        "guarded": Variant(day, "0.1"),
        "faults": Variant(day, "0.1", faults=True),
        "rivals": Variant(earlier(rivalry(seed)), "0.1", drain=False),
    }


def earlier(day: Scenario) -> Scenario:
    """Return the day with a shorter warm-up: three mean handling times fill the pool as well as six."""
    by = day.warm_up - _WARM_UP
    surges = tuple(replace(surge, start=surge.start - by) for surge in day.surges)
    return replace(day, warm_up=_WARM_UP, surges=surges, lasts=day.lasts - by)


def play(variant: Variant, say: Callable[[str], None]) -> Played:
    """Play a variant on a stage of its own."""
    day = variant.day
    with stages.running(faults=variant.faults, seed=day.seed) as stage:
        agents = [f"agent{place:04d}" for place in range(day.agents)]
        keys = stages.founded(stage, contracts(day), agents, POOL, day.capacity)
        stages.settle(stage, CLOCK_HEADER="1", GUARD_SHARE=variant.guard_share, POWERTOOLS_LOG_LEVEL="ERROR")
        say(f"{len(keys)} keys issued")
        return _play(variant, stage, keys, say)


def _play(variant: Variant, stage: stages.Stage, keys: dict[str, str], say: Callable[[str], None]) -> Played:
    coming = arrivals(variant.day)
    driver = Driver(stage.stack.api_url, keys)
    floor = Floor(variant.day, coming, driver.send, start=_start(), over=_over(variant))
    caught_up: list[stages.CaughtUp] = []
    swept: list[str] = []
    since = time.monotonic()
    with stages.jobs(stage) as run:

        def minute(at: Millis) -> None:
            done: dict[str, Any] = run("tests.spike.jobs:sweep", floor.start + at).result()
            swept.extend(str(outcome) for outcome in done.values() if isinstance(outcome, str))
            ends = [surge.end // MINUTE + 1 for surge in variant.day.surges]
            if at // MINUTE in ends:
                caught_up.append(stage.catch_up(POOL))
            if at % (5 * MINUTE) == 0:
                say(_progress(floor, at, driver.requests, time.monotonic() - since))

        floor.play(Loop(), minute, drain=variant.drain)
    return Played(
        variant,
        _run(floor),
        floor,
        dict(driver.statuses),
        time.monotonic() - since,
        stage.troubles(),
        caught_up,
        swept,
        read(stage.rows()),
        sum(stage.queued(queue) for queue in stage.dead_letters),
    )


def _start() -> Millis:
    """Return when the day begins: now, and from then on it is ahead of our own time."""
    return int(time.time()) * SECOND


def _over(variant: Variant) -> Callable[[Floor], bool]:
    """Return what ends the arrivals: all surging shops are served, or the first of rivals is; or the day's end."""
    day = variant.day

    def over(floor: Floor) -> bool:
        if not day.surges or floor.now > day.lasts:
            return floor.now > day.lasts
        if floor.now <= day.surged:
            return False
        backlogs = {surge.tenant: 0 for surge in day.surges}
        for number in list(floor.unclaimed):
            if floor.arrivals[number].tenant in backlogs:
                backlogs[floor.arrivals[number].tenant] += 1
        return not (any(backlogs.values()) if variant.drain else min(backlogs.values()))

    return over


def _run(floor: Floor) -> Run:
    """Return the day as it was served; who came after its end is not in it."""
    came = [number for number in range(len(floor.arrivals)) if number in floor.record.ids]
    started = floor.record.started
    return Run(floor.day, [floor.arrivals[number] for number in came], [started[number] for number in came])


def _progress(floor: Floor, at: Millis, requests: int, seconds: float) -> str:
    waits = len(floor.unclaimed)
    busy = sum(len(console.holding) for console in floor.consoles.values())
    pace = f"{requests} requests in {seconds:.0f} s"
    return f"minute {at // MINUTE}: {floor.sent} came, {waits} wait or are held, {busy} in hands, {pace}"
