"""Whom a tenant's invoices are made out to, in the table."""

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.billing.model import Identity
from chalicelib.kernel.errors import Mismatch


class IdentityRow(Row, discriminator="billing_identity"):
    """The identity as it lies beside the tenant's customer."""

    content = UnicodeAttribute()
    version = NumberAttribute()

    @property
    def identity(self) -> Identity:
        """Return the identity in this row."""
        return msgspec.json.decode(self.content, type=Identity)


class Identities:
    """Who one tenant's invoices are made out to."""

    def __init__(self, tenant: str) -> None:
        self._pk = tenant_key(tenant, "billing")

    def find(self) -> Identity | None:
        """Return the identity, strongly consistent, or None before it was given."""
        return self.current()[0]

    def current(self) -> tuple[Identity | None, int]:
        """Return the identity and its version: None and 0 before it was given."""
        row = IdentityRow.find(self._pk, "identity")
        return (row.identity, int(row.version)) if row else (None, 0)

    def save(self, identity: Identity, version: int) -> Write:
        """Return the write that puts `identity` in the place of that of `version`."""
        content = msgspec.json.encode(identity).decode()
        row = IdentityRow(pk=self._pk, sk="identity", content=content, version=version + 1)
        unchanged: Condition = IdentityRow.pk.does_not_exist()
        if version:
            unchanged = IdentityRow.version == version
        return Put(row, unchanged, lambda _: Mismatch("version_mismatch", "this changed since you looked"))
