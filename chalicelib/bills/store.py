"""Disputes in the table: one for an episode, in their shop's list, and in all shops' list while they are open."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.bills.model import Dispute, DisputesMoved, Verdict
from chalicelib.kernel.clock import iso
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter

_OPEN = desk_key("disputes")
_NUMBERS = ("episode", "opened_at", "decided_at", "won")


class _DisputeRow(Row, discriminator="dispute"):
    tenant = UnicodeAttribute()
    contact = UnicodeAttribute()
    episode = NumberAttribute()
    month = UnicodeAttribute()
    meter = UnicodeAttribute()
    reason = UnicodeAttribute()
    opened_at = NumberAttribute()
    opened_by = UnicodeAttribute()
    verdict = UnicodeAttribute()
    answer = UnicodeAttribute(null=True)
    decided_at = NumberAttribute(default=0)
    decided_by = UnicodeAttribute(null=True)
    won = NumberAttribute(default=0)


class _VerdictsRow(Row, discriminator="verdicts"):
    version = NumberAttribute()


class Disputes:
    """One shop's disputes."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "dispute")

    def find(self, dispute: str) -> Dispute | None:
        """Return the dispute, strongly consistent, or None."""
        row = _DisputeRow.find(self._pk, dispute)
        return _dispute(row) if row else None

    def many(self, ids: Sequence[str]) -> dict[str, Dispute]:
        """Return those of the disputes `ids` that there are."""
        return {row.sk: _dispute(row) for row in _DisputeRow.batch_get([(self._pk, one) for one in ids])}

    def all(self) -> dict[str, Dispute]:
        """Return every dispute of the shop by its id, strongly consistent."""
        rows = _DisputeRow.query(self._pk, consistent_read=True)
        return {row.sk: _dispute(row) for row in rows}

    def of_month(self, month: str) -> list[Dispute]:
        """Return the disputes of a month's bill, strongly consistent."""
        rows = _DisputeRow.query(self._pk, filter_condition=_DisputeRow.month == month, consistent_read=True)
        return [_dispute(row) for row in rows]

    def page(self, *, limit: int, after: dict[str, Any] | None) -> tuple[list[Dispute], dict[str, Any] | None]:
        """Return `limit` disputes after a position, the newest first, and the position of the next ones."""
        listed = tenant_key(self._tenant, "disputes")
        newest: dict[str, Any] = {"scan_index_forward": False, "index_name": "lists"}
        found = _DisputeRow.query(listed, limit=limit, last_evaluated_key=after, **newest)
        ids = [row.sk for row in found]
        known = self.many(ids)
        return [known[one] for one in ids if one in known], found.last_evaluated_key

    def verdicts(self, month: str) -> int:
        """Return how often a dispute of a month was upheld, strongly consistent: read it before what it guards."""
        row = _VerdictsRow.find(self._pk, sort_key("verdicts", month))
        return int(row.version) if row else 0

    def add(self, dispute: Dispute) -> Write:
        """Return the write that opens a dispute, one for an episode."""
        known = Conflict("already_disputed", "this line was disputed already")
        return Put(self._row(dispute), _DisputeRow.pk.does_not_exist(), lambda _: known)

    def decide(self, dispute: Dispute, verdicts: int) -> list[Write]:
        """Return the writes that decide an open dispute, once.

        One that is upheld is refused with DisputesMoved if another one of its month was upheld after `verdicts`.
        """
        decided = Conflict("already_decided", "this dispute was decided already")
        put = Put(self._row(dispute), _DisputeRow.verdict == Verdict.OPEN, lambda _: decided)
        if dispute.verdict is not Verdict.UPHELD:
            return [put]
        row = _VerdictsRow
        unmoved: Condition = row.pk.does_not_exist()
        if verdicts:
            unmoved = row.version == verdicts
        counted = [row.version.set(verdicts + 1), row.kind.set(row)]
        counter = row(pk=self._pk, sk=sort_key("verdicts", dispute.month))
        return [put, Update(counter, counted, unmoved, lambda _: DisputesMoved())]

    def _row(self, dispute: Dispute) -> _DisputeRow:
        values: dict[str, Any] = {field.name: getattr(dispute, field.name) for field in fields(Dispute)}
        values |= {name: values[name] or None for name in ("answer", "decided_by")}
        at = iso(dispute.opened_at)
        values |= {"lists_pk": tenant_key(self._tenant, "disputes"), "lists_sk": sort_key(at, dispute.id)}
        if dispute.verdict is Verdict.OPEN:
            values |= {"work_pk": _OPEN, "work_sk": sort_key(at, self._tenant, dispute.id)}
        return _DisputeRow(pk=self._pk, sk=dispute.id, **values)


def open_disputes(limit: int) -> list[tuple[str, str]]:
    """Return (tenant, dispute) of the first `limit` that are open, of all shops, the oldest first: hints."""
    found = []
    for shown in hints(_OPEN, ["work_sk"], page=limit):
        _, tenant, dispute = split(shown["work_sk"])
        found.append((tenant, dispute))
        if len(found) == limit:
            break
    return found


def _dispute(row: _DisputeRow) -> Dispute:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Dispute)}
    values |= {name: int(getattr(row, name) or 0) for name in _NUMBERS}
    values |= {name: getattr(row, name) or "" for name in ("answer", "decided_by")}
    return Dispute(**{**values, "meter": Meter(row.meter), "verdict": Verdict(row.verdict)})
