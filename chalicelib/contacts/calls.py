"""What the routes of contacts have in common: the caller's desk, what is written, what happens, what is shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.contacts import deciding
from chalicelib.contacts.bodies import NoteIn, ReplyIn
from chalicelib.contacts.looks import contact_view
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.views import ContactIn, ContactView, TextIn
from chalicelib.contacts.wiring import desk_for
from chalicelib.kernel.ids import random_id
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.web.api import Call

ALL = "/v1/tenants/{tenant}/contacts"
ONE = ALL + "/{contact}"
TEXT_LIMIT = 10_000


def desk_of(call: Call[Any]) -> Desk:
    """Return the desk of the tenant in the path, for the caller."""
    return desk_for(call.caller, call.params["tenant"])


def seen(call: Call[Any], contact: Contact) -> ContactView:
    """Return the contact as the caller may see it."""
    return contact_view(call.caller, contact)


def act(call: Call[Any], decide: Callable[[Contact], Change]) -> ContactView:
    """Apply one decision to the contact in the path, and return it."""
    return seen(call, deciding.act(desk_of(call), call.params["contact"], decide, expected=call.expected))


def written(call: Call[Any], author: Author, name: str, text: str) -> Message:
    """Return what `author` wrote, without account and card numbers: only agents write accounts, the shop's own."""
    text = censor(clean(text, limit=TEXT_LIMIT), accounts=author is not Author.AGENT)
    return Message(call.new_id(), author, name, text, call.now, episode=0, digest=call.digest)


def said(
    call: Call[ContactIn] | Call[NoteIn] | Call[ReplyIn] | Call[TextIn], author: Author, name: str
) -> Message:
    """Return what `author` said with this call."""
    return written(call, author, name, call.body.text)


def remark(call: Call[Any], text: str, author: Author = Author.NOTE) -> Message:
    """Return what the calling agent writes besides the change that this call makes; a repeat has another id."""
    return replace(written(call, author, call.caller.agent, text), id=random_id())


def happened(call: Call[Any], action: Action, detail: str = "") -> Event:
    """Return what the caller does."""
    return Event(random_id(), action, call.caller.name, call.now, episode=0, detail=detail)
