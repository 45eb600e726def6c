"""Service credits in the table: what became of a month's result, once."""

from dataclasses import asdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.bills.model import Grant
from chalicelib.kernel.errors import Conflict


class _GrantRow(Row, discriminator="grant"):
    tenant = UnicodeAttribute()
    month = UnicodeAttribute()
    evidence = UnicodeAttribute()
    percent = NumberAttribute()
    won = NumberAttribute()
    at = NumberAttribute()
    actor = UnicodeAttribute()


class Grants:
    """One shop's service credits by month."""

    def __init__(self, tenant: str) -> None:
        self._pk = tenant_key(tenant, "sla")

    def find(self, month: str) -> Grant | None:
        """Return what was credited for a KST month, strongly consistent; None before that was decided."""
        row = _GrantRow.find(self._pk, month)
        if row is None:
            return None
        return Grant(row.tenant, row.month, row.evidence, int(row.percent), int(row.won), int(row.at), row.actor)

    def add(self, grant: Grant) -> Write:
        """Return the write that records what is credited for a month, once for ever."""
        granted = Conflict("already_granted", "this month's service credit was decided already")
        row = _GrantRow(pk=self._pk, sk=grant.month, **asdict(grant))
        return Put(row, _GrantRow.pk.does_not_exist(), lambda _: granted)
