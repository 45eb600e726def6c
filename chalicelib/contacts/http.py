"""Contacts over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import AGENT, READERS, SHOP, SHOP_OR_AGENT, SHOP_OR_VISITOR, SHOP_VIEW
from chalicelib.contacts import looks, moves, opening, rules, service
from chalicelib.contacts.looks import StoryView, UnmaskedView, UnmaskIn, contact_view, record, story_view
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message, Status
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.receipts import ReceiptView
from chalicelib.contacts.store import Contacts
from chalicelib.contacts.views import (
    ContactIn,
    ContactsView,
    ContactView,
    MergeIn,
    SaidView,
    TextIn,
    TransferIn,
)
from chalicelib.contacts.wiring import desk_for, lane_of, story_for
from chalicelib.customers.rules import normal
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import random_id
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.routing.model import WEIGHTS
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

TEXT_LIMIT = 10_000
_ALL = "/v1/tenants/{tenant}/contacts"
_ONE = _ALL + "/{contact}"
_PAGE = 50


@api.route("POST", _ALL, policy=SHOP, body=ContactIn, returns=ReceiptView, status=HTTPStatus.CREATED)
def open_contact(call: Call[ContactIn]) -> ReceiptView:
    """Open a contact: once this has answered, it is stored and will be seen."""
    body, here = call.body, _desk(call)
    if body.channel not in here.tenant.channels:
        raise BadInput("channel_closed", f"this shop does not take contacts by {body.channel}")
    details = normal(body.customer.details)
    subject = censor(clean(body.subject, limit=200, field="subject"), accounts=True) if body.subject else ""
    first = replace(_said(call, Author.CUSTOMER, details.name), episode=1, subject=subject)
    contact = Contact(
        tenant=here.tenant.id,
        id=first.id,
        pool=here.tenant.pool,
        channel=body.channel,
        customer=body.customer.id,
        weight=WEIGHTS[body.channel],
        opened_at=call.now,
        changed_at=call.now,
        rank=call.now,
        digest=call.digest,
        size=len(first.text.encode()),
        lane=lane_of(call.caller),
    )
    return ReceiptView.of(opening.open_contact(here, contact, first, details=details), here.expect, call.now)


@api.route("GET", _ALL, policy=SHOP_VIEW, returns=ContactsView, query=("status", "cursor"), shed=Shed.SEARCH)
def list_contacts(call: Call[Empty]) -> ContactsView:
    """List the shop's contacts of one `status` (default `waiting`), latest change first, 50 to a page."""
    tenant, wanted = call.params["tenant"], call.query.get("status", Status.WAITING)
    if wanted not in set(Status):
        raise BadInput("invalid_status", f"status is one of {', '.join(Status)}")
    after = read_cursor(call, f"contacts/{wanted}")
    contacts = Contacts(tenant)
    ids, position = contacts.page(Status(wanted), limit=_PAGE, after=after)
    found = contacts.many(ids)
    record(call, found, f"list {wanted}")
    views = [_seen(call, contact) for contact in found]
    return ContactsView(views, write_cursor(call, f"contacts/{wanted}", position))


@api.route("GET", _ONE, policy=READERS, returns=StoryView, shed=Shed.REFRESH)
def get_contact(call: Call[Empty]) -> StoryView:
    """Show a contact with everything that was said and done; agents see it all while they hold it."""
    here = _desk(call)
    story = story_for(call.caller, here, call.params["contact"], call.now)
    rules.serves(story.contact, call.caller.pool)
    return story_view(call, story, here.tenant)


@api.route("POST", _ONE + "/unmask", policy=AGENT, body=UnmaskIn, returns=UnmaskedView)
def unmask(call: Call[UnmaskIn]) -> UnmaskedView:
    """Show one masked detail of the customer of a contact that you hold; the reason goes on record."""
    here = _desk(call)
    contact = here.contacts.get(call.params["contact"])
    rules.serves(contact, call.caller.pool)
    return looks.unmask(call, contact)


@api.route(
    "POST", _ONE + "/messages", policy=SHOP_OR_VISITOR, body=TextIn, returns=SaidView, status=HTTPStatus.CREATED
)
def add_message(call: Call[TextIn]) -> SaidView:
    """Add what the customer wrote; a resolved contact goes back into the queue."""
    said = _said(call, Author.CUSTOMER, "")
    return SaidView.of(service.add_message(_desk(call), call.params["contact"], said, expected=call.expected))


