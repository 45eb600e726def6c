"""Breaks in the table: one row each for ever, and those that block a close in a list over all tenants."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import desk_key, prefix, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.closing.model import BreakHint, BreakRecord, BreakStatus, Cause, Rule
from chalicelib.kernel.errors import Mismatch

_PAGE = 1000
_OPEN = desk_key("breaks")


class _BreakRow(Row, discriminator="break"):
    tenant = UnicodeAttribute()
    id = UnicodeAttribute()
    month = UnicodeAttribute()
    rule = UnicodeAttribute()
    item = UnicodeAttribute()
    left = NumberAttribute()
    right = NumberAttribute()
    cause = UnicodeAttribute()
    owner = UnicodeAttribute()
    first_seen = NumberAttribute()
    last_seen = NumberAttribute()
    status = UnicodeAttribute()
    resolution = UnicodeAttribute(null=True)
    resolved_by = UnicodeAttribute(null=True)
    approver = UnicodeAttribute(null=True)
    version = NumberAttribute()


_NUMBERS = ("left", "right", "first_seen", "last_seen", "version")
_OPTIONAL = ("resolution", "resolved_by", "approver")


class Breaks:
    """One tenant's breaks, of all its months."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "break")

    def find(self, break_id: str) -> BreakRecord | None:
        """Return the break, strongly consistent, or None."""
        row = _BreakRow.find(self._pk, _sk(break_id))
        return _record(row) if row else None

    def of_month(self, month: str) -> list[BreakRecord]:
        """Return every break that a month had, strongly consistent."""
        of_month = _BreakRow.sk.startswith(prefix(month))
        return [_record(row) for row in _BreakRow.query(self._pk, of_month, consistent_read=True)]

    def open(self) -> list[BreakRecord]:
        """Return the breaks that block a close, oldest month first, strongly consistent."""
        found = [_record(row) for row in _BreakRow.query(self._pk, consistent_read=True)]
        return [record for record in found if record.blocks]

    def save(self, before: BreakRecord | None, after: BreakRecord) -> Write:
        """Return the write that replaces `before` (None: nothing) by `after`, whose version is one more."""
        values: dict[str, Any] = {field.name: getattr(after, field.name) for field in fields(BreakRecord)}
        values |= {name: values[name] or None for name in _OPTIONAL}
        row = _BreakRow(pk=self._pk, sk=_sk(after.id), **values)
        if after.blocks:
            row.work_pk, row.work_sk = _OPEN, _shown(after)
        unchanged: Condition = _BreakRow.pk.does_not_exist()
        if before is not None:
            unchanged = _BreakRow.version == before.version
        changed = Mismatch("version_mismatch", "this break changed since you looked", version=after.version - 1)
        return Put(row, unchanged, lambda _: changed)


def open_breaks() -> Iterator[BreakHint]:
    """Yield all tenants' breaks that block a close, longest known first: hints."""
    for shown in hints(_OPEN, ["work_sk"], page=_PAGE):
        seen, tenant, break_id, rule, cause, status, owner, difference = split(shown["work_sk"])
        states = Rule(rule), Cause(cause), BreakStatus(status)
        yield BreakHint(tenant, break_id, *states, owner, int(difference), int(seen))


def _shown(record: BreakRecord) -> str:
    seen, difference = f"{record.first_seen:015d}", f"{record.right - record.left:d}"
    named = (record.tenant, record.id, record.rule, record.cause, record.status, record.owner)
    return sort_key(seen, *named, difference)


def _sk(break_id: str) -> str:
    # The month stands before the digest and is as long as every other one: `2026-11-0a1b…`.
    return sort_key(break_id[:7], break_id[8:])


def _record(row: _BreakRow) -> BreakRecord:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(BreakRecord)}
    numbers = {name: int(values[name]) for name in _NUMBERS}
    texts = {name: values[name] or "" for name in _OPTIONAL}
    states = {"rule": Rule(row.rule), "cause": Cause(row.cause), "status": BreakStatus(row.status)}
    return BreakRecord(**{**values, **numbers, **texts, **states})
