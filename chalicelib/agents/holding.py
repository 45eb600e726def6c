"""How an agent's row changes with what the agent takes and gives back."""

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.agents.model import Agent, Work
from chalicelib.agents.rows import AgentRow
from chalicelib.kernel.clock import Millis


def fits(agent: Agent, ref: str, weight: int, *, version: int | None, customer: str) -> Condition:
    """Return the condition on which `agent`, as last seen, takes the contact `ref` of `customer`."""
    room: Condition = (AgentRow.load <= agent.capacity - weight) & (AgentRow.capacity == agent.capacity)
    room &= (AgentRow.pool == agent.pool) & ~AgentRow.holding.contains(ref)
    room &= AgentRow.certified.does_not_exist() | AgentRow.certified.contains(tenant_of(ref))
    if version is not None:
        room &= AgentRow.version == version
    if customer:
        room &= ~AgentRow.barred.contains(customer)
    return room


def is_held(ref: str, lapsed_at: Millis | None) -> Condition:
    """Return the condition that `ref` is held; with `lapsed_at`, by an agent whose lease had run out by then."""
    held: Condition = AgentRow.holding.contains(ref)
    return held if lapsed_at is None else held & (AgentRow.alive_until <= lapsed_at)


def held_more(ref: str, weight: int) -> list[Action]:
    """Return what adds `ref` to what is held."""
    return [AgentRow.load.add(weight), AgentRow.holding.add({ref}), AgentRow.version.add(1)]


def held_less(ref: str, weight: int, work: Work, barring: str) -> list[Action]:
    """Return what takes `ref` off what is held, with the `work` on it, and bars from a customer, if any."""
    actions: list[Action] = [
        AgentRow.load.add(-weight),
        AgentRow.holding.delete({ref}),
        AgentRow.version.add(1),
    ]
    if work.finished:
        actions += [AgentRow.finished.add(work.finished), AgentRow.worked.add(work.worked)]
    if barring:
        actions.append(AgentRow.barred.add({barring}))
    return actions


def tenant_of(ref: str) -> str:
    """Return whose the contact `ref` is."""
    return ref.partition("/")[0]