@api.route("POST", _ONE + "/replies", policy=AGENT, body=TextIn, returns=SaidView, status=HTTPStatus.CREATED)
def reply(call: Call[TextIn]) -> SaidView:
    """Answer the customer; the first reply of an episode is the one that is billed."""
    said = _said(call, Author.AGENT, call.caller.agent)
    return SaidView.of(service.reply(_desk(call), call.params["contact"], said, expected=call.expected))


@api.route("POST", _ONE + "/notes", policy=AGENT, body=TextIn, returns=SaidView, status=HTTPStatus.CREATED)
def note(call: Call[TextIn]) -> SaidView:
    """Leave an internal remark that no customer and no shop sees."""
    said = _said(call, Author.NOTE, call.caller.agent)
    return SaidView.of(service.note(_desk(call), call.params["contact"], said, expected=call.expected))


@api.route("POST", _ONE + "/claim", policy=AGENT, returns=ContactView)
def claim(call: Call[Empty]) -> ContactView:
    """Take this waiting contact out of turn."""
    agent = call.caller.agent
    taken = service.claim(_desk(call), call.params["contact"], agent, call.now, expected=call.expected)
    return _seen(call, taken)


@api.route("POST", _ONE + "/resolve", policy=AGENT, returns=ContactView)
def resolve(call: Call[Empty]) -> ContactView:
    """Close a contact that you hold: everything is answered."""
    return _act(call, lambda contact: rules.resolve(contact, call.caller.agent, call.now))


@api.route("POST", _ONE + "/reopen", policy=SHOP_OR_AGENT, returns=ContactView)
def reopen(call: Call[Empty]) -> ContactView:
    """Queue a resolved contact again: free within 72 hours of the resolution."""
    event, contact = _event(call, Action.REOPEN), call.params["contact"]
    return _seen(call, service.reopen(_desk(call), contact, event, expected=call.expected))


@api.route("POST", _ONE + "/transfer", policy=AGENT, body=TransferIn, returns=ContactView)
def transfer(call: Call[TransferIn]) -> ContactView:
    """Hand a contact that you hold to a present colleague; this is never billed."""
    event, contact = _event(call, Action.TRANSFER), call.params["contact"]
    return _seen(call, service.transfer(_desk(call), contact, call.body.to, event, expected=call.expected))


@api.route("POST", _ONE + "/release", policy=AGENT, returns=ContactView)
def release(call: Call[Empty]) -> ContactView:
    """Give a contact that you hold back to the front of the queue."""
    event = _event(call, Action.RELEASE)
    return _act(call, lambda contact: rules.release(contact, event))


@api.route("POST", _ONE + "/spam", policy=SHOP_OR_AGENT, returns=ContactView)
def spam(call: Call[Empty]) -> ContactView:
    """Mark a contact as no request for help: it leaves the queue and the bill."""
    event = _event(call, Action.SPAM)
    return _act(call, lambda contact: rules.spam(moves.markable(contact, call.caller.kind), event))


@api.route("POST", _ONE + "/undo-spam", policy=SHOP_OR_AGENT, returns=ContactView)
def undo_spam(call: Call[Empty]) -> ContactView:
    """Take the mark back: the contact is where it was, and on the bill if it had been."""
    event = _event(call, Action.UNDO_SPAM)
    return _act(call, lambda contact: rules.undo_spam(contact, event))


@api.route("POST", _ONE + "/merge", policy=AGENT, body=MergeIn, returns=ContactView)
def merge(call: Call[MergeIn]) -> ContactView:
    """Make this contact part of another one of the same shop: together they are billed once at most."""
    event, absorbed = _event(call, Action.MERGE), call.params["contact"]
    return _seen(call, service.merge(_desk(call), absorbed, call.body.into, event, expected=call.expected))


def _desk(call: Call[Any]) -> Desk:
    return desk_for(call.caller, call.params["tenant"])


def _seen(call: Call[Any], contact: Contact) -> ContactView:
    return contact_view(call.caller, contact)


def _act(call: Call[Any], decide: Callable[[Contact], Change]) -> ContactView:
    return _seen(call, service.act(_desk(call), call.params["contact"], decide, expected=call.expected))


def _said(call: Call[TextIn] | Call[ContactIn], author: Author, name: str) -> Message:
    # What a shop's own account is, an agent may write; nobody else's numbers are kept.
    text = censor(clean(call.body.text, limit=TEXT_LIMIT), accounts=author is not Author.AGENT)
    return Message(call.new_id(), author, name, text, call.now, episode=0, digest=call.digest)


def _event(call: Call[Any], action: Action) -> Event:
    return Event(random_id(), action, call.caller.name, call.now, episode=0)
