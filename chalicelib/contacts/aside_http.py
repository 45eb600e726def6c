"""What is done with contacts besides answering them, over HTTP: put off, call a lead, stop, pass on."""

from chalicelib.access.rules import AGENT, LEAD, SHOP_OR_AGENT, SHOP_PEOPLE
from chalicelib.agents.store import all_pools
from chalicelib.contacts import aside, hands, kept
from chalicelib.contacts.aside import Pause
from chalicelib.contacts.bodies import (
    HandIn,
    HandsView,
    HandView,
    IntentIn,
    LaterIn,
    PassIn,
    ReassignIn,
    StopIn,
)
from chalicelib.contacts.calls import ONE, act, desk_of, happened, remark, seen
from chalicelib.contacts.due import hands as hands_up
from chalicelib.contacts.kinds import LaterKind
from chalicelib.contacts.model import Action, Author
from chalicelib.contacts.notices import stop_words
from chalicelib.contacts.views import ContactView
from chalicelib.contacts.wiring import for_two
from chalicelib.kernel.clock import iso
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.text import clean
from chalicelib.promotions.rules import parse_time
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_REASON_LIMIT = 200


@api.route("POST", ONE + "/later", policy=AGENT, body=LaterIn, returns=ContactView)
def put_off(call: Call[LaterIn]) -> ContactView:
    """Put off a contact that you hold: it comes back then, or as soon as its customer writes."""
    body, event = call.body, happened(call, Action.LATER)
    if (body.kind is LaterKind.SEND) != (body.text is not None):
        raise BadInput("text_not_due", "text goes with the kind `send`, and with no other")
    text = remark(call, body.text, Author.AGENT) if body.text is not None else None
    pause = Pause(parse_time(body.until, "until"), body.kind, text, body.answer, body.sure)
    return seen(call, aside.put_off(desk_of(call), call.params["contact"], pause, event, expected=call.expected))


@api.route("POST", ONE + "/wake", policy=AGENT, returns=ContactView)
def wake(call: Call[Empty]) -> ContactView:
    """Take a contact that was put off before its time."""
    event = happened(call, Action.WAKE)
    return seen(call, aside.wake(desk_of(call), call.params["contact"], event, expected=call.expected))


@api.route("POST", ONE + "/hand", policy=AGENT, body=HandIn, returns=ContactView)
def raise_hand(call: Call[HandIn]) -> ContactView:
    """Ask for a lead, who may then read along and whisper."""
    why = remark(call, clean(call.body.reason, limit=_REASON_LIMIT, field="reason"))
    event = happened(call, Action.HAND)
    return seen(call, aside.call_lead(desk_of(call), call.params["contact"], why, event, expected=call.expected))


@api.route("POST", ONE + "/lower-hand", policy=AGENT, returns=ContactView)
def lower_hand(call: Call[Empty]) -> ContactView:
    """Need no lead any more."""
    event = happened(call, Action.LOWER)
    return act(call, lambda contact: hands.lowered(contact, event))


@api.route("POST", ONE + "/stop", policy=AGENT, body=StopIn, returns=ContactView)
def stop(call: Call[StopIn]) -> ContactView:
    """End an abusive conversation that you hold: its customer is told so, and does not come to you again."""
    here, body = desk_of(call), call.body
    said = [remark(call, stop_words(here.tenant.persona.language), Author.HOUSE)]
    if body.text is not None:
        said.append(remark(call, body.text))
    event = happened(call, Action.STOP, body.reason)
    return seen(call, aside.stop(here, call.params["contact"], said, event, expected=call.expected))


@api.route("POST", ONE + "/pass", policy=AGENT, body=PassIn, returns=ContactView)
def pass_on(call: Call[PassIn]) -> ContactView:
    """Pass a contact that you hold on to the shop's own people, who can read your note."""
    event = happened(call, Action.PASS)
    note = remark(call, call.body.note) if call.body.note is not None else None
    return seen(call, aside.pass_on(desk_of(call), call.params["contact"], note, event, expected=call.expected))


@api.route("POST", ONE + "/give", policy=SHOP_PEOPLE, returns=ContactView)
def give(call: Call[Empty]) -> ContactView:
    """Leave a contact that was yours to answer to the desk: it is queued, and billed as any other."""
    event = happened(call, Action.GIVE)
    return seen(call, aside.give(desk_of(call), call.params["contact"], event, expected=call.expected))


@api.route("POST", ONE + "/intent", policy=SHOP_OR_AGENT, body=IntentIn, returns=ContactView)
def set_intent(call: Call[IntentIn]) -> ContactView:
    """Say what a contact is about if its words were misread; it stays where it is."""
    event, intent = happened(call, Action.INTENT), call.body.intent
    return act(call, lambda contact: kept.about(contact, intent, event))


@api.route("POST", ONE + "/reassign", policy=LEAD, body=ReassignIn, returns=ContactView)
def reassign(call: Call[ReassignIn]) -> ContactView:
    """Hand a contact that waits, or that anybody holds, to a present agent of the pool; this is never billed."""
    here, to, event = desk_of(call), call.body.to, happened(call, Action.REASSIGN)
    with for_two(here.tenant.id):
        moved = aside.reassign(here, call.params["contact"], to, event, expected=call.expected)
    return seen(call, moved)


@api.route("GET", "/v1/floor/hands", policy=LEAD, returns=HandsView, shed=Shed.REFRESH)
def list_hands(call: Call[Empty]) -> HandsView:
    """Show leads who of their pool wants one, admins who of every pool does."""
    pools = [call.caller.pool] if call.caller.pool else all_pools()
    up = sorted((one for pool in pools for one in hands_up(pool)), key=lambda one: one.since)
    return HandsView([HandView(one.tenant, one.contact, one.agent, iso(one.since)) for one in up])
