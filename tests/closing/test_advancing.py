from dataclasses import replace
from itertools import count

import pytest

from chalicelib.billing.model import InvoiceStatus
from chalicelib.closing import advancing
from chalicelib.closing.breaks import answer, approve
from chalicelib.closing.model import Cause
from chalicelib.closing.period_rules import NO_INVOICE
from chalicelib.closing.proving import Blocked
from chalicelib.kernel.clock import DAY, HOUR, MINUTE, month_span
from chalicelib.kernel.errors import Conflict, Forbidden, Mismatch
from chalicelib.metering.model import PeriodState
from chalicelib.pricing.model import Credit, Item
from chalicelib.tenants.model import Term
from tests.billing.world import Died
from tests.closing.world import DUE, END, MONTH, Shop, dying, sealed
from tests.samples import NOON, SHOP

NEXT = "2026-12"
STANDARD = replace(SHOP, plans=(Term("2026-01", "standard/1"),))
OPEN, CLOSING, RECONCILED, INVOICED, LOCKED = PeriodState


def shop(contacts: int = 3, tenant: object = SHOP) -> Shop:
    found = Shop(tenant)  # type: ignore[arg-type]
    for n in range(contacts):
        found.answer(f"c{n}")
    return found


def test_a_month_closes_step_by_step_and_each_step_has_its_time() -> None:
    here = shop()
    assert here.close().state is OPEN
    here.until(END - 1)
    assert here.close().state is OPEN
    here.until(END)
    assert here.close().state is CLOSING
    here.until(DUE - 1)
    assert here.close().state is CLOSING
    here.until(DUE)
    assert here.close().state is RECONCILED
    here.until(DUE + 15 * MINUTE - 1)
    assert here.close().state is RECONCILED
    here.until(DUE + 15 * MINUTE)
    period = here.close()
    assert (period.state, period.contacts, period.won, period.breaks) == (LOCKED, 3, 2_700, 0)
    invoice = here.invoice()
    assert (invoice.status, invoice.subtotal, invoice.tax, invoice.total) == (
        InvoiceStatus.OPEN,
        2_700,
        270,
        2_970,
    )
    moves = here.history.of_month(MONTH)
    assert [move.state for move in moves] == [CLOSING, RECONCILED, INVOICED, LOCKED]
    assert {move.by for move in moves} == {"close"}
    assert here.mirror.find(MONTH).invoice == invoice  # type: ignore[union-attr]


def test_what_is_not_usage_is_added_once_and_the_sum_is_the_bill() -> None:
    here = shop(2, replace(SHOP, plans=(Term("2026-01", "volume/1"),)))
    here.closed()
    lines = {line.key: line.won for line in here.invoice().lines if line.key}
    assert lines == {"base": 150_000, "minimum": 900_000 - 150_000 - 2 * 880}
    assert here.invoice().subtotal == here.bill().subtotal == 900_000


@pytest.mark.parametrize("plan", ["flat/900", "trial/1", "starter/1"])
def test_a_shop_without_usage_has_no_invoice_and_closes(plan: str) -> None:
    here = Shop(replace(SHOP, plans=(Term("2026-01", plan),)))
    period = here.closed()
    assert (period.state, period.invoice, period.won) == (LOCKED, NO_INVOICE, 0)


def test_a_shop_without_usage_but_with_a_draft_of_nothing_closes_on_it() -> None:
    here = Shop()
    here.customers.row = here.gateway.create_customer("danbi", "x")
    period = here.closed()
    assert (period.state, period.won) == (LOCKED, 0)
    assert here.invoice().id == period.invoice
    assert here.invoice().status is not InvoiceStatus.DRAFT


def test_a_base_fee_without_usage_is_invoiced() -> None:
    here = Shop(STANDARD)
    here.customers.row = here.gateway.create_customer("danbi", "x")
    assert here.closed().won == here.invoice().subtotal == 29_000


def test_a_bill_without_a_draft_waits() -> None:
    here = Shop(STANDARD)
    here.until(DUE)
    assert here.close().state is RECONCILED
    here.until(DUE + HOUR)
    with pytest.raises(Blocked, match="R4 invoice"):
        here.close()
    assert here.periods.find(MONTH).breaks == 1
    here.customers.row = here.gateway.create_customer("danbi", "x")
    here.draft()
    assert here.close().state is LOCKED
    assert here.causes() == []


