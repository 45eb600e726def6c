"""What a shop's people chose, version by version, in the table: nothing of it ever changes."""

import json
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.errors import Conflict
from chalicelib.tenants.aims import By, Choice

Position = dict[str, Any]


class _ChoiceRow(Row, discriminator="choice"):
    tenant = UnicodeAttribute()
    section = UnicodeAttribute()
    version = NumberAttribute()
    by = UnicodeAttribute()
    at = NumberAttribute()
    source = UnicodeAttribute()
    body = UnicodeAttribute()


class Choices:
    """One shop's choices."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "choices")

    def current(self, section: str) -> Choice | None:
        """Return the last choice of a section, strongly consistent, or None before there was one."""
        found, _ = self.page(section, limit=1, after=None)
        return found[0] if found else None

    def page(self, section: str, *, limit: int, after: Position | None) -> tuple[list[Choice], Position | None]:
        """Return up to `limit` choices of a section, newest first, and where to go on."""
        found = _ChoiceRow.query(
            self._pk,
            _ChoiceRow.sk.startswith(prefix(section)),
            scan_index_forward=False,
            consistent_read=True,
            limit=limit,
            last_evaluated_key=after,
        )
        return [_choice(row) for row in found], found.last_evaluated_key

    def record(self, choice: Choice) -> Write:
        """Return the write that adds a choice; refused with Conflict `tenant_changed` if its version is there."""
        row = _ChoiceRow(
            pk=self._pk,
            sk=sort_key(choice.section, f"{choice.version:06d}"),
            tenant=self._tenant,
            section=choice.section,
            version=choice.version,
            by=choice.by.name,
            at=choice.by.at,
            source=choice.by.source,
            body=json.dumps(choice.body, ensure_ascii=False),
        )
        changed = Conflict("tenant_changed", "someone else changed this tenant")
        return Put(row, _ChoiceRow.pk.does_not_exist(), lambda _: changed)


def _choice(row: _ChoiceRow) -> Choice:
    by = By(row.by, row.source, int(row.at))
    return Choice(row.section, int(row.version), by, json.loads(row.body))
