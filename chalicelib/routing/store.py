"""A tenant's virtual clock in one pool: one row, in the pool's list of turns while arrivals are held back."""

from typing import Any

from cachetools import LRUCache, TTLCache
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Row, Update, Write
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.routing.model import ClockMoved, Lane, Reading, Turn
from chalicelib.tenants.model import Step

_LATELY: Millis = 2 * SECOND

# What this process last saw: tried first, so that a calm tenant's intake costs one write and no read.
_seen: TTLCache[tuple[str, str], Millis] = TTLCache(maxsize=4096, ttl=3600)
_held_at: LRUCache[tuple[str, str], Millis] = LRUCache(maxsize=4096)


class _ClockRow(Row, discriminator="clock"):
    clock = NumberAttribute(default=0)
    held_since = NumberAttribute(null=True)
    admitted = NumberAttribute(null=True)
    shut = BooleanAttribute(null=True)
    steps = UnicodeSetAttribute(null=True)


_UNLISTED: list[Action] = [_ClockRow.work_pk.remove(), _ClockRow.work_sk.remove()]


class VirtualClock:
    """The clock of one tenant's lane in one pool."""

    def __init__(self, tenant: str, pool: str, lane: Lane = Lane.SHOP) -> None:
        self._tenant, self._pool, self._lane = tenant, pool, lane
        self._key = (tenant, pool if lane is Lane.SHOP else f"{pool}.{lane}")

    def held_lately(self, now: Millis) -> bool:
        """Return whether this process saw arrivals held back within the last two seconds."""
        return 0 <= now - _held_at.get(self._key, -_LATELY) < _LATELY

    def read(self) -> Reading:
        """Return what the clock showed when this process last saw it."""
        known = _seen.get(self._key)
        return self.look() if known is None else Reading(known)

    def look(self) -> Reading:
        """Return what the clock shows now."""
        return _reading(_ClockRow.find(tenant_key(self._tenant, "clock"), self._key[1]))

    def advance(self, before: Reading, after: Millis) -> Write:
        """Return the write that moves the clock from `before` where nothing is held; refused with ClockMoved."""
        free = _unmoved(before) & _ClockRow.held_since.does_not_exist() & _ClockRow.shut.does_not_exist()
        return Update(self._row(), [_ClockRow.clock.set(after), _ClockRow.kind.set(_ClockRow)], free, _moved)

    def hold(self, before: Reading, clock: Millis, rank: Millis, now: Millis) -> Write:
        """Return the write that gives the tenant a turn at `rank` in the pool, unless it is shut.

        Refused with ClockMoved.
        """
        free = _unmoved(before) & _ClockRow.held_since.does_not_exist()
        free &= _ClockRow.shut.exists() if before.shut else _ClockRow.shut.does_not_exist()
        since = [_ClockRow.clock.set(clock), _ClockRow.held_since.set(now), _ClockRow.admitted.set(0)]
        listed = [] if before.shut else self._listed(rank)
        return Update(self._row(), [_ClockRow.kind.set(_ClockRow), *since, *listed], free, _moved)

    def admit(self, before: Reading, after: Millis, rank: Millis) -> Write:
        """Return the write that lets one in, the next turn being at `rank`; refused with ClockMoved."""
        held = _unmoved(before) & _ClockRow.held_since.exists()
        actions = [_ClockRow.clock.set(after), _ClockRow.admitted.add(1), self._at(rank)]
        return Update(self._row(), actions, held, _moved)

    def release(self, before: Reading) -> Write:
        """Return the write after which nothing of the tenant is held back; refused with ClockMoved."""
        since = [_ClockRow.held_since.remove(), _ClockRow.admitted.remove()]
        held = _unmoved(before) & _ClockRow.held_since.exists()
        return Update(self._row(), [*since, *_UNLISTED], held, _moved)

    def tell(self, before: Reading, steps: frozenset[Step], *, shut: bool, rank: Millis) -> Write:
        """Return the write that tells arrivals of `steps`, and shuts the lane or opens it with its turn at `rank`.

        Refused with ClockMoved.
        """
        held = _ClockRow.held_since.exists() if before.held else _ClockRow.held_since.does_not_exist()
        row, listed = _ClockRow, self._listed(rank) if before.held and not shut else _UNLISTED
        told = row.steps.set(set(steps)) if steps else row.steps.remove()
        state = [row.kind.set(row), row.clock.set(before.clock), told]
        shutting = row.shut.set(True) if shut else row.shut.remove()
        return Update(self._row(), [*state, shutting, *listed], _unmoved(before) & held, _moved)

    def seen(self, clock: Millis) -> None:
        """Remember what the clock shows."""
        _seen[self._key] = clock

    def seen_held(self, now: Millis) -> None:
        """Remember that arrivals are held back."""
        _held_at[self._key] = now

    def _row(self) -> _ClockRow:
        return _ClockRow(pk=tenant_key(self._tenant, "clock"), sk=self._key[1])

    def _listed(self, rank: Millis) -> list[Action]:
        return [_ClockRow.work_pk.set(_turns(self._pool)), self._at(rank)]

    def _at(self, rank: Millis) -> Action:
        return _ClockRow.work_sk.set(sort_key(f"{max(rank, 0):015d}", self._tenant, self._lane))


def turns(pool: str, limit: int) -> list[Turn]:
    """Return whose contacts are held back from the pool's queue, in the order of their next ranks: hints."""
    found = []
    for shown in hints(_turns(pool), ["work_sk"], page=limit):
        rank, tenant, lane = split(shown["work_sk"])
        found.append(Turn(int(rank), tenant, Lane(lane)))
        if len(found) == limit:
            break
    return found


def forget_clocks() -> None:
    """Forget what this process has seen: for tests."""
    _seen.clear()
    _held_at.clear()


def _turns(pool: str) -> str:
    return desk_key("held", pool)


def _unmoved(before: Reading) -> Condition:
    unused: Condition = _ClockRow.pk.does_not_exist() | (_ClockRow.clock == 0)
    same: Condition = _ClockRow.clock == before.clock
    return same if before.clock else unused


def _moved(old: Any) -> ClockMoved:
    return ClockMoved(_reading(old))


def _reading(row: _ClockRow | None) -> Reading:
    if row is None:
        return Reading()
    steps = frozenset(map(Step, row.steps or ()))
    return Reading(int(row.clock), int(row.held_since or 0), int(row.admitted or 0), bool(row.shut), steps)
