"""API keys in the table, under their owner."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.access.model import ApiKey, Issued, ListedKey
from chalicelib.access.rules import Token
from chalicelib.aws.keys import desk_key, prefix, sort_key, split, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Conflict, not_found

_UNTOLD = Issued()


class _KeyRow(Row, discriminator="key"):
    digest = UnicodeAttribute()
    revoked = BooleanAttribute(default=False)
    tenant = UnicodeAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    pool = UnicodeAttribute(null=True)
    label = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    at = NumberAttribute(null=True)


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

    def all(self) -> list[ListedKey]:
        """Return the owner's keys, revoked ones too, oldest first, strongly consistent."""
        rows = _KeyRow.query(self._pk, _KeyRow.sk.startswith(prefix("key")), consistent_read=True)
        return sorted(map(_listed, rows), key=lambda key: (key.issued.at, key.id))

    def add(self, caller: Caller, digest: str, issued: Issued = _UNTOLD) -> Write:
        """Return the write that stores a new key of `caller`."""
        row = _KeyRow(
            pk=self._pk,
            sk=sort_key("key", caller.key),
            digest=digest,
            tenant=caller.tenant or None,
            agent=caller.agent or None,
            pool=caller.pool or None,
            label=issued.label or None,
            by=issued.by or None,
            at=issued.at or None,
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
        return [self.revoke(key.id) for key in self.all() if not key.revoked]


def _listed(row: _KeyRow) -> ListedKey:
    issued = Issued(row.label or "", row.by or "", int(row.at or 0))
    return ListedKey(split(str(row.sk))[1], issued, bool(row.revoked))
