"""What is counted of a pool, and how an agent stands."""

from collections import Counter
from collections.abc import Iterable

from chalicelib.agents.model import Agent
from chalicelib.agents.rules import is_present
from chalicelib.floor.model import AgentState, Counts, Seen
from chalicelib.kernel.clock import Millis
from chalicelib.promotions.model import Promotion, Status
from chalicelib.promotions.rules import shown, status_of
from chalicelib.routing.model import Band


def counts(seen: Seen, now: Millis) -> list[Counts]:
    """Return what each shop has in the pool, those first of which the most waits or is held back."""
    waiting = Counter(one.tenant for one in seen.queue)
    held = Counter(one.tenant for one in seen.held)
    hands = Counter(ref.partition("/")[0] for agent in seen.agents for ref in agent.holding)
    found = [
        Counts(tenant, waiting[tenant], held[tenant], hands[tenant], _oldest(seen, tenant, now))
        for tenant in waiting.keys() | held.keys() | hands.keys()
    ]
    return sorted(found, key=lambda one: (-one.waiting - one.held, -one.with_agents, one.tenant))


def oldest(seen: Seen, now: Millis) -> Millis:
    """Return since when the first of the whole pool waits; 0 while nobody does.

    Who sent more than the contract has places in the future, and counts from now on.
    """
    return min((min(one.rank, now) for one in seen.queue), default=0)


def front(seen: Seen) -> int:
    """Return how many wait at the front: they were in somebody's hands before."""
    return sum(one.band is Band.FRONT for one in seen.queue)


def state_of(agent: Agent, now: Millis) -> AgentState:
    """Return how an agent of the pool stands at `now`."""
    if not is_present(agent, now):
        return AgentState.SILENT
    return AgentState.BREAK if agent.paused else AgentState.PRESENT


def capacity(agents: Iterable[Agent], now: Millis) -> tuple[int, int]:
    """Return the weight that the present agents carry at most, and do; a break carries nothing."""
    there = [agent for agent in agents if state_of(agent, now) is AgentState.PRESENT]
    return sum(agent.capacity for agent in there), sum(agent.load for agent in there)


def coming(promotions: Iterable[Promotion], now: Millis) -> Promotion | None:
    """Return the promotion that runs, or else the next one; None for a shop without any."""
    standing = (one for one in shown(promotions, now) if status_of(one, now) in _STANDING)
    return next(standing, None)


_STANDING = {Status.ANNOUNCED, Status.RUNNING}


def _oldest(seen: Seen, tenant: str, now: Millis) -> Millis:
    return min((min(one.rank, now) for one in seen.queue if one.tenant == tenant), default=0)
