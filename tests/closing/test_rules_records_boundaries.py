from dataclasses import replace

import pytest

from chalicelib.closing import rules_records as rules
from chalicelib.closing.model import BreakRecord, BreakStatus, Cause, Rule
from chalicelib.kernel.clock import HOUR
from chalicelib.kernel.errors import Conflict, Forbidden
from tests.closing.test_rules_records import FOUND, MONTH, record
from tests.samples import NOON

OPEN, ANSWERED, EXPLAINED, CLEARED = BreakStatus
SAID = {"resolution": "r", "resolved_by": "a", "approver": "b"}


@pytest.mark.parametrize(
    ("rule", "owner"),
    [
        *((rule, "operations") for rule in (Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE)),
        *((rule, "finance") for rule in (Rule.SUMMARY_LINE, Rule.BILL_LINE, Rule.TAX, Rule.INVOICE_PAYMENT)),
        *((rule, "finance") for rule in (Rule.BALANCE_PAYOUT, Rule.INVOICE_TAX_INVOICE, Rule.SEAL)),
    ],
)
def test_a_new_record_has_an_owner_who_looks_into_it(rule: Rule, owner: str) -> None:
    found = replace(FOUND, rule=rule)
    before, after = rules.seen(found, None, NOON)
    named = BreakRecord(
        rule, "danbi", "base", 10, 7, Cause.NOT_INVOICED, MONTH, id=rules.record_id(found), owner=owner
    )
    assert (before, after) == (None, replace(named, first_seen=NOON, last_seen=NOON, version=1))


def test_a_record_keeps_its_id_for_ever() -> None:
    # The row of a break is found by it again.
    assert rules.record_id(FOUND) == "2026-11-0255791c26ea224d"


def test_what_is_open_keeps_its_cause_up_to_date_and_its_other_figures_too() -> None:
    known = record(status=OPEN, cause=Cause.FEE, **SAID)
    assert rules.seen(FOUND, known, NOON + HOUR)[1].cause is Cause.NOT_INVOICED
    for status in (ANSWERED, EXPLAINED):
        again = rules.seen(replace(FOUND, left=11), replace(known, status=status), NOON)[1]
        assert (again.status, again.left, again.right, again.cause) == (OPEN, 11, 7, Cause.NOT_INVOICED)


def test_a_reopened_record_has_nothing_of_what_was_said() -> None:
    said = record(status=EXPLAINED, **SAID)
    assert rules.reopened(said) == record(status=OPEN)


def test_what_is_gone_is_the_next_version_and_looked_at_item_by_item() -> None:
    known = [record(version=4), record(id="other", item="minimum", version=4, status=ANSWERED)]
    gone = rules.gone(known, {"other"}, rules.Scope(MONTH, {Rule.BILL_LINE}), NOON + HOUR)
    assert gone == [(known[0], record(version=5, status=CLEARED, last_seen=NOON + HOUR))]
    items = rules.Scope(MONTH, {Rule.BILL_LINE}, {"minimum"})
    assert [after.id for _, after in rules.gone(known, set(), items, NOON)] == ["other"]
    nothing = rules.Scope(MONTH, {Rule.BILL_LINE}, set())
    assert rules.gone(known, set(), nothing, NOON) == []


def test_an_answer_is_the_next_version_without_the_last_approval() -> None:
    said = rules.answered(record(version=4, status=ANSWERED, **SAID), Cause.FEE, "n", "c")
    assert said == record(
        version=5, status=ANSWERED, cause=Cause.FEE, resolution="n", resolved_by="c", approver=""
    )
    for status in (EXPLAINED, CLEARED):
        with pytest.raises(Conflict) as refused:
            rules.answered(record(status=status), Cause.FEE, "n", "c")
        assert refused.value.code == "wrong_state"


def test_an_approval_is_the_next_version_of_what_was_answered() -> None:
    said = record(version=4, status=ANSWERED, resolution="r", resolved_by="a")
    assert rules.approved(said, "b") == replace(said, version=5, status=EXPLAINED, approver="b")
    with pytest.raises(Forbidden) as same:
        rules.approved(said, "a")
    assert same.value.code == "same_person"
    for status in (OPEN, EXPLAINED, CLEARED):
        with pytest.raises(Conflict) as refused:
            rules.approved(record(status=status, resolved_by="a"), "b")
        assert refused.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("rule", "month", "stops"),
    [
        *((rule, MONTH, True) for rule in (Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE)),
        *((rule, MONTH, True) for rule in (Rule.SUMMARY_LINE, Rule.BILL_LINE, Rule.TAX)),
        *((rule, "2026-10", True) for rule in (Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE)),
        *((rule, "2026-10", False) for rule in (Rule.SUMMARY_LINE, Rule.BILL_LINE, Rule.TAX)),
        *((rule, "2026-12", False) for rule in (Rule.CONTACT_LEDGER, Rule.BILL_LINE)),
        *((rule, MONTH, False) for rule in (Rule.INVOICE_PAYMENT, Rule.BALANCE_PAYOUT, Rule.INVOICE_TAX_INVOICE)),
        (Rule.SEAL, MONTH, False),
    ],
)
def test_what_stops_the_close_of_a_month(rule: Rule, month: str, stops: bool) -> None:
    found = record(rule=rule, month=month)
    assert rules.blocking([found], MONTH) == [found] * stops
    assert rules.blocking([replace(found, status=CLEARED)], MONTH) == []


def test_of_its_own_month_only_the_rules_that_were_asked_for_stop() -> None:
    own, before = record(rule=Rule.CONTACT_LEDGER), record(rule=Rule.CONTACT_LEDGER, month="2026-10")
    assert rules.blocking([own, before], MONTH, {Rule.TAX}) == [before]
