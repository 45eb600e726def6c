"""Which customers an agent has seen today: one row for each agent and KST day, keyed hashes and no names."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache

from cachetools import TTLCache
from pynamodb.attributes import NumberAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import size

from chalicelib.aws.keys import desk_key, sort_key
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Row, Update, commit
from chalicelib.aws.vault import derived_key
from chalicelib.kernel.clock import DAY, HOUR, KST, SECOND, Millis
from chalicelib.kernel.errors import Busy
from chalicelib.privacy.model import Limits
from chalicelib.privacy.rules import budget

_ATTEMPTS = 10
_KEPT = 31 * DAY
_HASH_DIGITS = 16
# What this process last saw of an agent's day: whoever is in it costs nothing.
_seen: TTLCache[tuple[str, str], frozenset[str]] = TTLCache(maxsize=512, ttl=HOUR // SECOND)


class _SeenRow(Row, discriminator="seen"):
    seen = UnicodeSetAttribute(null=True)
    alerted_at = NumberAttribute(null=True)
    ttl = NumberAttribute(null=True)


class Breadth:
    """The customers that one agent has seen the full data of."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._pk = desk_key("agent", agent)

    def look(self, tenant: str, customers: Collection[str], *, now: Millis, limits: Limits | None = None) -> None:
        """Count these customers of `tenant` as seen; those who are new today cost one write, the others nothing.

        Call it before their data is returned. Raises Forbidden `breadth_exceeded` over the agent's budget, and
        Busy when the agent's own requests keep overtaking each other.
        """
        day, start = _day(now)
        wanted = {_mark(tenant, customer) for customer in customers}
        for _ in range(_ATTEMPTS):
            known = _seen.get((self._agent, day), frozenset())
            if wanted <= _times(known).keys():
                return
            seen = _times(known | self._before(start, now))
            new = budget(seen, wanted, now=now, day_start=start, limits=limits or Limits())
            added = frozenset(f"{now:014d}{mark}" for mark in new)
            try:
                commit(self._add(day, added, known, now))
            except _Behind as behind:
                _seen[(self._agent, day)] = behind.seen
            else:
                _seen[(self._agent, day)] = known | added
                return
        raise Busy("busy", "too many requests of this agent at once; try again")

    def alert(self, now: Millis) -> bool:
        """Return whether this is the first time today that the agent went over: a lead is told once."""
        row = self._row(_day(now)[0])
        actions = [_SeenRow.alerted_at.set(now), _SeenRow.kind.set(_SeenRow)]
        try:
            commit(Update(row, actions, _SeenRow.alerted_at.does_not_exist(), lambda _: _Behind(frozenset())))
        except _Behind:
            return False
        return True

    def _add(self, day: str, added: frozenset[str], known: frozenset[str], now: Millis) -> Update:
        # Sets only grow, so that an equal size is the same set.
        same = size("seen") == len(known)  # type: ignore[no-untyped-call]
        unmoved = same if known else _SeenRow.seen.does_not_exist()
        actions = [
            _SeenRow.seen.add(set(added)),
            _SeenRow.ttl.set((now + _KEPT) // SECOND),
            _SeenRow.kind.set(_SeenRow),
        ]
        return Update(self._row(day), actions, unmoved, _behind)

    def _before(self, start: Millis, now: Millis) -> frozenset[str]:
        """Return who was seen yesterday, where the rolling hour still reaches into it."""
        if now - HOUR >= start:
            return frozenset()
        yesterday = (self._agent, _day(start - 1)[0])
        if yesterday not in _seen:
            row = _SeenRow.find(self._pk, sort_key("seen", yesterday[1]))
            _seen[yesterday] = frozenset(row.seen or ()) if row else frozenset()
        return _seen[yesterday]

    def _row(self, day: str) -> _SeenRow:
        return _SeenRow(pk=self._pk, sk=sort_key("seen", day))


def forget_breadth() -> None:
    """Forget what this process has seen: for tests."""
    _seen.clear()


class _Behind(Exception):
    """Somebody else has written; `seen` is what stands there now."""

    def __init__(self, seen: frozenset[str]) -> None:
        super().__init__()
        self.seen = seen


def _behind(old: _SeenRow | None) -> _Behind:
    return _Behind(frozenset(old.seen or ()) if old else frozenset())


def _times(seen: Collection[str]) -> Mapping[str, Millis]:
    return {mark[-_HASH_DIGITS:]: int(mark[:-_HASH_DIGITS]) for mark in sorted(seen)}


def _mark(tenant: str, customer: str) -> str:
    joined = "\x1f".join([tenant, customer]).encode()
    return hmac.new(_mark_key(settings().id_secret), joined, hashlib.sha256).hexdigest()[:_HASH_DIGITS]


@cache
def _mark_key(secret: str) -> bytes:
    return derived_key(secret.encode(), "breadth")


def _day(at: Millis) -> tuple[str, Millis]:
    """Return the KST day `yyyy-mm-dd` of `at`, and its first millisecond."""
    day = datetime.fromtimestamp(at / SECOND, KST).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.strftime("%Y-%m-%d"), int(day.timestamp()) * SECOND
