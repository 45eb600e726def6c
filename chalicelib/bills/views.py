"""What the API shows of a month's bill; won are whole, times are ISO 8601 UTC, months those of Asia/Seoul."""

from typing import Any, Self

from msgspec import Struct

from chalicelib.billing.model import Invoice, InvoiceStatus
from chalicelib.bills import labels
from chalicelib.bills.model import Alert
from chalicelib.bills.words import both, plan_name
from chalicelib.contacts.receipts import WordsView
from chalicelib.kernel.clock import iso
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Period, PeriodState, Window
from chalicelib.overflow.views import CapView
from chalicelib.pricing.model import Bill, Forecast, Item, Line
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import vat


class LineView(Struct, omit_defaults=True):
    """One line of a bill: `won` without VAT, below 0 for what is given back; `month` is an earlier one."""

    item: Item
    label: WordsView
    quantity: int
    unit: WordsView
    won: Won
    month: str = ""

    @classmethod
    def of(cls, line: Line) -> Self:
        """Return what the API shows of `line`."""
        named, counted = both(labels.label(line)), both(labels.unit(line))
        return cls(line.item, named, line.quantity, counted, line.won, line.origin)


class SumView(Struct):
    """A bill's sum without VAT, the tax, and both together."""

    subtotal_won: Won
    vat_won: Won
    total_won: Won

    @classmethod
    def of(cls, bill: Bill) -> Self:
        """Return the sums of `bill`."""
        tax = vat(bill.subtotal)
        return cls(bill.subtotal, tax, bill.subtotal + tax)


class ForecastView(Struct):
    """What the month is going to cost, by a named `method`: four of five months end between `low` and `high`."""

    method: str
    text: WordsView
    low: SumView
    expected: SumView
    high: SumView

    @classmethod
    def of(cls, forecast: Forecast | None) -> Self | None:
        """Return what the API shows of `forecast`; None of what cannot be told yet."""
        if forecast is None:
            return None
        sums = (SumView.of(one) for one in (forecast.low, forecast.expected, forecast.high))
        return cls(labels.FORECAST, both(labels.FORECAST_WORDS), *sums)


class LagView(Struct, omit_defaults=True):
    """How many hours' counts the payment provider has not acknowledged yet, and since when the oldest waits."""

    windows: int
    since: str | None = None

    @classmethod
    def of(cls, windows: list[Window]) -> Self:
        """Return what the API shows of a month's windows."""
        waiting = [one.dirty_since for one in windows if one.dirty_since is not None]
        return cls(len(waiting), iso(min(waiting)) if waiting else None)


class InvoiceView(Struct, omit_defaults=True):
    """The invoice as it was last seen at the payment provider; `page` makes a link to it (POST).

    `credited_won` is what its credit notes took off, which `total_won` still holds.
    """

    status: InvoiceStatus
    subtotal_won: Won
    tax_won: Won
    total_won: Won
    credited_won: Won
    paid_won: Won
    remaining_won: Won
    page: str
    number: str = ""
    due_at: str | None = None

    @classmethod
    def of(cls, invoice: Invoice, page: str) -> Self:
        """Return what the API shows of `invoice`."""
        sums = (invoice.subtotal, invoice.tax, invoice.total)
        settled = (invoice.credited, invoice.paid, invoice.remaining)
        due_at = iso(invoice.due_at) if invoice.due_at else None
        return cls(invoice.status, *sums, *settled, page, invoice.number, due_at)


class AlertView(Struct):
    """The shop's month had cost so many percent of its cap."""

    threshold_percent: int
    cap_won: Won
    spent_won: Won
    at: str

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """Return what the API shows of `alert`."""
        return cls(alert.threshold, alert.cap_won, alert.spent_won, iso(alert.at))


class PlanNameView(Struct):
    """A plan by its version and name."""

    version: str
    name: WordsView


class StateView(Struct):
    """How far the close of the month has come."""

    state: PeriodState
    text: WordsView


class BillView(Struct, omit_defaults=True):
    """A month's bill as of now: its lines make its sums, and the invoice is made of the same lines."""

    month: str
    plan: PlanNameView
    lines: list[LineView]
    subtotal_won: Won
    vat_won: Won
    total_won: Won
    as_of: str
    days_left: int
    lag: LagView
    period: StateView
    alerts: list[AlertView]
    invoice: InvoiceView | None = None
    forecast: ForecastView | None = None
    cap: CapView | None = None

    @classmethod
    def of(cls, bill: Bill, as_of: str, state: PeriodState, **beside: Any) -> Self:
        """Return what the API shows of `bill`, and `beside` it."""
        terms, sums = plan(bill.plan), SumView.of(bill)
        return cls(
            month=bill.month,
            plan=PlanNameView(terms.version, plan_name(terms)),
            lines=[LineView.of(line) for line in bill.lines],
            subtotal_won=sums.subtotal_won,
            vat_won=sums.vat_won,
            total_won=sums.total_won,
            as_of=as_of,
            period=StateView(state, both(labels.STATES[state])),
            **beside,
        )


class MonthBillView(Struct, omit_defaults=True):
    """What a month costs: as it was billed, or as of now while it is not; the whole is the month's bill."""

    month: str
    period: StateView
    subtotal_won: Won
    vat_won: Won
    total_won: Won
    invoice: InvoiceView | None = None

    @classmethod
    def of(cls, period: Period, won: Won, invoice: InvoiceView | None) -> Self:
        """Return what the API shows of the month of `period`, which costs `won` without VAT."""
        tax = vat(won)
        state = StateView(period.state, both(labels.STATES[period.state]))
        return cls(period.month, state, won, tax, won + tax, invoice)


class BillsView(Struct):
    """A page of a shop's months, the newest first; `cursor` leads to the next one."""

    bills: list[MonthBillView]
    cursor: str | None = None
