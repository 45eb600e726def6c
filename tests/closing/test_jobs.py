"""The hourly job, as Lambda calls it, over the table, with the provider in memory."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

import app
from chalicelib.billing import jobs as billing
from chalicelib.billing import wiring
from chalicelib.billing.model import GatewayRefused
from chalicelib.billing.store import StripeCustomers
from chalicelib.closing import jobs
from chalicelib.closing.jobs import ReconciliationBroken, check_money, close_due, reconcile_all
from chalicelib.closing.model import Cause, Rule
from chalicelib.closing.store import Breaks, open_breaks
from chalicelib.kernel.clock import DAY, HOUR, month_span
from chalicelib.kernel.money import Won
from chalicelib.metering.model import PeriodState
from chalicelib.metering.periods import Periods, forget_closed
from chalicelib.tenants.model import HOUSE
from tests.billing.fake_gateway import FakeGateway
from tests.lambda_events import schedule_event
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.wall import behind

MONTH = "2026-11"
END = month_span(MONTH)[1]
DUE = END + 72 * HOUR


@pytest.fixture
def provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGateway]:
    forget_closed()
    fake = FakeGateway(now=NOON)
    monkeypatch.setattr(wiring, "gateway", lambda: fake)
    monkeypatch.setattr(jobs, "gateway", lambda: fake)
    yield fake
    forget_closed()


def pass_time(desk: Desk, provider: FakeGateway, now: int) -> None:
    desk.later((now - NOON) // 1000)
    provider.now = now


def bill(desk: Desk, provider: FakeGateway, tenant: str = "danbi") -> None:
    """A contact is answered and sent, in the first hour that the job looks at."""
    desk.answered(tenant=tenant)
    with behind("reconcile"):
        billing.send_all(desk.now)
    hourly()


def draft(provider: FakeGateway, tenant: str = "danbi") -> None:
    customer = StripeCustomers(tenant).find()
    assert customer is not None
    provider.close_month(customer, MONTH)


def hourly() -> None:
    app.reconcile(schedule_event(), None)


def state(tenant: str = "danbi") -> PeriodState:
    return Periods(tenant).find(MONTH).state


def test_the_hourly_job_closes_each_shops_month_when_its_time_has_come(desk: Desk, provider: FakeGateway) -> None:
    bill(desk, provider)
    assert [(one.month, one.state) for one in Periods("mungmeal").all()] == [(MONTH, PeriodState.OPEN)]
    pass_time(desk, provider, END + HOUR)
    draft(provider)
    hourly()
    assert (state(), state("mungmeal")) == (PeriodState.CLOSING, PeriodState.CLOSING)
    pass_time(desk, provider, DUE)
    hourly()
    assert state() is PeriodState.RECONCILED
    pass_time(desk, provider, DUE + HOUR)
    hourly()
    assert (state(), state("mungmeal")) == (PeriodState.LOCKED, PeriodState.LOCKED)
    [invoice] = [one for one in provider.bills.values() if one.number]
    period = Periods("danbi").find(MONTH)
    assert (period.contacts, period.won, period.invoice) == (1, invoice.subtotal, invoice.id)
    assert list(open_breaks()) == []


def test_a_break_stops_its_own_shop_alone_and_rings(desk: Desk, provider: FakeGateway) -> None:
    bill(desk, provider)
    pass_time(desk, provider, DUE)
    draft(provider)
    [(name, customer, hour)] = provider.hours
    provider.hours[name, customer, hour.replace(hour=9)] = 5
    with pytest.RaisesGroup(pytest.RaisesExc(ReconciliationBroken, match="1 breaks")):
        hourly()
    pass_time(desk, provider, DUE + HOUR)
    with pytest.RaisesGroup(ReconciliationBroken):
        hourly()
    assert (state(), state("mungmeal")) == (PeriodState.CLOSING, PeriodState.LOCKED)
    [record] = Breaks("danbi").open()
    assert (record.item, record.cause, record.month) == ("human/2026-11-21T09", Cause.UNKNOWN_USAGE, MONTH)
    assert Periods("danbi").find(MONTH).breaks == 1
    del provider.hours[name, customer, hour.replace(hour=9)]
    hourly()
    assert (state(), Breaks("danbi").open()) == (PeriodState.RECONCILED, [])


def test_a_shop_that_cannot_be_looked_at_stops_no_other(desk: Desk, provider: FakeGateway) -> None:
    bill(desk, provider)
    pass_time(desk, provider, DUE)

    def fail(step: str) -> None:
        if step in {"hour_totals", "period_total"}:
            raise RuntimeError("no answer")

    provider.step = fail
    with pytest.raises(ExceptionGroup):
        hourly()
    assert (state(), state("mungmeal")) == (PeriodState.CLOSING, PeriodState.RECONCILED)


def test_a_refusal_of_the_provider_is_told_and_stops_no_other_shop(desk: Desk, provider: FakeGateway) -> None:
    bill(desk, provider)
    pass_time(desk, provider, DUE)
    draft(provider)
    hourly()

    def refuse(step: str) -> None:
        if step == "finalize":
            raise GatewayRefused("invoice_not_editable", "no")

    provider.step = refuse
    pass_time(desk, provider, DUE + HOUR)
    with behind("reconcile"):
        [why] = close_due(desk.now)
    assert "invoice_not_editable" in why.message
    assert (state(), state("mungmeal")) == (PeriodState.RECONCILED, PeriodState.LOCKED)
    provider.step = lambda _: None
    with behind("reconcile"):
        assert close_due(desk.now) == []
    assert state() is PeriodState.LOCKED


def test_closing_by_hand_tells_what_is_in_the_way(desk: Desk, provider: FakeGateway) -> None:
    bill(desk, provider)
    pass_time(desk, provider, DUE)
    with behind("reconcile"):
        assert close_due(desk.now) == []
        pass_time(desk, provider, DUE + HOUR)
        [why] = close_due(desk.now)
    assert "R4 invoice" in why.message


def test_what_the_report_says_in_won_is_at_the_plans_prices(desk: Desk, provider: FakeGateway) -> None:
    bill(desk, provider)
    [key] = provider.hours
    provider.hours[key] = 3
    with behind("reconcile"):
        reports = {one.tenant: one for one in reconcile_all(desk.now, repair=False)}
    report = reports["danbi"]
    assert (report.billable, report.stripe_total, report.difference_won) == (1, 3, 2 * report.ledger_won)


class Recorded:
    """Tax invoices on record, by invoice."""

    def __init__(self, totals: dict[str, Won]) -> None:
        self.totals = totals

    def recorded(self, invoice: str) -> Won | None:
        return self.totals.get(invoice)


def closed(desk: Desk, provider: FakeGateway) -> str:
    """Return the final invoice of danbi's month."""
    bill(desk, provider)
    pass_time(desk, provider, DUE)
    draft(provider)
    hourly()
    pass_time(desk, provider, DUE + HOUR)
    hourly()
    return Periods("danbi").find(MONTH).invoice


