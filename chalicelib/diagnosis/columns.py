"""Which column of a file holds what."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache

from chalicelib.diagnosis.days import parsed
from chalicelib.diagnosis.model import MAX_COLUMNS, Columns, Refusal, Unreadable
from chalicelib.diagnosis.words import TITLES
from chalicelib.privacy.rules import censor

_TITLE_LIMIT, _READ = 30, 200
_MARKS = re.compile(r"\([^()]*\)|[\s_\-*\[\]:.]+")
_LONG_NUMBER = re.compile(r"[0-9]{4,}")


def columns_of(header: Sequence[str], chosen: Columns | None) -> Columns:
    """Return where what stands, by the titles in `header`, or as the shop chose.

    Raises Unreadable `columns`, with the titles, where date and text are not to be found, and `no_header` where
    the first row is a contact already.
    """
    looked_at = header[:MAX_COLUMNS]
    found = chosen or Columns(**{role: _place(looked_at, titles) for role, titles in TITLES.items()})
    places = [getattr(found, field.name) for field in fields(Columns)]
    if not (found.at and found.text and max(places) <= len(header)):
        if any(parsed(cell) for cell in looked_at):
            raise Unreadable(Refusal(1, "no_header"))
        raise Unreadable(Refusal(1, "columns"), tuple(map(title, looked_at)))
    return found


def title(cell: str) -> str:
    """Return a column's title as it may be said back: without what could be somebody's number or address."""
    short = _LONG_NUMBER.sub("…", censor(" ".join(cell[:_READ].split()), accounts=True))
    return "" if "@" in short else short[:_TITLE_LIMIT]


def bare(cell: str) -> str:
    """Return a title or a name as it is compared: without blanks, marks, asides and letter case."""
    return _bare(cell[:_TITLE_LIMIT])


@lru_cache(maxsize=4096)
def _bare(short: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFC", short)).casefold()


def _place(header: Sequence[str], titles: Sequence[str]) -> int:
    given = [bare(cell) for cell in header]
    return next((given.index(one) + 1 for one in titles if one in given), 0)
