"""Breaks and people: put on record what was found, let one person answer and another one approve."""

from collections.abc import Iterable

from chalicelib.aws.observe import log
from chalicelib.closing import rules_records as rules
from chalicelib.closing.model import Break, BreakRecord, Cause
from chalicelib.closing.ports import Books
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Mismatch, not_found


def put_on_record(
    ours: Books, found: Iterable[Break], scope: rules.Scope, now: Millis, *, moving: Iterable[Break] = ()
) -> None:
    """Put what was found within `scope` on record, and clear what is gone from it.

    What is `moving` differs as well, for now: it is no record of its own, but what is on record of it stays.
    Repeated, it changes nothing but when each was seen last.
    """
    known = {record.id: record for record in ours.breaks.of_month(scope.month)}
    saved = [rules.seen(one, known.get(rules.record_id(one)), now) for one in found]
    ids = {after.id for _, after in saved} | {rules.record_id(one) for one in moving}
    for before, after in [*saved, *rules.gone(known.values(), ids, scope, now)]:
        _save(ours, before, after)


def answer(
    ours: Books, break_id: str, cause: Cause, note: str, by: str, *, expected: int | None = None
) -> BreakRecord:
    """Record what a person says that a break comes from."""
    before = _found(ours, break_id, expected)
    after = rules.answered(before, cause, note, by)
    ours.commit(ours.breaks.save(before, after))
    return after


def approve(ours: Books, break_id: str, by: str, *, expected: int | None = None) -> BreakRecord:
    """Take a break as explained, as a second person."""
    before = _found(ours, break_id, expected)
    after = rules.approved(before, by)
    ours.commit(ours.breaks.save(before, after))
    return after


def _found(ours: Books, break_id: str, expected: int | None) -> BreakRecord:
    record = ours.breaks.find(break_id)
    if record is None:
        raise not_found()
    if expected not in (None, record.version):
        raise Mismatch("version_mismatch", "this break changed since you looked", version=record.version)
    return record


def _save(ours: Books, before: BreakRecord | None, after: BreakRecord) -> None:
    if before is None:
        log().error("break", tenant=after.tenant, rule=after.rule, item=after.item, cause=after.cause)
    try:
        ours.commit(ours.breaks.save(before, after))
    except Mismatch:
        # A person has answered it meanwhile, or another run has seen it: the next look goes on from there.
        log().info("break changed meanwhile", tenant=after.tenant, id=after.id)
