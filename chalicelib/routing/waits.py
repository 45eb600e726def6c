"""How long a contact will wait, as far as counts can tell: from its place, who is there, and what was measured."""

import math
from dataclasses import dataclass

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import HOUR, SECOND, Millis
from chalicelib.routing.model import WEIGHTS, Candidate, Reading
from chalicelib.routing.rules import guard_open, is_due
from chalicelib.tenants.model import Channel, Contract

# A standard normal variable is within this of its mean four times out of five.
_EIGHTY_PERCENT = 1.28
_USUAL_BUSY = 0.7
_USUAL_WEIGHT = WEIGHTS[Channel.CHAT]
# How many contacts the drain rate that is assumed counts for, beside those that were let in.
_ASSUMED = 20

Seconds = int


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in seconds: the expected one, and the range that holds four of five."""

    low: Seconds
    expected: Seconds
    high: Seconds


AT_ONCE = Wait(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Held:
    """A contact's place among those of its lane that are held back, of which `ahead` come before it.

    `lanes` is how many lanes the pool holds back, `queued` the weight that waits in its queue.
    """

    ahead: int
    reading: Reading
    contract: Contract
    lanes: int
    queued: int


@dataclass(frozen=True, slots=True)
class _Part:
    """An expected time in milliseconds and its variance."""

    mean: float
    variance: float


def wait_in_queue(candidate: Candidate, ahead: int, presence: Presence, now: Millis) -> Wait | None:
    """Return the wait of a contact in the queue behind the weight `ahead`; None when nobody is present.

    It is taken at once where it fits. Otherwise so many contacts must be finished first, at the pace of the
    present agents' measured handling time; a rank that is not due lets what others send pass, until it is. The
    spread is that of a count: relative 1.28 / sqrt(n) over the n contacts that must be finished.
    """
    if not presence.capacity:
        return None
    due = is_due(candidate, now)
    if ahead + candidate.weight <= presence.free and (due or guard_open(presence)):
        return AT_ONCE
    part = _finishing(ahead + candidate.weight, presence)
    if not due:
        slow = part.mean / (1 - _USUAL_BUSY)
        mean = min(slow, candidate.rank - now + part.mean)
        part = _Part(mean, part.variance * (mean / part.mean) ** 2)
    return _wait(part)


def wait_held_back(held: Held, presence: Presence, weight: int, now: Millis) -> Wait | None:
    """Return the wait of a contact of this `weight` that is held back; None when nobody is present.

    Its lane drains at the rate measured since something is held, blended with an assumed one that counts as
    twenty contacts; then comes the queue. The spread is that of counts: relative 1.28 / sqrt(n) over the n
    contacts that are let in before it, over those by which the rate is known, and over those that must be
    finished in the queue, as independent errors.
    """
    if not presence.capacity:
        return None
    number, known = held.ahead + 1, held.reading.admitted + _ASSUMED
    mean = number / drain_rate(held, presence, now)
    queue = _finishing(held.queued + weight, presence)
    return _wait(_Part(mean + queue.mean, mean**2 * (1 / number + 1 / known) + queue.variance))


def drain_rate(held: Held, presence: Presence, now: Millis) -> float:
    """Return the contacts a millisecond at which the lane is let in: never fewer than its contract guarantees.

    Assumed is the middle between the contracted rate and the lane's share of what a pool leaves over that is
    otherwise 70 % busy.
    """
    guaranteed = held.contract.rate_per_hour / HOUR
    share = (1 - _USUAL_BUSY) * presence.capacity / _USUAL_WEIGHT / presence.handling / max(1, held.lanes)
    assumed = max(guaranteed, (guaranteed + share) / 2)
    elapsed = max(0, now - held.reading.held_since) if held.reading.held else 0
    measured = (held.reading.admitted + _ASSUMED) / (elapsed + _ASSUMED / assumed)
    return max(guaranteed, measured)


def _finishing(weight: int, presence: Presence) -> _Part:
    """Return how long it takes until so much weight fits, in contacts of the usual weight."""
    missing = max(0, weight - max(0, presence.free))
    mean = missing * presence.handling / presence.capacity
    return _Part(mean, mean**2 / max(1, missing / _USUAL_WEIGHT))


def _wait(part: _Part) -> Wait:
    spread = _EIGHTY_PERCENT * math.sqrt(part.variance)
    low, high = max(0.0, part.mean - spread), part.mean + spread
    return Wait(int(low / SECOND), round(part.mean / SECOND), math.ceil(high / SECOND))
