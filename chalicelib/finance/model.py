"""A shop's month as finance's registers are made from it: nothing here is decided or summed a second time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.billing.model import Identity, InvoiceStatus, Mirrored
from chalicelib.closing.model import BreakRecord
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, Period
from chalicelib.pricing.model import Bill, Credit, RatedEntry


@dataclass(frozen=True, slots=True)
class TaxRecord:
    """A tax invoice that was issued for a month, by hand or by a service, under the tax office's `number`.

    `note` is the credit note that a correction stands on, whose sums are negative; empty for the month's own.
    """

    tenant: str
    month: str
    number: str
    supply: Won
    tax: Won
    invoice: str
    note: str
    recorded_at: Millis
    by: str


class CorrectionState(StrEnum):
    """Where a credit note stands: one person asks, another one approves, and then the provider makes it.

    `APPROVED` is one of which it is not known yet whether it was made: approving it again finds out.
    """

    ASKED = "asked"
    APPROVED = "approved"
    MADE = "made"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Correction:
    """`won` (VAT included) that somebody wants taken off an invoice, and given back the way they came if `refund`.

    `note` is the provider's, once it is made; `why` says for what it was refused.
    """

    tenant: str
    id: str
    invoice: str
    won: Won
    reason: str
    refund: bool
    asked_at: Millis
    asked_by: str
    digest: str
    state: CorrectionState = CorrectionState.ASKED
    decided_at: Millis = 0
    decided_by: str = ""
    note: str = ""
    why: str = ""
    version: int = 1

    @property
    def pending(self) -> bool:
        """Return whether it may still be made."""
        return self.state in {CorrectionState.ASKED, CorrectionState.APPROVED}


@dataclass(frozen=True, slots=True)
class ShopMonth:
    """All that is known of one shop's month.

    `rated` holds the ledger entries booked in it, adjustments too. `sent_revs` is the revision that the provider
    acknowledged of each window. `invoices` are the shop's of all months, the oldest first.
    """

    tenant: str
    period: Period
    identity: Identity
    customer: str
    rated: tuple[RatedEntry, ...]
    sent_revs: Mapping[tuple[Meter, str], int]
    bill: Bill
    invoices: tuple[Mirrored, ...] = ()
    credits: tuple[Credit, ...] = ()
    breaks: tuple[BreakRecord, ...] = ()
    tax: tuple[TaxRecord, ...] = ()

    @property
    def month(self) -> str:
        """Return the KST month, `yyyy-mm`."""
        return self.period.month

    @property
    def billed(self) -> list[Mirrored]:
        """Return the invoices that bill this month, whenever they were made."""
        return [one for one in self.invoices if one.invoice.month == self.month]


def is_final(billed: Mirrored) -> bool:
    """Return whether the invoice was finalized and stands."""
    return billed.invoice.status not in {InvoiceStatus.DRAFT, InvoiceStatus.VOID}
