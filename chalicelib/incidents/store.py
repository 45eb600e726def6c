"""Incidents in the table, all of the desk in one partition: there are few, and everybody looks at them."""

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.incidents.model import Incident, IncidentExists
from chalicelib.incidents.rules import KEPT
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import not_found

_ALL = desk_key("incidents")


class _IncidentRow(Row, discriminator="incident"):
    pool = UnicodeAttribute()
    tenants = UnicodeAttribute()
    text = UnicodeAttribute()
    text_en = UnicodeAttribute()
    since = NumberAttribute()
    until = NumberAttribute()
    by = UnicodeAttribute()
    digest = UnicodeAttribute()
    ended_at = NumberAttribute(default=0)
    # By these two the stream knows what still has to be told.
    state = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    ttl = NumberAttribute()


class Incidents:
    """All incidents; their rows are the desk's own, so that the function's own role reads and writes them."""

    def all(self) -> list[Incident]:
        """Return the incidents of 90 days, the newest first, strongly consistent."""
        with own():
            rows = list(_IncidentRow.query(_ALL, consistent_read=True))
        return sorted(map(_incident, rows), key=lambda incident: (-incident.since, incident.id))

    def find(self, incident: str) -> Incident | None:
        """Return the incident as it is now, strongly consistent, or None."""
        with own():
            row = _IncidentRow.find(_ALL, incident)
        return _incident(row) if row else None

    def add(self, incident: Incident) -> Write:
        """Return the write that announces an incident; refused with IncidentExists."""
        row = _IncidentRow(
            pk=_ALL,
            sk=incident.id,
            pool=incident.pool,
            tenants=msgspec.json.encode(incident.tenants).decode(),
            text=incident.text,
            text_en=incident.text_en,
            since=incident.since,
            until=incident.until,
            by=incident.by,
            digest=incident.digest,
            state="due",
            ttl=(incident.until + KEPT) // SECOND,
        )
        return Put(row, _IncidentRow.pk.does_not_exist(), lambda _: IncidentExists())

    def end(self, incident: str, at: Millis) -> Write:
        """Return the write after which the incident is not shown any more; the first end stays."""
        row, absent = _IncidentRow(pk=_ALL, sk=incident), not_found()
        ended = _IncidentRow.ended_at.set(at)
        first = _IncidentRow.pk.exists() & (_IncidentRow.ended_at == 0)
        return Update(row, [ended], first, lambda _: absent)

    def told(self, incident: str) -> Write:
        """Return the write that notes that all letters are written."""
        row, absent = _IncidentRow(pk=_ALL, sk=incident), not_found()
        return Update(row, [_IncidentRow.state.set("done")], _IncidentRow.pk.exists(), lambda _: absent)


def _incident(row: _IncidentRow) -> Incident:
    return Incident(
        id=row.sk,
        pool=row.pool,
        tenants=msgspec.json.decode(row.tenants, type=tuple[str, ...]),
        text=row.text,
        text_en=row.text_en,
        since=int(row.since),
        until=int(row.until),
        by=row.by,
        digest=row.digest,
        ended_at=int(row.ended_at),
        told=row.state == "done",
    )
