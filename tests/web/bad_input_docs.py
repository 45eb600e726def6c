"""Writes the pages that are generated from the routes: `python -m tests.web.bad_input_docs`."""

from collections.abc import Iterable
from pathlib import Path

import app
from tests.web.bad import Bad
from tests.web.bad_input import groups

DOCS = Path(__file__).resolve().parents[2] / "docs"
_FIRST = "<!-- Generated from the routes; after a change run: .venv/bin/python -m tests.web.bad_input_docs -->"


def errors() -> str:
    """Return the page of all refusals."""
    found: dict[str, list[Bad]] = {}
    for route in app.routes():
        for name, listed in groups(route):
            known = found.setdefault(name, [])
            known += [bad for bad in listed if bad not in known]
    shared = [name for name in found if name.startswith("every ")]
    own = [name for name in found if name not in shared]
    rows = [
        (f"`{name}`" if name in own else name, bad.what.replace("|", "\\|"), str(bad.status), f"`{bad.code}`")
        for name in [*shared, *own]
        for bad in found[name]
    ]
    about = (
        'Each row is a request that the tests send. A refusal is `{"error": {"code", "message", "request_id"}}`; '
        "the code is for programs and stays, the message is for developers and may change.\n"
        "Every route may also answer 503 `unavailable` or `busy` with `Retry-After`, and what only looks "
        "at something 503 `shed`; and 500 `internal_error`. "
        "Every route may answer 429 `too_many_requests` with `Retry-After`. "
        "API Gateway itself answers 401 to a key that opens nothing, and 429 when all together are too many."
    )
    return _page("What the API refuses", about, ("route", "what is wrong", "status", "code"), rows)


def policies() -> str:
    """Return the page of who may call what."""
    rows = [(f"`{route.name}`", route.policy.name) for route in app.routes()]
    about = "A route without a policy cannot be written. An absent contact and another shop's look the same: 404."
    return _page("Who may call what", about, ("route", "who may call it"), rows)


PAGES = {"errors.md": errors, "policies.md": policies}


def _page(title: str, about: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [_FIRST, "", f"# {title}", "", about, "", _line(head), _line(["---"] * len(head)), *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for name, text in PAGES.items():
        (DOCS / name).write_text(text(), encoding="utf-8")
