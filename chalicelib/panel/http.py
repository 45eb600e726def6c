"""The customer behind a conversation, for the agent who holds it, over HTTP; files and ratings are beside."""

from chalicelib.access.rules import AGENT
from chalicelib.aws.vault import Vault
from chalicelib.contacts.calls import ONE
from chalicelib.contacts.looks import DetailsView, StoryView, record
from chalicelib.contacts.model import Contact
from chalicelib.contacts.views import ShopView
from chalicelib.customers.model import Details
from chalicelib.customers.store import Customers
from chalicelib.handbook.wiring import rules_of
from chalicelib.kernel.errors import not_found
from chalicelib.panel import files_http, rating_http
from chalicelib.panel.calls import conversation
from chalicelib.panel.history import openings
from chalicelib.panel.rules import SHOWN, open_ones
from chalicelib.panel.views import CustomerView, PastView
from chalicelib.panel.wiring import erased_at, others_of
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()
api.routes += [*files_http.api.routes, *rating_http.api.routes]


@api.route("GET", ONE + "/customer", policy=AGENT, returns=CustomerView, shed=Shed.REFRESH)
def show_customer(call: Call[Empty]) -> CustomerView:
    """Show who the customer of a contact that you hold is, and the other contacts with the same shop."""
    _, contact = conversation(call)
    record(call, [contact], f"customer {contact.id}")
    others = others_of(contact)
    said = openings(contact.tenant, [one.id for one in others[:SHOWN]])
    past = [PastView.of(one, said) for one in others[:SHOWN]]
    return CustomerView(DetailsView.of(_details(contact), masked=True), past, open_ones(others))


@api.route("GET", ONE + "/past/{other}", policy=AGENT, returns=StoryView, shed=Shed.REFRESH)
def show_past(call: Call[Empty]) -> StoryView:
    """Show another contact of the same customer at the same shop to the agent who holds this one."""
    here, contact = conversation(call)
    story = here.contacts.story(call.params["other"])
    if story.contact.customer != contact.customer or story.contact.opened_at <= erased_at(contact):
        raise not_found()
    record(call, [story.contact], f"past {story.contact.id}")
    shop = ShopView.of(here.tenant, rules_of(contact.tenant), call.now)
    view = StoryView.for_holder(story, shop, _details(contact))
    view.contact.customer = ""
    return view


def _details(contact: Contact) -> Details:
    return Customers(contact.tenant, Vault(contact.tenant)).glance(contact.customer)
