"""What can be told of a contact's wait, with the real stores: many ask, so each count is read once in a while."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from cachetools import LRUCache

from chalicelib.agents.store import Agents
from chalicelib.contacts.model import Contact, Status
from chalicelib.contacts.notices import Outlook
from chalicelib.contacts.store import count_before, count_held_back, queue, times_held_back
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.promotions.wiring import contract_of
from chalicelib.routing.model import WEIGHTS, Band, Candidate, Lane, Reading
from chalicelib.routing.store import VirtualClock, turns
from chalicelib.routing.waits import Held, Wait, wait_held_back, wait_in_queue
from chalicelib.tenants.model import Channel, Step, Tenant
from chalicelib.tenants.rules import is_open, opens_at

_FRESH: Millis = 2 * SECOND
# Who waits looks again every fifteen seconds, and a line of thousands is dear to read.
_FRESH_LINE: Millis = 10 * SECOND
_TURNS = 100
_PAGE = 50
_LONG = 200

# What many ask for at once is looked up once in a while and process.
_seen: LRUCache[tuple[str, ...], tuple[Millis, Any]] = LRUCache(maxsize=1024)
A = TypeVar("A")


def outlook(profile: Tenant, contact: Contact, now: Millis) -> Outlook:
    """Return what can be told of the wait of a contact of the shop `profile`."""
    if contact.status is Status.OVERFLOW:
        ahead = _ahead(profile, contact, now)
        wait = _wait_held_back(profile, contact.lane, ahead, contact.weight, now=now)
    elif contact.status is Status.WAITING:
        ahead, wait = _queued(contact, now)
    else:
        return Outlook()
    reading = _reading(profile, contact.lane, now)
    shut_now = not is_open(profile.hours, now, profile.holidays)
    opening = opens_at(profile.hours, now, profile.holidays) if shut_now else 0
    shut = reading.shut and contact.status is Status.OVERFLOW
    return Outlook(ahead + 1, wait, opening, shut, reading.steps)


def next_wait(profile: Tenant, lane: Lane, now: Millis) -> Wait | None:
    """Return the wait of a message that would be held back next in a lane; None when nobody is present."""
    ahead = len(times_held(profile, lane, now))
    return _wait_held_back(profile, lane, ahead, WEIGHTS[Channel.CHAT], now=now)


def times_held(profile: Tenant, lane: Lane, now: Millis) -> list[Millis]:
    """Return since when each contact of a lane is held back, oldest first, as this process saw it lately."""
    key = ("times", profile.id, lane)
    return _lately(key, now, lambda: times_held_back(profile.pool, profile.id, lane), fresh=_FRESH_LINE)


def forget_counts() -> None:
    """Forget what this process has seen: for tests."""
    _seen.clear()


def _wait_held_back(profile: Tenant, lane: Lane, ahead: int, weight: int, *, now: Millis) -> Wait | None:
    pool = profile.pool
    lanes = _lately(("lanes", pool), now, lambda: len(turns(pool, _TURNS)))
    queued = sum(candidate.weight for candidate in _queue(pool, now))
    held = Held(ahead, _reading(profile, lane, now), contract_of(profile, now), lanes, queued)
    return wait_held_back(held, Agents().presence(pool, now), weight, now)


def _queued(contact: Contact, now: Millis) -> tuple[int, Wait | None]:
    """Return how many wait before a contact in its queue, and its wait; beyond the first, by their mean weight."""
    mine = Candidate(contact.tenant, contact.id, contact.weight, contact.band, contact.rank)
    before = [one for one in _queue(contact.pool, now) if _place(one) < _place(mine)]
    number, weight = len(before), sum(one.weight for one in before)
    if number == _LONG:
        number = _lately(("before", contact.id), now, lambda: count_before(contact), fresh=_FRESH_LINE)
        weight = weight * number // _LONG
    return number, wait_in_queue(mine, weight, Agents().presence(contact.pool, now), now)


def _ahead(profile: Tenant, contact: Contact, now: Millis) -> int:
    """Return how many of its lane are held back before a contact.

    One that just came is counted as the last: a burst must not read the whole line for each contact.
    """
    tenant, lane = contact.tenant, contact.lane
    if now - contact.held_at >= _FRESH:
        return bisect_left(times_held(profile, lane, now), contact.held_at)
    key = ("line", tenant, lane)
    count, numbers = _lately(key, now, lambda: (count_held_back(profile.pool, tenant, lane), dict[str, int]()))
    return count + numbers.setdefault(contact.id, len(numbers))


def _reading(profile: Tenant, lane: Lane, now: Millis) -> Reading:
    """Return what a lane's clock showed lately; whom the reserve pool took was let in too."""

    def look() -> Reading:
        reading, reserve = VirtualClock(profile.id, profile.pool, lane).look(), profile.surge.reserve_pool
        if not reserve or Step.RESERVE not in reading.steps:
            return reading
        return replace(
            reading, admitted=reading.admitted + VirtualClock(profile.id, reserve, lane).look().admitted
        )

    return _lately(("clock", profile.id, lane), now, look)


def _queue(pool: str, now: Millis) -> list[Candidate]:
    return _lately(("queue", pool), now, lambda: list(islice(queue(pool, _PAGE), _LONG)))


def _place(candidate: Candidate) -> tuple[Band, Millis, str, str]:
    return candidate.band, candidate.rank, candidate.tenant, candidate.contact


def _lately(key: tuple[str, ...], now: Millis, look: Callable[[], A], *, fresh: Millis = _FRESH) -> A:
    at, known = _seen.get(key, (0, None))
    if known is None or not 0 <= now - at < fresh:
        known = look()
        _seen[key] = (now, known)
    found: A = known
    return found
