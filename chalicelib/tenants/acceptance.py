"""Which versions of which documents a shop accepted, in the table: by whom, when and from where."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.errors import Conflict
from chalicelib.tenants.aims import Acceptance, By

_ACCEPTED = "accepted"


class _AcceptanceRow(Row, discriminator="acceptance"):
    tenant = UnicodeAttribute()
    document = UnicodeAttribute()
    version = UnicodeAttribute()
    digest = UnicodeAttribute()
    by = UnicodeAttribute()
    source = UnicodeAttribute()
    at = NumberAttribute()


class Acceptances:
    """What one shop accepted."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "tenant")

    def all(self) -> list[Acceptance]:
        """Return everything that the shop accepted, by document and version, strongly consistent."""
        rows = _AcceptanceRow.query(
            self._pk, _AcceptanceRow.sk.startswith(prefix(_ACCEPTED)), consistent_read=True
        )
        return [_acceptance(row) for row in rows]

    def add(self, one: Acceptance) -> Write:
        """Return the write that records an acceptance; refused with Conflict `accepted_already`."""
        row = _AcceptanceRow(
            pk=self._pk,
            sk=sort_key(_ACCEPTED, one.document, one.version),
            tenant=self._tenant,
            document=one.document,
            version=one.version,
            digest=one.digest,
            by=one.by.name,
            source=one.by.source,
            at=one.by.at,
        )
        known = Conflict("accepted_already", "this version was accepted before")
        return Put(row, _AcceptanceRow.pk.does_not_exist(), lambda _: known)


def _acceptance(row: _AcceptanceRow) -> Acceptance:
    return Acceptance(row.document, row.version, row.digest, By(row.by, row.source, int(row.at)))
