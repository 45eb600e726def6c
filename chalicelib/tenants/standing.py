"""Whether a shop is suspended, in the table: asked on every proof, so never from memory."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.clock import Millis


class _StandingRow(Row, discriminator="standing"):
    tenant = UnicodeAttribute()
    suspended = BooleanAttribute()
    since = NumberAttribute()


class Standing:
    """One tenant's standing; a tenant without a row is in good standing."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "tenant")

    def suspended(self) -> bool:
        """Return whether the tenant is suspended: eventually consistent, within a second."""
        row = _StandingRow.find(self._pk, "standing", consistent=False)
        return row is not None and bool(row.suspended)

    def save(self, *, suspended: bool, at: Millis) -> Write:
        """Return the write that suspends or resumes the tenant; doing it again changes nothing."""
        return Put(_StandingRow(pk=self._pk, sk="standing", tenant=self._tenant, suspended=suspended, since=at))
