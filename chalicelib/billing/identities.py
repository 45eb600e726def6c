"""Whom a tenant's invoices are made out to, in the table."""

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.billing.model import Identity
from chalicelib.kernel.errors import Mismatch


class _IdentityRow(Row, discriminator="billing_identity"):
    content = UnicodeAttribute()
    version = NumberAttribute()


class Identities:
    """Who one tenant's invoices are made out to."""

    def __init__(self, tenant: str) -> None:
        self._pk = tenant_key(tenant, "billing")

    def find(self) -> Identity | None:
        """Return the identity, strongly consistent, or None before it was given."""
        return self.current()[0]

    def current(self) -> tuple[Identity | None, int]:
        """Return the identity and its version: None and 0 before it was given."""
        row = _IdentityRow.find(self._pk, "identity")
        return (msgspec.json.decode(row.content, type=Identity), int(row.version)) if row else (None, 0)

    def save(self, identity: Identity, version: int) -> Write:
        """Return the write that puts `identity` in the place of that of `version`."""
        content = msgspec.json.encode(identity).decode()
        row = _IdentityRow(pk=self._pk, sk="identity", content=content, version=version + 1)
        unchanged: Condition = _IdentityRow.pk.does_not_exist()
        if version:
            unchanged = _IdentityRow.version == version
        return Put(row, unchanged, lambda _: Mismatch("version_mismatch", "this changed since you looked"))
