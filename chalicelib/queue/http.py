"""The agent's side of the queue over HTTP."""

from typing import Self

from msgspec import Struct

from chalicelib.access.rules import AGENT
from chalicelib.agents.model import Agent
from chalicelib.contacts.looks import StoryView, story_view
from chalicelib.kernel.clock import iso
from chalicelib.queue import service
from chalicelib.queue.wiring import floor
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()


class AgentView(Struct):
    """What an agent holds, as `tenant/contact`; `version` is what `If-Match` of a pull takes."""

    id: str
    name: str
    pool: str
    capacity: int
    load: int
    holding: list[str]
    present_until: str
    version: int

    @classmethod
    def of(cls, agent: Agent) -> Self:
        """Return what the API shows of `agent`."""
        return cls(
            id=agent.id,
            name=agent.name,
            pool=agent.pool,
            capacity=agent.capacity,
            load=agent.load,
            holding=sorted(agent.holding),
            present_until=iso(agent.alive_until),
            version=agent.version,
        )


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


@api.route("POST", "/v1/agents/me/heartbeat", policy=AGENT, returns=AgentView)
def heartbeat(call: Call[Empty]) -> AgentView:
    """Keep what you hold for another 90 seconds."""
    return AgentView.of(service.heartbeat(floor(), call.caller.agent, call.now))


@api.route("POST", "/v1/agents/me/leave", policy=AGENT, returns=AgentView)
def leave(call: Call[Empty]) -> AgentView:
    """Go home; refused while you hold anything."""
    return AgentView.of(service.leave(floor(), call.caller.agent))
