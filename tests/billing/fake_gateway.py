"""A payment provider in memory: the whole port, for tests of whatever uses it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.billing.model import (
    EVENT_NAMES,
    CreditNote,
    GatewayRefused,
    Identity,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Movement,
    Payment,
    Payout,
    ProviderEvent,
    Subscription,
    Transaction,
)
from chalicelib.kernel.clock import DAY, SECOND, Millis, month_span, utc
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate

FEE_PERCENT = 3
_BILLED = {InvoiceStatus.OPEN, InvoiceStatus.PAID}


def slowly_rated(rate: Rate, quantity: int) -> Won:
    """Price contact after contact."""
    won = 0
    for nth in range(1, quantity + 1):
        for tier in rate.tiers:
            if tier.up_to is None or nth <= tier.up_to:
                won += tier.won
                break
    return won


@dataclass
class FakeGateway:
    """`step` is told each method's name before it does anything, and `<name> done` after a change."""

    now: Millis = 0
    step: Callable[[str], None] = lambda _: None
    hours: dict[tuple[str, str, datetime], int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    customers: dict[str, str] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    cards: set[str] = field(default_factory=set)
    runs: dict[str, Subscription] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    bills: dict[str, Invoice] = field(default_factory=dict)
    paid: list[Payment] = field(default_factory=list)
    notes: list[CreditNote] = field(default_factory=list)
    balance: list[Transaction] = field(default_factory=list)
    paid_out: list[Payout] = field(default_factory=list)
    told: list[ProviderEvent] = field(default_factory=list)

    def ensure_meter(self, event_name: str) -> str:
        self.step("ensure_meter")
        return f"mtr_{event_name}"

    def put_hour_total(
        self, *, event_name: str, customer: str, hour: datetime, total: int, identifier: str, attempt: int
    ) -> None:
        with self._changing("put_hour_total"):
            if identifier not in self.known:
                self.known.add(identifier)
                self.hours[event_name, customer, hour] = total

    def hour_totals(
        self, *, event_name: str, customer: str, start: datetime, end: datetime
    ) -> dict[datetime, int]:
        self.step("hour_totals")
        mine = {
            hour: total for (name, who, hour), total in self.hours.items() if (name, who) == (event_name, customer)
        }
        return {hour: total for hour, total in mine.items() if start <= hour < end and total}

    def period_total(self, *, event_name: str, customer: str, start: datetime, end: datetime) -> int:
        return sum(self.hour_totals(event_name=event_name, customer=customer, start=start, end=end).values())

    def create_customer(self, tenant: str, name: str) -> str:
        with self._changing("create_customer"):
            return self.customers.setdefault(tenant, f"cus_{tenant}")

    def identify(self, customer: str, identity: Identity) -> None:
        with self._changing("identify"):
            self.identities[customer] = identity

    def subscribe(self, tenant: str, customer: str, plan: Plan, since: str) -> Subscription:
        if month_span(since)[0] > self.now:
            raise GatewayRefused("too_early", f"{since} has not begun")
        with self._changing("subscribe"):
            name = f"sub_{customer}_{since}_{plan.version}"
            items = {rate.meter: f"si_{name}_{rate.meter}" for rate in plan.rates}
            self.plans[name] = plan
            return self.runs.setdefault(name, Subscription(name, customer, plan.version, since, "active", items))

    def subscriptions(self, customer: str) -> list[Subscription]:
        self.step("subscriptions")
        return [run for run in self.runs.values() if run.customer == customer]

    def keep_drafts(self, subscription: str) -> None:
        with self._changing("keep_drafts"):
            self.runs[subscription] = replace(self.runs[subscription], keeps_drafts=True)

    def end_subscription(self, subscription: str, month: str) -> Subscription:
        with self._changing("end_subscription"):
            self.runs[subscription] = replace(self.runs[subscription], ends_at=month_span(month)[1])
            return self.runs[subscription]

    def setup_link(self, customer: str, back: str, key: str) -> str:
        self.step("setup_link")
        return f"https://pay.invalid/setup/{customer}/{key}"

    def portal_link(self, customer: str, back: str) -> str:
        self.step("portal_link")
        return f"https://pay.invalid/portal/{customer}"

    def use_card(self, customer: str, session: str) -> None:
        with self._changing("use_card"):
            self.cards.add(customer)

    def invoices(self, customer: str) -> list[Invoice]:
        self.step("invoices")
        mine = [self._current(bill.id) for bill in self.bills.values() if bill.customer == customer]
        return mine[::-1]

    def invoice(self, invoice: str) -> Invoice:
        self.step("invoice")
        return self._current(invoice)

    def hold(self, invoice: str) -> Invoice:
        with self._changing("hold"):
            bill = self._current(invoice)
            if bill.status is InvoiceStatus.DRAFT:
                self._put(replace(bill, advances=False), "invoice.updated")
            return self._current(invoice)

    def add_item(self, invoice: Invoice, *, key: str, won: Won, description: str) -> None:
        with self._changing("add_item"):
            bill = self._current(invoice.id)
            if any(line.key == key for line in bill.lines):
                return
            if bill.status is not InvoiceStatus.DRAFT:
                raise GatewayRefused("not_draft", f"{bill.id} is {bill.status}")
            line = InvoiceLine(f"il_{bill.id}_{key}", 1, won, key=key, description=description)
            self._put(replace(bill, lines=(*bill.lines, line)), "invoice.updated")

    def finalize(self, invoice: str) -> Invoice:
        with self._changing("finalize"):
            bill = self._current(invoice)
            if bill.status is InvoiceStatus.DRAFT:
                final = {"number": f"N-{bill.id}", "finalized_at": self.now, "due_at": self.now + 14 * DAY}
                self._put(replace(bill, status=InvoiceStatus.OPEN, **final), "invoice.finalized")  # type: ignore[arg-type]
            return self._current(invoice)

    def pay_by_transfer(self, invoice: str) -> Invoice:
        with self._changing("pay_by_transfer"):
            bill = self._current(invoice)
            if bill.status is InvoiceStatus.OPEN:
                self.paid.append(
                    Payment(f"inpay_{invoice}", invoice, bill.remaining, 0, bill.remaining, 0, self.now)
                )
                self._settle(bill)
            return self._current(invoice)

    def payments(self, invoice: str) -> list[Payment]:
        self.step("payments")
        return [payment for payment in self.paid if payment.invoice == invoice]

    def invoice_paid_by(self, payment_intent: str) -> str | None:
        self.step("invoice_paid_by")
        return next((paid.invoice for paid in self.paid if f"pi_{paid.invoice}" == payment_intent), None)

    def credit(self, invoice: str, *, key: str, won: Won, reason: str, refund: bool) -> CreditNote:
        with self._changing("credit"):
            for note in self.credit_notes(invoice):
                if note.key == key:
                    return note
            bill = self._current(invoice)
            if bill.status not in _BILLED or not 0 < won <= bill.total - bill.credited:
                raise GatewayRefused("not_creditable", f"{won} of {invoice}")
            back = self._refund(invoice, won) if refund and bill.status is InvoiceStatus.PAID else 0
            name = f"cn_{len(self.notes) + 1}"
            note = CreditNote(name, invoice, name, won, won - won * 10 // 11, back, reason, self.now, key)
            self.notes.append(note)
            left = max(bill.remaining - won, 0)
            self._put(replace(bill, credited=bill.credited + won, remaining=left), "credit_note.created")
            return note

    def credit_notes(self, invoice: str) -> list[CreditNote]:
        self.step("credit_notes")
        return [note for note in self.notes if note.invoice == invoice]

    def payouts(self, start: Millis, end: Millis) -> list[Payout]:
        self.step("payouts")
        return [payout for payout in self.paid_out if start <= payout.arrives_at < end]

    def transactions(self, start: Millis, end: Millis) -> list[Transaction]:
        self.step("transactions")
        return [moved for moved in self.balance if start <= moved.created_at < end]

    def events(self, since: Millis) -> list[ProviderEvent]:
        self.step("events")
        return [event for event in self.told if event.created_at >= since]

    def close_month(self, customer: str, month: str) -> list[Invoice]:
        """Draft what the provider drafts when `month` ends: one invoice for each subscription in force in it."""
        start, end = month_span(month)
        for run in [run for run in self.runs.values() if run.customer == customer]:
            name = f"in_{run.id}_{month}"
            if name in self.bills or run.since > month or 0 < run.ends_at < end:
                continue
            lines = tuple(InvoiceLine(f"il_{name}_{meter}", 0, 0, meter) for meter in run.items)
            draft = Invoice(
                name, customer, run.id, month, InvoiceStatus.DRAFT, "", 0, 0, len(lines), 0, 0, 0, 0,
                lines, start, end, max(self.now, end), advances=not run.keeps_drafts,
            )  # fmt: skip
            self._put(draft, "invoice.created")
            if run.ends_at == end:
                self.runs[run.id] = replace(run, status="canceled")
        return [
            self._current(bill.id)
            for bill in self.bills.values()
            if (bill.customer, bill.month) == (customer, month)
        ]

    def pay(self, invoice: str) -> Payment:
        """The shop pays by card all that remains."""
        bill = self._current(invoice)
        moved = self._move(Movement.CHARGE, bill.remaining, f"ch_{invoice}")
        money = (moved.gross, moved.fee, moved.net)
        paid = Payment(f"inpay_{invoice}", invoice, *money, 0, self.now, moved.id, moved.source)
        self.paid.append(paid)
        self._settle(bill)
        return paid

    def payout(self) -> Payout:
        """Everything that was not yet paid out goes to our bank."""
        gone = {moved.id for payout in self.paid_out for moved in payout.transactions}
        rest = tuple(moved for moved in self.balance if moved.id not in gone)
        won = sum(moved.net for moved in rest)
        self.paid_out.append(Payout(f"po_{len(self.paid_out) + 1}", won, "paid", self.now, rest))
        return self.paid_out[-1]

    @contextmanager
    def _changing(self, name: str) -> Iterator[None]:
        self.step(name)
        yield
        self.step(f"{name} done")

    def _put(self, bill: Invoice, event: str) -> None:
        self.bills[bill.id] = bill
        name, at = f"evt_{len(self.told) + 1}", self.now // SECOND * SECOND
        self.told.append(ProviderEvent(name, event, "invoice", bill.id, at, bill.customer))

    def _current(self, invoice: str) -> Invoice:
        """A draft's usage and sums are those of now; a finalized invoice stays as it is."""
        if invoice not in self.bills:
            raise GatewayRefused("resource_missing", f"No such invoice: {invoice}")
        bill = self.bills[invoice]
        if bill.status is not InvoiceStatus.DRAFT:
            return bill
        lines = tuple(self._counted(bill, line, line.meter) if line.meter else line for line in bill.lines)
        subtotal, tax = sum(line.won for line in lines), sum(line.won * 10 // 100 for line in lines)
        sums = {"subtotal": subtotal, "tax": tax, "total": subtotal + tax, "tax_lines": len(lines)}
        self.bills[invoice] = replace(bill, lines=lines, remaining=max(subtotal + tax, 0), **sums)  # type: ignore[arg-type]
        return self.bills[invoice]

    def _counted(self, bill: Invoice, line: InvoiceLine, meter: Meter) -> InvoiceLine:
        start, end = utc(bill.period_start), utc(bill.period_end)
        name, who = EVENT_NAMES[meter], bill.customer
        used = [
            n
            for (named, customer, hour), n in self.hours.items()
            if (named, customer) == (name, who) and start <= hour < end
        ]
        [rate] = [rate for rate in self.plans[bill.subscription].rates if rate.meter is meter]
        free = self.plans[bill.subscription].trial
        return replace(line, quantity=sum(used), won=0 if free else slowly_rated(rate, sum(used)))

    def _settle(self, bill: Invoice) -> None:
        paid = replace(bill, status=InvoiceStatus.PAID, paid=bill.paid + bill.remaining, remaining=0)
        self._put(paid, "invoice.paid")

    def _refund(self, invoice: str, won: Won) -> Won:
        for place, payment in enumerate(self.paid):
            if payment.invoice == invoice:
                self.paid[place] = replace(payment, refunded=payment.refunded + won)
                if payment.transaction:
                    self._move(Movement.REFUND, -won, f"re_{len(self.balance)}")
        return won

    def _move(self, movement: Movement, gross: Won, source: str) -> Transaction:
        fee = max(gross * FEE_PERCENT // 100, 0)
        self.balance.append(
            Transaction(f"txn_{len(self.balance) + 1}", movement, gross, fee, gross - fee, source, self.now)
        )
        return self.balance[-1]
