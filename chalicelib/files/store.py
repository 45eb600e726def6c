"""Files in the table, each beside what was said in its contact; what they are called is sealed."""

from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.aws.vault import Vault
from chalicelib.files.model import AlreadyThere, File, Kind, Side
from chalicelib.files.rules import few
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import ID


class _FileRow(Row, discriminator="file"):
    file = UnicodeAttribute()
    content = BinaryAttribute(legacy_encoding=False)
    size = NumberAttribute()
    side = UnicodeAttribute()
    at = NumberAttribute()
    digest = UnicodeAttribute()
    type = UnicodeAttribute(null=True)
    key = UnicodeAttribute(null=True)
    message = UnicodeAttribute(null=True)


class Files:
    """The files of one tenant's contacts."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._cipher = Vault(tenant)

    def find(self, contact: str, file: str) -> File | None:
        """Return a file of the contact, strongly consistent; None for absent and erased ones alike."""
        row = _FileRow.find(self._pk(contact), sort_key("file", file))
        return self._read(contact, row) if row and row.content else None

    def all(self, contact: str) -> list[File]:
        """Return the files of the contact, oldest first, strongly consistent."""
        return [self._read(contact, row) for row in self._rows(contact)]

    def announce(self, file: File) -> Write:
        """Return the write that stores a new file; refused with AlreadyThere."""
        row = _FileRow(
            pk=self._pk(file.contact),
            sk=sort_key("file", file.id),
            file=file.id,
            content=self._cipher.seal(self._place(file.contact, file.id), file.name),
            size=file.size,
            side=file.side,
            at=file.at,
            digest=file.digest,
            type=file.kind,
            key=file.key or None,
            message=file.message or None,
        )
        return Put(row, _FileRow.pk.does_not_exist(), lambda _: AlreadyThere())

    def finish(self, file: File) -> Write:
        """Return the write after which a file is ready; refused with AlreadyThere if it is, or was erased."""
        row = _FileRow(pk=self._pk(file.contact), sk=sort_key("file", file.id))
        actions = [
            _FileRow.content.set(self._cipher.seal(self._place(file.contact, file.id), file.name)),
            _FileRow.size.set(file.size),
            _FileRow.type.set(str(file.kind)),
            _FileRow.key.set(file.key),
        ]
        waits = _FileRow.pk.exists() & _FileRow.key.does_not_exist() & (_FileRow.digest == file.digest)
        return Update(row, actions, waits, lambda _: AlreadyThere())

    def attach(self, contact: str, message: str, side: Side, files: Sequence[str]) -> list[Write]:
        """Return the writes by which files of the contact that `side` brought go with a message.

        Raises BadInput `too_many_files`. Refused with Conflict: `wrong_shop` for a file that is not this
        contact's, `file_not_ready`, or `file_sent` for one that went with a message already.
        """
        return [self._attached(contact, message, side, file) for file in few(list(files))]

    def blank(self, contact: str) -> list[Write]:
        """Return the writes that take away what the contact's files are called, and that they can be fetched."""
        actions = [_FileRow.content.set(b""), _FileRow.digest.set(""), _FileRow.key.remove()]
        return [Update(row, actions, _FileRow.pk.exists()) for row in self._rows(contact)]

    def _attached(self, contact: str, message: str, side: Side, file: str) -> Write:
        if not ID.fullmatch(file):
            raise _foreign(file)
        row = _FileRow(pk=self._pk(contact), sk=sort_key("file", file))
        free = _FileRow.key.exists() & _FileRow.message.does_not_exist() & (_FileRow.side == side)
        return Update(row, [_FileRow.message.set(message)], free, lambda old: _unfit(old, file, side))

    def _rows(self, contact: str) -> list[_FileRow]:
        files = _FileRow.sk.startswith(prefix("file"))
        found = [row for row in _FileRow.query(self._pk(contact), files, consistent_read=True) if row.content]
        return sorted(found, key=lambda row: (row.at, row.file))

    def _read(self, contact: str, row: _FileRow) -> File:
        return File(
            contact=contact,
            id=row.file,
            name=self._cipher.open(self._place(contact, row.file), row.content),
            size=int(row.size),
            side=Side(row.side),
            at=int(row.at),
            digest=row.digest,
            kind=Kind(row.type) if row.type else None,
            key=row.key or "",
            message=row.message or "",
        )

    def _pk(self, contact: str) -> str:
        return tenant_key(self._tenant, "contact", contact)

    def _place(self, contact: str, file: str) -> str:
        return sort_key("file", contact, file)


def _foreign(file: str) -> Conflict:
    return Conflict("wrong_shop", "a file goes only with the contact that it belongs to", kind="file", what=file)


def _unfit(old: Any, file: str, side: Side) -> Conflict:
    if old is None or not old.content or old.side != side:
        return _foreign(file)
    if old.key is None:
        return Conflict("file_not_ready", "this file was announced, and is not there yet")
    return Conflict("file_sent", "this file went with another message already")
