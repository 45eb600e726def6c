"""What customers and shops may do besides waiting: ask for another way of an answer, and answer themselves."""

from chalicelib.contacts import moves
from chalicelib.contacts.deciding import act, say
from chalicelib.contacts.model import Action, Change, Contact, Event, Message, Status
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.transitions import allow
from chalicelib.customers.model import Customer, Details
from chalicelib.customers.service import tell
from chalicelib.kernel.errors import Conflict
from chalicelib.overflow.model import SurgeState
from chalicelib.tenants.model import Step


def prefer(
    desk: Desk, contact_id: str, details: Details, event: Event, state: SurgeState, *, expected: int | None
) -> Contact:
    """Remember how the customer would like to be answered, while that is offered; the contact keeps its place.

    What is told of the customer is stored before: with the wish lost to a crash, it is merely known earlier.
    Raises Conflict `not_offered` or `customer_erased`.
    """

    def decide(contact: Contact) -> Change:
        allow(contact, Action.PREFER)
        if not contact.customer:
            raise Conflict("customer_erased", "this customer was erased; nothing more is kept here")
        if Step.OFFER not in state.steps:
            raise Conflict("not_offered", "no other way of an answer is offered now")
        return moves.preferred(contact, event)

    contact = desk.contacts.get(contact_id)
    decide(contact)
    tell(desk.customers, Customer(desk.tenant.id, contact.customer, details), desk.commit)
    return act(desk, contact_id, decide, expected=expected)


def answer(desk: Desk, contact_id: str, said: Message, state: SurgeState, *, expected: int | None) -> Message:
    """Store the shop's own answer and resolve the contact, without a bill; a repeat returns the first answer.

    Raises Conflict `not_in_force` unless the contact is the shop's to answer, its own staff is called, or its
    monthly cap keeps agents away.
    """

    def decide(contact: Contact) -> Change:
        allow(contact, Action.ANSWER)
        called = Step.STAFF in state.steps or state.shut
        if contact.status is not Status.SHOP and not called:
            raise Conflict("not_in_force", "agents answer; the shop's own staff is not called now")
        return moves.answered(contact, said)

    return say(desk, contact_id, said, decide, expected=expected)
