"""What billing says of the payment provider, whoever that is, and of the differences it looks for."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.money import Won
from chalicelib.metering.model import Price

EVENT_NAMES = {"human": "duredesk_human_contacts"}
"""The provider's name of each meter; it cannot be changed once usage was sent under it."""


class GatewayUnavailable(Exception):
    """The provider did not answer, or asked us to come back: the same request may succeed later."""


class GatewayRefused(Exception):
    """The provider refused for good; `code` is its machine word for the reason, empty when it gave none."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message


class Rule(StrEnum):
    """What was compared with what."""

    CONTACT_LEDGER = "R0"
    LEDGER_WINDOW = "R1"
    WINDOW_STRIPE = "R2"


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


@dataclass(frozen=True, slots=True)
class Break:
    """One difference: `item` is a contact's episode or an hour; `left` and `right` are contacts, or won."""

    rule: Rule
    tenant: str
    item: str
    left: int
    right: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Report:
    """What a reconciliation of one tenant found; counts are contacts, money is won."""

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


@dataclass(frozen=True, slots=True)
class Episodes:
    """What the contact store says of one contact, whatever the ledger says: episodes that a human answered.

    `void` names the episode that spam or a merge took off the bill (0: none). `current` is the last episode,
    billed at `price`.
    """

    contact: str
    answered: frozenset[int]
    void: int
    current: int = 1
    price: Price | None = None
