"""When a step of the ladder is taken and undone, and when the monthly cap is reached."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chalicelib.kernel.clock import HOUR, Millis, kst_month
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.kernel.money import Won
from chalicelib.overflow.model import Happening, SurgeEvent, SurgeState
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Cap, Step, Surge

LONGEST_CALL: Millis = 4 * HOUR
"""How long a lead may call a reserve in for at once."""

# A step is undone well below where it was taken, lest it flap.
_UNTIL = 0.5


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of a shop at `now`: since when its oldest contact is held back (0: none is), and its wait.

    `wait` is that of whoever comes next, None when nobody is present; `spent` is this month's bill so far.
    """

    now: Millis
    held_since: Millis = 0
    wait: Wait | None = None
    open_now: bool = True
    spent: Won = 0


def climb(
    surge: Surge, wait: Wait | None, *, open_now: bool, current: frozenset[Step], shut: bool = False
) -> frozenset[Step]:
    """Return the steps in force while contacts are held back: each from its threshold on, and until half of it.

    The notice of after hours goes by hours and presence alone. With nobody present, or while the shop is `shut`,
    the wait has no end; but after hours nobody is called because nobody is there. Whoever costs money is not
    called while it is shut.
    """
    late = not open_now or wait is None
    steps = {Step.AFTER_HOURS} if late else set()
    if wait is None and not open_now and not shut:
        return frozenset(steps | (current - {Step.AFTER_HOURS}))
    seconds = math.inf if shut or wait is None else wait.expected
    for step, threshold in thresholds(surge).items():
        if seconds >= threshold or (step in current and seconds >= threshold * _UNTIL):
            steps.add(step)
    return frozenset(steps - {Step.RESERVE} if shut else steps)


def thresholds(surge: Surge) -> dict[Step, int]:
    """Return from which expected wait, in seconds, each step is taken that the shop has."""
    found = {Step.MESSAGE: surge.message, Step.OFFER: surge.offer}
    if surge.reserve_pool:
        found[Step.RESERVE] = surge.reserve
    return found | {Step.STAFF: surge.staff}


def is_reached(surge: Surge, spent: Won) -> bool:
    """Return whether the month's cap is reached."""
    return 0 < surge.cap_won <= spent


def next_state(before: SurgeState, surge: Surge, sight: Sight) -> SurgeState:
    """Return how the shop stands now: nothing is in force for one that holds nothing back, but the cap.

    While a lead has called the reserve in, that step is taken whatever the wait, unless the shop is shut.
    """
    reached = is_reached(surge, sight.spent)
    shut = reached and surge.cap is Cap.HARD
    steps: frozenset[Step] = frozenset()
    if sight.held_since:
        current = frozenset(before.steps)
        steps = climb(surge, sight.wait, open_now=sight.open_now, current=current, shut=shut)
    called = before.called_until if sight.now < before.called_until and surge.reserve_pool else 0
    if called and not shut:
        steps |= {Step.RESERVE}
    on = bool(sight.held_since)
    return replace(
        before,
        since=(before.since or sight.held_since) if on else 0,
        ended=sight.now if before.since and not on else before.ended,
        steps={step: before.steps.get(step, sight.now) for step in Step if step in steps},
        capped=kst_month(sight.now) if reached else before.capped,
        shut=shut,
        called_until=called,
    )


def called_in(before: SurgeState, surge: Surge, until: Millis, sight: Sight) -> SurgeState:
    """Return how the shop stands once a lead has called its reserve in until then, or off again (0).

    Raises BadInput `invalid_until`, Conflict `no_reserve_pool` if the shop chose none, and `cap_reached` while a
    hard cap lets nobody be called who costs money.
    """
    if not until:
        return replace(before, called_until=0)
    if not sight.now < until <= sight.now + LONGEST_CALL:
        raise BadInput("invalid_until", f"until is ahead, and within {LONGEST_CALL // HOUR} hours")
    if not surge.reserve_pool:
        raise Conflict("no_reserve_pool", "this shop has not chosen a reserve")
    if surge.cap is Cap.HARD and is_reached(surge, sight.spent):
        raise Conflict("cap_reached", "the shop's monthly cap is reached, and the reserve costs money")
    return replace(before, called_until=until)


def events(before: SurgeState, after: SurgeState, sight: Sight) -> list[SurgeEvent]:
    """Return what has happened between the two states, in order."""
    expected = sight.wait.expected if sight.wait else None
    return [
        SurgeEvent(f"{before.version + 1:08d}-{number:02d}", what, sight.now, step, expected)
        for number, (what, step) in enumerate([*_calls(before, after), *_happenings(before, after)])
    ]


def _calls(before: SurgeState, after: SurgeState) -> Iterator[tuple[Happening, Step | None]]:
    if after.called_until not in {0, before.called_until}:
        yield Happening.CALLED_IN, None
    if before.called_until and not after.called_until:
        yield Happening.CALLED_OFF, None


def _happenings(before: SurgeState, after: SurgeState) -> Iterator[tuple[Happening, Step | None]]:
    if after.capped != before.capped or (after.shut and not before.shut):
        yield Happening.CAP_REACHED, None
    if before.shut and not after.shut:
        yield Happening.CAP_LIFTED, None
    if after.since and not before.since:
        yield Happening.OVERFLOW_ON, None
    for step in Step:
        if (step in after.steps) != (step in before.steps):
            yield Happening.STEP_ON if step in after.steps else Happening.STEP_OFF, step
    if before.since and not after.since:
        yield Happening.OVERFLOW_OFF, None
