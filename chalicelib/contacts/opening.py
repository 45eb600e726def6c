"""Open a contact: in one transaction with its first message, and once however often it is sent."""

from chalicelib.contacts.model import AlreadyStored, Contact, Message
from chalicelib.contacts.ports import Desk
from chalicelib.customers.model import NOTHING, Customer, Details
from chalicelib.customers.service import tell
from chalicelib.kernel.errors import Conflict
from chalicelib.privacy.model import Field


def open_contact(desk: Desk, contact: Contact, first: Message, *, details: Details = NOTHING) -> Contact:
    """Store a new contact with its first message and return it; a repeat returns what the first one did.

    What is told of the customer is stored before: with the contact lost to a crash, it is merely known earlier.
    Raises Conflict `idempotency_mismatch` when the same key came with another body before.
    """
    # A name alone stands with what was said; it is not worth three calls more.
    if details.known().keys() - {Field.NAME}:
        tell(desk.customers, Customer(desk.tenant.id, contact.customer, details), desk.commit)
    whose = desk.customers.of_contact(contact.customer, contact.id)
    try:
        desk.commit(desk.contacts.add(contact), desk.contacts.append(contact.id, first), whose)
    except AlreadyStored as stored:
        same_body(stored.digest, contact.digest, stored)
        return desk.contacts.get(contact.id)
    return contact


def same_body(first: str, again: str, cause: Exception) -> None:
    """Raise Conflict `idempotency_mismatch` unless a repeat has the body of the first request."""
    if first != again:
        message = "this Idempotency-Key came with another body before"
        raise Conflict("idempotency_mismatch", message) from cause
