"""Widget keys for shops, and conversations for the visitors of their pages, over HTTP."""

import time
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import OWNER_OR_SERVER, PUBLIC, VISITOR
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.contacts import http as contacts
from chalicelib.contacts.model import Status
from chalicelib.contacts.outlooks import times_held
from chalicelib.contacts.views import ContactIn, CustomerIn
from chalicelib.contacts.wiring import desk
from chalicelib.handbook.wiring import rules_of
from chalicelib.incidents.wiring import notices
from chalicelib.kernel.clock import iso
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.text import clean
from chalicelib.routing.model import Lane
from chalicelib.tenants.model import Channel
from chalicelib.tenants.store import Tenants
from chalicelib.visitors import service
from chalicelib.visitors.model import Visit, WidgetKey
from chalicelib.visitors.rules import expires_at, may_repeat, must_be_random, normal_origin, write_token
from chalicelib.visitors.store import WidgetKeys
from chalicelib.visitors.views import (
    VisitIn,
    VisitView,
    WidgetKeyIn,
    WidgetKeysView,
    WidgetKeyView,
    WidgetShopView,
)
from chalicelib.visitors.wiring import note_page, prove_widget
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_KEYS = "/v1/tenants/{tenant}/widget-keys"
_KEY_LENGTH = 16


@api.route(
    "POST", _KEYS, policy=OWNER_OR_SERVER, body=WidgetKeyIn, returns=WidgetKeyView, status=HTTPStatus.CREATED
)
def issue_widget_key(call: Call[WidgetKeyIn]) -> WidgetKeyView:
    """Make a key with which pages of these origins may open chats."""
    tenant, local = Tenants(call.params["tenant"]).profile().id, settings().stage == "local"
    origins = dict.fromkeys(normal_origin(origin, local=local) for origin in call.body.origins)
    label = clean(call.body.label, limit=100, field="label")
    key = WidgetKey(tenant, call.new_id()[:_KEY_LENGTH], tuple(origins), label, call.now, call.digest)
    return WidgetKeyView.of(service.issue(key, WidgetKeys(tenant), commit))


@api.route("GET", _KEYS, policy=OWNER_OR_SERVER, returns=WidgetKeysView, shed=Shed.SEARCH)
def list_widget_keys(call: Call[Empty]) -> WidgetKeysView:
    """List the shop's widget keys, oldest first."""
    tenant = Tenants(call.params["tenant"]).profile().id
    return WidgetKeysView([WidgetKeyView.of(key) for key in WidgetKeys(tenant).all()])


@api.route("POST", _KEYS + "/{key}/revoke", policy=OWNER_OR_SERVER, returns=WidgetKeyView)
def revoke_widget_key(call: Call[Empty]) -> WidgetKeyView:
    """Make a key open nothing from now on; conversations that began with it are shut to their visitors too."""
    return WidgetKeyView.of(service.revoke(call.params["key"], WidgetKeys(call.params["tenant"]), commit))


@api.route("GET", "/v1/widget/shop", policy=PUBLIC, proof=prove_widget, returns=WidgetShopView, shed=Shed.REFRESH)
def show_shop(call: Call[Empty]) -> WidgetShopView:
    """Show the shop whose page it is: its voice, whether it is open, and how long a chat would wait."""
    here = desk(call.caller.tenant)
    shop, now = here.tenant, call.now
    note_page(call.caller, call.origin, now)
    waits = here.expect(service.coming(shop, now, held=bool(times_held(shop, Lane.WIDGET, now))), now)
    colour, told = rules_of(shop.id).handbook.colour, notices(shop.id, shop.pool, now)
    return WidgetShopView.of(shop, colour, now, waits.told if waits else None, told=told)


@api.route(
    "POST",
    "/v1/widget/contacts",
    policy=PUBLIC,
    proof=prove_widget,
    body=VisitIn,
    returns=VisitView,
    status=HTTPStatus.CREATED,
)
def open_visit(call: Call[VisitIn]) -> VisitView:
    """Open a chat for a visitor of the shop's page; the token opens this conversation and nothing else.

    Every opening is a new customer: what a visitor says of themselves is shown to agents and looked up nowhere.
    """
    must_be_random(call.key)
    here: Call[Any] = replace(call, params={"tenant": call.caller.tenant})
    customer = f"visitor-{derived_id(settings().id_secret, 'visitor', here.new_id())}"
    body = ContactIn(Channel.CHAT, CustomerIn(customer, call.body.name), call.body.text)
    opened = contacts.open_contact(replace(here, body=body))
    may_repeat(opened.opened_at, call.now)
    return _admitted(Visit(opened.tenant, opened.id, call.caller.key))


@api.route("POST", "/v1/widget/renew", policy=VISITOR, returns=VisitView)
def renew_visit(call: Call[Empty]) -> VisitView:
    """Give the visitor a fresh token for the same conversation."""
    visit = Visit(call.caller.tenant, call.caller.contact, call.caller.key)
    if desk(visit.tenant).contacts.get(visit.contact).status in {Status.SPAM, Status.MERGED}:
        raise Conflict("conversation_closed", "this conversation is closed; open another one")
    return _admitted(visit)


def _admitted(visit: Visit) -> VisitView:
    # Tokens live in real time: the desk's clock may be shifted in the local stage.
    now = int(time.time())
    token = write_token(settings().id_secret, visit, now)
    return VisitView(visit.contact, visit.tenant, token, iso(expires_at(now)))
