"""Periods in the table, and what a closed one does to bookings."""

from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.clock import month_span
from chalicelib.kernel.errors import Mismatch
from chalicelib.metering.model import Period, PeriodClosed, PeriodState
from chalicelib.metering.periods import Periods, forget_closed, periods_of
from chalicelib.metering.store import Ledger
from tests.metering.test_store import an_entry
from tests.moto_desk import MINA, Desk
from tests.samples import NOON

MONTH, NEXT = "2026-11", "2026-12"
PERIODS = Periods("danbi")
FULL = Period(
    tenant="danbi",
    month=MONTH,
    state=PeriodState.LOCKED,
    version=1,
    contacts=3,
    won=2_700,
    breaks=2,
    invoice="in_1",
    changed_at=NOON,
    by="finance:a",
    why="왜",
    asked_by="finance:b",
    asked_why="그래서",
    seal="ab",
    plan="standard/1",
    carried=7,
)


def become(month: str, state: PeriodState, invoice: str = "") -> None:
    before = PERIODS.find(month)
    commit(PERIODS.save(before, replace(before, state=state, version=before.version + 1, invoice=invoice)))


@pytest.fixture(autouse=True)
def _forget() -> None:
    forget_closed()


def test_a_period_comes_back_as_it_was_saved_and_an_absent_one_is_open(desk: Desk) -> None:
    commit(PERIODS.save(PERIODS.find(MONTH), FULL))
    assert (PERIODS.find(MONTH), PERIODS.all()) == (FULL, [FULL])
    assert PERIODS.find(NEXT) == Period("danbi", NEXT)
    assert Periods("mungmeal").all() == []


def test_a_period_is_saved_over_the_version_that_was_seen_alone(desk: Desk) -> None:
    commit(PERIODS.save(Period("danbi", MONTH), FULL))
    for before in (Period("danbi", MONTH), replace(FULL, version=7)):
        with pytest.raises(Mismatch):
            commit(PERIODS.save(before, replace(FULL, version=8)))
    commit(PERIODS.save(FULL, replace(FULL, version=2, won=1)))
    assert PERIODS.find(MONTH).won == 1


def test_all_tenants_periods_of_a_month_are_listed(desk: Desk) -> None:
    commit(PERIODS.save(Period("danbi", MONTH), FULL))
    theirs = Period("mungmeal", MONTH, version=1)
    commit(Periods("mungmeal").save(Period("mungmeal", MONTH), theirs))
    shown = [(one.tenant, one.state, one.contacts, one.won, one.breaks) for one in periods_of(MONTH)]
    assert shown == [("danbi", PeriodState.LOCKED, 3, 2_700, 2), ("mungmeal", PeriodState.OPEN, 0, 0, 0)]
    assert list(periods_of(NEXT)) == []


@pytest.mark.parametrize(
    ("state", "invoice", "takes"),
    [
        (PeriodState.OPEN, "", True),
        (PeriodState.CLOSING, "", True),
        (PeriodState.CLOSING, "in_1", False),
        (PeriodState.RECONCILED, "", False),
        (PeriodState.INVOICED, "in_1", False),
        (PeriodState.LOCKED, "none", False),
    ],
)
def test_a_month_takes_entries_until_it_is_reconciled_or_its_invoice_is_named(
    desk: Desk, state: PeriodState, invoice: str, takes: bool
) -> None:
    become(MONTH, state, invoice)
    if takes:
        commit(*Ledger("danbi").writes([an_entry()]))
    else:
        with pytest.raises(PeriodClosed):
            commit(*Ledger("danbi").writes([an_entry()]))
    assert len(Ledger("danbi").of_contact("c1")) == takes


def test_a_reply_that_meets_a_closed_month_is_booked_once_in_the_next_as_an_adjustment(desk: Desk) -> None:
    contact = desk.claimed()
    become(MONTH, PeriodState.RECONCILED)
    # Nobody here has seen it closed: the first attempt is refused and the second one books later.
    for _ in range(2):
        desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    [entry] = Ledger("danbi").of_contact(contact)
    assert (entry.origin, entry.booked_at, entry.occurred_at // 60_000) == (
        MONTH,
        month_span(NEXT)[0],
        desk.now // 60_000,
    )
    assert [row for row in desk.rows() if row["kind"]["S"] == "window"] == []
    assert Ledger("danbi").booked(*month_span(MONTH)) == []
    assert Ledger("danbi").booked(*month_span(NEXT)) == [entry]


def test_a_month_after_that_is_closed_too_is_passed_over(desk: Desk) -> None:
    contact = desk.claimed()
    for month in (MONTH, NEXT):
        become(month, PeriodState.LOCKED, "in_1")
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    [entry] = Ledger("danbi").of_contact(contact)
    assert (entry.origin, entry.booked_at) == (MONTH, month_span("2027-01")[0])
    desk.act(MINA, contact, "spam")
    assert [one.booked_at for one in Ledger("danbi").of_contact(contact)] == [month_span("2027-01")[0]] * 2
