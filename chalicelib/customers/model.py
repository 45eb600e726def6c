"""A customer as one shop knows them."""

from dataclasses import dataclass, replace

from chalicelib.kernel.clock import Millis
from chalicelib.privacy.model import Field

FINDABLE = (Field.PHONE, Field.MAIL, Field.ORDER_NUMBER)
"""By which a customer is found: exact values only, since a prefix would let a list be walked."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a customer; what is not known is empty. Phone numbers are E.164, mail is in lower case."""

    name: str = ""
    phone: str = ""
    mail: str = ""
    address: str = ""
    order_number: str = ""
    account: str = ""

    def told(self, more: "Details") -> "Details":
        """Return these details with what `more` knows put in their place."""
        return replace(self, **{field.value: value for field, value in more.known().items()})

    def known(self) -> dict[Field, str]:
        """Return what is known, by field."""
        return {field: value for field in Field if (value := getattr(self, field))}


NOTHING = Details()


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who buys from one tenant; `id` is the shop's own, `version` 0 before anything is stored."""

    tenant: str
    id: str
    details: Details = Details()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Proof that a customer was erased: since when, by whom, and the id of the certificate.

    `handle` is a keyed hash of the shop's id; nobody without the tenant's key finds the person behind it.
    """

    handle: str
    at: Millis
    by: str
    certificate: str


class CustomerChanged(Exception):
    """Someone changed the customer after it was read: read it again, and decide anew."""