def test_a_correction_of_a_month_that_has_passed_is_on_the_next_bill_and_the_closed_one_stays() -> None:
    here = shop(20, replace(SHOP, plans=(Term("2026-01", "starter/1"),)))
    here.until(END + HOUR)
    here.spam("c0")
    assert here.closed().won == 10 * 1_200
    here.answer("december")
    assert here.closed(NEXT).won == 0
    [line] = [line for line in here.bill(NEXT).lines if line.item is Item.ADJUSTMENT]
    assert (line.won, line.origin, line.quantity) == (-1_200, MONTH, -1)
    # December's only contact is free, so what is over goes on to January.
    assert here.invoice(NEXT).subtotal == 0
    here.until(month_span("2027-01")[0] + HOUR)
    for n in range(12):
        here.answer(f"january{n}")
    assert here.closed("2027-01").won == 2 * 1_200 - 1_200
    assert here.invoice("2027-01").subtotal == 1_200


def test_a_second_adjustment_goes_on_from_the_first() -> None:
    here = shop(12, replace(SHOP, plans=(Term("2026-01", "starter/1"),)))
    here.until(END + HOUR)
    for n in range(3):
        here.spam(f"c{n}")
    for n in range(12):
        here.answer(f"december{n}")
    assert (here.closed().won, here.closed(NEXT).won) == (2_400, 2_400 - 2_400)
    here.until(month_span("2027-01")[0] + HOUR)
    for n in range(3):
        here.undo_spam(f"c{n}")
    # Nine were left, of which ten are free: only two of the three cost anything.
    assert here.closed("2027-01").won == 2_400


def test_credits_are_taken_off_once() -> None:
    here = shop(3)
    here.credits.rows.append(Credit("danbi", "d1", Item.DISPUTE, 900, MONTH, NOON, "dispute d1", "finance:a"))
    assert here.closed().won == 1_800
    assert here.invoice().subtotal == 1_800
    here.until(month_span(NEXT)[0] + 5 * DAY)
    here.answer("december")
    assert here.closed(NEXT).won == 900


def test_usage_in_flight_waits_and_is_no_record() -> None:
    here = shop()
    here.until(DUE)
    here.close()
    [(key, window)] = here.ledger.windows.rows.items()
    moving = replace(window, total=4, rev=window.rev + 1, dirty_since=DUE - MINUTE, lease_until=DUE + HOUR)
    here.ledger.windows.rows[key] = moving
    here.periods.rows[MONTH] = replace(here.periods.rows[MONTH], state=CLOSING)
    with pytest.raises(Blocked, match="R1 human/"):
        here.close()
    assert here.breaks.rows == {}
    here.ledger.windows.rows[key] = window
    assert here.close().state is RECONCILED


def later_lines(here: Shop, **values: object) -> None:
    """Change the first usage line of the final invoice."""
    invoice = here.invoice()
    first, *rest = invoice.lines
    here.change_invoice(lines=(replace(first, **values), *rest))  # type: ignore[arg-type]


def test_a_planted_won_on_a_final_invoice_is_found_and_blocks_the_lock_until_two_people_explain_it() -> None:
    here = shop()
    here.until(DUE)
    here.close()
    here.until(DUE + HOUR)
    assert advancing.advance(here.here()).state is INVOICED
    later_lines(here, won=2_699)
    with pytest.raises(Blocked, match="R4 usage:human"):
        here.close()
    [record] = here.breaks.open()
    assert (record.left, record.right, record.cause, record.owner) == (2_700, 2_699, Cause.ROUNDING, "finance")
    assert here.periods.find(MONTH).breaks == 1
    said = answer(here.books, record.id, Cause.MANUAL_STRIPE_EDIT, "우리가 1원 깎았다", "finance:a", expected=1)
    with pytest.raises(Blocked):
        here.close()
    with pytest.raises(Forbidden):
        approve(here.books, record.id, "finance:a")
    with pytest.raises(Mismatch):
        approve(here.books, record.id, "finance:b", expected=said.version - 1)
    approve(here.books, record.id, "finance:b")
    assert here.close().state is LOCKED
    [kept] = here.breaks.of_month(MONTH)
    assert (kept.status, kept.approver, kept.cause) == ("explained", "finance:b", Cause.MANUAL_STRIPE_EDIT)


