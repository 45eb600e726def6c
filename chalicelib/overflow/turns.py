"""Whose contact is let in next, and the marks by which a lane has its turn."""

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush

from chalicelib.aws.observe import log
from chalicelib.contacts import rules as contact_rules
from chalicelib.contacts.model import Contact, ContactChanged, Status
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, NotFound
from chalicelib.overflow.ports import Backlog, Gate
from chalicelib.overflow.rules import may_enter, next_rank
from chalicelib.routing.model import ClockMoved, Reading, Turn
from chalicelib.routing.rules import is_within, place

_ATTEMPTS = 20
_FEW = 5
_MANY = 200


def let_in(gate: Gate, pool: str, turns: list[Turn], *, space: int, now: Millis) -> Contact | None:
    """Let in the next contact of the first turn that has one; None if there is none, or it may not enter yet.

    Whoever's contact cannot be read holds up nobody else; the error is raised if nobody else was let in.
    """
    failed: list[tuple[Turn, Exception]] = []
    entered = None
    while not entered and turns and may_enter(turns[0], space, now):
        turn = heappop(turns)
        try:
            with gate.acting(turn.tenant):
                entered = _enter(gate, gate.backlog(pool, turn.tenant, turn.lane, now), pool, now)
        except Exception as error:
            log().exception("not let in", pool=pool, tenant=turn.tenant)
            gate.failed(pool, turn, now)
            failed.append((turn, error))
            continue
        if entered and entered[1] is not None:
            heappush(turns, replace(turn, rank=entered[1]))
    for turn, _ in failed:
        # Something is held back in it still: its messages are not spent.
        heappush(turns, turn)
    if failed and not entered:
        raise ExceptionGroup("nobody could be let in", [error for _, error in failed])
    return entered[0] if entered else None


def end(gate: Gate, backlog: Backlog, now: Millis) -> None:
    """Take a lane's turn away if nothing of it is held back any more."""
    reading = backlog.clock.look()
    if reading.held and not backlog.oldest(1):
        _release(gate, backlog, reading, now)


def _enter(gate: Gate, backlog: Backlog, pool: str, now: Millis) -> tuple[Contact, Millis | None] | None:
    """Let in the oldest contact that is held back, unless the lane is shut.

    Return it with the next one's rank (None: there is none).
    """
    reading, names = backlog.clock.look(), backlog.oldest(_FEW)
    if reading.shut:
        return None
    for contact in _held(backlog, names):
        try:
            reading, entered = _move(gate, backlog, reading, contact, pool=pool, now=now)
        except ContactChanged:
            continue
        if len(names) > 1:
            return entered, next_rank(reading, backlog.contract)
        _release(gate, backlog, reading, now)
        return entered, None
    if not names and reading.held:
        _release(gate, backlog, reading, now)
    return None


def _held(backlog: Backlog, names: list[str]) -> Iterator[Contact]:
    """Yield those of `names` that are held back indeed; raise in the end for those that cannot be read.

    Those who can be read do not wait behind however many who cannot: if some of the first few are such, more
    are looked at.
    """
    errors = list[Exception]()
    yield from _readable(backlog, names, errors)
    if errors and len(names) == _FEW:
        yield from _readable(backlog, backlog.oldest(_MANY)[_FEW:], errors)
    if errors:
        raise ExceptionGroup("contacts that cannot be read", errors)


def _readable(backlog: Backlog, names: list[str], errors: list[Exception]) -> Iterator[Contact]:
    for name in names:
        try:
            contact = backlog.contacts.get(name)
        except NotFound:
            continue
        except Exception as error:
            errors.append(error)
            continue
        if contact.status is Status.OVERFLOW:
            yield contact


def _move(
    gate: Gate, backlog: Backlog, reading: Reading, contact: Contact, *, pool: str, now: Millis
) -> tuple[Reading, Contact]:
    """Let `contact` in and advance the clock by it; return what that shows then, and the contact.

    Both in one transaction, unlike at intake: several who poll at once meet at the same contact, and a tick that
    lets nobody in would cost its shop a turn.
    """
    for _ in range(_ATTEMPTS):
        reading = hold(gate, backlog, reading, now)
        placed = place(reading.clock, backlog.contract, now, lambda: True)
        after = replace(reading, clock=placed.clock, admitted=reading.admitted + 1)
        entered = contact_rules.admit(contact, pool, placed.rank, now).after
        ticked = backlog.clock.admit(reading, placed.clock, next_rank(after, backlog.contract))
        try:
            gate.commit(ticked, backlog.contacts.save(contact, entered))
        except ClockMoved as moved:
            reading = moved.reading
        else:
            return after, entered
    raise Busy("busy", "too many contacts of this tenant are let in at once; try again")


def hold(gate: Gate, backlog: Backlog, reading: Reading, now: Millis) -> Reading:
    """Give a lane its turn unless it has it; return what its clock shows then."""
    for _ in range(_ATTEMPTS):
        if reading.held:
            return reading
        # With nothing waiting its backlog is gone: as for an arrival, the clock starts anew.
        anew = not is_within(reading.clock, backlog.contract, now) and not backlog.any_waiting()
        shown = replace(reading, clock=now) if anew else reading
        try:
            gate.commit(backlog.clock.hold(reading, shown.clock, next_rank(shown, backlog.contract), now))
        except ClockMoved as moved:
            reading = moved.reading
        else:
            return replace(shown, held_since=now, admitted=0)
    raise Busy("busy", "too many contacts of this tenant arrive at once; try again")


def _release(gate: Gate, backlog: Backlog, reading: Reading, now: Millis) -> None:
    try:
        gate.commit(backlog.clock.release(reading))
    except ClockMoved:
        # Somebody let one in, or held one back, meanwhile: the next round sees.
        return
    if backlog.oldest(1):
        # It was held back, and marked in vain, after we looked.
        hold(gate, backlog, backlog.clock.look(), now)
