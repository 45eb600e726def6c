"""Announce a file of past contacts, have it read, and read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chalicelib.diagnosis.columns import columns_of
from chalicelib.diagnosis.figures import counted
from chalicelib.diagnosis.model import (
    A_DAY,
    RESEND,
    SHOWN,
    STALE,
    TRIES,
    AlreadyThere,
    Columns,
    Diagnosis,
    MovedOn,
    Outcome,
    Past,
    Refusal,
    State,
    Unreadable,
)
from chalicelib.diagnosis.outlook import report
from chalicelib.diagnosis.ports import Commit, DiagnosisStore, Send, Uploads
from chalicelib.diagnosis.reading import Table, table
from chalicelib.diagnosis.rules import read
from chalicelib.kernel.clock import DAY, Millis, kst_month, month_span
from chalicelib.kernel.errors import Conflict, not_found, same_body

_STEP = 5_000
# What the shop can mend without sending the file in anew.
_MENDED = {"columns", "not_uploaded"}


class StillRead(Exception):
    """Somebody is reading the file, or died with it a moment ago: the queue shall bring it again."""


@dataclass(frozen=True, slots=True)
class Library:
    """One shop's diagnoses; `is_open` tells whether the shop is, and is None for one that names no hours."""

    store: DiagnosisStore
    uploads: Uploads
    commit: Commit
    is_open: Callable[[Millis], bool] | None


def announce(new: Diagnosis, library: Library) -> Diagnosis:
    """Store a new diagnosis and return it; a repeat returns the first one.

    Raises Conflict `idempotency_mismatch`, and `too_many_diagnoses` beyond twenty in a day.
    """
    stored = library.store.find(new.id)
    if stored is None:
        if len(library.store.since(new.at - DAY, A_DAY)) >= A_DAY:
            raise Conflict("too_many_diagnoses", f"a shop may send in {A_DAY} files a day")
        try:
            library.commit(library.store.announce(new))
        except AlreadyThere:
            stored = get(new.id, library.store)
        else:
            return new
    same_body(stored.digest, new.digest)
    return stored


def get(diagnosis: str, store: DiagnosisStore) -> Diagnosis:
    """Return the diagnosis; raise NotFound."""
    found = store.find(diagnosis)
    if found is None:
        raise not_found()
    return found


def start(diagnosis: str, columns: Columns | None, library: Library, send: Send, *, now: Millis) -> Diagnosis:
    """Have the file read and return the diagnosis; one that is read, or is done, stays as it is.

    One that has waited in the queue for ten seconds is sent again: the message may never have gone.
    """
    found = get(diagnosis, library.store)
    if not _startable(found, now):
        return found
    chosen = columns or found.columns
    queued = replace(
        found, state=State.QUEUED, changed_at=now, columns=chosen, tries=0, rows=0, total=0, outcome=Outcome()
    )
    try:
        library.commit(library.store.save(found, queued))
    except MovedOn:
        return get(diagnosis, library.store)
    send(queued)
    return queued


def work(diagnosis: str, library: Library, *, now: Millis) -> None:
    """Read the file and keep what it tells; a repeat of what is done changes nothing.

    The file goes once there is an outcome, unless the shop can mend it as it lies there. Raises StillRead.
    """
    found = library.store.find(diagnosis)
    if found and found.state in {State.QUEUED, State.READING}:
        found = _read(found, library, now)
    # On a repeat, too: who kept the outcome may have died before the file was gone.
    if found and found.state in {State.DONE, State.REFUSED} and not is_mendable(found):
        library.uploads.drop(diagnosis)


def _read(found: Diagnosis, library: Library, now: Millis) -> Diagnosis | None:
    """Return the diagnosis with its outcome, which is kept; None if another one is at it."""
    if found.state is State.READING and now - found.changed_at < STALE:
        raise StillRead(found.id)
    begun = replace(found, state=State.READING, changed_at=now, tries=found.tries + 1, rows=0)
    try:
        library.commit(library.store.save(found, begun))
        if found.tries < TRIES:
            read_on = _outcome(begun, library, now)
        else:
            read_on = replace(begun, outcome=_refused(Unreadable(Refusal(0, "unreadable"))))
        state = State.DONE if read_on.outcome.report else State.REFUSED
        ended = replace(read_on, state=state, changed_at=now)
        library.commit(library.store.save(begun, ended))
    except MovedOn:
        return None
    return ended


def is_mendable(diagnosis: Diagnosis) -> bool:
    """Return whether the same file may be read anew."""
    return any(refusal.code in _MENDED for refusal in diagnosis.outcome.refusals)


def _startable(found: Diagnosis, now: Millis) -> bool:
    if found.state is State.QUEUED:
        return now - found.changed_at >= RESEND
    return found.state is State.ANNOUNCED or (found.state is State.REFUSED and is_mendable(found))


def _outcome(begun: Diagnosis, library: Library, now: Millis) -> Diagnosis:
    """Return the diagnosis as far as it was read, with what it came to."""
    raw = library.uploads.read(begun.id)
    try:
        if raw is None:
            raise Unreadable(Refusal(0, "not_uploaded"))
        rows = table(raw)
        columns = columns_of(rows[0][1], begun.columns)
    except Unreadable as wrong:
        return replace(begun, outcome=_refused(wrong))
    seen = replace(begun, total=len(rows) - 1)
    refusals = list[Refusal]()
    counts = counted(_contacts(rows, columns, refusals, seen, library), library.is_open)
    read_all = replace(seen, rows=seen.total)
    if refusals:
        return replace(read_all, outcome=Outcome(refusals=tuple(refusals[:SHOWN]), refused=len(refusals)))
    return replace(read_all, outcome=Outcome(report=report(counts, _next_month(now))))


def _contacts(
    rows: Table, columns: Columns, refusals: list[Refusal], seen: Diagnosis, library: Library
) -> Iterator[Past]:
    """Yield the contacts that can be read, gather why the others cannot, and tell how far it came."""
    for done, one in enumerate(read(rows, columns, seen.changed_at)):
        if done % _STEP == 0:
            library.commit(library.store.progress(replace(seen, rows=done)))
        if isinstance(one, Past):
            yield one
        else:
            refusals.append(one)


def _refused(wrong: Unreadable) -> Outcome:
    return Outcome(refusals=(wrong.refusal,), refused=1, headers=wrong.headers)


def _next_month(now: Millis) -> str:
    """Return the month after that of `now`: the first for which a plan can be chosen."""
    return kst_month(month_span(kst_month(now))[1])
