"""Breaks on record: found, found again, gone, answered by a person and approved by another."""

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, fields, replace

from chalicelib.closing.model import Break, BreakRecord, BreakStatus, Cause, Rule
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, Forbidden

COUNTING = frozenset({Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE})
INVOICING = frozenset({Rule.SUMMARY_LINE, Rule.BILL_LINE, Rule.TAX})
STOPPING = COUNTING | INVOICING
_OPERATIONS, _FINANCE = "operations", "finance"

Saving = tuple[BreakRecord | None, BreakRecord]
"""A record as it was (None: it was none) and as it becomes."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was looked at, of which month: a break of it that was not found is gone.

    `items`, when given, are all that was looked at.
    """

    month: str
    rules: Container[Rule]
    items: Container[str] | None = None

    def holds(self, record: BreakRecord) -> bool:
        """Return whether `record` would have been found."""
        seen = self.items is None or record.item in self.items
        return record.month == self.month and record.rule in self.rules and seen


def record_id(found: Break) -> str:
    """Return the id of a break's record: its month, and a digest of what names it."""
    named = "\x1f".join((found.tenant, found.month, found.rule, found.item))
    return f"{found.month}-{hashlib.sha256(named.encode()).hexdigest()[:16]}"


def seen(found: Break, known: BreakRecord | None, now: Millis) -> Saving:
    """Return how a break that was found at `now` goes on record.

    What was explained stays so while its figures are what was explained; what was cleared is open again.
    """
    values = {field.name: getattr(found, field.name) for field in fields(Break)}
    if known is None:
        owner = _OPERATIONS if found.rule in COUNTING else _FINANCE
        return None, BreakRecord(
            **values, id=record_id(found), owner=owner, first_seen=now, last_seen=now, version=1
        )
    again = replace(known, **values, last_seen=now, version=known.version + 1)
    same = (known.left, known.right) == (found.left, found.right)
    if known.status is BreakStatus.CLEARED:
        return known, replace(reopened(again), first_seen=now)
    if known.status is not BreakStatus.OPEN and not same:
        return known, reopened(again)
    if known.status is not BreakStatus.OPEN:
        # A person has named the cause by now, and knows better than the comparison.
        again = replace(again, cause=known.cause)
    return known, again


def reopened(record: BreakRecord) -> BreakRecord:
    """Return `record` without what people said of it."""
    return replace(record, status=BreakStatus.OPEN, resolution="", resolved_by="", approver="")


def gone(known: Iterable[BreakRecord], found: Container[str], scope: Scope, now: Millis) -> list[Saving]:
    """Return how the open records within `scope` that are not among the ids `found` are cleared."""
    return [
        (record, replace(record, status=BreakStatus.CLEARED, last_seen=now, version=record.version + 1))
        for record in known
        if record.blocks and scope.holds(record) and record.id not in found
    ]


def answered(record: BreakRecord, cause: Cause, note: str, by: str) -> BreakRecord:
    """Return `record` with what a person says it comes from; a difference waits for a second person's approval."""
    if not record.blocks:
        raise Conflict("wrong_state", f"this break is {record.status}")
    waits = record.left != record.right
    status = BreakStatus.ANSWERED if waits else BreakStatus.EXPLAINED
    said = replace(record, cause=cause, resolution=note, resolved_by=by, approver="")
    return replace(said, status=status, version=record.version + 1)


def approved(record: BreakRecord, by: str) -> BreakRecord:
    """Return `record` as explained by one person and approved by another one; raise Forbidden for the same."""
    if record.status is not BreakStatus.ANSWERED:
        raise Conflict("wrong_state", f"this break is {record.status}")
    if record.resolved_by == by:
        raise Forbidden("same_person", "a second person approves what the first one says")
    return replace(record, status=BreakStatus.EXPLAINED, approver=by, version=record.version + 1)


def blocking(records: Sequence[BreakRecord], month: str, own: Container[Rule] = STOPPING) -> list[BreakRecord]:
    """Return which open records stop the close of `month`: its own of the rules `own`, and wrong counts before.

    What comes after the close, money and tax invoices, stops none.
    """
    return [
        record
        for record in records
        if record.blocks
        and ((record.month == month and record.rule in own) or (record.month < month and record.rule in COUNTING))
    ]
