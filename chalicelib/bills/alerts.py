"""Alerts in the table: what a shop was told of its cap, each once."""

from dataclasses import asdict

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.bills.model import Alert
from chalicelib.kernel.errors import Conflict


class _AlertRow(Row, discriminator="alert"):
    tenant = UnicodeAttribute()
    month = UnicodeAttribute()
    threshold = NumberAttribute()
    n = NumberAttribute()
    cap_won = NumberAttribute()
    spent_won = NumberAttribute()
    at = NumberAttribute()
    armed = BooleanAttribute(default=False)


class Alerts:
    """What one shop was told of its cap."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "alert")

    def of_month(self, month: str) -> list[Alert]:
        """Return what the shop was told in a KST month, by threshold, strongly consistent."""
        mine = _AlertRow.sk.startswith(prefix(month))
        return [_alert(row) for row in _AlertRow.query(self._pk, mine, consistent_read=True)]

    def add(self, alert: Alert) -> Write:
        """Return the write that records an alert, once."""
        row = _AlertRow(pk=self._pk, sk=_sk(alert), tenant=self._tenant, **asdict(alert))
        told = Conflict("already_told", "the shop was told of this already")
        return Put(row, _AlertRow.pk.does_not_exist(), lambda _: told)

    def rearm(self, alert: Alert) -> Write:
        """Return the write after which the shop may be told of the threshold again."""
        absent = Conflict("never_told", "the shop was not told of this")
        row = _AlertRow(pk=self._pk, sk=_sk(alert))
        return Update(row, [_AlertRow.armed.set(True)], _AlertRow.pk.exists(), lambda _: absent)


def _sk(alert: Alert) -> str:
    return sort_key(alert.month, f"{alert.threshold:03d}", f"{alert.n:03d}")


def _alert(row: _AlertRow) -> Alert:
    return Alert(
        month=row.month,
        threshold=int(row.threshold),
        n=int(row.n),
        cap_won=int(row.cap_won),
        spent_won=int(row.spent_won),
        at=int(row.at),
        armed=bool(row.armed),
    )
