"""What the close needs of the world: ledger, contacts, credits, periods, breaks, and records of tax invoices."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.billing.model import Invoice
from chalicelib.closing.model import BreakRecord, Move
from chalicelib.contacts.model import Story
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Period, UsageEntry
from chalicelib.pricing.model import Credit


class EntryStore(Protocol):
    """One tenant's ledger, by contact and by time of booking."""

    def of_contact(self, contact: str) -> list[UsageEntry]: ...
    def booked(self, start: Millis, end: Millis) -> list[UsageEntry]: ...


class StoryStore(Protocol):
    """One tenant's contacts, as reconciliation reads them."""

    def ids(self, since: Millis) -> Iterable[str]: ...
    def story(self, contact: str) -> Story: ...


class CreditStore(Protocol):
    """One tenant's credits, by the month in which they were booked."""

    def booked(self, month: str) -> list[Credit]: ...


class PeriodStore(Protocol):
    """One tenant's periods."""

    def find(self, month: str) -> Period: ...
    def all(self) -> list[Period]: ...
    def save(self, before: Period, after: Period) -> Write: ...


class HistoryStore(Protocol):
    """One tenant's periods as they moved."""

    def add(self, after: Period) -> Write: ...
    def of_month(self, month: str) -> list[Move]: ...


class BreakStore(Protocol):
    """One tenant's breaks."""

    def open(self) -> list[BreakRecord]: ...
    def of_month(self, month: str) -> list[BreakRecord]: ...
    def find(self, break_id: str) -> BreakRecord | None: ...
    def save(self, before: BreakRecord | None, after: BreakRecord) -> Write: ...


class TaxInvoiceStore(Protocol):
    """One tenant's tax invoices on record."""

    def recorded(self, invoice: str) -> Won | None:
        """Return the total with VAT, corrections included, of those for an invoice of the provider's, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Books:
    """One tenant's books; `tell` returns the writes by which the shop learns of an invoice that is final."""

    ledger: EntryStore
    contacts: StoryStore
    credits: CreditStore
    periods: PeriodStore
    history: HistoryStore
    breaks: BreakStore
    commit: Callable[..., None]
    tell: Callable[[Invoice, Millis], Sequence[Write]] = lambda _invoice, _at: ()
