"""A tenant's virtual clock in one pool: one number in one row."""

from cachetools import TTLCache
from pynamodb.attributes import NumberAttribute

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Row, Update, Write
from chalicelib.kernel.clock import Millis
from chalicelib.routing.model import ClockMoved

# What this process last saw: tried first, so that a calm tenant's intake costs one write and no read.
_seen: TTLCache[tuple[str, str], Millis] = TTLCache(maxsize=4096, ttl=3600)


class _ClockRow(Row, discriminator="clock"):
    clock = NumberAttribute()


class VirtualClock:
    """The clock of one tenant in one pool."""

    def __init__(self, tenant: str, pool: str) -> None:
        self._key = (tenant, pool)

    def read(self) -> Millis:
        """Return what the clock showed when this process last saw it; 0 if it was never used."""
        known = _seen.get(self._key)
        if known is None:
            row = _ClockRow.find(tenant_key(self._key[0], "clock"), self._key[1])
            known = int(row.clock) if row else 0
        return known

    def advance(self, before: Millis, after: Millis) -> Write:
        """Return the write that moves the clock from `before`; refused with ClockMoved."""
        row = _ClockRow(pk=tenant_key(self._key[0], "clock"), sk=self._key[1])
        unmoved = _ClockRow.clock == before if before else _ClockRow.pk.does_not_exist()
        kind = _ClockRow.kind.set(_ClockRow)
        return Update(row, [_ClockRow.clock.set(after), kind], unmoved, _moved)

    def seen(self, clock: Millis) -> None:
        """Remember what the clock shows."""
        _seen[self._key] = clock


def forget_clocks() -> None:
    """Forget what this process has seen: for tests."""
    _seen.clear()


def _moved(old: _ClockRow | None) -> ClockMoved:
    return ClockMoved(int(old.clock) if old else 0)
