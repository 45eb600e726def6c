"""From bytes to rows of cells: the encoding, the delimiter, and where a file breaks off."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from chalicelib.diagnosis.model import MAX_BYTES, MAX_ROWS, Refusal, Unreadable

# Workbooks, archives, documents and pictures, by how they begin.
_NO_TEXT = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"{\\rtf",
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENCODINGS = ("utf-8-sig", "cp949")
_DELIMITERS = ",;\t"
# A cell that is too long is refused as such, and not as one that is never closed.
csv.field_size_limit(MAX_BYTES)

Table = list[tuple[int, list[str]]]
"""The rows that are not blank, each with its number, from 1."""


def table(raw: bytes) -> Table:
    """Return the rows of a CSV file, the header first; raise Unreadable.

    `raw` may be one byte longer than what is taken, which tells that the file is.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(Refusal(0, "too_large"))
    # One row too many tells it: a small file can hold millions, which memory cannot.
    rows = list(islice(_rows(_decoded(raw)), MAX_ROWS + 2))
    if len(rows) > MAX_ROWS + 1:
        raise Unreadable(Refusal(rows[MAX_ROWS + 1][0], "too_many_rows"))
    if len(rows) <= 1:
        raise Unreadable(Refusal(1, "empty"))
    return rows


def _decoded(raw: bytes) -> str:
    if raw.startswith(_UTF_16):
        raise Unreadable(Refusal(1, "encoding", value="UTF-16"))
    if raw.startswith(_NO_TEXT) or b"\x00" in raw:
        raise Unreadable(Refusal(1, "not_text"))
    furthest = (0, _ENCODINGS[0])
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, (error.start, encoding))
    end, encoding = furthest
    readable = raw[:end].decode(encoding, errors="ignore")
    raise Unreadable(Refusal(_count(readable), "encoding"))


def _count(text: str) -> int:
    """Return the number of the row in which `text` ends."""
    # A sign that stands for what follows makes a row count that is only just beginning.
    reader, number = csv.reader(_lines(text + "."), delimiter=_delimiter(text)), 0
    try:
        for _ in reader:
            number += 1
    except csv.Error:
        number += 1
    return max(1, number)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        raise Unreadable(Refusal(number + 1, "unclosed_quote")) from None


def _lines(text: str) -> Iterable[str]:
    # Not splitlines: it would also part what a cell holds of separators that only some programs honour.
    return (f"{line}\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _delimiter(text: str) -> str:
    signs = Counter(text.partition("\n")[0])
    return max(_DELIMITERS, key=lambda sign: signs[sign])
