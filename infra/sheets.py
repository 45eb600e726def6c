"""Registers as files: CSV, Parquet and one workbook; the same rows make the same bytes, whoever writes them."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from xlsxwriter import Workbook

from chalicelib.finance.tables import Register, Sort, to_csv

Files = dict[str, bytes]
"""What is in each file, by its path below the export."""

_TYPES = {Sort.TEXT: pa.string(), Sort.COUNT: pa.int64(), Sort.WON: pa.decimal128(18, 0)}
_NOBODY = "-"
_SHEET_ROWS = 1_000_000
_WIDTH = 18
# No text of ours is a formula, a link or a number, whatever it looks like.
_PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def export(month: str, registers: Iterable[Register], others: Files) -> Files:
    """Return every file of a month's export: the registers three times over, `others`, and the manifest of all."""
    known = list(registers)
    files = dict(others)
    for register in known:
        files[f"csv/{register.name}.csv"] = to_csv(list(register.columns), register.cells)
        files |= parquet(month, register)
    files["registers.xlsx"] = workbook(month, known)
    files["manifest.json"] = manifest(month, known, files)
    return files


def manifest(month: str, registers: Iterable[Register], files: Files) -> bytes:
    """Return what was exported: the sums of each register, and the SHA-256 of each file."""
    content = {
        "month": month,
        "registers": {register.name: register.sums for register in registers},
        "files": {
            path: {"bytes": len(files[path]), "sha256": hashlib.sha256(files[path]).hexdigest()}
            for path in sorted(files)
        },
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def parquet(month: str, register: Register) -> Files:
    """Return a file for each shop, below its partition; an empty register has one without rows."""
    place = f"parquet/{register.name}/booked_period={month}"
    files = {}
    for tenant, part in _by_shop(register):
        out = io.BytesIO()
        pq.write_table(_table(part), out, compression="zstd")
        files[f"{place}/tenant={tenant}/part-0.parquet"] = out.getvalue()
    return files


def workbook(month: str, registers: Iterable[Register]) -> bytes:
    """Return one workbook with a sheet for each register, and more for one that is too long for a sheet."""
    out = io.BytesIO()
    book = Workbook(out, _PLAIN)
    # The time of writing would make every file another one.
    book.set_properties({"title": f"Duredesk {month}", "created": datetime.fromisoformat(f"{month}-01")})
    formats = {
        Sort.TEXT: book.add_format({"num_format": "@"}),
        Sort.COUNT: book.add_format({"num_format": "0"}),
        Sort.WON: book.add_format({"num_format": "#,##0"}),
    }
    for register in registers:
        for number, part in enumerate(_in_sheets(register), 1):
            name = register.name if number == 1 else f"{register.name} {number}"
            _write_sheet(book.add_worksheet(name), part, formats)
    book.close()
    return out.getvalue()


def _write_sheet(sheet: Any, register: Register, formats: dict[Sort, Any]) -> None:
    sorts = list(register.columns.values())
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(sorts) - 1, _WIDTH)
    for place, column in enumerate(register.columns):
        sheet.write_string(0, place, column)
    for row, cells in enumerate(register.cells, 1):
        for place, (cell, sort) in enumerate(zip(cells, sorts, strict=True)):
            write = sheet.write_string if sort is Sort.TEXT else sheet.write_number
            if write(row, place, cell, formats[sort]):
                raise ValueError(f"{register.name}: row {row} has a cell that no sheet can hold")


def _in_sheets(register: Register) -> Iterator[Register]:
    for start in range(0, max(1, len(register.rows)), _SHEET_ROWS):
        yield replace(register, rows=register.rows[start : start + _SHEET_ROWS])


def _by_shop(register: Register) -> Iterator[tuple[str, Register]]:
    shops: dict[str, list[Any]] = {}
    for row in register.rows:
        shops.setdefault(row.tenant_id or _NOBODY, []).append(row)
    for tenant, rows in sorted(shops.items()) or [(_NOBODY, [])]:
        yield tenant, replace(register, rows=tuple(rows))


def _table(register: Register) -> Any:
    columns = register.columns
    rows = list(register.cells)
    schema = pa.schema([pa.field(name, _TYPES[sort], nullable=False) for name, sort in columns.items()])
    arrays = [pa.array([row[i] for row in rows], type=field.type) for i, field in enumerate(schema)]
    return pa.Table.from_arrays(arrays, schema=schema)
