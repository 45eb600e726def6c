"""When an agent is there, and has room."""

from chalicelib.agents.model import Agent
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict


def is_present(agent: Agent, now: Millis) -> bool:
    """Return whether the agent's lease still runs at `now`."""
    return agent.alive_until > now


def require_present(agent: Agent, now: Millis) -> None:
    """Raise Conflict `agent_unavailable` unless the agent is present."""
    if not is_present(agent, now):
        raise Conflict("agent_unavailable", "this colleague is not present")


def require_room(agent: Agent, weight: int) -> None:
    """Raise Conflict `capacity_exceeded` unless `weight` still fits."""
    if weight > agent.free:
        raise Conflict("capacity_exceeded", "the agent's capacity does not allow this contact")
