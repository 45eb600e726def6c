"""Rank by each tenant's virtual clock (GCRA, "leaky bucket as a meter"), and the choice of the next contact.

While a tenant keeps to its contract, a contact's rank is its arrival. Beyond it, the rank is the time at
which the contract would have admitted the contact, so a shop at 50x fills its own future, not others' present.
"""

from collections.abc import Callable, Sequence
from zlib import crc32

from chalicelib.agents.model import Agent, Presence
from chalicelib.kernel.clock import MINUTE, SECOND, Millis
from chalicelib.routing.model import Band, Candidate, Place, Reading
from chalicelib.tenants.model import Contract

GUARD_SHARE = 0.1
SPREAD = 4
FRESH: Millis = 10 * SECOND
PATIENCE: Millis = MINUTE
DRAINING_IN = 16
DRAINING_AT_MOST = 4


def place(clock: Millis, contract: Contract, now: Millis, any_waiting: Callable[[], bool]) -> Place:
    """Return the place of a contact that arrives at `now`, given what the tenant's `clock` shows (0: never used).

    `any_waiting` is asked only when the contact would rank in the future: with nothing of the tenant
    waiting, its backlog is gone and the clock starts anew, so nobody is punished for yesterday.
    """
    base = clock
    if not is_within(clock, contract, now) and not any_waiting():
        base = now
    return Place(rank=max(now, base - contract.allowance), clock=max(now, base) + contract.tick)


def is_within(clock: Millis, contract: Contract, now: Millis) -> bool:
    """Return whether the contract allows a contact at `now`, so that it ranks at its arrival."""
    return clock - contract.allowance <= now


def holds_back(reading: Reading, contract: Contract, now: Millis, any_waiting: Callable[[], bool]) -> bool:
    """Return whether a contact that arrives at `now` is held back, out of the pool's queue.

    It is behind what is held already, and when it is beyond the contract while something of its tenant waits; and
    so is all that comes while the lane is shut.
    """
    return reading.held or reading.shut or (not is_within(reading.clock, contract, now) and any_waiting())


def is_due(candidate: Candidate, now: Millis) -> bool:
    """Return whether the contact may be claimed whatever else the pool has to do."""
    return candidate.band is Band.FRONT or candidate.rank <= now


def guard_open(presence: Presence, share: float = GUARD_SHARE) -> bool:
    """Return whether the pool has more free capacity than the `share` that it keeps for conforming tenants."""
    return presence.free > share * presence.capacity


def choose(
    candidates: Sequence[Candidate], agent: Agent, *, now: Millis, guard: Callable[[], bool], start: int
) -> list[Candidate]:
    """Return the contacts that `agent` should try, best first.

    Returned contacts of the same agent come before others of their band. `guard` is asked only if nothing
    is due. Contenders start at different places (`start`) among the first few, so that they seldom collide;
    but a contact that has been due for `FRESH` is passed over by nobody, or its wait would have no bound.
    """
    fitting = [candidate for candidate in candidates if candidate.weight <= agent.free]
    due = [candidate for candidate in fitting if is_due(candidate, now)]
    if not due:
        due = fitting if fitting and guard() else []
    if not due or _holds_back(agent, candidates, now):
        return []
    ordered = sorted(due, key=lambda candidate: (candidate.band, candidate.preferred != agent.id))
    if ordered[0].preferred == agent.id or ordered[0].rank <= now - FRESH:
        return ordered
    head = [candidate for candidate in ordered[:SPREAD] if candidate.band is ordered[0].band]
    turn = start % len(head)
    return head[turn:] + head[:turn] + ordered[len(head) :]


def _holds_back(agent: Agent, candidates: Sequence[Candidate], now: Millis) -> bool:
    """Return whether `agent` lets lighter work pass until a heavy contact fits whose turn came long ago.

    Only a heavy contact at the head counts, before the first that fits. One agent in sixteen begins after a
    minute, and one more with each further minute, up to a quarter of them. Without this, a call that needs an
    empty agent would wait for ever in a busy pool; with more agents, the pool would idle for it.
    """
    for candidate in candidates:
        if candidate.weight <= agent.free or not is_due(candidate, now):
            return False
        if candidate.weight <= agent.capacity:
            draw = crc32(f"{candidate.contact}/{agent.id}".encode()) % DRAINING_IN
            return draw < min((now - candidate.rank) // PATIENCE, DRAINING_AT_MOST)
    return False
