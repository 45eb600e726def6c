"""Agents in the table: one row each holds presence, capacity, load and what is held."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cachetools import LRUCache, TTLCache
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.agents.model import LEASE, NO_WORK, Agent, Presence, Work
from chalicelib.agents.rows import POOLS, AgentRow, PoolRow, agent_row, alive, pool_row, present_of, read_agent
from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, up_to
from chalicelib.aws.tables import Put, Update, Write
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import Conflict, Mismatch

_FRESH: Millis = 2 * SECOND
_presence: LRUCache[str, tuple[Millis, Presence]] = LRUCache(maxsize=256)
_SUMMED = ("capacity", "load", "finished", "worked")
_seen: TTLCache[str, Agent] = TTLCache(maxsize=4096, ttl=60)


class Agents:
    """The members of all pools."""

    def find(self, agent: str) -> Agent | None:
        """Return the agent as he or she is now, or None."""
        row = AgentRow.find(desk_key("agent", agent), "agent")
        if row is None:
            _seen.pop(agent, None)
            return None
        found = _seen[agent] = read_agent(row)
        return found

    def seen(self, agent: str) -> Agent | None:
        """Return the agent as this process saw him or her last, at most a minute ago, or None: a hint."""
        return _seen.get(agent)

    def add(self, agent: Agent) -> Write:
        """Return the write that stores a new member."""
        row = agent_row(agent.id)
        row.agent, row.name, row.pool, row.capacity = agent.id, agent.name, agent.pool, agent.capacity
        exists = Conflict("agent_exists", "an agent of this id exists")
        return Put(row, AgentRow.pk.does_not_exist(), lambda _: exists)

    def add_pool(self, pool: str) -> Write:
        """Return the write that makes a pool known to the sweeper; doing it again changes nothing."""
        return Put(pool_row(pool))

    def take(
        self, agent: Agent, ref: str, weight: int, *, now: Millis, claiming: bool, version: int | None = None
    ) -> Write:
        """Return the write that adds `ref` to what `agent` holds, if it still fits.

        A claim renews the agent's own lease; what a colleague hands over needs a lease that still runs.
        `version` refuses it with Mismatch if the agent's holding changed since the caller looked.
        """
        fits = (AgentRow.load <= agent.capacity - weight) & (AgentRow.capacity == agent.capacity)
        fits &= (AgentRow.pool == agent.pool) & ~AgentRow.holding.contains(ref)
        if version is not None:
            fits &= AgentRow.version == version
        if not claiming:
            fits &= AgentRow.alive_until > now
        _expect(agent.id, weight)
        actions: list[Action] = [AgentRow.load.add(weight), AgentRow.holding.add({ref}), AgentRow.version.add(1)]
        if claiming:
            actions += alive(agent, now + LEASE)
        return Update(agent_row(agent.id), actions, fits, _refusal(version))

    def give_back(
        self, agent: str, ref: str, weight: int, *, lapsed_at: Millis | None = None, work: Work = NO_WORK
    ) -> Write:
        """Return the write that takes `ref` off, and counts the `work` on it.

        With `lapsed_at` it is refused unless the lease had run out by then.
        """
        held: Condition = AgentRow.holding.contains(ref)
        if lapsed_at is not None:
            held &= AgentRow.alive_until <= lapsed_at
        _expect(agent, -weight)
        actions: list[Action] = [
            AgentRow.load.add(-weight),
            AgentRow.holding.delete({ref}),
            AgentRow.version.add(1),
        ]
        if work.finished:
            actions += [AgentRow.finished.add(work.finished), AgentRow.worked.add(work.worked)]
        gone = Conflict("lease_changed", "the agent no longer holds this contact")
        return Update(agent_row(agent), actions, held, lambda _: gone)

    def beat(self, agent: Agent, now: Millis) -> Write:
        """Return the write of a heartbeat: everything held stays held for another lease."""
        return Update(agent_row(agent.id), alive(agent, now + LEASE), AgentRow.capacity > 0, lambda _: _gone())

    def retire(self, agent: Agent) -> Write:
        """Return the write after which the agent takes nothing more; what is held counts as lapsed at once."""
        actions = [AgentRow.capacity.set(0), *alive(agent, 0)]
        return Update(agent_row(agent.id), actions, AgentRow.pk.exists(), lambda _: _gone())

    def leave(self, agent: Agent, *, lapsed_at: Millis | None = None) -> Write:
        """Return the write after which the agent counts as absent; refused while anything is held."""
        idle: Condition = AgentRow.holding.does_not_exist()
        if lapsed_at is not None:
            idle &= AgentRow.alive_until <= lapsed_at
        actions: list[Action] = [
            AgentRow.work_pk.remove(),
            AgentRow.work_sk.remove(),
            AgentRow.alive_until.set(0),
            AgentRow.finished.set(0),
            AgentRow.worked.set(0),
        ]
        busy = Conflict("agent_holds_contacts", "resolve, transfer or release what you hold first")
        return Update(agent_row(agent.id), actions, idle, lambda _: busy)

    def presence(self, pool: str, now: Millis) -> Presence:
        """Return what the pool's present agents can take and have done, at most 2 s old."""
        at, known = _presence.get(pool, (0, None))
        # Whoever comes to a pool in which nobody is present is counted at once.
        if known is None or not known.capacity or not 0 <= now - at < _FRESH:
            after = AgentRow.work_sk > up_to(f"{now:015d}")
            with own():
                rows = list(AgentRow.query(present_of(pool), after, index_name="work"))
            sums = (sum(int(getattr(row, name)) for row in rows) for name in _SUMMED)
            known = Presence(*sums)
            _presence[pool] = (now, known)
        return known

    def lapsed(self, pool: str, now: Millis) -> list[str]:
        """Return the ids of agents whose lease has run out: a hint, to be checked by the write."""
        before = AgentRow.work_sk < up_to(f"{now:015d}")
        with own():
            return [row.agent for row in AgentRow.query(present_of(pool), before, index_name="work")]


def all_pools() -> list[str]:
    """Return the ids of all pools."""
    with own():
        return [str(row.lists_sk) for row in PoolRow.query(POOLS, index_name="lists")]


def forget_presence() -> None:
    """Forget what this process has seen: for tests."""
    _presence.clear()
    _seen.clear()


def _expect(agent: str, weight: int) -> None:
    """Let the hint follow a change that is about to be made; if that is refused, a fresh look corrects it."""
    known = _seen.get(agent)
    if known is not None:
        _seen[agent] = replace(known, load=known.load + weight)


def _gone() -> Conflict:
    return Conflict("agent_gone", "this agent is no longer a member")


def _refusal(version: int | None) -> Callable[[Any], Exception]:
    def refused(old: Any) -> Exception:
        if old is not None and version is not None and int(old.version) != version:
            message = "what you hold changed since you looked"
            return Mismatch("version_mismatch", message, version=int(old.version))
        return Conflict("capacity_exceeded", "the agent's capacity does not allow this contact")

    return refused
