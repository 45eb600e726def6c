"""A register as a table: its columns, its sums, what is selected of it, and its CSV, the same for equal rows."""

import csv
import io
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar, get_type_hints

from chalicelib.kernel.errors import BadInput

T = TypeVar("T")

_BOM = "\ufeff"
# What a spreadsheet would take for a formula, full-width forms included; numbers are cells of their own.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COUNTED = {"delta", "quantity", "human_contacts", "bot_contacts"}
# What one contact costs; the sum of prices says nothing.
_OF_ONE = {"unit_amount_krw"}

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
        money = {name for name, sort in self.columns.items() if sort is Sort.WON} - _OF_ONE
        summed = [name for name in self.columns if name in money | _COUNTED]
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


class Op(StrEnum):
    """How a filter compares a cell with its value."""

    EQUAL = "eq"
    OTHER = "ne"
    AT_LEAST = "gte"
    AT_MOST = "lte"
    HAS = "has"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the cells of a column must be; `has` looks for a part of a text, whatever its case."""

    column: str
    op: Op
    value: Cell

    def holds(self, cell: Cell) -> bool:
        """Return whether a cell, of the value's type, is as it must be."""
        return _COMPARED[self.op](cell, self.value)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows are wanted, and by which column in order: `total_krw`, or `-total_krw` for the greatest first."""

    where: tuple[Condition, ...] = ()
    sort: str = ""

    def check(self, columns: Mapping[str, Sort]) -> None:
        """Raise BadInput `invalid_filter` or `invalid_sort` for what rows with these columns cannot be asked."""
        for one in self.where:
            of_text, is_text = columns.get(one.column) is Sort.TEXT, isinstance(one.value, str)
            if one.column not in columns or of_text is not is_text or (one.op is Op.HAS and not is_text):
                raise BadInput("invalid_filter", f"a filter compares one of: {', '.join(columns)}")
        if self.sort and self.sort.removeprefix("-") not in columns:
            raise BadInput("invalid_sort", f"a list is sorted by one of: {', '.join(columns)}")

    def of(self, rows: Iterable[T]) -> list[T]:
        """Return the wanted rows; those that sort alike stay in their order."""
        found = [row for row in rows if all(one.holds(getattr(row, one.column)) for one in self.where)]
        if not self.sort:
            return found
        return sorted(found, key=attrgetter(self.sort.removeprefix("-")), reverse=self.sort.startswith("-"))


def columns_in(row: type) -> dict[str, Sort]:
    """Return what each column of a list's rows holds: those that are one text or number each."""
    kinds = get_type_hints(row).items()
    return {
        name: Sort.TEXT if issubclass(kind, str) else Sort.COUNT
        for name, kind in kinds
        if isinstance(kind, type) and issubclass(kind, str | int)
    }


_COMPARED: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.EQUAL: operator.eq,
    Op.OTHER: operator.ne,
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
    Op.HAS: lambda cell, part: part.casefold() in cell.casefold(),
}
