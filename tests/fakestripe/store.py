"""Documents in memory, written through to SQLite, so that a killed process loses nothing it accepted."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakestripe.errors import Doc


class Store:
    """Documents by kind and key, in the order in which they were first put."""

    def __init__(self, path: str | None = None) -> None:
        """Open the file, or keep everything in memory when there is none."""
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        # The state must outlive a killed process, not a power cut; syncing would only slow the tests.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS doc (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )
        self._docs: dict[str, dict[str, Doc]] = {}
        for kind, key, body in self._db.execute("SELECT kind, key, body FROM doc ORDER BY rowid"):
            self.kind(kind)[key] = json.loads(body)

    def kind(self, kind: str) -> dict[str, Doc]:
        """Return the live documents of one kind."""
        return self._docs.setdefault(kind, {})

    def put(self, kind: str, key: str, doc: Doc) -> None:
        """Insert or replace one document."""
        self.kind(kind)[key] = doc
        self._db.execute(
            "INSERT INTO doc VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
            (kind, key, json.dumps(doc)),
        )

    def remove(self, kind: str, key: str) -> None:
        """Forget one document."""
        self.kind(kind).pop(key, None)
        self._db.execute("DELETE FROM doc WHERE kind = ? AND key = ?", (kind, key))

    def clear(self) -> None:
        """Forget everything."""
        self._docs.clear()
        self._db.execute("DELETE FROM doc")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make one request's writes land together or not at all."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Release the file."""
        self._db.close()