def test_an_explanation_holds_for_its_own_figures_only() -> None:
    here = shop()
    here.until(DUE)
    here.close()
    here.until(DUE + HOUR)
    advancing.advance(here.here())
    later_lines(here, won=2_699)
    with pytest.raises(Blocked):
        here.close()
    [record] = here.breaks.open()
    answer(here.books, record.id, Cause.MANUAL_STRIPE_EDIT, "x", "finance:a")
    approve(here.books, record.id, "finance:b")
    later_lines(here, won=2_000)
    with pytest.raises(Blocked):
        here.close()
    assert (here.breaks.open()[0].resolution, here.breaks.open()[0].right) == ("", 2_000)


def test_a_wrong_hour_is_mended_by_sending_again_and_clears_itself() -> None:
    here = shop()
    here.until(DUE)
    [hour] = here.gateway.hours
    here.gateway.hours[hour] = 2
    with pytest.raises(Blocked, match="R2 human/2026-11-21T03"):
        here.close()
    here.until(DUE + HOUR)
    assert here.close().state is RECONCILED
    [record] = here.breaks.of_month(MONTH)
    assert (record.status, record.first_seen, record.last_seen) == ("cleared", DUE, DUE + HOUR)


def test_usage_that_nobody_sent_blocks_until_it_is_explained() -> None:
    here = shop()
    here.until(DUE)
    [(name, customer, hour)] = here.gateway.hours
    here.gateway.hours[name, customer, hour.replace(hour=9)] = 7
    for _ in range(2):
        with pytest.raises(Blocked, match="R2 human/2026-11-21T09"):
            here.close()
    [record] = here.breaks.open()
    assert (record.left, record.right, record.cause, record.owner) == (0, 7, Cause.UNKNOWN_USAGE, "operations")


def test_what_is_booked_while_the_counts_are_proven_is_on_the_invoice() -> None:
    here = shop()
    here.until(DUE)
    here.close()
    here.periods.rows[MONTH] = replace(here.periods.rows[MONTH], state=CLOSING)

    def book(step: str) -> None:
        if step == "commit" and "raced" not in here.contacts.rows:
            here.answer("raced", END - 1)

    here.at_call = book
    assert here.close().state is RECONCILED
    here.at_call = lambda _: None
    here.now = here.gateway.now = DUE + HOUR
    assert here.close().state is LOCKED
    assert here.bill().subtotal == here.invoice().subtotal == 4 * 900


def test_a_line_that_somebody_adds_at_the_last_moment_keeps_the_invoice_a_draft() -> None:
    here = shop(3, STANDARD)
    here.until(DUE)
    here.close()
    here.until(DUE + HOUR)

    def add(step: str) -> None:
        if step == "hold done":
            here.at_call = lambda _: None
            here.gateway.add_item(here.invoice(), key="by hand", won=-500, description="x")

    here.at_call = add
    with pytest.raises(Blocked, match="R4 line:"):
        here.close()
    assert here.invoice().status is InvoiceStatus.DRAFT
    assert here.periods.find(MONTH).state is RECONCILED


def test_a_month_waits_for_the_bill_of_the_one_before() -> None:
    here = shop()
    here.until(END)
    here.close()
    here.until(month_span(NEXT)[1])
    here.close(NEXT)
    here.until(month_span(NEXT)[1] + 72 * HOUR)
    with pytest.raises(Blocked, match=f"the bill of {MONTH}"):
        here.close(NEXT)
    assert here.close().state is RECONCILED
    here.until(here.now + HOUR)
    assert here.close_all() == []
    assert here.periods.find(NEXT).state is RECONCILED


