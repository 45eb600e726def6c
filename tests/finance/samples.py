"""Shops' months as finance reads them, made without stores: the invoice is what the bill says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from chalicelib.billing.model import CreditNote, Identity, Invoice, InvoiceLine, InvoiceStatus, Mirrored, Payment
from chalicelib.finance.model import Correction, ShopMonth
from chalicelib.kernel.clock import DAY, HOUR, Millis, month_span
from chalicelib.metering.model import Meter, Period, PeriodState, Price, Reason, UsageEntry
from chalicelib.pricing.model import Bill, Credit, Item
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import VAT, adjustments, bill
from chalicelib.pricing.statement import rated, rated_adjustments

MONTH, ORIGIN = "2026-11", "2026-10"
START, END = month_span(MONTH)
BUYER = Identity("단비옷장", "tax@danbi.example", "1248100998", "김단비", "서울 성동구 1", "소매", "의류")
SELLER = Identity("두레데스크", "tax@duredesk.example", "2208162517", "박두레", "서울 중구 2", "서비스", "콜센터")


def an_entry(contact: str, n: int = 1, delta: int = 1, at: Millis = START + DAY, **changes: Any) -> UsageEntry:
    values: dict[str, Any] = {
        "tenant": "danbi",
        "contact": contact,
        "episode": 1,
        "n": n,
        "delta": delta,
        "reason": Reason.HANDLED if delta > 0 else Reason.SPAM,
        "evidence": f"{contact}-m{n}",
        "price": Price(1_000, "standard/1"),
        "occurred_at": at,
        "booked_at": at,
        "actor": "agent:mina",
        "channel": "chat",
        "origin": MONTH,
        "reverses": n - 1,
    }
    return UsageEntry(**values | changes)


def an_invoice(of: Bill, **changes: Any) -> Invoice:
    """The bill as the provider's invoice, finalized three days after the month."""
    lines = tuple(
        InvoiceLine(f"il_{line.key}", line.quantity, line.won, line.meter, "" if line.meter else line.key)
        for line in of.lines
    )
    tax = int(of.subtotal * VAT)
    values: dict[str, Any] = {
        "id": f"in_{of.month}",
        "customer": "cus_danbi",
        "subscription": "sub_1",
        "month": of.month,
        "status": InvoiceStatus.OPEN,
        "number": "DD-1",
        "subtotal": of.subtotal,
        "tax": tax,
        "tax_lines": 1,
        "total": of.subtotal + tax,
        "paid": 0,
        "remaining": of.subtotal + tax,
        "credited": 0,
        "lines": lines,
        "period_start": START,
        "period_end": END,
        "created_at": END,
        "finalized_at": END + 3 * DAY,
        "due_at": END + 17 * DAY,
    }
    return Invoice(**values | changes)


def a_payment(won: int, at: Millis = END + 5 * DAY, **changes: Any) -> Payment:
    fee = won * 3 // 100
    values: dict[str, Any] = {"id": "inpay_1", "invoice": f"in_{MONTH}", "gross": won, "fee": fee}
    values |= {"net": won - fee, "refunded": 0, "paid_at": at, "transaction": "txn_1", "charge": "ch_1"}
    return Payment(**values | changes)


