"""Diagnoses in the table, under their shop; nothing of what customers wrote is in them."""

from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import sort_key, split, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.diagnosis.model import AlreadyThere, Columns, Diagnosis, MovedOn, Outcome, State
from chalicelib.kernel.clock import Millis, iso


class _DiagnosisRow(Row, discriminator="diagnosis"):
    tenant = UnicodeAttribute()
    name = UnicodeAttribute()
    size = NumberAttribute()
    at = NumberAttribute()
    by = UnicodeAttribute()
    digest = UnicodeAttribute()
    state = UnicodeAttribute()
    changed_at = NumberAttribute()
    tries = NumberAttribute()
    rows = NumberAttribute()
    total = NumberAttribute()
    columns = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)


class Diagnoses:
    """One shop's diagnoses."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "diagnosis")
        self._list = tenant_key(tenant, "diagnoses")

    def find(self, diagnosis: str) -> Diagnosis | None:
        """Return the diagnosis, strongly consistent, or None."""
        row = _DiagnosisRow.find(self._pk, diagnosis)
        return _read(row) if row else None

    def since(self, start: Millis, limit: int) -> list[str]:
        """Return the ids of up to `limit` diagnoses announced since `start`, newest first: hints."""
        found = _DiagnosisRow.query(
            self._list,
            _DiagnosisRow.lists_sk >= iso(start),
            scan_index_forward=False,
            limit=limit,
            index_name="lists",
        )
        return [split(str(row.lists_sk))[1] for row in found]

    def newest(self, limit: int) -> list[Diagnosis]:
        """Return up to `limit` diagnoses, newest first: eventually consistent."""
        ids = self.since(0, limit)
        found = {row.sk: _read(row) for row in _DiagnosisRow.batch_get([(self._pk, one) for one in ids])}
        return [found[one] for one in ids if one in found]

    def announce(self, new: Diagnosis) -> Write:
        """Return the write that stores a new diagnosis; refused with AlreadyThere."""
        return Put(self._row(new), _DiagnosisRow.pk.does_not_exist(), lambda _: AlreadyThere())

    def save(self, before: Diagnosis, after: Diagnosis) -> Write:
        """Return the write that replaces `before`; refused with MovedOn if it is no longer so."""
        return Put(self._row(after), _unmoved(before), lambda _: MovedOn())

    def progress(self, diagnosis: Diagnosis) -> Write:
        """Return the write that says how far the reading came; refused with MovedOn if another one reads now."""
        row = _DiagnosisRow(pk=self._pk, sk=diagnosis.id)
        actions = [_DiagnosisRow.rows.set(diagnosis.rows), _DiagnosisRow.total.set(diagnosis.total)]
        return Update(row, actions, _unmoved(diagnosis), lambda _: MovedOn())

    def _row(self, one: Diagnosis) -> _DiagnosisRow:
        return _DiagnosisRow(
            pk=self._pk,
            sk=one.id,
            lists_pk=self._list,
            lists_sk=sort_key(iso(one.at), one.id),
            tenant=self._tenant,
            name=one.name,
            size=one.size,
            at=one.at,
            by=one.by,
            digest=one.digest,
            state=one.state,
            changed_at=one.changed_at,
            tries=one.tries,
            rows=one.rows,
            total=one.total,
            columns=_text(one.columns) if one.columns else None,
            outcome=_text(one.outcome) if one.outcome != Outcome() else None,
        )


def _unmoved(before: Diagnosis) -> Any:
    same_state = (_DiagnosisRow.state == before.state) & (_DiagnosisRow.changed_at == before.changed_at)
    return same_state & (_DiagnosisRow.tries == before.tries)


def _text(content: object) -> str:
    return msgspec.json.encode(content).decode()


def _read(row: _DiagnosisRow) -> Diagnosis:
    return Diagnosis(
        tenant=row.tenant,
        id=row.sk,
        name=row.name,
        size=int(row.size),
        at=int(row.at),
        by=row.by,
        digest=row.digest,
        state=State(row.state),
        changed_at=int(row.changed_at),
        tries=int(row.tries),
        rows=int(row.rows),
        total=int(row.total),
        columns=msgspec.json.decode(row.columns, type=Columns) if row.columns else None,
        outcome=msgspec.json.decode(row.outcome, type=Outcome) if row.outcome else Outcome(),
    )
