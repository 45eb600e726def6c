"""Agents in the table: one row each holds presence, capacity, load and what is held."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cachetools import TTLCache
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.agents.model import LEASE, Agent, Presence
from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, sort_key, up_to
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, Mismatch

_POOLS = desk_key("pools")
_presence: TTLCache[str, Presence] = TTLCache(maxsize=256, ttl=2)
_seen: TTLCache[str, Agent] = TTLCache(maxsize=4096, ttl=60)


class _AgentRow(Row, discriminator="agent"):
    agent = UnicodeAttribute()
    name = UnicodeAttribute()
    pool = UnicodeAttribute()
    capacity = NumberAttribute()
    load = NumberAttribute(default=0)
    holding = UnicodeSetAttribute(null=True)
    alive_until = NumberAttribute(default=0)
    version = NumberAttribute(default=0)


class _PoolRow(Row, discriminator="pool"):
    pool = UnicodeAttribute()


class Agents:
    """The members of all pools."""

    def find(self, agent: str) -> Agent | None:
        """Return the agent as he or she is now, or None."""
        row = _AgentRow.find(desk_key("agent", agent), "agent")
        if row is None:
            _seen.pop(agent, None)
            return None
        _seen[agent] = _agent(row)
        return _seen[agent]

    def seen(self, agent: str) -> Agent | None:
        """Return the agent as this process saw him or her last, at most a minute ago, or None: a hint."""
        return _seen.get(agent)

    def add(self, agent: Agent) -> Write:
        """Return the write that stores a new member."""
        row = _row(agent.id)
        row.agent, row.name, row.pool, row.capacity = agent.id, agent.name, agent.pool, agent.capacity
        exists = Conflict("agent_exists", "an agent of this id exists")
        return Put(row, _AgentRow.pk.does_not_exist(), lambda _: exists)

    def add_pool(self, pool: str) -> Write:
        """Return the write that makes a pool known to the sweeper; doing it again changes nothing."""
        row = _PoolRow(pk=desk_key("pool", pool), sk="pool", pool=pool, lists_pk=_POOLS, lists_sk=pool)
        return Put(row)

    def take(
        self, agent: Agent, ref: str, weight: int, *, now: Millis, claiming: bool, version: int | None = None
    ) -> Write:
        """Return the write that adds `ref` to what `agent` holds, if it still fits.

        A claim renews the agent's own lease; what a colleague hands over needs a lease that still runs.
        `version` refuses it with Mismatch if the agent's holding changed since the caller looked.
        """
        fits = (_AgentRow.load <= agent.capacity - weight) & (_AgentRow.capacity == agent.capacity)
        fits &= (_AgentRow.pool == agent.pool) & ~_AgentRow.holding.contains(ref)
        if version is not None:
            fits &= _AgentRow.version == version
        if not claiming:
            fits &= _AgentRow.alive_until > now
        _expect(agent.id, weight)
        actions = [_AgentRow.load.add(weight), _AgentRow.holding.add({ref}), _AgentRow.version.add(1)]
        return Update(
            _row(agent.id), [*actions, *(_alive(agent, now + LEASE) if claiming else ())], fits, _refusal(version)
        )

    def give_back(self, agent: str, ref: str, weight: int, *, lapsed_at: Millis | None = None) -> Write:
        """Return the write that takes `ref` off; with `lapsed_at` only if the lease had run out by then."""
        held: Condition = _AgentRow.holding.contains(ref)
        if lapsed_at is not None:
            held &= _AgentRow.alive_until <= lapsed_at
        _expect(agent, -weight)
        actions: list[Action] = [
            _AgentRow.load.add(-weight),
            _AgentRow.holding.delete({ref}),
            _AgentRow.version.add(1),
        ]
        gone = Conflict("lease_changed", "the agent no longer holds this contact")
        return Update(_row(agent), actions, held, lambda _: gone)

    def beat(self, agent: Agent, now: Millis) -> Write:
        """Return the write of a heartbeat: everything held stays held for another lease."""
        return Update(_row(agent.id), _alive(agent, now + LEASE), _AgentRow.capacity > 0, lambda _: _gone())

    def retire(self, agent: Agent) -> Write:
        """Return the write after which the agent takes nothing more; what is held counts as lapsed at once."""
        actions = [_AgentRow.capacity.set(0), *_alive(agent, 0)]
        return Update(_row(agent.id), actions, _AgentRow.pk.exists(), lambda _: _gone())

    def leave(self, agent: Agent, *, lapsed_at: Millis | None = None) -> Write:
        """Return the write after which the agent counts as absent; refused while anything is held."""
        idle: Condition = _AgentRow.holding.does_not_exist()
        if lapsed_at is not None:
            idle &= _AgentRow.alive_until <= lapsed_at
        actions: list[Action] = [
            _AgentRow.work_pk.remove(),
            _AgentRow.work_sk.remove(),
            _AgentRow.alive_until.set(0),
        ]
        busy = Conflict("agent_holds_contacts", "resolve, transfer or release what you hold first")
        return Update(_row(agent.id), actions, idle, lambda _: busy)

    def presence(self, pool: str, now: Millis) -> Presence:
        """Return the capacity and load of the pool's present agents, at most 2 s old."""
        known = _presence.get(pool)
        if known is None:
            after = _AgentRow.work_sk > up_to(f"{now:015d}")
            with own():
                rows = list(_AgentRow.query(_present(pool), after, index_name="work"))
            known = Presence(sum(int(row.capacity) for row in rows), sum(int(row.load) for row in rows))
            _presence[pool] = known
        return known

    def lapsed(self, pool: str, now: Millis) -> list[str]:
        """Return the ids of agents whose lease has run out: a hint, to be checked by the write."""
        before = _AgentRow.work_sk < up_to(f"{now:015d}")
        with own():
            return [row.agent for row in _AgentRow.query(_present(pool), before, index_name="work")]


def all_pools() -> list[str]:
    """Return the ids of all pools."""
    with own():
        return [str(row.lists_sk) for row in _PoolRow.query(_POOLS, index_name="lists")]


def forget_presence() -> None:
    """Forget what this process has seen: for tests."""
    _presence.clear()
    _seen.clear()


def _expect(agent: str, weight: int) -> None:
    """Let the hint follow a change that is about to be made; if that is refused, a fresh look corrects it."""
    known = _seen.get(agent)
    if known is not None:
        _seen[agent] = replace(known, load=known.load + weight)


def _row(agent: str) -> _AgentRow:
    return _AgentRow(pk=desk_key("agent", agent), sk="agent")


def _present(pool: str) -> str:
    return desk_key("present", pool)


def _gone() -> Conflict:
    return Conflict("agent_gone", "this agent is no longer a member")


def _alive(agent: Agent, until: Millis) -> list[Action]:
    return [
        _AgentRow.alive_until.set(until),
        _AgentRow.work_pk.set(_present(agent.pool)),
        _AgentRow.work_sk.set(sort_key(f"{until:015d}", agent.id)),
    ]


def _refusal(version: int | None) -> Callable[[Any], Exception]:
    def refused(old: Any) -> Exception:
        if old is not None and version is not None and int(old.version) != version:
            message = "what you hold changed since you looked"
            return Mismatch("version_mismatch", message, version=int(old.version))
        return Conflict("capacity_exceeded", "the agent's capacity does not allow this contact")

    return refused


def _agent(row: _AgentRow) -> Agent:
    return Agent(
        id=row.agent,
        name=row.name,
        pool=row.pool,
        capacity=int(row.capacity),
        load=int(row.load),
        holding=frozenset(row.holding or ()),
        alive_until=int(row.alive_until),
        version=int(row.version),
    )
