from dataclasses import replace
from typing import Any

import pytest

from chalicelib.billing.model import InvoiceLine
from chalicelib.closing import period_rules as rules
from chalicelib.kernel.clock import HOUR, MINUTE, month_span
from chalicelib.kernel.errors import Conflict, Forbidden
from chalicelib.metering.model import Period, PeriodState, UsageEntry
from chalicelib.pricing.model import Bill, Item, Line
from tests.closing.test_rules_invoice import an_invoice
from tests.pricing.slow import entry

MONTH = "2026-11"
END = month_span(MONTH)[1]
OPEN, CLOSING, RECONCILED, INVOICED, LOCKED = PeriodState
CHANGED = END + 100 * HOUR


def period(state: PeriodState = CLOSING, **changes: Any) -> Period:
    return replace(Period("danbi", MONTH, state, 4, changed_at=CHANGED), **changes)


@pytest.mark.parametrize(
    ("state", "earliest", "following"),
    [
        (OPEN, END, CLOSING),
        (CLOSING, END + 72 * HOUR, RECONCILED),
        (RECONCILED, CHANGED + 15 * MINUTE, INVOICED),
        (INVOICED, 0, LOCKED),
    ],
)
def test_a_period_waits_to_the_millisecond(state: PeriodState, earliest: int, following: PeriodState) -> None:
    assert rules.next_state(period(state), earliest - 1) is None
    assert rules.next_state(period(state), earliest) is following
    assert rules.next_state(period(state), earliest + 1) is following


def test_a_locked_period_stays() -> None:
    assert rules.next_state(period(LOCKED), END + 1_000 * HOUR) is None


def test_months_that_have_ended_and_are_not_locked_are_due_from_the_oldest_known_on() -> None:
    known = [Period("danbi", "2026-10", CLOSING), Period("danbi", "2026-08", LOCKED)]
    begins = month_span("2026-12")[0]
    assert rules.due_months(known, begins) == ["2026-09", "2026-10", "2026-11"]
    assert rules.due_months(known, begins - 1) == ["2026-09", "2026-10"]
    assert rules.due_months([Period("danbi", "2026-10", CLOSING)], begins) == ["2026-10", "2026-11"]


@pytest.mark.parametrize("state", PeriodState)
@pytest.mark.parametrize("to", PeriodState)
def test_a_period_moves_one_state_at_a_time(state: PeriodState, to: PeriodState) -> None:
    order = list(PeriodState)
    if order.index(to) == order.index(state) + 1:
        after = rules.moved(period(state), to, by="a", why="w", at=7)
        assert after == period(to, version=5, by="a", why="w", changed_at=7)
    else:
        with pytest.raises(Conflict) as refused:
            rules.moved(period(state), to, by="a", why="w", at=7)
        assert refused.value.code == "wrong_state"


@pytest.mark.parametrize("state", [RECONCILED, INVOICED, LOCKED])
def test_a_wish_to_reopen_is_one_persons_and_can_be_withdrawn(state: PeriodState) -> None:
    asked = rules.asked(period(state), by="a", why="w")
    assert asked == period(state, version=5, asked_by="a", asked_why="w")
    assert rules.asked(asked, by="a", why="x") == replace(asked, version=6, asked_why="x")
    with pytest.raises(Conflict) as refused:
        rules.asked(asked, by="b", why="x")
    assert refused.value.code == "already_asked"
    assert rules.withdrawn(asked) == period(state, version=6)


@pytest.mark.parametrize("state", [RECONCILED, INVOICED, LOCKED])
def test_another_person_reopens(state: PeriodState) -> None:
    asked = period(state, asked_by="a", asked_why="w", seal="s", invoice="in_1")
    after = rules.reopened(asked, by="b", at=7)
    assert after == period(CLOSING, version=5, by="b", why="a: w", changed_at=7, invoice="in_1")
    with pytest.raises(Forbidden) as same:
        rules.reopened(asked, by="a", at=7)
    assert same.value.code == "same_person"
    with pytest.raises(Conflict) as unasked:
        rules.reopened(period(state), by="b", at=7)
    assert unasked.value.code == "not_asked"


@pytest.mark.parametrize("state", [OPEN, CLOSING])
def test_what_is_still_open_is_not_reopened(state: PeriodState) -> None:
    with pytest.raises(Conflict) as unasked:
        rules.asked(period(state), by="a", why="w")
    with pytest.raises(Conflict) as unopened:
        rules.reopened(period(state, asked_by="a"), by="b", at=7)
    assert unasked.value.code == unopened.value.code == "wrong_state"


BILL = Bill(MONTH, "flat/900", (Line(Item.BASE, "기본료", 1, 900),))
ENTRIES = [entry("c1"), entry("c1", 2, -1), entry("c2"), entry("c2", episode=2)]
EMPTY = "f099feb55441000594c6e06da776551e8067575b8b0a101601bbeda99e1125dd"
SEAL = "1491c710e7197382f8e8f63c81b8de232cac0981d78be54d2b3f187b4fce5c8a"
LINES = (InvoiceLine("il_2", 1, 5), InvoiceLine("il_1", 1, 5))


def sealed(entries: list[UsageEntry] = ENTRIES, bill: Bill = BILL, **changes: Any) -> str:
    return rules.seal(entries, bill, an_invoice(**{"lines": LINES, **changes}))


def test_a_seal_is_the_same_whatever_comes_first() -> None:
    assert sealed(ENTRIES[::-1]) == sealed()
    assert sealed([ENTRIES[i] for i in (1, 3, 0, 2)]) == sealed()
    assert sealed(lines=LINES[::-1]) == sealed()


def test_a_seal_of_long_ago_can_be_checked() -> None:
    assert rules.seal([], BILL, None) == EMPTY
    assert sealed() == SEAL


def test_a_payment_breaks_no_seal() -> None:
    later: list[dict[str, Any]] = [{"paid": 1, "remaining": 0}, {"credited": 3}, {"due_at": 5}, {"tax_lines": 9}]
    assert {sealed(**change) for change in later} == {sealed()}


def test_whatever_else_changes_breaks_the_seal() -> None:
    changes: list[dict[str, Any]] = [
        *({name: "other"} for name in ("id", "customer", "month", "number")),
        *({name: 1} for name in ("subtotal", "tax", "total")),
        {"lines": LINES[:1]},
        {"lines": (LINES[0], replace(LINES[1], won=6))},
    ]
    seals = [
        sealed(),
        rules.seal(ENTRIES, BILL, None),
        sealed(ENTRIES[1:]),
        sealed([*ENTRIES[:3], replace(ENTRIES[3], delta=-1)]),
        sealed(bill=replace(BILL, plan="flat/800")),
        sealed(bill=replace(BILL, lines=())),
        *(sealed(**change) for change in changes),
    ]
    assert len(set(seals)) == len(seals)


def test_no_invoice_has_a_name_of_its_own() -> None:
    assert rules.NO_INVOICE == "none"
