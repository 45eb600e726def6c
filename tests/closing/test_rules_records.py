from dataclasses import replace

import pytest

from chalicelib.closing import rules_records as rules
from chalicelib.closing.model import Break, BreakRecord, BreakStatus, Cause, Rule
from chalicelib.kernel.clock import HOUR
from chalicelib.kernel.errors import Conflict, Forbidden
from tests.samples import NOON

MONTH = "2026-11"
FOUND = Break(Rule.BILL_LINE, "danbi", "base", 10, 7, Cause.NOT_INVOICED, MONTH)
OPEN, ANSWERED, EXPLAINED, CLEARED = BreakStatus


def record(**changes: object) -> BreakRecord:
    return replace(rules.seen(FOUND, None, NOON)[1], **changes)  # type: ignore[arg-type]


def test_a_break_has_one_record_for_its_month_rule_and_item() -> None:
    same = [FOUND, replace(FOUND, left=1, right=2, cause=Cause.DOUBLED)]
    others = [
        replace(FOUND, item="minimum"),
        replace(FOUND, rule=Rule.TAX),
        replace(FOUND, month="2026-12"),
        replace(FOUND, tenant="mungmeal"),
    ]
    assert len({rules.record_id(one) for one in same}) == 1
    assert len({rules.record_id(one) for one in [FOUND, *others]}) == 5
    assert rules.record_id(FOUND).startswith("2026-11-")


@pytest.mark.parametrize(
    ("status", "right", "after", "kept"),
    [
        (OPEN, 7, OPEN, True),
        (OPEN, 8, OPEN, True),
        (ANSWERED, 7, ANSWERED, True),
        (ANSWERED, 8, OPEN, False),
        (EXPLAINED, 7, EXPLAINED, True),
        (EXPLAINED, 8, OPEN, False),
        (CLEARED, 7, OPEN, False),
    ],
)
def test_what_is_found_again_moves_on_and_an_explanation_holds_for_its_figures(
    status: BreakStatus, right: int, after: BreakStatus, kept: bool
) -> None:
    known = record(status=status, resolution="r", resolved_by="a", approver="b", cause=Cause.FEE)
    before, again = rules.seen(replace(FOUND, right=right), known, NOON + HOUR)
    assert before == known
    assert (again.status, again.right, again.last_seen) == (after, right, NOON + HOUR)
    assert again.version == known.version + 1
    assert (again.resolution, again.approver) == (("r", "b") if kept else ("", ""))
    assert again.first_seen == (NOON + HOUR if status is CLEARED else NOON)
    assert again.cause is (Cause.FEE if kept and status is not OPEN else Cause.NOT_INVOICED)


def test_what_is_gone_is_cleared_within_what_was_looked_at() -> None:
    known = [record(), record(id="other", status=EXPLAINED)]
    whole = rules.Scope(MONTH, {Rule.BILL_LINE})
    [(before, after)] = rules.gone(known, set(), whole, NOON + HOUR)
    assert (before, after.status, after.last_seen) == (known[0], CLEARED, NOON + HOUR)
    assert rules.gone(known, {known[0].id}, whole, NOON) == []
    for scope in (
        rules.Scope("2026-12", {Rule.BILL_LINE}),
        rules.Scope(MONTH, {Rule.TAX}),
        rules.Scope(MONTH, {Rule.BILL_LINE}, {"minimum"}),
    ):
        assert rules.gone(known, set(), scope, NOON) == []


def test_a_difference_takes_two_people_and_none_takes_one() -> None:
    said = rules.answered(record(), Cause.FEE, "note", "a")
    assert (said.status, said.cause, said.resolution, said.resolved_by) == (ANSWERED, Cause.FEE, "note", "a")
    with pytest.raises(Forbidden):
        rules.approved(said, "a")
    assert (rules.approved(said, "b").status, rules.approved(said, "b").approver) == (EXPLAINED, "b")
    assert rules.answered(record(right=10), Cause.FEE, "note", "a").status is EXPLAINED


@pytest.mark.parametrize("status", [EXPLAINED, CLEARED])
def test_what_is_settled_is_neither_answered_nor_approved(status: BreakStatus) -> None:
    with pytest.raises(Conflict):
        rules.answered(record(status=status), Cause.FEE, "n", "a")
    with pytest.raises(Conflict):
        rules.approved(record(status=status, resolved_by="a"), "b")


@pytest.mark.parametrize(
    ("rule", "month", "status", "blocks"),
    [
        (Rule.BILL_LINE, MONTH, OPEN, True),
        (Rule.CONTACT_LEDGER, MONTH, ANSWERED, True),
        (Rule.CONTACT_LEDGER, MONTH, EXPLAINED, False),
        (Rule.CONTACT_LEDGER, MONTH, CLEARED, False),
        (Rule.WINDOW_STRIPE, "2026-10", OPEN, True),
        (Rule.BILL_LINE, "2026-10", OPEN, False),
        (Rule.WINDOW_STRIPE, "2026-12", OPEN, False),
        (Rule.INVOICE_PAYMENT, MONTH, OPEN, False),
        (Rule.INVOICE_TAX_INVOICE, MONTH, OPEN, False),
    ],
)
def test_what_stops_a_close(rule: Rule, month: str, status: BreakStatus, blocks: bool) -> None:
    one = record(rule=rule, month=month, status=status)
    assert rules.blocking([one], MONTH) == [one] * blocks
