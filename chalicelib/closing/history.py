"""How each of a tenant's periods came to where it is: rows beside the period's own, never changed."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.closing.model import Move
from chalicelib.kernel.errors import Mismatch
from chalicelib.metering.model import Period, PeriodState


class _MoveRow(Row, discriminator="period_move"):
    version = NumberAttribute()
    state = UnicodeAttribute()
    contacts = NumberAttribute()
    won = NumberAttribute()
    at = NumberAttribute()
    by = UnicodeAttribute(null=True)
    why = UnicodeAttribute(null=True)


class History:
    """One tenant's periods as they moved."""

    def __init__(self, tenant: str) -> None:
        self._pk = tenant_key(tenant, "period")

    def add(self, after: Period) -> Write:
        """Return the write that records what a period has become, for the transaction that saves it."""
        shown: dict[str, Any] = {name: getattr(after, name) for name in ("version", "state", "contacts", "won")}
        shown |= {"at": after.changed_at, "by": after.by or None, "why": after.why or None}
        row = _MoveRow(pk=self._pk, sk=sort_key(after.month, f"{after.version:06d}"), **shown)
        changed = Mismatch("version_mismatch", "this period changed since you looked", version=after.version - 1)
        return Put(row, _MoveRow.pk.does_not_exist(), lambda _: changed)

    def of_month(self, month: str) -> list[Move]:
        """Return every state that `month` came into, in order, strongly consistent."""
        of_month = _MoveRow.sk.startswith(prefix(month))
        return [_move(row) for row in _MoveRow.query(self._pk, of_month, consistent_read=True)]


def _move(row: _MoveRow) -> Move:
    version, contacts, won, at = int(row.version), int(row.contacts), int(row.won), int(row.at)
    return Move(version, PeriodState(row.state), contacts, won, at, row.by or "", row.why or "")
