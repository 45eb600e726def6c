"""A shop is told of its invoice once, in the transaction that makes the month invoiced."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.aws.tables import Write, commit
from chalicelib.aws.vault import Vault
from chalicelib.billing.model import Invoice
from chalicelib.closing.advancing import close
from chalicelib.closing.shelf import books
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import Event
from chalicelib.hooks.store import Hooks
from chalicelib.hooks.wiring import forget_hooks
from chalicelib.kernel.clock import HOUR, Millis
from chalicelib.letters.store import Letters
from chalicelib.metering.model import PeriodState
from tests.billing.samples import an_invoice
from tests.billing.world import Died
from tests.bills.world import FINANCE, book, contact, post
from tests.closing.world import DUE, Shop, dying
from tests.fakes import Step
from tests.hooks.bad_input import a_hook
from tests.moto_desk import Desk
from tests.samples import NOON


@dataclass
class Ears:
    heard: list[tuple[str, int]] = field(default_factory=list)

    def tell(self, invoice: Invoice, _at: Millis) -> Sequence[Write]:
        said = (invoice.month, invoice.total)
        return [Step(("letter", invoice.id), lambda: self.heard.append(said), lambda: None)]


def invoiced(contacts: int, ears: Ears, at_call: int = 0) -> PeriodState:
    shop = Shop()
    for n in range(contacts):
        shop.answer(f"c{n}")
    shop.until(DUE)
    shop.close()
    shop.until(DUE + HOUR)
    here = replace(shop.here(), ours=replace(shop.books, tell=ears.tell))
    if at_call:
        shop.at_call = dying(at_call)
        with suppress(Died):
            close(here)
        shop.at_call = lambda _: None
    return close(here).state


def test_invoice_that_is_final_is_told_once_with_its_total() -> None:
    ears = Ears()
    assert invoiced(3, ears) is PeriodState.LOCKED
    assert ears.heard == [("2026-11", 2_970)]


def test_month_without_an_invoice_is_nothing_to_tell_of() -> None:
    ears = Ears()
    assert invoiced(0, ears) is PeriodState.LOCKED
    assert ears.heard == []


@pytest.mark.parametrize("at_call", range(1, 40, 3))
def test_death_at_any_call_tells_once(at_call: int) -> None:
    ears = Ears()
    assert invoiced(2, ears, at_call) is PeriodState.LOCKED
    assert len(ears.heard) == 1


def test_letter_and_delivery_are_written_once_for_an_invoice(desk: Desk) -> None:
    hook = a_hook(events=(Event.INVOICE_FINALIZED, Event.DISPUTE_DECIDED))
    commit(Hooks("danbi", Vault("danbi")).add(hook, "whsec_" + "0" * 64))
    forget_hooks()
    tell = books("danbi").tell
    invoice = an_invoice()
    commit(*tell(invoice, NOON))
    letter = Letters("danbi").find(f"invoice-{invoice.id}")
    assert letter is not None
    assert dict(letter.values) == {"month": invoice.month, "total_won": invoice.total}
    [delivery] = Deliveries("danbi", hook.id).page(limit=9, after=None, now=NOON)[0]
    assert '"invoice.finalized"' in delivery.body
    assert list(tell(invoice, NOON + HOUR)) == []
    book(1)
    post(desk, "disputes", {"contact": contact(1), "episode": 1, "reason": "스팸"})
    ruled = post(desk, f"disputes/{contact(1)}-1/decide", {"uphold": True, "reason": "네"}, FINANCE)
    assert ruled.status == 200, ruled
    told = Deliveries("danbi", hook.id).page(limit=9, after=None, now=NOON)[0]
    assert sorted(one.event for one in told) == ["dispute.decided", "invoice.finalized"]
