"""Breaks and the periods' history in the table."""

from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.closing.history import History
from chalicelib.closing.model import Break, BreakRecord, BreakStatus, Cause, Rule
from chalicelib.closing.rules_records import answered, approved, record_id, seen
from chalicelib.closing.store import Breaks, open_breaks
from chalicelib.kernel.errors import Mismatch
from chalicelib.metering.model import Period, PeriodState
from chalicelib.metering.periods import Periods
from tests.moto_desk import Desk
from tests.samples import NOON

FOUND = Break(Rule.BILL_LINE, "danbi", "usage:human", 10, 7, Cause.PRICE_VERSION, "2026-11")
BREAKS = Breaks("danbi")


def on_record(found: Break = FOUND, at: int = NOON) -> BreakRecord:
    _, record = seen(found, None, at)
    commit(Breaks(found.tenant).save(None, record))
    return record


def test_a_break_comes_back_as_it_was_saved(desk: Desk) -> None:
    record = on_record()
    assert record.id == record_id(FOUND)
    assert (BREAKS.find(record.id), BREAKS.of_month("2026-11"), BREAKS.open()) == (record, [record], [record])
    assert (BREAKS.find("2026-12" + record.id[7:]), BREAKS.of_month("2026-12")) == (None, [])
    assert Breaks("mungmeal").of_month("2026-11") == []


def test_a_break_is_on_record_once_and_saved_over_the_version_that_was_seen_alone(desk: Desk) -> None:
    record = on_record()
    for before in (None, replace(record, version=3)):
        with pytest.raises(Mismatch):
            commit(BREAKS.save(before, replace(record, version=4)))


def test_what_stops_a_close_is_in_the_list_of_all_tenants_until_it_is_explained_or_gone(desk: Desk) -> None:
    record, other = on_record(at=NOON + 1), on_record(replace(FOUND, tenant="mungmeal", left=7, right=9))
    shown = [(one.tenant, one.id, one.rule, one.difference, one.first_seen) for one in open_breaks()]
    assert shown == [
        ("mungmeal", other.id, Rule.BILL_LINE, 2, NOON),
        ("danbi", record.id, Rule.BILL_LINE, -3, NOON + 1),
    ]
    said = answered(record, Cause.MANUAL_STRIPE_EDIT, "손으로 고쳤다", "finance:a")
    commit(BREAKS.save(record, said))
    assert [one.status for one in open_breaks()] == [BreakStatus.OPEN, BreakStatus.ANSWERED]
    commit(BREAKS.save(said, approved(said, "finance:b")))
    assert [one.tenant for one in open_breaks()] == ["mungmeal"]
    assert (BREAKS.open(), BREAKS.of_month("2026-11")[0].approver) == ([], "finance:b")


def test_every_state_of_a_period_is_kept_beside_it(desk: Desk) -> None:
    periods, history, period = Periods("danbi"), History("danbi"), Period("danbi", "2026-11")
    for version, state in enumerate(PeriodState, 1):
        after = replace(period, state=state, version=version, by="close", why="왜", changed_at=NOON + version)
        commit(periods.save(period, after), history.add(after))
        period = after
    moves = history.of_month("2026-11")
    assert [(move.version, move.state, move.at) for move in moves] == [
        (version, state, NOON + version) for version, state in enumerate(PeriodState, 1)
    ]
    assert periods.all() == [period]
    assert history.of_month("2026-12") == []
    with pytest.raises(Mismatch):
        commit(history.add(period))
