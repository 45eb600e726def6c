"""Counted days in the table, under their shop: numbers alone, nobody is named in them."""

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import split, tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.contacts.model import Status
from chalicelib.contacts.rows import ContactRow
from chalicelib.kernel.clock import Millis, iso, iso_millis
from chalicelib.results.model import Day, Parts, Settled


class _DayRow(Row, discriminator="results_day"):
    tenant = UnicodeAttribute()
    as_of = NumberAttribute()
    settled = BooleanAttribute()
    parts = UnicodeAttribute()


class Days:
    """One shop's days."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "results")

    def stored(self, first: str, last: str) -> dict[str, tuple[Day, bool]]:
        """Return the stored days from `first` to `last`, each with whether it is settled."""
        rows = _DayRow.query(self._pk, _DayRow.sk.between(first, last))
        return {row.sk: (_read(row), row.settled) for row in rows}

    def resolved(self, start: Millis, end: Millis) -> list[tuple[Millis, str]]:
        """Return the contacts that are resolved since `start`, and before `end`, each with when it was; hints."""
        within = ContactRow.lists_sk.between(iso(start), iso(end))
        found = ContactRow.query(tenant_key(self._tenant, Status.RESOLVED), within, index_name="lists")
        parts = (split(str(row.lists_sk)) for row in found)
        return [(iso_millis(at), contact) for at, contact in parts]

    def save(self, day: Day, *, settled: bool) -> Write:
        """Return the write that stores a day; refused with Settled if it is stored for good already."""
        row = _DayRow(
            pk=self._pk,
            sk=day.date,
            tenant=self._tenant,
            as_of=day.as_of,
            settled=settled,
            parts=msgspec.json.encode(day.parts).decode(),
        )
        young = _DayRow.pk.does_not_exist() | _DayRow.settled.is_in(False)
        return Put(row, young, lambda _: Settled())


def _read(row: _DayRow) -> Day:
    return Day(row.sk, int(row.as_of), msgspec.json.decode(row.parts, type=Parts))
