"""Periods: how far the close of each of a tenant's months has come."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from cachetools import LRUCache
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Check, Put, Row, Write
from chalicelib.kernel.errors import Mismatch
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Period, PeriodClosed, PeriodState

_PAGE = 1000
_BOOKING = (PeriodState.OPEN, PeriodState.CLOSING)
# Months that this process saw closed; a reopened one is booked a month later by whoever still remembers it.
_closed: LRUCache[tuple[str, str], bool] = LRUCache(maxsize=4096)


class _PeriodRow(Row, discriminator="period"):
    tenant = UnicodeAttribute()
    month = UnicodeAttribute()
    state = UnicodeAttribute()
    version = NumberAttribute()
    contacts = NumberAttribute()
    won = NumberAttribute()
    breaks = NumberAttribute()
    invoice = UnicodeAttribute(null=True)
    changed_at = NumberAttribute()
    by = UnicodeAttribute(null=True)
    why = UnicodeAttribute(null=True)
    asked_by = UnicodeAttribute(null=True)
    asked_why = UnicodeAttribute(null=True)
    seal = UnicodeAttribute(null=True)
    plan = UnicodeAttribute(null=True)
    carried = NumberAttribute(default=0)


_NUMBERS = ("version", "contacts", "won", "breaks", "changed_at", "carried")
_TEXTS = ("invoice", "by", "why", "asked_by", "asked_why", "seal", "plan")


class Periods:
    """One tenant's periods."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "period")

    def find(self, month: str) -> Period:
        """Return the period of `month`, strongly consistent; one without a row is open."""
        row = _PeriodRow.find(self._pk, month)
        return Period(self._tenant, month) if row is None else _period(row)

    def all(self) -> list[Period]:
        """Return the periods that have a row, oldest first, strongly consistent."""
        return [_period(row) for row in _PeriodRow.query(self._pk, consistent_read=True)]

    def accepts(self, month: str) -> Write:
        """Return the check that `month` still takes entries; refused with PeriodClosed.

        It does until it is reconciled; reopened, it does again only if its invoice is not made out yet.
        """

        def refused(_: object) -> PeriodClosed:
            _closed[self._tenant, month] = True
            return PeriodClosed(month)

        state, invoice = _PeriodRow.state, _PeriodRow.invoice
        booking: Condition = ~state.exists() | (state.is_in(*_BOOKING) & ~invoice.exists())
        return Check(_PeriodRow(pk=self._pk, sk=month), booking, refused)

    def seen_closed(self, month: str) -> bool:
        """Return whether this process was refused an entry in `month`."""
        return (self._tenant, month) in _closed

    def save(self, before: Period, after: Period) -> Write:
        """Return the write that replaces `before` by `after`, whose version is one more."""
        shown = (after.tenant, after.state, f"{after.contacts:d}", f"{after.won:d}", f"{after.breaks:d}")
        values: dict[str, Any] = {name: getattr(after, name) for name in ("tenant", "month", "state", *_NUMBERS)}
        values |= {name: getattr(after, name) or None for name in _TEXTS}
        listed: dict[str, Any] = {"work_pk": _list(after.month), "work_sk": sort_key(*shown)}
        row = _PeriodRow(pk=self._pk, sk=after.month, **listed, **values)
        unchanged: Condition = _PeriodRow.pk.does_not_exist()
        if before.version:
            unchanged = _PeriodRow.version == before.version
        changed = Mismatch("version_mismatch", "this period changed since you looked", version=before.version)
        return Put(row, unchanged, lambda _: changed)


@dataclass(frozen=True, slots=True)
class PeriodHint:
    """What the list of all tenants' periods shows of one: it may be a moment old."""

    tenant: str
    state: PeriodState
    contacts: int
    won: Won
    breaks: int


def periods_of(month: str) -> Iterator[PeriodHint]:
    """Yield all tenants' periods of `month` that have a row, by tenant: hints."""
    for shown in hints(_list(month), ["work_sk"], page=_PAGE):
        tenant, state, *counts = split(shown["work_sk"])
        yield PeriodHint(tenant, PeriodState(state), *(int(count) for count in counts))


def _list(month: str) -> str:
    return desk_key("periods", month)


def forget_closed() -> None:
    """Forget what this process has seen: for tests."""
    _closed.clear()


def _period(row: _PeriodRow) -> Period:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Period)}
    numbers = {name: int(getattr(row, name)) for name in _NUMBERS}
    texts = {name: getattr(row, name) or "" for name in _TEXTS}
    return Period(**{**values, **numbers, **texts, "state": PeriodState(row.state)})
