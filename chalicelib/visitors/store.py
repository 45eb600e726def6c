"""Widget keys in the table, under their shop."""

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.visitors.model import WidgetKey, WidgetKeyExists


class _WidgetRow(Row, discriminator="widget"):
    tenant = UnicodeAttribute()
    widget = UnicodeAttribute()
    origins = UnicodeAttribute()
    label = UnicodeAttribute()
    created_at = NumberAttribute()
    digest = UnicodeAttribute()
    revoked = BooleanAttribute(default=False)
    seen_at = NumberAttribute(null=True)
    seen_origin = UnicodeAttribute(null=True)


class WidgetKeys:
    """One shop's widget keys."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "tenant")

    def find(self, key: str) -> WidgetKey | None:
        """Return the key, strongly consistent, or None."""
        row = _WidgetRow.find(self._pk, sort_key("widget", key))
        return _read(row) if row else None

    def all(self) -> list[WidgetKey]:
        """Return the shop's keys, revoked ones too, oldest first."""
        rows = _WidgetRow.query(self._pk, _WidgetRow.sk.startswith(prefix("widget")), consistent_read=True)
        return sorted(map(_read, rows), key=lambda key: (key.created_at, key.id))

    def add(self, key: WidgetKey) -> Write:
        """Return the write that stores a new key; refused with WidgetKeyExists."""
        row = _WidgetRow(
            pk=self._pk,
            sk=sort_key("widget", key.id),
            tenant=self._tenant,
            widget=key.id,
            origins=msgspec.json.encode(key.origins).decode(),
            label=key.label,
            created_at=key.created_at,
            digest=key.digest,
            revoked=key.revoked,
        )
        return Put(row, _WidgetRow.pk.does_not_exist(), lambda _: WidgetKeyExists())

    def revoke(self, key: str) -> Write:
        """Return the write after which the key opens nothing; doing it again changes nothing."""
        absent = not_found()
        row = _WidgetRow(pk=self._pk, sk=sort_key("widget", key))
        return Update(row, [_WidgetRow.revoked.set(True)], _WidgetRow.pk.exists(), lambda _: absent)

    def seen(self, key: str, origin: str, at: Millis) -> Write:
        """Return the write after which a page of `origin` is known to have shown the key at `at`."""
        absent = not_found()
        row = _WidgetRow(pk=self._pk, sk=sort_key("widget", key))
        actions = [_WidgetRow.seen_at.set(at), _WidgetRow.seen_origin.set(origin)]
        return Update(row, actions, _WidgetRow.pk.exists(), lambda _: absent)


def _read(row: _WidgetRow) -> WidgetKey:
    return WidgetKey(
        tenant=row.tenant,
        id=row.widget,
        origins=msgspec.json.decode(row.origins, type=tuple[str, ...]),
        label=row.label,
        created_at=int(row.created_at),
        digest=row.digest,
        revoked=row.revoked,
        seen_at=int(row.seen_at or 0),
        seen_origin=row.seen_origin or "",
    )