def a_note(won: int, refunded: int = 0, at: Millis = END + 8 * DAY, name: str = "cn_1") -> CreditNote:
    return CreditNote(name, f"in_{MONTH}", f"N-{name}", won, won // 11, refunded, "대량 스팸", at)


def billed(invoice: Invoice, *payments: Payment, notes: Sequence[CreditNote] = ()) -> Mirrored:
    """An invoice with what came of it, as the provider would sum it up."""
    paid, credited = sum(one.gross for one in payments), sum(one.won for one in notes)
    left = max(0, invoice.total - paid - credited)
    status = InvoiceStatus.PAID if paid and not left else invoice.status
    seen = max([invoice.finalized_at, *(p.paid_at for p in payments), *(n.created_at for n in notes)])
    after = replace(invoice, paid=paid, credited=credited, remaining=left, status=status)
    return Mirrored(after, payments, tuple(notes), seen, 1)


def a_final_invoice(tenant: str) -> Mirrored:
    """An invoice of a shop's month that is neither paid nor credited."""
    return billed(replace(a_month([an_entry("c1")]).invoices[0].invoice, id=f"in_{tenant}"))


def a_correction(**changes: Any) -> Correction:
    """A credit note that somebody asked for."""
    return replace(Correction("danbi", "c" * 32, "in_1", 1_100, "이의", False, END, "finance:ann", "d"), **changes)


def a_month(
    entries: Sequence[UsageEntry] = (),
    *,
    version: str = "standard/1",
    credits: Sequence[Credit] = (),
    tenant: str = "danbi",
    before: int = 5,
    **changes: Any,
) -> ShopMonth:
    """A shop's month with a final, unpaid invoice; of the month before, `before` human contacts were billed."""
    terms = plan(version)
    known = {(ORIGIN, Meter.HUMAN): before, (ORIGIN, Meter.BOT): 0}
    counts = {
        meter: sum(one.delta for one in entries if one.meter is meter and one.origin == MONTH) for meter in Meter
    }
    late = adjustments(lambda _: terms, known, entries)
    of = bill(MONTH, terms, counts, late, credits)
    values: dict[str, Any] = {
        "tenant": tenant,
        "period": Period(tenant, MONTH, PeriodState.INVOICED),
        "identity": BUYER,
        "customer": f"cus_{tenant}",
        "rated": (*rated(terms, entries), *rated_adjustments(lambda _: terms, known, entries)),
        "sent_revs": {},
        "bill": of,
        "credits": tuple(credits),
        "invoices": (billed(an_invoice(of)),),
    }
    return ShopMonth(**values | changes)


@st.composite
def histories(draw: st.DrawFn) -> list[UsageEntry]:
    """A ledger's month: contacts of both meters, spam and its undoing, and adjustments of the month before."""
    entries = []
    for i in range(draw(st.integers(0, 40))):
        at = START + draw(st.integers(0, (END - START) // HOUR - 1)) * HOUR
        meter = draw(st.sampled_from(Meter))
        deltas = draw(st.sampled_from([(1,), (1, -1), (1, -1, 1)]))
        for n, delta in enumerate(deltas, 1):
            entries.append(an_entry(f"c{i:02d}", n, delta, at, meter=meter))
    for i in range(draw(st.integers(0, 5))):
        # No more can be taken off the month before than was billed of it.
        entries.append(an_entry(f"o{i}", 2, draw(st.sampled_from([1, -1])), START + i * DAY, origin=ORIGIN))
    return entries


@st.composite
def credited(draw: st.DrawFn) -> list[Credit]:
    won = draw(st.lists(st.integers(1, 60_000), max_size=3))
    return [
        Credit("danbi", f"d{i}", Item.DISPUTE, one, ORIGIN, START, "dispute", "finance:x")
        for i, one in enumerate(won)
    ]


@st.composite
def months(draw: st.DrawFn) -> ShopMonth:
    """A shop's month, and whatever became of its invoice."""
    version = draw(st.sampled_from(["standard/1", "standard/2", "starter/1", "volume/1", "flat/900", "trial/1"]))
    shop = a_month(draw(histories()), version=version, credits=draw(credited()))
    bill_ = shop.invoices[0].invoice
    paid = draw(st.sampled_from([0, bill_.total]))
    payments = [a_payment(paid)] if paid else []
    notes = []
    if bill_.total > 10:
        for i in range(draw(st.integers(0, 2))):
            won = draw(st.integers(1, bill_.total // 3))
            notes.append(a_note(won, draw(st.sampled_from([0, won])) if paid else 0, name=f"cn_{i}"))
    return replace(shop, invoices=(billed(bill_, *payments, notes=notes),))
