"""What a message is about, and who answers what it is about."""

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a customer wants; every message has exactly one, and what fits nowhere is `other`."""

    DELIVERY = "delivery"
    PRESALE = "presale"
    RETURN = "return"
    PAYMENT = "payment"
    OTHER = "other"
    DEFECT = "defect"
    EXCHANGE = "exchange"
    COMPLAINT = "complaint"
    WARRANTY = "warranty"
    SHIPPING_FEE = "shipping_fee"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a shop's contacts is not for the shared desk.

    Its own people answer what is `in_house`; what a `bot` might answer is on record for the day that there is one.
    """

    in_house: tuple[Intent, ...] = ()
    bot: tuple[Intent, ...] = ()
