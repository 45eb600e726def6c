"""Erasures in the table; those that are not done yet stand in the work index by the time of their next step."""

from dataclasses import fields

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.rights.model import Counts, Erasure, Ground, Progress

_OPEN = desk_key("erasures")


class _ErasureRow(Row, discriminator="erasure"):
    tenant = UnicodeAttribute()
    handle = UnicodeAttribute()
    ground = UnicodeAttribute()
    by = UnicodeAttribute()
    at = NumberAttribute()
    progress = UnicodeAttribute()
    certificate = UnicodeAttribute(null=True)
    contacts = NumberAttribute(default=0)
    messages = NumberAttribute(default=0)
    customers = NumberAttribute(default=0)
    search_entries = NumberAttribute(default=0)


_COUNTS = [field.name for field in fields(Counts)]


class Erasures:
    """One tenant's erasures."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "erasure")

    def get(self, erasure: str) -> Erasure:
        """Return the erasure, strongly consistent; raise NotFound."""
        row = _ErasureRow.find(self._pk, erasure)
        if row is None:
            raise not_found()
        return Erasure(
            tenant=row.tenant,
            id=row.sk,
            handle=row.handle,
            ground=Ground(row.ground),
            by=row.by,
            at=int(row.at),
            progress=Progress(row.progress),
            counts=Counts(**{name: int(getattr(row, name)) for name in _COUNTS}),
            certificate=row.certificate or "",
        )

    def start(self, erasure: Erasure, due: Millis) -> Write:
        """Return the write that begins `erasure`, or begins it anew; its next step is `due` then."""
        row = _ErasureRow(
            pk=self._pk,
            sk=erasure.id,
            tenant=self._tenant,
            handle=erasure.handle,
            ground=erasure.ground,
            by=erasure.by,
            at=erasure.at,
            progress=erasure.progress,
            work_pk=_OPEN,
            work_sk=self._due(erasure.id, due),
        )
        return Put(row)

    def tally(self, erasure: str, counts: Counts) -> Write:
        """Return the write that adds `counts`: part of the transaction that erases what it counts."""
        added: list[Action] = [
            getattr(_ErasureRow, name).add(value) for name in _COUNTS if (value := getattr(counts, name))
        ]
        return self._update(erasure, added)

    def wait(self, erasure: str, due: Millis, certificate: str = "") -> Write:
        """Return the write that puts the next step off until `due`, certifying what was done so far."""
        later: list[Action] = [_ErasureRow.work_sk.set(self._due(erasure, due))]
        return self._update(erasure, [*later, *self._certified(certificate)])

    def finish(self, erasure: str, certificate: str) -> Write:
        """Return the write after which nothing is left to do."""
        row = _ErasureRow
        done: list[Action] = [row.progress.set(Progress.DONE), row.work_pk.remove(), row.work_sk.remove()]
        return self._update(erasure, [*done, *self._certified(certificate)])

    def _certified(self, certificate: str) -> list[Action]:
        return [_ErasureRow.certificate.set(certificate)] if certificate else []

    def _update(self, erasure: str, actions: list[Action]) -> Write:
        gone = not_found()
        row = _ErasureRow(pk=self._pk, sk=erasure)
        # One that was finished by another process meanwhile is not put among the open ones again.
        running = _ErasureRow.progress == Progress.RUNNING
        return Update(row, actions, running, lambda _: gone)

    def _due(self, erasure: str, due: Millis) -> str:
        return sort_key(f"{due:015d}", self._tenant, erasure)


def open_erasures(now: Millis, limit: int) -> list[tuple[str, str]]:
    """Return up to `limit` (tenant, erasure) whose next step is due, the oldest first: hints."""
    found: list[tuple[str, str]] = []
    for shown in hints(_OPEN, ["work_sk"], page=limit):
        due, tenant, erasure = split(shown["work_sk"])
        if int(due) > now or len(found) == limit:
            break
        found.append((tenant, erasure))
    return found
