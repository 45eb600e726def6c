"""What people do to a month past the product, and how it is found and mended."""

from collections.abc import Callable

import pytest

from chalicelib.billing.model import GatewayRefused, InvoiceStatus
from chalicelib.closing import advancing, watching
from chalicelib.closing.model import Rule
from chalicelib.kernel.clock import DAY, HOUR
from chalicelib.metering.model import PeriodState
from tests.billing.world import Died
from tests.closing.world import DUE, MONTH, Shop


def shop() -> Shop:
    found = Shop()
    found.answer("c0")
    return found


def test_an_invoice_that_is_voided_after_the_lock_is_found_and_no_other() -> None:
    here = shop()
    assert here.closed().state is PeriodState.LOCKED
    here.now += DAY
    watching.check_money(here.till, here.books, None, here.now)
    assert here.books.breaks.open() == []
    invoice = here.invoice()
    here.change_invoice(status=InvoiceStatus.VOID, remaining=0)
    watching.check_money(here.till, here.books, None, here.now)
    [found] = here.books.breaks.open()
    assert (found.rule, found.left, found.right) == (Rule.INVOICE_PAYMENT, invoice.total, 0)
    assert found.item == f"void:{invoice.id}"


def named(here: Shop) -> None:
    """Let the close die when it has named the invoice, and before that is final."""

    def die(name: str) -> None:
        if name == "finalize":
            raise Died

    here.until(DUE)
    here.close()
    here.until(DUE + HOUR)
    here.at_call = die
    with pytest.raises(Died):
        here.close()
    here.at_call = lambda _: None
    assert here.periods.find(MONTH).settled


def deleted(here: Shop) -> None:
    gone = here.invoice().id
    known = here.gateway._current

    def current(invoice: str) -> object:
        if invoice == gone:
            raise GatewayRefused("resource_missing", invoice)
        return known(invoice)

    here.gateway._current = current  # type: ignore[method-assign, assignment]


def voided(here: Shop) -> None:
    here.change_invoice(status=InvoiceStatus.VOID, remaining=0)


@pytest.mark.parametrize("lose", [deleted, voided])
def test_two_people_reopen_a_month_whose_invoice_is_gone_and_it_forgets_that_invoice(
    lose: Callable[[Shop], None],
) -> None:
    here = shop()
    named(here)
    lose(here)
    advancing.ask_reopening(here.here(by="finance:f1"), "초안이 삭제됨")
    period = advancing.approve_reopening(here.here(by="finance:f2"))
    assert (period.state, period.invoice) == (PeriodState.CLOSING, "")


def test_a_reopened_month_keeps_the_invoice_that_is_there() -> None:
    here = shop()
    named(here)
    invoice = here.periods.find(MONTH).invoice
    advancing.ask_reopening(here.here(by="finance:f1"), "다시 확인")
    assert advancing.approve_reopening(here.here(by="finance:f2")).invoice == invoice
