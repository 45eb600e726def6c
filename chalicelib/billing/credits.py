"""Credits: won that a shop gets back on its next bill, each once."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.clock import kst_month
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.periods import Periods
from chalicelib.pricing.model import Credit, Item

_PLAIN = ("tenant", "id", "item", "won", "origin", "booked_at", "evidence", "actor")


class _CreditRow(Row, discriminator="credit"):
    tenant = UnicodeAttribute()
    id = UnicodeAttribute()
    item = UnicodeAttribute()
    won = NumberAttribute()
    origin = UnicodeAttribute()
    booked_at = NumberAttribute()
    evidence = UnicodeAttribute()
    actor = UnicodeAttribute()


class Credits:
    """One tenant's credits."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "credit")

    def add(self, credit: Credit) -> list[Write]:
        """Return the writes that book `credit`, once for ever within its month, which must take entries still."""
        month = kst_month(credit.booked_at)
        values = {name: getattr(credit, name) for name in _PLAIN}
        row = _CreditRow(pk=self._pk, sk=sort_key(month, credit.id), **values)
        known = Conflict("already_booked", "this credit is booked already")
        return [Periods(self._tenant).accepts(month), Put(row, _CreditRow.pk.does_not_exist(), lambda _: known)]

    def booked(self, month: str) -> list[Credit]:
        """Return the credits booked in a KST month, by id, strongly consistent."""
        rows = _CreditRow.query(self._pk, _CreditRow.sk.startswith(prefix(month)), consistent_read=True)
        return [_credit(row) for row in rows]


def _credit(row: _CreditRow) -> Credit:
    return Credit(
        tenant=row.tenant,
        id=row.id,
        item=Item(row.item),
        won=int(row.won),
        origin=row.origin,
        booked_at=int(row.booked_at),
        evidence=row.evidence,
        actor=row.actor,
    )
