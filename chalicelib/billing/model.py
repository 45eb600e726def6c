"""What billing says of the payment provider, whoever that is: won are whole, times are milliseconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter

EVENT_NAMES = {Meter.HUMAN: "duredesk_human_contacts", Meter.BOT: "duredesk_bot_contacts"}
"""The provider's name of each meter; it cannot be changed once usage was sent under it."""


class GatewayUnavailable(Exception):
    """The provider did not answer, or asked us to come back: the same request may succeed later."""


class GatewayRefused(Exception):
    """The provider refused for good; `code` is its machine word for the reason, empty when it gave none."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message


class InvoiceStatus(StrEnum):
    """Where an invoice stands; it only moves down this list, and from OPEN to any that follows."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: usage has the `meter` of its price, what we added has our `key` of it.

    A provider may split a meter's usage into one line for each tier that it reached: sum them up.
    """

    id: str
    quantity: int
    won: Won
    meter: Meter | None = None
    key: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as the provider holds it now: `subtotal` without and `total` with `tax`.

    The period is that of the usage, from `period_start` until before `period_end`. `month` is the KST month that
    it bills; `credited` is the sum of its credit notes.
    """

    id: str
    customer: str
    subscription: str
    month: str
    status: InvoiceStatus
    number: str
    subtotal: Won
    tax: Won
    tax_lines: int
    total: Won
    paid: Won
    remaining: Won
    credited: Won
    lines: tuple[InvoiceLine, ...]
    period_start: Millis
    period_end: Millis
    created_at: Millis
    finalized_at: Millis = 0
    due_at: Millis = 0
    advances: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in for an invoice: `gross` less `fee` is `net`; `refunded` of it went back.

    A payment outside of the provider (a bank transfer) has no `transaction` and no fee.
    """

    id: str
    invoice: str
    gross: Won
    fee: Won
    net: Won
    refunded: Won
    paid_at: Millis
    transaction: str = ""
    charge: str = ""


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What was taken off an invoice with its VAT: `refunded` of it goes back, `outside` of that by transfer."""

    id: str
    invoice: str
    number: str
    won: Won
    tax: Won
    refunded: Won
    reason: str
    created_at: Millis
    key: str = ""
    outside: Won = 0


class Movement(StrEnum):
    """What a balance transaction is of."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement of our balance at the provider: `source` is the charge or refund."""

    id: str
    movement: Movement
    gross: Won
    fee: Won
    net: Won
    source: str
    created_at: Millis


@dataclass(frozen=True, slots=True)
class Payout:
    """What the provider transferred to our bank, and the movements that it consists of."""

    id: str
    won: Won
    status: str
    arrives_at: Millis
    transactions: tuple[Transaction, ...]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A run of months under one plan from `since` (KST month) until `ends_at` (0: open); `items` are by meter."""

    id: str
    customer: str
    plan: str
    since: str
    status: str
    items: Mapping[Meter, str]
    ends_at: Millis = 0
    keeps_drafts: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the invoices are made out to: its registration number has 10 digits, the rest is for tax invoices."""

    name: str
    mail: str
    registration: str = ""
    ceo: str = ""
    address: str = ""
    business_type: str = ""
    business_class: str = ""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """What the provider says has happened to the object `about` of kind `kind`: a hint to look there.

    `rules.told` says which object that is, and whose it claims to be (`customer`).
    """

    id: str
    type: str
    kind: str
    about: str
    created_at: Millis
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An invoice as the provider last showed it: `seen_at` is when this `version` was read first."""

    invoice: Invoice
    payments: tuple[Payment, ...]
    credit_notes: tuple[CreditNote, ...]
    seen_at: Millis
    version: int
