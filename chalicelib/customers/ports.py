"""What storing customers needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.customers.model import Customer
from chalicelib.kernel.clock import Millis


class Cipher(Protocol):
    """One tenant's key: what is sealed with it is unreadable once it is destroyed.

    `place` says where the text stands, so that sealed bytes open nowhere else; `fingerprint` is a keyed hash of
    32 hex digits, another one for each `purpose`.
    """

    def seal(self, place: str, text: str) -> bytes: ...
    def open(self, place: str, sealed: bytes) -> str: ...
    def fingerprint(self, purpose: str, text: str) -> str: ...
    def destroy(self, at: Millis) -> None: ...


class CustomerStore(Protocol):
    """What use cases need of a store of one tenant's customers."""

    def handle(self, customer: str) -> str: ...
    def known(self, customer: str) -> Customer | None: ...
    def save(self, before: Customer | None, after: Customer) -> list[Write]: ...
    def of_contact(self, customer: str, contact: str) -> Write: ...
    def require_not_erased(self, customer: str) -> None: ...
