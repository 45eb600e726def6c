"""Waits, and shops under pressure, over HTTP."""

from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import LEAD, SHOP_OR_VISITOR, SHOP_PEOPLE, SHOP_VIEW
from chalicelib.aws.observe import log
from chalicelib.contacts.calls import TEXT_LIMIT
from chalicelib.contacts.model import Action, Author, Event, Message, Status
from chalicelib.contacts.outlooks import outlook
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.store import Contacts
from chalicelib.contacts.views import SaidView, TextIn
from chalicelib.contacts.wiring import desk_for
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.text import clean
from chalicelib.overflow import offers
from chalicelib.overflow.climbing import call_in, longest
from chalicelib.overflow.store import Surges
from chalicelib.overflow.views import CapView, OverflowView, PreferIn, ReserveIn, ReserveView, WaitView
from chalicelib.overflow.wiring import watch
from chalicelib.privacy.rules import censor
from chalicelib.promotions.rules import parse_time
from chalicelib.promotions.views import RaiseView
from chalicelib.promotions.wiring import contract_of, next_raise_of
from chalicelib.routing.model import Lane
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_ONE = "/v1/tenants/{tenant}/contacts/{contact}"
_EVENTS = 50
_MOST = 100
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
    ahead = next_raise_of(shop.tenant, call.now)
    raises = RaiseView.of(ahead, shop.tenant.contract) if ahead else None
    contracts = contract_of(shop.tenant, call.now), raises
    events = surges.events(_EVENTS, call.now)
    own, _ = Contacts(shop.tenant.id).page(Status.SHOP, limit=_MOST, after=None)
    return OverflowView.of(
        surges.state(), events, every, for_shop=len(own), wait=wait, cap=cap, contracts=contracts
    )


@api.route("POST", "/v1/tenants/{tenant}/reserve", policy=LEAD, body=ReserveIn, returns=ReserveView)
def call_reserve(call: Call[ReserveIn]) -> ReserveView:
    """Let the shop's reserve pool take what is held back, whatever the wait, for up to 4 hours; or call it off."""
    shop = watch(call.params["tenant"])
    if call.caller.pool not in {"", shop.tenant.pool}:
        # To leads of other pools the shop looks absent.
        raise not_found()
    until = 0 if call.body.until is None else parse_time(call.body.until, "until")
    log().info("reserve", tenant=shop.tenant.id, until=until, by=call.caller.name)
    return ReserveView.of(call_in(shop, until, call.now))


def _desk(call: Call[Any]) -> Desk:
    return desk_for(call.caller, call.params["tenant"])
