"""Contacts over HTTP; what agents do with them is beside."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from chalicelib.access.rules import AGENT, READERS, SHOP, SHOP_OR_AGENT, SHOP_OR_VISITOR, SHOP_VIEW
from chalicelib.contacts import aside_http, handling_http, looks, moves, opening, rules, service, wording_http
from chalicelib.contacts.bodies import MergeIn, UnmaskedView, UnmaskIn
from chalicelib.contacts.calls import ALL, ONE, act, desk_of, happened, said, seen
from chalicelib.contacts.looks import StoryView, record, story_view
from chalicelib.contacts.model import Action, Author, Contact, Status
from chalicelib.contacts.receipts import ReceiptView
from chalicelib.contacts.store import Contacts, Position
from chalicelib.contacts.views import ContactIn, ContactsView, ContactView, SaidView, TextIn
from chalicelib.contacts.wiring import lane_of, story_for
from chalicelib.customers.rules import normal
from chalicelib.intents.model import Intent
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import CUSTOMER_ID
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.routing.model import WEIGHTS
from chalicelib.tenants.model import Channel
from chalicelib.tenants.rules import must_be_live
from chalicelib.web.api import Api, Call, Empty, Reply
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()
api.routes += [*handling_http.api.routes, *aside_http.api.routes, *wording_http.api.routes]

_PAGE, _LOOKS = 50, 10


@api.route("POST", ALL, policy=SHOP, body=ContactIn, returns=ReceiptView, status=HTTPStatus.CREATED)
def open_contact(call: Call[ContactIn]) -> ReceiptView:
    """Open a contact: once this has answered, it is stored and will be seen. A shop in setup takes none yet."""
    body, here = call.body, desk_of(call)
    must_be_live(here.tenant)
    if body.channel not in here.tenant.channels:
        raise BadInput("channel_closed", f"this shop does not take contacts by {body.channel}")
    details = normal(body.customer.details)
    subject = censor(clean(body.subject, limit=200, field="subject"), accounts=True) if body.subject else ""
    first = replace(said(call, Author.CUSTOMER, details.name), episode=1, subject=subject)
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


@api.route(
    "GET",
    ALL,
    policy=SHOP_VIEW,
    returns=ContactsView,
    query=("status", "customer", "intent", "channel", "cursor"),
    shed=Shed.SEARCH,
)
def list_contacts(call: Call[Empty]) -> ContactsView:
    """List the shop's contacts of one `status` (default `waiting`), latest change first, 50 to a page at most.

    With a `customer`, an `intent` or a `channel`, a page may be empty and still lead on to another one.
    """
    tenant, wanted = call.params["tenant"], call.query.get("status", Status.WAITING)
    if wanted not in set(Status):
        raise BadInput("invalid_status", f"status is one of {', '.join(Status)}")
    only = _only(call)
    name = f"contacts/{wanted}/{only}"
    after = read_cursor(call, name)
    found, position = _found(Contacts(tenant), Status(wanted), only, after)
    record(call, found, f"list {wanted}")
    return ContactsView([seen(call, contact) for contact in found], write_cursor(call, name, position))


def _found(
    contacts: Contacts, status: Status, only: Mapping[str, str], after: Position | None
) -> tuple[list[Contact], Position | None]:
    """Return a page of those in `status` that are `only` these, and where to go on; ten pages are looked at."""
    found: list[Contact] = []
    looked = 0
    while len(found) < _PAGE and looked < _LOOKS * _PAGE:
        ids, after = contacts.page(status, limit=_PAGE - len(found), after=after)
        looked += len(ids)
        found += [one for one in contacts.many(ids) if all(getattr(one, name) == only[name] for name in only)]
        if after is None:
            break
    return found, after


def _only(call: Call[Empty]) -> dict[str, str]:
    """Return what the listed contacts must be, by field; raise BadInput `invalid_filter`."""
    only = {name: call.query[name] for name in ("customer", "intent", "channel") if name in call.query}
    for name, known in (("intent", Intent), ("channel", Channel)):
        if name in only and only[name] not in set(known):
            raise BadInput("invalid_filter", f"{name} is one of {', '.join(known)}")
    if "customer" in only and not CUSTOMER_ID.fullmatch(only["customer"]):
        raise BadInput("invalid_filter", "customer is the shop's own id of one")
    return only


@api.route("GET", ONE, policy=READERS, returns=StoryView, shed=Shed.REFRESH)
def get_contact(call: Call[Empty]) -> Reply:
    """Show a contact with everything that was said and done; agents see it all while they hold it."""
    here, wanted = desk_of(call), call.params["contact"]
    if call.known and call.caller.kind is Kind.VISITOR and call.known == _tag(here.contacts.get(wanted)):
        # A visitor's page asks every few seconds: one row tells that nothing came.
        return Reply(None, {"ETag": call.known})
    story = story_for(call.caller, here, wanted, call.now)
    rules.serves(story.contact, call.caller.pool)
    return Reply(story_view(call, story, here.tenant), {"ETag": _tag(story.contact)})


@api.route("POST", ONE + "/unmask", policy=AGENT, body=UnmaskIn, returns=UnmaskedView)
def unmask(call: Call[UnmaskIn]) -> UnmaskedView:
    """Show one masked detail of the customer of a contact that you hold; the reason goes on record."""
    here = desk_of(call)
    contact = here.contacts.get(call.params["contact"])
    rules.serves(contact, call.caller.pool)
    return looks.unmask(call, contact)


@api.route(
    "POST", ONE + "/messages", policy=SHOP_OR_VISITOR, body=TextIn, returns=SaidView, status=HTTPStatus.CREATED
)
def add_message(call: Call[TextIn]) -> SaidView:
    """Add what the customer wrote; a resolved contact goes back into the queue."""
    text = said(call, Author.CUSTOMER, "")
    return SaidView.of(service.add_message(desk_of(call), call.params["contact"], text, expected=call.expected))


@api.route("POST", ONE + "/reopen", policy=SHOP_OR_AGENT, returns=ContactView)
def reopen(call: Call[Empty]) -> ContactView:
    """Queue a resolved contact again: free within 72 hours of the resolution."""
    event, contact = happened(call, Action.REOPEN), call.params["contact"]
    return seen(call, service.reopen(desk_of(call), contact, event, expected=call.expected))


@api.route("POST", ONE + "/spam", policy=SHOP_OR_AGENT, returns=ContactView)
def spam(call: Call[Empty]) -> ContactView:
    """Mark a contact as no request for help: it leaves the queue and the bill."""
    event = happened(call, Action.SPAM)
    return act(call, lambda contact: rules.spam(moves.markable(contact, call.caller.kind), event))


@api.route("POST", ONE + "/undo-spam", policy=SHOP_OR_AGENT, returns=ContactView)
def undo_spam(call: Call[Empty]) -> ContactView:
    """Take the mark back: the contact is where it was, and on the bill if it had been."""
    event = happened(call, Action.UNDO_SPAM)
    return act(call, lambda contact: rules.undo_spam(contact, event))


@api.route("POST", ONE + "/merge", policy=AGENT, body=MergeIn, returns=ContactView)
def merge(call: Call[MergeIn]) -> ContactView:
    """Make this contact part of another one of the same shop: together they are billed once at most."""
    event, absorbed = happened(call, Action.MERGE), call.params["contact"]
    return seen(call, service.merge(desk_of(call), absorbed, call.body.into, event, expected=call.expected))


def _tag(contact: Contact) -> str:
    return f'"{contact.version}"'
