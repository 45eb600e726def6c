"""What a shop's pressure is, and what happened under it, in the table."""

import json
from itertools import islice

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import desk_key, prefix, sort_key, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.clock import DAY, SECOND, Millis
from chalicelib.overflow.model import Happening, SurgeEvent, SurgeMoved, SurgeState
from chalicelib.tenants.model import Step

_SURGES = desk_key("surges")
_KEPT: Millis = 365 * DAY
_PAGE = 1000


class _SurgeRow(Row, discriminator="surge"):
    tenant = UnicodeAttribute()
    version = NumberAttribute()
    since = NumberAttribute(default=0)
    ended = NumberAttribute(default=0)
    steps = UnicodeAttribute()
    capped = UnicodeAttribute(null=True)
    shut = BooleanAttribute(default=False)
    called_until = NumberAttribute(null=True)


class _SurgeEventRow(Row, discriminator="surge_event"):
    tenant = UnicodeAttribute()
    event = UnicodeAttribute()
    what = UnicodeAttribute()
    at = NumberAttribute()
    step = UnicodeAttribute(null=True)
    expected = NumberAttribute(null=True)
    ttl = NumberAttribute()


class Surges:
    """One shop's pressure; a shop without a row has never been under any."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "tenant")

    def state(self) -> SurgeState:
        """Return how the shop stands, strongly consistent."""
        row = _SurgeRow.find(self._pk, "surge")
        if row is None:
            return SurgeState()
        steps = {Step(step): since for step, since in json.loads(row.steps).items()}
        since, ended = int(row.since), int(row.ended)
        version, called = int(row.version), int(row.called_until or 0)
        return SurgeState(since, ended, steps, row.capped or "", bool(row.shut), version, called)

    def save(self, before: SurgeState, after: SurgeState) -> Write:
        """Return the write that replaces `before`; refused with SurgeMoved if it is no longer so.

        While anything is in force, the sweeper finds the shop by it.
        """
        row = _SurgeRow(
            pk=self._pk,
            sk="surge",
            tenant=self._tenant,
            version=before.version + 1,
            since=after.since,
            ended=after.ended,
            steps=json.dumps(dict(after.steps)),
            capped=after.capped or None,
            shut=after.shut,
            called_until=after.called_until or None,
        )
        if after.in_force:
            row.work_pk, row.work_sk = _SURGES, self._tenant
        unmoved: Condition = _SurgeRow.pk.does_not_exist()
        if before.version:
            unmoved = _SurgeRow.version == before.version
        return Put(row, unmoved, lambda _: SurgeMoved())

    def record(self, event: SurgeEvent) -> Write:
        """Return the write that adds an event, kept for a year."""
        row = _SurgeEventRow(
            pk=self._pk,
            sk=sort_key("surge", f"{event.at:015d}", event.id),
            tenant=self._tenant,
            event=event.id,
            what=event.what,
            at=event.at,
            step=event.step,
            expected=event.expected,
            ttl=(event.at + _KEPT) // SECOND,
        )
        return Put(row)

    def events(self, limit: int, now: Millis) -> list[SurgeEvent]:
        """Return the last `limit` events of a year, newest first: eventually consistent."""
        mine = _SurgeEventRow.sk.startswith(prefix("surge"))
        rows = _SurgeEventRow.query(self._pk, mine, scan_index_forward=False, page_size=limit)
        return [_event(row) for row in islice(rows, limit) if row.at > now - _KEPT]


def tenants_in_surge() -> list[str]:
    """Return the ids of shops under pressure, in order: hints."""
    return [shown["work_sk"] for shown in hints(_SURGES, ["work_sk"], page=_PAGE)]


def _event(row: _SurgeEventRow) -> SurgeEvent:
    step = Step(row.step) if row.step else None
    expected = None if row.expected is None else int(row.expected)
    return SurgeEvent(row.event, Happening(row.what), int(row.at), step, expected)
