"""Handbooks, canned answers and marks in the table, under their shop; marks stand in their pool's list."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from cachetools import TTLCache
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import partition
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.handbook.model import Answer, Handbook, Kept, Marks, Shelf, ShelfMoved, Wording

# Asked for every reply: 60 s is the promised delay.
_SECONDS = 60
_shelves: TTLCache[str, Shelf] = TTLCache(maxsize=1024, ttl=_SECONDS)
_marks: TTLCache[str, Mapping[str, Marks]] = TTLCache(maxsize=64, ttl=_SECONDS)


class _HandbookRow(Row, discriminator="handbook"):
    tenant = UnicodeAttribute()
    version = NumberAttribute()
    content = UnicodeAttribute()
    updated_at = NumberAttribute()
    updated_by = UnicodeAttribute()
    declared = UnicodeAttribute(null=True)


class _AnswerRow(Row, discriminator="answer"):
    tenant = UnicodeAttribute()
    version = NumberAttribute()
    content = UnicodeAttribute()
    updated_at = NumberAttribute()
    updated_by = UnicodeAttribute()
    retired = BooleanAttribute(default=False)
    digest = UnicodeAttribute()
    declared = UnicodeAttribute(null=True)


class _MarksRow(Row, discriminator="marks"):
    tenant = UnicodeAttribute()
    version = NumberAttribute()
    marks = UnicodeAttribute()


class Handbooks:
    """One shop's handbook."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "handbook")

    def shelf(self) -> Shelf:
        """Return all of the handbook, strongly consistent."""
        # What is read after the round can only be younger, and is then refused with it.
        row = _MarksRow.find(self._pk, "marks")
        found = self._read(consistent=True)
        return replace(found, marks=_read_marks(row), round=int(row.version)) if row else found

    def glance(self) -> Shelf:
        """Return all of the handbook as it was at most 60 s ago."""
        known = _shelves.get(self._tenant)
        if known is None:
            known = _shelves[self._tenant] = self._read(consistent=False)
        return known

    def find(self, answer: str) -> Answer | None:
        """Return a canned answer, retired or not, strongly consistent; None for one that is not this shop's."""
        row = _AnswerRow.find(self._pk, sort_key("answer", answer))
        return _answer(row) if row else None

    def save(self, kept: Kept) -> Write:
        """Return the write that stores the handbook; `mark` guards it."""
        return Put(
            _HandbookRow(
                pk=self._pk,
                sk="handbook",
                tenant=self._tenant,
                version=kept.version,
                content=_text(kept.handbook),
                updated_at=kept.updated_at,
                updated_by=kept.updated_by,
                declared=kept.declared or None,
            )
        )

    def put(self, answer: Answer) -> Write:
        """Return the write that stores a version of a canned answer; `mark` guards it."""
        return Put(
            _AnswerRow(
                pk=self._pk,
                sk=sort_key("answer", answer.id),
                tenant=self._tenant,
                version=answer.version,
                content=_text(answer.wording),
                updated_at=answer.updated_at,
                updated_by=answer.updated_by,
                retired=answer.retired,
                digest=answer.digest,
                declared=answer.declared or None,
            )
        )

    def mark(self, marks: Marks, before: int) -> Write:
        """Return the write that stores the shop's marks; refused with ShelfMoved unless the round is `before`."""
        _shelves.pop(self._tenant, None)
        _marks.pop(marks.pool, None)
        row = _MarksRow(
            pk=self._pk,
            sk="marks",
            tenant=self._tenant,
            version=before + 1,
            marks=_text(marks),
            lists_pk=desk_key("marks", marks.pool),
            lists_sk=self._tenant,
        )
        unmoved: Condition = _MarksRow.version == before if before else _MarksRow.pk.does_not_exist()
        return Put(row, unmoved, lambda _: ShelfMoved())

    def _read(self, *, consistent: bool) -> Shelf:
        kept, answers = Kept(), []
        for row in partition(self._pk, within=Row.sk < "marks", consistent=consistent):
            if isinstance(row, _HandbookRow):
                kept = _kept(row)
            elif isinstance(row, _AnswerRow):
                answers.append(_answer(row))
        return Shelf(kept, tuple(answers))


def marks_in(pool: str) -> Mapping[str, Marks]:
    """Return the marks of all shops of a pool, by shop, as they were at most 60 s ago."""
    known = _marks.get(pool)
    if known is None:
        with own():
            rows = list(_MarksRow.query(desk_key("marks", pool), index_name="lists"))
        known = {str(row.lists_sk): _read_marks(row) for row in rows}
        _marks[pool] = known
    return known


def forget_handbooks() -> None:
    """Forget what this process has seen: for tests, and for commands that just changed a handbook."""
    _shelves.clear()
    _marks.clear()


def _text(content: object) -> str:
    return msgspec.json.encode(content).decode()


def _read_marks(row: _MarksRow) -> Marks:
    return msgspec.json.decode(row.marks, type=Marks)


def _kept(row: _HandbookRow) -> Kept:
    return Kept(
        handbook=msgspec.json.decode(row.content, type=Handbook),
        version=int(row.version),
        updated_at=int(row.updated_at),
        updated_by=row.updated_by,
        declared=row.declared or "",
    )


def _answer(row: _AnswerRow) -> Answer:
    return Answer(
        id=split(row.sk)[-1],
        wording=msgspec.json.decode(row.content, type=Wording),
        updated_at=int(row.updated_at),
        updated_by=row.updated_by,
        version=int(row.version),
        retired=bool(row.retired),
        digest=row.digest,
        declared=row.declared or "",
    )
