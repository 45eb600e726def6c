"""The account's events, as they are listed afterwards."""

from fnmatch import fnmatch

from tests.fakestripe.books import Books
from tests.fakestripe.errors import Doc, invalid, no_such
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page

# [doc] api/events/list: "going back up to 30 days".
KEPT_SECONDS = 30 * 24 * 3600
# [doc] EventListParams.types: "up to 20 strings".
MOST_TYPES = 20


class Notices:
    """What has happened."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def listing(self, query: Params) -> Doc:
        """GET /v1/events."""
        created, one, types = query.span("created"), query.optional("type"), query.strings("types")
        # [doc] EventListParams.types: "You may pass either `type` or `types`, but not both".
        if one is not None and types:
            raise invalid("types", "You may only specify one of these parameters: type, types.")
        if len(types) > MOST_TYPES:
            raise invalid("types", f"You may only specify up to {MOST_TYPES} types.")
        patterns = [one] if one is not None else types
        rows = [row for row in self._kept() if created(row["created"])]
        rows = [row for row in rows if not patterns or any(fnmatch(row["type"], wish) for wish in patterns)]
        return page(rows, query, "/v1/events")

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/events/{id}."""
        query.finish()
        for row in self._kept():
            if row["id"] == ident:
                return row
        raise no_such("event", ident)

    def _kept(self) -> list[Doc]:
        oldest = self._books.time - KEPT_SECONDS
        return [row for row in self._books.newest("notice") if row["created"] >= oldest]
