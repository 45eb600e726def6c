"""A register as a table: its columns, its sums, and its CSV, the same bytes whenever its rows are the same."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

_BOM = "\ufeff"
# What a spreadsheet would take for a formula, full-width forms included; numbers are cells of their own.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COUNTED = {"delta", "quantity", "human_contacts", "bot_contacts"}

Cell = str | int


class Sort(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    WON = "won"


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of one register, each of the frozen class `row`."""

    name: str
    row: type
    rows: tuple[Any, ...]

    @property
    def columns(self) -> dict[str, Sort]:
        """Return what each column holds, in their order."""
        return {field.name: _sort(field.name, field.type) for field in fields(self.row)}

    @property
    def cells(self) -> Iterable[list[Cell]]:
        """Yield the cells of each row: a text is a plain one, whatever enumeration it came from."""
        for row in self.rows:
            values = (getattr(row, name) for name in self.columns)
            yield [str(value) if isinstance(value, str) else int(value) for value in values]

    @property
    def sums(self) -> dict[str, int]:
        """Return how many rows there are, and the sum of each column of money and of contacts."""
        summed = [name for name, sort in self.columns.items() if sort is Sort.WON or name in _COUNTED]
        return {"rows": len(self.rows)} | {name: sum(getattr(row, name) for row in self.rows) for name in summed}


def to_csv(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file for spreadsheets: UTF-8 with BOM, CRLF, and no text that runs as a formula.

    Such a text gets an apostrophe before it, which spreadsheets do not show.
    """
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _sort(name: str, kind: Any) -> Sort:
    if kind is str:
        return Sort.TEXT
    return Sort.WON if name.endswith("_krw") else Sort.COUNT
