"""What the routes beside a conversation have in common: whose it is, and who may see into it."""

from typing import Any

from chalicelib.contacts.calls import desk_of
from chalicelib.contacts.model import Contact
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.rules import held_by, serves
from chalicelib.kernel.caller import TEAM
from chalicelib.kernel.errors import not_found
from chalicelib.panel.wiring import erased_at
from chalicelib.web.api import Call


def conversation(call: Call[Any]) -> tuple[Desk, Contact]:
    """Return the caller's desk and the contact in the path, if the caller may see what is said there.

    Raises NotFound, also once its customer is erased, and Conflict `not_yours` for an agent who does not hold it.
    """
    here = desk_of(call)
    contact = here.contacts.get(call.params["contact"])
    serves(contact, call.caller.pool)
    if call.caller.kind in TEAM:
        held_by(contact, call.caller.agent)
    if not contact.customer or contact.opened_at <= erased_at(contact):
        raise not_found()
    return here, contact