def night(desk: Desk, totals: dict[str, Won] | None = None) -> list[tuple[str, str, str]]:
    taxes = Recorded(totals or {})
    with behind("reconcile"):
        check_money(desk.now, lambda _: taxes)
    return [(hint.tenant, hint.rule, hint.cause) for hint in open_breaks()]


def test_money_that_agrees_makes_no_break(desk: Desk, provider: FakeGateway) -> None:
    invoice = closed(desk, provider)
    paid = provider.pay(invoice)
    pass_time(desk, provider, END + 9 * DAY)
    provider.payout()
    assert night(desk) == []
    pass_time(desk, provider, END + 20 * DAY)
    assert night(desk, {invoice: paid.gross}) == []


def test_each_break_of_money_is_found_under_its_rule(desk: Desk, provider: FakeGateway) -> None:
    invoice = closed(desk, provider)
    paid = provider.pay(invoice)
    pass_time(desk, provider, END + 20 * DAY)
    assert sorted(night(desk, {invoice: paid.gross - 1})) == [
        ("danbi", Rule.INVOICE_TAX_INVOICE, Cause.CHANGED),
        (HOUSE, Rule.BALANCE_PAYOUT, Cause.NOT_PAID_OUT),
    ]
    provider.payout()
    assert night(desk, {invoice: paid.gross}) == []
    provider.paid[0] = replace(paid, net=paid.net - 1)
    assert ("danbi", Rule.INVOICE_PAYMENT, Cause.FEE) in night(desk, {invoice: paid.gross})
    provider.paid[0] = paid
    assert night(desk, {invoice: paid.gross}) == []
    provider.paid_out[0] = replace(provider.paid_out[0], won=1)
    assert night(desk, {invoice: paid.gross}) == [(HOUSE, Rule.BALANCE_PAYOUT, Cause.SUM_WRONG)]
    # None of these is in the way of a close.
    assert state() is PeriodState.LOCKED


def test_a_tax_invoice_may_be_missing_until_the_tenth_has_passed(desk: Desk, provider: FakeGateway) -> None:
    closed(desk, provider)
    pass_time(desk, provider, END + 10 * DAY - HOUR)
    assert night(desk) == []
    pass_time(desk, provider, END + 10 * DAY)
    assert night(desk) == [("danbi", Rule.INVOICE_TAX_INVOICE, Cause.NOT_RECORDED)]


def test_a_locked_month_that_changed_is_found(desk: Desk, provider: FakeGateway) -> None:
    invoice = closed(desk, provider)
    assert night(desk) == []
    first, *rest = provider.bills[invoice].lines
    provider.bills[invoice] = replace(provider.bills[invoice], lines=(replace(first, won=first.won + 1), *rest))
    assert night(desk) == [("danbi", Rule.SEAL, Cause.CHANGED)]


def test_two_wrong_hours_that_add_up_to_nothing_are_both_found_and_stay_found(
    desk: Desk, provider: FakeGateway
) -> None:
    bill(desk, provider)
    [(name, customer, hour)] = provider.hours
    for at, total in ((9, 4), (10, -4)):
        provider.hours[name, customer, hour.replace(hour=at)] = total
    pass_time(desk, provider, NOON + 9 * HOUR)
    for _ in range(2):
        with pytest.RaisesGroup(pytest.RaisesExc(ReconciliationBroken, match="2 breaks")):
            hourly()
    pass_time(desk, provider, DUE)
    draft(provider)
    with pytest.RaisesGroup(pytest.RaisesExc(ReconciliationBroken, match="2 breaks")):
        hourly()
    assert state() is PeriodState.CLOSING


def test_what_only_the_hour_found_is_looked_at_by_the_hour_when_the_month_closes(
    desk: Desk, provider: FakeGateway
) -> None:
    bill(desk, provider)
    [(name, customer, hour)] = provider.hours
    pass_time(desk, provider, NOON + 9 * HOUR)
    for at, total in ((9, 4), (10, -4)):
        provider.hours[name, customer, hour.replace(hour=at)] = total
    with pytest.RaisesGroup(ReconciliationBroken):
        hourly()
    pass_time(desk, provider, DUE)
    with behind("reconcile"):
        close_due(desk.now)
        blocked = close_due(desk.now)
    assert [why.details["breaks"] for why in blocked] == ["R2 human/2026-11-21T09, R2 human/2026-11-21T10"]
