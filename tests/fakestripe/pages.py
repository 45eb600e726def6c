"""Lists as Stripe gives them, newest first and page by page."""

from tests.fakestripe.errors import Doc, invalid, no_such
from tests.fakestripe.form import Params

MOST_PER_PAGE = 100


def page(rows: list[Doc], query: Params, url: str) -> Doc:
    """Cut one page out of `rows`, in whose order it is given."""
    # [doc] API pagination: `limit` is 1 to 100 and 10 by default; `starting_after` is the id to go on behind.
    limit = query.integer("limit", 10)
    after = query.optional("starting_after")
    query.finish()
    if not 1 <= limit <= MOST_PER_PAGE:
        raise invalid("limit", f"This value must be between 1 and {MOST_PER_PAGE} (it currently is {limit}).")
    if after is not None:
        places = [place for place, row in enumerate(rows) if row["id"] == after]
        if not places:
            raise no_such("object", after, status=400)
        rows = rows[places[0] + 1 :]
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[:limit]}


def wanted(rows: list[Doc], query: Params, *names: str) -> list[Doc]:
    """Keep the rows whose fields are what the query says of them."""
    asked = {name: value for name in names if (value := query.optional(name)) is not None}
    return [row for row in rows if all(row[name] == value for name, value in asked.items())]
