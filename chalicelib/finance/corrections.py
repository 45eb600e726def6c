"""Credit notes as people ask for them, in the table; those that wait are in a list over all tenants."""

from dataclasses import fields
from itertools import islice
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.finance.model import Correction, CorrectionState
from chalicelib.kernel.clock import iso
from chalicelib.kernel.errors import Mismatch

_PENDING = desk_key("corrections")
_NUMBERS = ("won", "asked_at", "decided_at", "version")
_TEXTS = ("decided_by", "note", "why")


class _CorrectionRow(Row, discriminator="correction"):
    tenant = UnicodeAttribute()
    invoice = UnicodeAttribute()
    won = NumberAttribute()
    reason = UnicodeAttribute()
    refund = BooleanAttribute()
    asked_at = NumberAttribute()
    asked_by = UnicodeAttribute()
    digest = UnicodeAttribute()
    state = UnicodeAttribute()
    decided_at = NumberAttribute(default=0)
    decided_by = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    why = UnicodeAttribute(null=True)
    version = NumberAttribute()


class Corrections:
    """One tenant's credit notes that were asked for."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "correction")

    def find(self, correction: str) -> Correction | None:
        """Return what was asked for, strongly consistent, or None."""
        row = _CorrectionRow.find(self._pk, correction)
        return _correction(row) if row else None

    def all(self) -> list[Correction]:
        """Return all that was ever asked for, strongly consistent."""
        return [_correction(row) for row in _CorrectionRow.query(self._pk, consistent_read=True)]

    def save(self, before: Correction | None, after: Correction) -> Write:
        """Return the write that replaces `before` (None: nothing) by `after`, whose version is one more."""
        values: dict[str, Any] = {one.name: getattr(after, one.name) for one in fields(Correction)}
        values |= {name: values[name] or None for name in _TEXTS}
        row = _CorrectionRow(pk=self._pk, sk=values.pop("id"), **values)
        if after.pending:
            row.work_pk, row.work_sk = _PENDING, sort_key(iso(after.asked_at), self._tenant, after.id)
        unchanged: Condition = _CorrectionRow.pk.does_not_exist()
        if before is not None:
            unchanged = _CorrectionRow.version == before.version
        changed = Mismatch("version_mismatch", "somebody else has decided this", version=after.version - 1)
        return Put(row, unchanged, lambda _: changed)


def pending_corrections(limit: int) -> list[tuple[str, str]]:
    """Return (tenant, correction) of the first `limit` of all shops that may still be made, by time: hints."""
    shown = islice(hints(_PENDING, ["work_sk"], page=limit), limit)
    return [(tenant, correction) for _, tenant, correction in (split(one["work_sk"]) for one in shown)]


def _correction(row: _CorrectionRow) -> Correction:
    values: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(Correction) if one.name != "id"}
    values |= {name: int(values[name] or 0) for name in _NUMBERS}
    values |= {name: values[name] or "" for name in _TEXTS}
    return Correction(id=row.sk, **{**values, "state": CorrectionState(row.state)})
