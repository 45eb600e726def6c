"""Eight agents at their consoles: pull, work on a few contacts side by side, keep the lease."""

import time
from collections.abc import Sequence
from typing import Any

from tests.demo.client import Unexpected
from tests.demo.conversation import Work, answer
from tests.demo.floor import Talk
from tests.demo.team import Agent

AT_ONCE = 2
BEAT_SECONDS = 30
LOOK_SECONDS = 0.4


def work_shift(agent: Agent, team: Sequence[Agent]) -> None:
    """Work until every conversation of the phase has ended."""
    at = time.monotonic()
    cases: list[Work] = []
    while not agent.floor.is_done:
        if time.monotonic() - at > BEAT_SECONDS:
            agent.client.act("/v1/agents/me/heartbeat")
            at = time.monotonic()
        cases += [answer(agent, talk, team) for talk in _handed_over(agent)]
        if not cases and not agent.is_silent:
            cases = [answer(agent, talk, team) for talk in _pull(agent)]
        cases = [case for case in cases if next(case, StopIteration) is None]
        if agent.is_silent and not cases:
            agent.silent_since = time.monotonic()
            return


def clear(agents: Sequence[Agent]) -> int:
    """Close what an earlier, broken-off run left behind, unanswered; return how many contacts that was."""
    closed = 0
    for agent in agents:
        for ref in agent.client.act("/v1/agents/me/heartbeat").body["holding"]:
            tenant, _, contact = ref.partition("/")
            agent.client.act(f"/v1/tenants/{tenant}/contacts/{contact}/resolve", {"sure": True})
            closed += 1
    while story := agents[0].client.act("/v1/queue/next").body:
        agents[0].client.act(_path(story["contact"]) + "/resolve", {"sure": True})
        closed += 1
    return closed


def _pull(agent: Agent) -> list[Talk]:
    """Take a few contacts to work on side by side."""
    taken: list[Talk] = []
    while len(taken) < AT_ONCE and agent.floor.work_to_do(0 if taken else LOOK_SECONDS):
        story = agent.client.act("/v1/queue/next", refusals={503: "busy"}).body
        if not story or "contact" not in story:
            if not taken:
                time.sleep(LOOK_SECONDS)
            break
        agent.floor.claimed(story["contact"], agent.name)
        talk = agent.floor.find(story["contact"]["id"])
        if talk:
            taken.append(talk)
        else:
            _close_stray(agent, story["contact"])
    return taken


def _close_stray(agent: Agent, contact: dict[str, Any]) -> None:
    """Someone else uses the desk meanwhile: this contact is not of the demo."""
    agent.floor.letting_go(contact["id"])
    agent.client.act(_path(contact) + "/resolve", {"sure": True})
    agent.floor.returned()
    agent.floor.strays += 1


def _handed_over(agent: Agent) -> list[Talk]:
    """Find what colleagues passed on: the agent's own view names it."""
    found = []
    while not agent.inbox.empty():
        talk = agent.inbox.get()
        holding = agent.client.get("/v1/agents/me")["holding"]
        if f"{talk.inquiry.tenant}/{talk.contact}" not in holding:
            raise Unexpected(f"{agent.name} does not hold {talk.inquiry.id}, which was handed over")
        agent.floor.handed_over(talk.contact, agent.name)
        found.append(talk)
    return found


def _path(contact: dict[str, Any]) -> str:
    return f"/v1/tenants/{contact['tenant']}/contacts/{contact['id']}"
