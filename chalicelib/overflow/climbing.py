"""Climb a shop's ladder while contacts are held back, and come down again."""

from collections.abc import Callable

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy
from chalicelib.overflow.ladder import Sight, called_in, events, next_state
from chalicelib.overflow.model import SurgeMoved, SurgeState
from chalicelib.overflow.ports import SurgeClock, Watch
from chalicelib.overflow.rules import next_rank
from chalicelib.routing.model import ClockMoved, Lane, Reading
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Step
from chalicelib.tenants.rules import is_open

_ATTEMPTS = 20


def climb_ladder(watch: Watch, now: Millis) -> int:
    """Take and undo steps as the shop's wait asks for it, and count what happened; again, it changes nothing.

    What is done comes before what is written of it: cut off between the two, it is done again and written then.
    """
    before, held = watch.surges.state(), _held(watch, now)
    sight = _look(watch, held, now)
    after = next_state(before, watch.tenant.surge, sight)
    for lane in Lane:
        _tell(watch, lane, after, held=lane in held)
        _call_reserve(watch, lane, now, wanted=Step.RESERVE in after.steps and lane in held)
    if after == before:
        return 0
    happened = events(before, after, sight)
    try:
        watch.commit(watch.surges.save(before, after), *map(watch.surges.record, happened))
    except SurgeMoved:
        # Another sweeper was faster, and wrote it down.
        return 0
    return len(happened)


def call_in(watch: Watch, until: Millis, now: Millis) -> SurgeState:
    """Call a shop's reserve in until then, or off again (0), and return how it stands; a repeat changes nothing.

    Raises what `called_in` refuses, and Busy.
    """
    for _ in range(_ATTEMPTS):
        before, sight = watch.surges.state(), _look(watch, _held(watch, now), now)
        after = called_in(before, watch.tenant.surge, until, sight)
        if after == before:
            break
        try:
            watch.commit(watch.surges.save(before, after), *map(watch.surges.record, events(before, after, sight)))
        except SurgeMoved:
            continue
        break
    else:
        raise Busy("busy", "the shop's ladder moves too fast; try again")
    climb_ladder(watch, now)
    return watch.surges.state()


def _held(watch: Watch, now: Millis) -> dict[Lane, Millis]:
    """Return the lanes of which something is held back, each with when its oldest contact was."""
    return {lane: times[0] for lane in Lane if (times := watch.held(lane, now))}


def _look(watch: Watch, held: dict[Lane, Millis], now: Millis) -> Sight:
    return Sight(
        now=now,
        held_since=min(held.values(), default=0),
        wait=longest([watch.wait(lane, now) for lane in held]),
        open_now=is_open(watch.tenant.hours, now, watch.tenant.holidays),
        spent=watch.spent(now) if watch.tenant.surge.cap_won else 0,
    )


def longest(waits: list[Wait | None]) -> Wait | None:
    """Return the longest of these waits; None when one has no end, or there is none."""
    known = [wait for wait in waits if wait]
    return max(known, key=lambda wait: wait.expected) if known and len(known) == len(waits) else None


def _tell(watch: Watch, lane: Lane, state: SurgeState, *, held: bool) -> None:
    """Let the lane's clock tell arrivals of the steps, and whether it is shut."""
    clock = watch.clock(watch.tenant.pool, lane)
    steps = frozenset(state.steps) if held else frozenset[Step]()

    def change(reading: Reading) -> Write | None:
        if (reading.steps, reading.shut) == (steps, state.shut):
            return None
        rank = next_rank(reading, watch.tenant.contract)
        return clock.tell(reading, steps, shut=state.shut, rank=rank)

    _move(watch, clock, change)


def _call_reserve(watch: Watch, lane: Lane, now: Millis, *, wanted: bool) -> None:
    """Give the lane a turn in the reserve pool, or take it away."""
    reserve = watch.tenant.surge.reserve_pool
    if not reserve:
        return
    if wanted and watch.staffed(reserve, now):
        watch.mark(reserve, lane, now)
        return
    clock = watch.clock(reserve, lane)
    _move(watch, clock, lambda reading: clock.release(reading) if reading.held else None)


def _move(watch: Watch, clock: SurgeClock, change: Callable[[Reading], Write | None]) -> None:
    """Commit what `change` makes of the clock, if anything; when it moves meanwhile, anew."""
    reading = clock.look()
    for _ in range(_ATTEMPTS):
        write = change(reading)
        if write is None:
            return
        try:
            watch.commit(write)
        except ClockMoved as moved:
            reading = moved.reading
        else:
            return
    raise Busy("busy", "too many contacts of this tenant arrive at once; try again")
