"""Keep what a holder is writing, and find it again."""

from chalicelib.contacts.deciding import expect, require_not_erased
from chalicelib.contacts.model import Contact
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.rules import held_by, serves
from chalicelib.drafts.model import Draft, Mode, Onlooker
from chalicelib.drafts.ports import DraftStore
from chalicelib.drafts.rules import unsent


def save(desk: Desk, drafts: DraftStore, contact_id: str, draft: Draft, *, expected: int | None = None) -> Draft:
    """Store a holder's draft in place of the one before; one without a text is taken away.

    Raises Conflict `not_yours` or `customer_erased`, or Mismatch.
    """
    contact = _held(desk, contact_id, draft.agent)
    expect(contact, expected)
    require_not_erased(desk, contact)
    desk.commit(*drafts.save(contact, draft))
    return draft


def beside(
    desk: Desk, drafts: DraftStore, contact_id: str, agent: str
) -> tuple[Contact, list[Draft], list[Onlooker]]:
    """Return a contact that `agent` holds, the drafts of all who held it that were not sent, and who looks on.

    Raises Conflict `not_yours`, or `customer_erased` for drafts that a legal hold keeps.
    """
    contact = _held(desk, contact_id, agent)
    found, onlookers = drafts.beside(contact_id)
    if found and contact.customer:
        require_not_erased(desk, contact)
    if any(draft.mode is Mode.REPLY for draft in found):
        found = unsent(found, desk.contacts.story(contact_id).messages)
    return contact, found if contact.customer else [], onlookers


def _held(desk: Desk, contact_id: str, agent: str) -> Contact:
    contact = desk.contacts.get(contact_id)
    serves(contact, desk.pool)
    held_by(contact, agent)
    return contact