def test_reopening_takes_two_people_and_takes_entries_again_only_without_an_invoice() -> None:
    here = shop()
    here.until(DUE)
    assert here.close().state is RECONCILED
    with pytest.raises(Conflict, match="not_asked"):
        advancing.approve_reopening(here.here(by="finance:a"))
    advancing.ask_reopening(here.here(by="finance:a"), "한 건이 빠졌다")
    with pytest.raises(Forbidden):
        advancing.approve_reopening(here.here(by="finance:a"))
    with pytest.raises(Conflict, match="already_asked"):
        advancing.ask_reopening(here.here(by="finance:b"), "x")
    here.until(DUE + HOUR)
    assert here.close().state is RECONCILED
    reopened = advancing.approve_reopening(here.here(by="finance:b"))
    assert (reopened.state, reopened.by, reopened.why) == (CLOSING, "finance:b", "finance:a: 한 건이 빠졌다")
    here.answer("late", END - 1)
    assert here.closed().won == 4 * 900
    advancing.ask_reopening(here.here(by="finance:b"), "again")
    assert advancing.approve_reopening(here.here(by="finance:a")).state is CLOSING
    here.answer("later", END - 1)
    assert here.closed().won == here.invoice().subtotal == 4 * 900
    assert here.bill(NEXT).subtotal == 900
    states = [move.state for move in here.history.of_month(MONTH)]
    assert states == [
        CLOSING,
        RECONCILED,
        CLOSING,
        RECONCILED,
        INVOICED,
        LOCKED,
        CLOSING,
        RECONCILED,
        INVOICED,
        LOCKED,
    ]


@pytest.mark.parametrize("state", [OPEN, CLOSING])
def test_what_is_not_closed_needs_no_reopening(state: PeriodState) -> None:
    here = shop()
    here.until(END - 1 if state is OPEN else END)
    assert here.close().state is state
    with pytest.raises(Conflict, match="wrong_state"):
        advancing.ask_reopening(here.here(by="finance:a"), "x")


def test_a_person_who_closes_on_overrules_who_asked_for_the_reopening() -> None:
    here = shop()
    here.until(DUE)
    here.close()
    advancing.ask_reopening(here.here(by="finance:a"), "x")
    here.until(DUE + HOUR)
    assert advancing.go_on(here.here(by="finance:b")).state is INVOICED
    assert here.periods.find(MONTH).asked_by == ""
    with pytest.raises(Mismatch):
        advancing.go_on(here.here(by="finance:b"), expected=1)


def test_a_later_price_of_the_shop_does_not_change_a_month_that_has_ended() -> None:
    here = shop()
    here.until(END)
    here.close()
    here.tenant = replace(SHOP, price_won=1_000)
    assert here.closed().won == 2_700


def test_a_second_invoice_for_the_month_blocks_it() -> None:
    here = shop()
    here.until(DUE)
    invoice = here.invoice()
    other = replace(invoice, id="in_other", created_at=invoice.created_at + 1)
    here.gateway.bills["in_other"] = other
    here.close()
    here.until(DUE + HOUR)
    with pytest.raises(Blocked, match="R4 invoice:in_other"):
        here.close()


def test_the_seal_tells_whether_anything_of_a_locked_month_changed() -> None:
    here = shop()
    period = here.closed()
    assert period.seal == sealed(here, period)
    here.gateway.pay(here.invoice().id)
    assert period.seal == sealed(here, period)
    kept = dict(here.ledger.rows)
    here.ledger.rows["c0", 1, 1] = replace(kept["c0", 1, 1], evidence="other")
    assert period.seal != sealed(here, period)
    here.ledger.rows = kept
    later_lines(here, won=2_701)
    assert period.seal != sealed(here, period)


def test_death_at_each_call_then_repeated_gives_the_same_invoice_once() -> None:
    plan = replace(SHOP, plans=(Term("2026-01", "volume/1"),))
    for at in count(1):
        here = shop(3, plan)
        died = False
        here.until(END)
        here.close()
        for moment in (DUE, DUE + HOUR, DUE + 2 * HOUR, DUE + 3 * HOUR):
            here.until(moment)
            here.at_call = dying(at) if moment == DUE + HOUR else lambda _: None
            try:
                here.close()
            except Died:
                died = True
        period = here.periods.find(MONTH)
        assert (period.state, period.won) == (LOCKED, 900_000), at
        assert here.invoice().subtotal == 900_000
        assert sorted(line.key for line in here.invoice().lines if line.key) == ["base", "minimum"]
        moves = [move.state for move in here.history.of_month(MONTH)]
        assert moves == [CLOSING, RECONCILED, INVOICED, LOCKED]
        if not died:
            break
    assert at > 20
