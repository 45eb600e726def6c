"""Access records in the table: one chain for each actor of a tenant, only ever appended to."""

import random
import time
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

from cachetools import TTLCache
from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import sort_key, tenant_key
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Put, Row, commit
from chalicelib.aws.vault import derived_key
from chalicelib.kernel.clock import DAY, Millis, iso, kst_month
from chalicelib.kernel.errors import Busy
from chalicelib.privacy.chain import GENESIS, number_of, record_hash
from chalicelib.privacy.model import Access, Head

KEPT: Millis = 2 * 366 * DAY
"""How long a record is kept: two years by law, rounded up."""

_ATTEMPTS = 20
# The heads that this process last saw: tried first, so that a record usually costs one write and no read.
_heads: TTLCache[tuple[str, str], Head] = TTLCache(maxsize=4096, ttl=3600)
_lock = Lock()


class _AccessRow(Row, discriminator="access"):
    tenant = UnicodeAttribute()
    actor = UnicodeAttribute()
    role = UnicodeAttribute()
    key = UnicodeAttribute()
    source = UnicodeAttribute()
    whose: Any = ListAttribute(of=UnicodeAttribute)
    what = UnicodeAttribute()
    why = UnicodeAttribute()
    at = NumberAttribute()
    expires_at = NumberAttribute()
    prev = UnicodeAttribute()
    hash = UnicodeAttribute()


class AccessRecords:
    """Who looked at the personal data of one tenant's customers."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def append(self, access: Access) -> None:
        """Put `access` on record; call it before the data is returned, and let whatever it raises fail the read.

        What could not be recorded must not be seen, so nothing is caught here: Busy when others kept appending
        to the same chain, and the storage's own errors.
        """
        head = self._known(access.actor) or self._tail(access.actor)
        for attempt in range(_ATTEMPTS):
            row = self._row(access, head)
            try:
                commit(Put(row, _AccessRow.pk.does_not_exist(), lambda _: _Behind()))
            except _Behind:
                time.sleep(random.uniform(0, 0.01) * (attempt + 1))
                head = self._tail(access.actor)
            else:
                self._remember(access.actor, Head(head.number + 1, row.hash))
                return
        raise Busy("busy", "others are looking at the same data; try again")

    def page(
        self, month: str, *, limit: int, after: dict[str, Any] | None, now: Millis
    ) -> tuple[list[Access], dict[str, Any] | None]:
        """Return up to `limit` accesses of a KST month `yyyy-mm`, newest first, and where to go on.

        Eventually consistent; what has expired by `now` is left out.
        """
        found = _AccessRow.query(
            tenant_key(self._tenant, "access", month),
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=after,
            index_name="lists",
        )
        return self._read([(hint.pk, hint.sk) for hint in found], now), found.last_evaluated_key

    def about(self, whose: str, months: Sequence[str], *, now: Millis) -> list[Access]:
        """Return the accesses to the data of `whose` in these KST months, in order of time.

        Eventually consistent; what has expired by `now` is left out.
        """
        found = []
        for month in months:
            listed = _AccessRow.query(tenant_key(self._tenant, "access", month), index_name="lists")
            found += self._read([(hint.pk, hint.sk) for hint in listed], now)
        return sorted((access for access in found if whose in access.whose), key=lambda access: access.at)

    def _read(self, keys: list[tuple[str, str]], now: Millis) -> list[Access]:
        rows = {(row.pk, row.sk): row for row in _AccessRow.batch_get(keys)}
        return [_access(rows[key]) for key in keys if key in rows and rows[key].expires_at > now]

    def _row(self, access: Access, head: Head) -> _AccessRow:
        row = _AccessRow(
            pk=self._pk(access.actor),
            sk=f"{head.number + 1:012d}",
            lists_pk=tenant_key(self._tenant, "access", kst_month(access.at)),
            lists_sk=sort_key(iso(access.at), access.actor, f"{head.number + 1:012d}"),
            tenant=self._tenant,
            role=access.kind,
            whose=list(access.whose),
            expires_at=access.at + KEPT,
            prev=head.hash,
            **{name: getattr(access, name) for name in _PLAIN},
        )
        row.hash = record_hash(row.serialize(null_check=False), chain_key())
        return row

    def _pk(self, actor: str) -> str:
        return tenant_key(self._tenant, "access", actor)

    def _tail(self, actor: str) -> Head:
        last = _AccessRow.query(self._pk(actor), scan_index_forward=False, limit=1, consistent_read=True)
        row = next(iter(last), None)
        return Head(number_of(row.serialize()), row.hash) if row else Head(0, GENESIS)

    def _known(self, actor: str) -> Head | None:
        with _lock:
            return _heads.get((self._tenant, actor))

    def _remember(self, actor: str, head: Head) -> None:
        with _lock:
            _heads[(self._tenant, actor)] = head


def chain_key() -> bytes:
    """Return the key of all chains of this stage."""
    return _chain_key(settings().id_secret)


def forget_heads() -> None:
    """Forget what this process has seen: for tests."""
    with _lock:
        _heads.clear()


@cache
def _chain_key(secret: str) -> bytes:
    return derived_key(secret.encode(), "access records")


class _Behind(Exception):
    """Another record has this number already."""


_PLAIN = ["actor", "key", "source", "what", "why", "at"]


def _access(row: _AccessRow) -> Access:
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Access(**{**plain, "at": int(row.at)}, kind=row.role, whose=tuple(row.whose))
