"""Erasures, and what of them is left for everybody to check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.kernel.clock import DAY, MINUTE, Millis

SETTLING: Millis = 6 * MINUTE
"""After so long every request that began before an erasure has ended, and no process remembers a key."""

BACKUP_DAYS: Millis = 35 * DAY
"""How far back the table can be restored to."""

WHOLE_TENANT = "tenant"
"""The handle of the erasure of a whole shop; a customer's is 32 hex digits."""


class Ground(StrEnum):
    """Why something is erased: one of these and no free text, since a certificate outlives the person's data."""

    REQUEST = "request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PURPOSE_OVER = "purpose_over"
    CONTRACT_OVER = "contract_over"
    RESTORED = "restored"


class Progress(StrEnum):
    """How far an erasure is."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each kind were erased."""

    contacts: int = 0
    messages: int = 0
    customers: int = 0
    search_entries: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What an erasure leaves, until when (milliseconds UTC; 0: for ever) and why."""

    what: str
    why: str
    until: Millis = 0


@dataclass(frozen=True, slots=True)
class Erasure:
    """One customer's erasure, or a whole tenant's: who demanded it, when, and how far it is.

    `certificate` is signed text, empty until there is something to certify; one that lists held contacts is
    replaced once these are erased as well.
    """

    tenant: str
    id: str
    handle: str
    ground: Ground
    by: str
    at: Millis
    progress: Progress = Progress.RUNNING
    counts: Counts = Counts()
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of records in an export, with headings for people and the digest of its items."""

    name: str
    title_ko: str
    title_en: str
    items: Sequence[Mapping[str, Any]]
    sha256: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is held, in parts; `next` names the contact after which the next page begins, empty at the end."""

    tenant: str
    at: Millis
    parts: Sequence[Part] = field(default_factory=tuple)
    next: str = ""
