"""A file of past contacts, what of it cannot be read, and what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.diagnosis.findings import Report
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import SECOND, Millis

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
EXAMINED = 10_000
"""Of a file with more rows, every second (third, ...) text is looked into: a share of them is right within 1 %."""
SHOWN = 20
"""So many of a file's refusals are shown; the others are counted."""
FORM_SECONDS = 600
TRIES = 2
STALE: Millis = 40 * SECOND
"""Whoever began to read so long ago has died: the function ends after thirty seconds."""
RESEND: Millis = 10 * SECOND
A_DAY = 20
"""So many files a shop may announce in a day."""


class State(StrEnum):
    """Where a diagnosis is."""

    ANNOUNCED = "announced"
    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Columns:
    """In which column of the file what stands, counted from 1; 0: in none."""

    at: int
    text: int
    channel: int = 0
    intent: int = 0
    sales_channel: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """One past contact, without anything that was said; `timed` if the hour was given with the day.

    `intent` is None for one of those whose text was not looked into, to save time.
    `channel` and `sales_channel` are empty where the file tells none, and `other` for what nobody here knows.
    """

    at: Millis
    timed: bool
    intent: Intent | None
    channel: str = ""
    sales_channel: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the file was not taken: the row, counted from 1 with the header, the column's title, and why.

    `value` is as much of the cell as may be shown, and may be empty.
    """

    row: int
    code: str
    column: str = ""
    value: str = ""


class Unreadable(Exception):
    """The file is not taken as it stands. `headers` are its columns, if the shop is to say what they are."""

    def __init__(self, refusal: Refusal, headers: tuple[str, ...] = ()) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of reading: a report, or why not; `refused` counts all rows that cannot be read."""

    report: Report | None = None
    refusals: tuple[Refusal, ...] = ()
    refused: int = 0
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A file that a shop announced, and how far it was read: `rows` of `total`.

    `changed_at` is when the state began; `tries` counts those who began to read. `columns` is what the shop chose.
    """

    tenant: str
    id: str
    name: str
    size: int
    at: Millis
    by: str
    digest: str
    state: State = State.ANNOUNCED
    changed_at: Millis = 0
    tries: int = 0
    rows: int = 0
    total: int = 0
    columns: Columns | None = None
    outcome: Outcome = Outcome()


class AlreadyThere(Exception):
    """The diagnosis is announced already: the request is a repeat."""


class MovedOn(Exception):
    """Somebody else began, or ended, the reading."""


Texts = Mapping[str, tuple[str, str]]
"""Korean and English, by code."""
