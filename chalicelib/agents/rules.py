"""When an agent is there, has room, or is on a break; and how the day went."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.agents.model import Agent, Colleague, Day
from chalicelib.kernel.clock import KST, SECOND, Millis
from chalicelib.kernel.errors import Conflict

MOST_COLLEAGUES = 200


def is_present(agent: Agent, now: Millis) -> bool:
    """Return whether the agent's lease still runs at `now`."""
    return agent.alive_until > now


def require_present(agent: Agent, now: Millis) -> None:
    """Raise Conflict `agent_unavailable` unless the agent is present."""
    if not is_present(agent, now):
        raise Conflict("agent_unavailable", "this colleague is not present")


def require_room(agent: Agent, weight: int) -> None:
    """Raise Conflict `on_break` during a break, or `capacity_exceeded` unless `weight` still fits."""
    if agent.paused:
        raise on_break()
    if weight > agent.free:
        raise Conflict("capacity_exceeded", "the agent's capacity does not allow this contact")


def is_certified(agent: Agent, tenant: str) -> bool:
    """Return whether the agent may answer for this shop."""
    return agent.certified is None or tenant in agent.certified


def require_certified(agent: Agent, tenant: str) -> None:
    """Raise Conflict `not_certified` unless the agent may answer for this shop."""
    if not is_certified(agent, tenant):
        raise not_certified()


def not_certified() -> Conflict:
    """Return the refusal of a shop's contacts for an agent who may not answer for it."""
    return Conflict("not_certified", "the agent does not answer for this shop")


def on_break() -> Conflict:
    """Return the refusal of anything new during a break."""
    return Conflict("on_break", "the agent is on a break and takes nothing new")


def colleagues_of(agent: str, present: Iterable[Colleague]) -> list[Colleague]:
    """Return who can take over from `agent`, those with room first, then by name; at most 200.

    Whoever is on a break cannot.
    """
    others = [one for one in present if one.id != agent and one.capacity]
    return sorted(others, key=lambda one: (not one.free, one.name, one.id))[:MOST_COLLEAGUES]


def date_of(at: Millis) -> str:
    """Return the day of `at` in Asia/Seoul: `2026-11-21`."""
    return datetime.fromtimestamp(at / SECOND, KST).strftime("%Y-%m-%d")


def break_time(since: Millis, now: Millis) -> Millis:
    """Return how long a break lasts at `now`; what comes after midnight in Seoul does not count."""
    midnight = datetime.fromtimestamp(since / SECOND, KST).replace(hour=0, minute=0, second=0, microsecond=0)
    until = int((midnight + timedelta(days=1)).timestamp()) * SECOND
    return max(0, min(now, until) - since)


def so_far(day: Day, agent: Agent, now: Millis) -> Day:
    """Return `day` with the break in it that still goes on."""
    if agent.paused is None or date_of(agent.paused.since) != day.date:
        return day
    kind, passed = agent.paused.kind, break_time(agent.paused.since, now)
    return replace(day, breaks={**day.breaks, kind: day.breaks.get(kind, 0) + passed})
