"""The agent's side of the queue over HTTP."""

from chalicelib.access.rules import AGENT, LEAD
from chalicelib.contacts.looks import StoryView, contact_view, story_view
from chalicelib.incidents.views import IncidentView
from chalicelib.incidents.wiring import current
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import iso
from chalicelib.queue import console, service
from chalicelib.queue.views import (
    AgentView,
    BeatIn,
    BreakIn,
    CertifiedView,
    CertifyIn,
    ColleaguesView,
    ColleagueView,
    DeskView,
    FiguresView,
)
from chalicelib.queue.wiring import console as screen
from chalicelib.queue.wiring import floor
from chalicelib.web.api import Api, Call, Empty, Reply
from chalicelib.web.etags import etag
from chalicelib.web.pressure import Shed

api = Api()


@api.route("POST", "/v1/queue/next", policy=AGENT, returns=StoryView)
def next_contact(call: Call[Empty]) -> StoryView | None:
    """Take the next contact; 204 when nothing is eligible for you now."""
    here = floor()
    story = service.next_contact(here, call.caller.agent, call.now, expected=call.expected)
    if story is None:
        return None
    with here.acting(story.contact.tenant, call.caller.agent):
        return story_view(call, story, here.desk(story.contact.tenant).tenant, pulled=True)


@api.route("GET", "/v1/agents/me", policy=AGENT, returns=AgentView, shed=Shed.REFRESH)
def me(call: Call[Empty]) -> AgentView:
    """Show what you hold and how much still fits."""
    return AgentView.of(service.find(floor(), call.caller.agent))


@api.route("GET", "/v1/agents/me/desk", policy=AGENT, returns=DeskView, shed=Shed.REFRESH)
def desk(call: Call[Empty]) -> Reply:
    """Show what your console keeps fresh; 304 while nothing of it changed but the clock and your lease."""
    here, pool = screen(), call.caller.pool
    agent = service.find(here.floor, call.caller.agent)
    held = [contact_view(call.caller, contact) for contact in console.held(here, agent)]
    hands = here.hands(pool) if call.caller.kind is Kind.LEAD else 0
    told = [IncidentView.of(one) for one in current(call.now) if one.pool == pool]
    view = DeskView(AgentView.of(agent), held, here.waiting(pool, call.now), hands, iso(call.now), told)
    # Whose lease it is renews it, and knows.
    changes = etag(agent.id, agent.version, agent.capacity, agent.paused, held, view.waiting, hands, told)
    return Reply(view, {"ETag": changes})


@api.route("GET", "/v1/agents/me/colleagues", policy=AGENT, returns=ColleaguesView, shed=Shed.REFRESH)
def colleagues(call: Call[Empty]) -> ColleaguesView:
    """Show to whom you can hand a contact over now."""
    found = console.colleagues(screen(), call.caller.agent, call.caller.pool, call.now)
    return ColleaguesView([ColleagueView.of(one) for one in found])


@api.route("GET", "/v1/agents/me/figures", policy=AGENT, returns=FiguresView, shed=Shed.REFRESH)
def figures(call: Call[Empty]) -> FiguresView:
    """Show how your day has gone so far."""
    return FiguresView.of(console.figures(screen(), call.caller.agent, call.now))


@api.route("POST", "/v1/agents/me/heartbeat", policy=AGENT, body=BeatIn, returns=AgentView)
def heartbeat(call: Call[BeatIn]) -> AgentView:
    """Keep what you hold for another 90 seconds, and let holders see for 45 that you look at theirs."""
    agent = service.heartbeat(floor(), call.caller.agent, call.now)
    for ref in call.body.looking:
        console.look(screen(), agent, ref, call.now)
    return AgentView.of(agent)


@api.route("POST", "/v1/agents/me/break", policy=AGENT, body=BreakIn, returns=AgentView)
def pause(call: Call[BreakIn]) -> AgentView:
    """Begin a break: you keep what you hold, and take nothing new until you are back."""
    return AgentView.of(console.pause(floor(), call.caller.agent, call.body.kind, call.now))


@api.route("POST", "/v1/agents/me/back", policy=AGENT, returns=AgentView)
def come_back(call: Call[Empty]) -> AgentView:
    """End your break, if you are on one."""
    return AgentView.of(console.resume(floor(), call.caller.agent, call.now))


@api.route("POST", "/v1/agents/me/leave", policy=AGENT, returns=AgentView)
def leave(call: Call[Empty]) -> AgentView:
    """Go home; refused while you hold anything."""
    return AgentView.of(service.leave(floor(), call.caller.agent, call.now))


@api.route("PUT", "/v1/floor/agents/{agent}/certified", policy=LEAD, body=CertifyIn, returns=CertifiedView)
def certify(call: Call[CertifyIn]) -> CertifiedView:
    """Say for which shops an agent of your pool may answer, from the next contact on; what is held is kept."""
    tenants = None if call.body.tenants is None else frozenset(call.body.tenants)
    agent = service.certify(floor(), call.params["agent"], call.caller.pool, tenants)
    return CertifiedView(agent.id, None if tenants is None else sorted(tenants))
