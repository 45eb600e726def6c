"""Open a contact: in one transaction with its first message, and once however often it is sent."""

from dataclasses import replace

from chalicelib.contacts.model import AlreadyStored, Contact, Message, Status
from chalicelib.contacts.moves import arrived, kept
from chalicelib.contacts.notices import promised
from chalicelib.contacts.ports import Desk
from chalicelib.customers.model import NOTHING, Customer, Details
from chalicelib.customers.service import tell
from chalicelib.intents.rules import intent_of
from chalicelib.kernel.errors import same_body
from chalicelib.privacy.model import Field


def open_contact(desk: Desk, contact: Contact, first: Message, *, details: Details = NOTHING) -> Contact:
    """Give a new contact its place, store it with its first message, and return it; a repeat returns the first.

    What is told of the customer is stored before: with the contact lost to a crash, it is merely known earlier.
    Raises Conflict `idempotency_mismatch` when the same key came with another body before.
    """
    # A name alone stands with what was said; it is not worth three calls more.
    if details.known().keys() - {Field.NAME}:
        tell(desk.customers, Customer(desk.tenant.id, contact.customer, details), desk.commit)
    contact = _placed(desk, replace(contact, intent=intent_of(f"{first.subject}\n{first.text}")))
    if contact.status is Status.OVERFLOW:
        contact = replace(
            contact, promised_at=promised(contact.opened_at, desk.expect(contact, contact.opened_at))
        )
    whose = desk.customers.of_contact(contact.customer, contact.id)
    try:
        desk.commit(
            desk.contacts.add(contact), desk.contacts.append(contact.id, first), whose, *desk.tell(contact)
        )
    except AlreadyStored as stored:
        same_body(stored.digest, contact.digest)
        return desk.contacts.get(contact.id)
    if contact.status is Status.SHOP:
        desk.remind(contact)
    return contact


def _placed(desk: Desk, contact: Contact) -> Contact:
    """Put a new contact where it is to be answered: by the shop's own people, or by the desk."""
    if contact.intent in desk.tenant.scope.in_house and not contact.test:
        return replace(kept(contact, contact.opened_at), version=contact.version)
    return arrived(contact, contact.opened_at, desk.arrive(contact.opened_at))
