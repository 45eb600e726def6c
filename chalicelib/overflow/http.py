"""Waits, and shops under pressure, over HTTP."""

from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import SHOP_OR_VISITOR, SHOP_PEOPLE, SHOP_VIEW
from chalicelib.contacts.calls import TEXT_LIMIT
from chalicelib.contacts.model import Action, Author, Event, Message
from chalicelib.contacts.outlooks import outlook
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.views import SaidView, TextIn
from chalicelib.contacts.wiring import desk_for
from chalicelib.kernel.text import clean
from chalicelib.overflow import offers
from chalicelib.overflow.climbing import longest
from chalicelib.overflow.store import Surges
from chalicelib.overflow.views import CapView, OverflowView, PreferIn, WaitView
from chalicelib.overflow.wiring import watch
from chalicelib.privacy.rules import censor
from chalicelib.routing.model import Lane
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_ONE = "/v1/tenants/{tenant}/contacts/{contact}"
_EVENTS = 50
_STAFF = "staff"


@api.route("GET", _ONE + "/wait", policy=SHOP_OR_VISITOR, returns=WaitView, shed=Shed.REFRESH)
def expected_wait(call: Call[Empty]) -> WaitView:
    """Show how long a contact will wait, as far as can be told now: asked every 15 seconds it costs little."""
    here = _desk(call)
    contact = here.contacts.get(call.params["contact"])
    return WaitView.of(contact, outlook(here.tenant, contact, call.now))


@api.route("POST", _ONE + "/prefer", policy=SHOP_OR_VISITOR, body=PreferIn, returns=WaitView)
def prefer(call: Call[PreferIn]) -> WaitView:
    """Ask for a callback or an answer by mail while that is offered; the contact keeps its place."""
    here, details = _desk(call), call.body.details
    event = Event(call.new_id(), Action.PREFER, call.caller.name, call.now, episode=0, detail=call.body.by)
    state, wanted = Surges(here.tenant.id).state(), call.params["contact"]
    contact = offers.prefer(here, wanted, details, event, state, expected=call.expected)
    return WaitView.of(contact, outlook(here.tenant, contact, call.now))


@api.route(
    "POST",
    _ONE + "/answer-ourselves",
    policy=SHOP_PEOPLE,
    body=TextIn,
    returns=SaidView,
    status=HTTPStatus.CREATED,
)
def answer_ourselves(call: Call[TextIn]) -> SaidView:
    """Answer as the shop itself, while its staff is called or its monthly cap is reached: this is never billed."""
    here = _desk(call)
    # Like an agent, the shop may write where its customers pay.
    text = censor(clean(call.body.text, limit=TEXT_LIMIT), accounts=False)
    said = Message(call.new_id(), Author.STAFF, _STAFF, text, call.now, episode=0, digest=call.digest)
    state = Surges(here.tenant.id).state()
    return SaidView.of(offers.answer(here, call.params["contact"], said, state, expected=call.expected))


@api.route("GET", "/v1/tenants/{tenant}/overflow", policy=SHOP_VIEW, returns=OverflowView, shed=Shed.REFRESH)
def overflow(call: Call[Empty]) -> OverflowView:
    """Show whether contacts are held back, how long the next one would wait, and what is done about it."""
    shop = watch(call.params["tenant"])
    surges, surge = Surges(shop.tenant.id), shop.tenant.surge
    held = {lane: times for lane in Lane if (times := shop.held(lane, call.now))}
    every = [since for times in held.values() for since in times]
    wait = longest([shop.wait(lane, call.now) for lane in held])
    cap = CapView.of(surge, shop.spent(call.now)) if surge.cap_won else None
    return OverflowView.of(surges.state(), surges.events(_EVENTS, call.now), every, wait=wait, cap=cap)


def _desk(call: Call[Any]) -> Desk:
    return desk_for(call.caller, call.params["tenant"])
