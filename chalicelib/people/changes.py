"""The record of permissions in the table: a shop's in one partition, the team's in that of whom it is about."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.pagination import ResultIterator

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.clock import DAY, Millis, iso
from chalicelib.people.model import Deed, PermissionChange

Position = dict[str, Any]

_TEAM = desk_key("permissions")
_CHANGE = "change"
# Three years, leap days and all, as the law asks.
_KEPT: Millis = 3 * 366 * DAY


class _ChangeRow(Row, discriminator="permission_change"):
    change = UnicodeAttribute()
    at = NumberAttribute()
    by = UnicodeAttribute()
    source = UnicodeAttribute()
    deed = UnicodeAttribute()
    whom = UnicodeAttribute()
    before = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


class Changes:
    """The record of one shop, or for no tenant the team's."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def add(self, change: PermissionChange) -> Write:
        """Return the write that adds a line; its id is new, so it cannot be refused."""
        row = _ChangeRow(
            pk=tenant_key(self._tenant, "permissions") if self._tenant else desk_key("person", change.whom),
            sk=sort_key(_CHANGE, iso(change.at), change.id),
            change=change.id,
            at=change.at,
            by=change.by,
            source=change.source,
            deed=change.deed,
            whom=change.whom,
            before=change.before or None,
            after=change.after or None,
            reason=change.reason or None,
            expires_at=change.at + _KEPT,
        )
        if not self._tenant:
            row.lists_pk, row.lists_sk = _TEAM, sort_key(iso(change.at), change.id)
        return Put(row, _ChangeRow.pk.does_not_exist())

    def page(
        self, *, limit: int, after: Position | None, now: Millis
    ) -> tuple[list[PermissionChange], Position | None]:
        """Return up to `limit` lines, newest first, and where to go on; what has expired by `now` is left out.

        The team's lines are listed by an index, which may be behind by a moment.
        """
        if self._tenant:
            found = self._of_tenant(limit, after)
            rows = list(found)
        else:
            with own():
                found = self._of_team(limit, after)
                rows = [row for hint in found if (row := _ChangeRow.find(hint.pk, hint.sk))]
        return [_change(row) for row in rows if row.expires_at > now], found.last_evaluated_key

    def _of_tenant(self, limit: int, after: Position | None) -> ResultIterator[_ChangeRow]:
        return _ChangeRow.query(
            tenant_key(self._tenant, "permissions"),
            _ChangeRow.sk.startswith(prefix(_CHANGE)),
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=after,
        )

    def _of_team(self, limit: int, after: Position | None) -> ResultIterator[_ChangeRow]:
        return _ChangeRow.query(
            _TEAM, scan_index_forward=False, limit=limit, last_evaluated_key=after, index_name="lists"
        )


def _change(row: _ChangeRow) -> PermissionChange:
    return PermissionChange(
        id=row.change,
        at=int(row.at),
        by=row.by,
        source=row.source,
        deed=Deed(row.deed),
        whom=row.whom,
        before=row.before or "",
        after=row.after or "",
        reason=row.reason or "",
    )
