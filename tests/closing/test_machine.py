"""Whatever is booked, corrected, closed, cut off and reopened: each entry is billed once, locked months stay."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.closing import advancing
from chalicelib.closing.period_rules import NO_INVOICE, due_months
from chalicelib.contacts.model import Status
from chalicelib.kernel.clock import DAY, HOUR, kst_month, month_span
from chalicelib.metering.model import Meter, Period, PeriodState
from chalicelib.pricing.model import Bill, Credit, Item
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import price_month
from chalicelib.tenants.model import Term
from tests.billing.world import Died
from tests.closing.world import MONTH, Shop, dying, sealed
from tests.samples import SHOP

PLANS = ["flat/900", "starter/1", "standard/1", "volume/1", "trial/1"]
PASSED = {PeriodState.RECONCILED, PeriodState.INVOICED, PeriodState.LOCKED}


class Closing(RuleBasedStateMachine):
    here: Shop
    locked: dict[str, Bill]

    @initialize(first=st.sampled_from(PLANS), second=st.sampled_from(PLANS))
    def begin(self, first: str, second: str) -> None:
        self.here = Shop(replace(SHOP, plans=(Term("2026-01", first), Term("2026-12", second))))
        self.here.answer("first")
        self.here.send()
        self.locked = {}
        self.names = 0

    @rule(count=st.integers(1, 15))
    def answer(self, count: int) -> None:
        for _ in range(count):
            self.names += 1
            self.here.answer(f"c{self.names}")

    @precondition(lambda self: self.here.now > month_span(MONTH)[1])
    @rule()
    def answer_that_comes_late(self) -> None:
        self.names += 1
        self.here.answer(f"late{self.names}", month_span(kst_month(self.here.now))[0] - 1)

    @rule(data=st.data(), count=st.integers(1, 9))
    def spam_or_undo(self, data: st.DataObject, count: int) -> None:
        names = data.draw(st.sets(st.sampled_from(sorted(self.here.contacts.rows)), max_size=count))
        for name in sorted(names):
            self.here.now += 1
            if self.here.contacts.rows[name].status is Status.SPAM:
                self.here.undo_spam(name)
            elif self.here.contacts.rows[name].status is Status.CLAIMED:
                self.here.spam(name)

    @rule(won=st.integers(1, 40_000))
    def give_credit(self, won: int) -> None:
        self.names += 1
        month = kst_month(self.here.now)
        if self.here.periods.takes(month):
            credit = Credit("danbi", f"d{self.names}", Item.DISPUTE, won, month, self.here.now, "e", "finance:a")
            self.here.credits.rows.append(credit)

    @rule(hours=st.sampled_from([1, 25, 73, 24 * 9, 24 * 20]))
    def time_passes(self, hours: int) -> None:
        self.here.until(self.here.now + hours * HOUR)

    @rule(dies_at=st.integers(0, 60))
    def close(self, dies_at: int) -> None:
        for month in self._due():
            self.here.draft(month)
        self.here.at_call = dying(dies_at)
        try:
            self.here.close_all()
        except Died:
            pass
        finally:
            self.here.at_call = lambda _: None

    @rule(data=st.data(), approved=st.booleans())
    def reopen(self, data: st.DataObject, approved: bool) -> None:
        closed = [period.month for period in self.here.periods.all() if period.state in PASSED]
        if closed:
            month = data.draw(st.sampled_from(closed))
            asked = self.here.periods.find(month).asked_by
            if not asked:
                advancing.ask_reopening(self.here.here(month, "finance:a"), "x")
            if approved or asked:
                advancing.approve_reopening(self.here.here(month, "finance:b"))

    @invariant()
    def a_locked_month_never_moves(self) -> None:
        for period in self.here.periods.all():
            if period.state is PeriodState.LOCKED:
                bill = self.here.bill(period.month)
                assert bill == self.locked.setdefault(period.month, bill)
                assert period.seal == sealed(self.here, period)
        for month, bill in self.locked.items():
            assert self.here.bill(month) == bill

    @invariant()
    def nothing_ever_differs(self) -> None:
        assert self.here.breaks.rows == {}

    def teardown(self) -> None:
        if not hasattr(self, "here"):
            return
        self._close_everything()
        closed = [period for period in self.here.periods.all() if period.state is PeriodState.LOCKED]
        bills = sum(self.here.bill(period.month).subtotal for period in closed)
        invoices = sum(self._invoiced(period) for period in closed)
        assert bills == invoices == self._owed([period.month for period in closed]) + closed[-1].carried

    def _close_everything(self) -> None:
        for period in self.here.periods.all():
            if period.asked_by:
                advancing.approve_reopening(self.here.here(period.month, "finance:c"))
        last = kst_month(self.here.now)
        self.here.until(month_span(last)[1] + 3 * DAY)
        for _ in range(12):
            for month in self._due():
                self.here.draft(month)
            self.here.close_all()
            self.here.until(self.here.now + HOUR)
        assert self.here.periods.find(last).state is PeriodState.LOCKED

    def _due(self) -> list[str]:
        return due_months(self.here.periods.all() or [Period("danbi", MONTH)], self.here.now)

    def _invoiced(self, period: Period) -> int:
        return 0 if period.invoice == NO_INVOICE else self.here.gateway.bills[period.invoice].subtotal

    def _owed(self, months: list[str]) -> int:
        """What the months cost, whenever it was booked: each by the contacts that it really had."""
        counts: Counter[tuple[str, Meter]] = Counter()
        for entry in self.here.ledger.rows.values():
            if kst_month(entry.booked_at) in months:
                counts[entry.origin, entry.meter] += entry.delta
        owed = 0
        for month in months:
            quantities = {meter: counts[month, meter] for meter in Meter}
            owed += sum(line.won for line in price_month(plan(self.here.tenant.plan_in(month)), quantities))
        return owed - sum(credit.won for credit in self.here.credits.rows if kst_month(credit.booked_at) in months)


TestClosing = Closing.TestCase
TestClosing.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
pytestmark = pytest.mark.filterwarnings("ignore")
