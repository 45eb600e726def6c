"""The words of the close: what is compared, and the differences that are found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.money import Won
from chalicelib.metering.model import PeriodState, Price


class Rule(StrEnum):
    """What was compared with what."""

    CONTACT_LEDGER = "R0"
    LEDGER_WINDOW = "R1"
    WINDOW_STRIPE = "R2"
    SUMMARY_LINE = "R3"
    BILL_LINE = "R4"
    TAX = "R5"
    INVOICE_PAYMENT = "R6"
    BALANCE_PAYOUT = "R7"
    INVOICE_TAX_INVOICE = "R8"
    SEAL = "I5"


class Cause(StrEnum):
    """What a difference most likely comes from."""

    MISSED = "missed"
    DOUBLED = "doubled"
    SUM_WRONG = "sum_wrong"
    IN_FLIGHT = "in_flight"
    NOT_SENT = "not_sent"
    STALE_OVERWRITE = "stale_overwrite"
    UNKNOWN_USAGE = "unknown_usage"
    REFUSED = "refused"
    NO_CONTACT = "no_contact"
    PRICE_DIFFERS = "price_differs"
    WRONG_CUSTOMER = "wrong_customer"
    PRICE_VERSION = "price_version"
    LATE_AFTER_CLOSE = "late_after_close"
    ROUNDING = "rounding"
    MANUAL_STRIPE_EDIT = "manual_stripe_edit"
    NOT_INVOICED = "not_invoiced"
    FEE = "fee"
    REFUND = "refund"
    DISPUTE = "dispute"
    NOT_PAID_OUT = "not_paid_out"
    NOT_RECORDED = "not_recorded"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Break:
    """One difference: `left` and `right` are contacts, or won, and `item` names what they count.

    `item` is a contact's episode, a meter's hour, a line of an invoice, or something of the provider's by its id.
    `month` is the KST month whose close it blocks.
    """

    rule: Rule
    tenant: str
    item: str
    left: int
    right: int
    cause: Cause
    month: str = ""


class BreakStatus(StrEnum):
    """Where a break stands; the first two block the close.

    `ANSWERED` has a resolution that a second person must approve yet, `EXPLAINED` has been accepted as it is, and
    `CLEARED` was not found again.
    """

    OPEN = "open"
    ANSWERED = "answered"
    EXPLAINED = "explained"
    CLEARED = "cleared"


BLOCKING = frozenset({BreakStatus.OPEN, BreakStatus.ANSWERED})


@dataclass(frozen=True, slots=True)
class BreakRecord(Break):
    """A break on record, once for its month, rule and item: `id` is made of them.

    `owner` is the team that looks into it. `resolved_by` and `approver` are people, as records name callers.
    """

    id: str = ""
    owner: str = ""
    first_seen: Millis = 0
    last_seen: Millis = 0
    status: BreakStatus = BreakStatus.OPEN
    resolution: str = ""
    resolved_by: str = ""
    approver: str = ""
    version: int = 0

    @property
    def blocks(self) -> bool:
        """Return whether the close waits for this."""
        return self.status in BLOCKING


@dataclass(frozen=True, slots=True)
class BreakHint:
    """What the list of all tenants' open breaks shows of one: `difference` is right less left."""

    tenant: str
    id: str
    rule: Rule
    cause: Cause
    status: BreakStatus
    owner: str
    difference: int
    first_seen: Millis


@dataclass(frozen=True, slots=True)
class Move:
    """A state that a period came into: when, who moved it and why, and what was known of the month then."""

    version: int
    state: PeriodState
    contacts: int
    won: Won
    at: Millis
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a reconciliation of one tenant found; counts are contacts, money is won at the plans' prices."""

    tenant: str
    contacts: int
    usage_entries: int
    billable: int
    ledger_won: Won
    stripe_total: int
    stripe_won: Won
    breaks: tuple[Break, ...]

    @property
    def difference_won(self) -> Won:
        """Return what Stripe would bill beyond the ledger."""
        return self.stripe_won - self.ledger_won


class Stays(StrEnum):
    """Why sending again does not mend a break."""

    PERSON = "person"
    TOTAL_IN_DOUBT = "total_in_doubt"
    IN_FLIGHT = "in_flight"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Repair:
    """What of a month is sent again, and what stays, each with the reason."""

    sent: tuple[Break, ...]
    left: tuple[tuple[Break, Stays], ...]


@dataclass(frozen=True, slots=True)
class Episodes:
    """What the contact store says of one contact, whatever the ledger says: episodes that a human answered.

    `void` names the episode that spam or a merge took off the bill (0: none). `current` is the last episode,
    billed at `price`. `since` is when each of the answered ones was.
    """

    contact: str
    answered: frozenset[int]
    void: int
    current: int = 1
    price: Price | None = None
    since: Mapping[int, Millis] = field(default_factory=dict)
