"""Who else hears of a contact: the shop's servers, and its people when one waits for them."""

from chalicelib.aws.observe import log
from chalicelib.aws.tables import Write, commit
from chalicelib.contacts.model import Contact, Status
from chalicelib.contacts.store import Contacts
from chalicelib.hooks.model import Event
from chalicelib.hooks.wiring import outbox
from chalicelib.kernel.clock import utc_hour
from chalicelib.kernel.errors import Conflict
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters

_EVENTS = {Status.RESOLVED: Event.CONTACT_RESOLVED, Status.SHOP: Event.CONTACT_FOR_SHOP}
# Nobody counts more of them for a mail.
_MOST = 100


def told(contact: Contact) -> list[Write]:
    """Return the writes that tell the shop's hooks of the status that a contact has come to."""
    event = _EVENTS.get(contact.status)
    if event is None or contact.test:
        return []
    data = {"contact": contact.id, "channel": contact.channel, "intent": contact.intent}
    return outbox(contact.tenant, event, data | {"episode": contact.episode.number}, contact.changed_at)


def remind(contact: Contact) -> None:
    """Let the shop's people know by mail, once an hour at most, that a contact waits for them.

    It is stored already and stands in their list: that nobody can be told must not undo it.
    """
    letters, name = Letters(contact.tenant), f"{Name.SHOP_WAITS}-{utc_hour(contact.changed_at)}"
    try:
        if letters.find(name) is None:
            waiting, _ = Contacts(contact.tenant).page(Status.SHOP, limit=_MOST, after=None)
            values = {"contacts": max(1, len(waiting))}
            letter = Letter(contact.tenant, name, Name.SHOP_WAITS, To.STAFF, contact.changed_at, values)
            commit(letters.add(letter))
    except Conflict:
        # Another one has just said so.
        return
    except Exception:
        log().exception("the shop was not told", tenant=contact.tenant, contact=contact.id)
