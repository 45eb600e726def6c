"""API keys in the table, under their owner."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.access.model import ApiKey
from chalicelib.access.rules import Token
from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import partition
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Conflict, not_found


class _KeyRow(Row, discriminator="key"):
    digest = UnicodeAttribute()
    revoked = BooleanAttribute(default=False)
    tenant = UnicodeAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    pool = UnicodeAttribute(null=True)


class Keys:
    """The keys of one owner: a tenant or an agent."""

    def __init__(self, kind: Kind, owner: str) -> None:
        self._kind = kind
        self._pk = tenant_key(owner, "tenant") if kind is Kind.SHOP else desk_key("agent", owner)

    def find(self, token: Token) -> ApiKey | None:
        """Return the stored key, or None."""
        # Half the price; API Gateway remembers the answer for 30 seconds anyway.
        row = _KeyRow.find(self._pk, sort_key("key", token.key), consistent=False)
        if row is None:
            return None
        caller = Caller(self._kind, token.key, row.tenant or "", row.agent or "", row.pool or "")
        return ApiKey(caller=caller, digest=row.digest, revoked=row.revoked)

    def add(self, caller: Caller, digest: str) -> Write:
        """Return the write that stores a new key of `caller`."""
        row = _KeyRow(
            pk=self._pk,
            sk=sort_key("key", caller.key),
            digest=digest,
            tenant=caller.tenant or None,
            agent=caller.agent or None,
            pool=caller.pool or None,
        )
        taken = Conflict("key_exists", "a key of this id exists")
        return Put(row, _KeyRow.pk.does_not_exist(), lambda _: taken)

    def revoke(self, key: str) -> Write:
        """Return the write after which the key opens nothing; doing it again changes nothing."""
        absent = not_found()
        row = _KeyRow(pk=self._pk, sk=sort_key("key", key))
        return Update(row, [_KeyRow.revoked.set(True)], _KeyRow.pk.exists(), lambda _: absent)

    def revoke_all(self) -> list[Write]:
        """Return the writes after which no key of this owner opens anything."""
        keys = (row for row in partition(self._pk) if isinstance(row, _KeyRow))
        return [self.revoke(split(str(row.sk))[1]) for row in keys if not row.revoked]
