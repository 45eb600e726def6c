"""Read past contacts row by row; whatever cannot be read is refused with its row and the reason."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

from chalicelib.diagnosis.columns import bare, title
from chalicelib.diagnosis.days import fault, parsed, shown
from chalicelib.diagnosis.model import EXAMINED, Columns, Past, Refusal
from chalicelib.diagnosis.reading import Table
from chalicelib.diagnosis.words import CHANNELS, INTENTS, SALES_CHANNELS
from chalicelib.intents.rules import intent_of
from chalicelib.kernel.clock import Millis

TEXT_LIMIT = 20_000
OTHER = "other"
# An intent is told by the first words; in its normal form a text shrinks to a third at most.
_READ = 1_800
# What a spreadsheet would calculate: an arrow, a rule of hyphens, a list's dash and Korean words are no formula.
_FORMULA = re.compile(
    r"[=＝](?![=＝>])|[\t\r]|[+\-＋－@＠](?=[A-Za-z($\"'=])|[+\-＋－][0-9.]+[-+*/^&|(!]",
)
_NUMBER = re.compile(r"[-+＋－]?[0-9\s.,()-]+")
V = TypeVar("V")


def read(rows: Table, columns: Columns, now: Millis) -> Iterator[Past | Refusal]:
    """Yield each contact of a table, or the first thing that is wrong with its row."""
    header, step = rows[0][1], -(-(len(rows) - 1) // EXAMINED)
    for index, (number, cells) in enumerate(rows[1:]):
        try:
            if len(cells) != len(header):
                raise _Wrong("column_count", 0, f"{len(cells)} / {len(header)}")
            yield _past(cells, columns, now, examined=index % step == 0)
        except _Wrong as wrong:
            column = title(header[wrong.place - 1]) if wrong.place else ""
            yield Refusal(number, wrong.code, column, wrong.value)


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would take the cell for something to calculate."""
    return _FORMULA.match(cell) is not None and _NUMBER.fullmatch(cell) is None


class _Wrong(Exception):
    """A cell cannot be read; `value` is what may be shown of it."""

    def __init__(self, code: str, place: int, value: str = "") -> None:
        super().__init__(code)
        self.code, self.place, self.value = code, place, value


def _past(cells: list[str], columns: Columns, now: Millis, *, examined: bool) -> Past:
    for place in (columns.at, columns.text, columns.channel, columns.intent, columns.sales_channel):
        if place and is_formula(cells[place - 1]):
            # Its sign alone: behind it there may be anything.
            raise _Wrong("formula", place, cells[place - 1][:1].strip())
    at, timed = _when(cells, columns, now)
    text = _text(cells, columns)
    return Past(
        at,
        timed,
        (_named(cells, columns.intent, INTENTS) or intent_of(text[:_READ])) if examined else None,
        _known(cells, columns.channel, CHANNELS),
        _known(cells, columns.sales_channel, SALES_CHANNELS),
    )


def _when(cells: list[str], columns: Columns, now: Millis) -> tuple[Millis, bool]:
    cell = cells[columns.at - 1]
    found = parsed(cell)
    if found is None:
        raise _Wrong("date", columns.at, shown(cell))
    if code := fault(found[0], now):
        raise _Wrong(code, columns.at, shown(cell))
    return found


def _text(cells: list[str], columns: Columns) -> str:
    cell = cells[columns.text - 1]
    if not cell.strip():
        raise _Wrong("text_empty", columns.text)
    if len(cell) > TEXT_LIMIT:
        raise _Wrong("text_long", columns.text, f"{len(cell):,}")
    return cell


def _named(cells: list[str], place: int, names: Mapping[str, V]) -> V | None:
    return names.get(bare(cells[place - 1])) if place else None


def _known(cells: list[str], place: int, names: Mapping[str, str]) -> str:
    if not place or not cells[place - 1].strip():
        return ""
    return str(_named(cells, place, names) or OTHER)
