"""Agents in the table: one row each holds presence, capacity, load and what is held."""

from cachetools import LRUCache
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.agents import holding, refusals, sightings, timeline
from chalicelib.agents.model import LEASE, NO_WORK, Agent, Break, Presence, Work
from chalicelib.agents.rows import (
    POOLS,
    AgentRow,
    PoolRow,
    agent_row,
    alive,
    forgotten,
    over,
    pool_row,
    present_of,
    read_agent,
)
from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, up_to
from chalicelib.aws.tables import Put, Together, Update, Write
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import Conflict

_FRESH: Millis = 2 * SECOND
_presence: LRUCache[str, tuple[Millis, Presence]] = LRUCache(maxsize=256)


class Agents:
    """The members of all pools."""

    def find(self, agent: str) -> Agent | None:
        """Return the agent as he or she is now, or None."""
        row = AgentRow.find(desk_key("agent", agent), "agent")
        found = None if row is None else read_agent(row)
        sightings.remember(agent, found)
        return found

    def seen(self, agent: str) -> Agent | None:
        """Return the agent as this process saw him or her last, at most a minute ago, or None: a hint."""
        return sightings.recall(agent)

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
        self,
        agent: Agent,
        ref: str,
        weight: int,
        *,
        now: Millis,
        claiming: bool,
        version: int | None = None,
        customer: str = "",
    ) -> Write:
        """Return the write that adds `ref` to what `agent` holds, if it still fits.

        A claim renews the agent's own lease; what a colleague hands over needs a lease that still runs.
        `version` refuses it with Mismatch if the agent's holding changed since the caller looked, and `customer`
        (`tenant/handle`) with Conflict if the agent is barred from that one.
        """
        fits = holding.fits(agent, ref, weight, version=version, customer=customer)
        fits = fits if claiming else fits & (AgentRow.alive_until > now)
        sightings.expect(agent.id, weight)
        actions = [*holding.held_more(ref, weight), *(alive(agent, now + LEASE) if claiming else [])]
        return Update(agent_row(agent.id), actions, fits, refusals.not_taken(holding.tenant_of(ref), version))

    def give_back(
        self,
        agent: str,
        ref: str,
        weight: int,
        *,
        lapsed_at: Millis | None = None,
        work: Work = NO_WORK,
        barring: str = "",
    ) -> Write:
        """Return the write that takes `ref` off, and counts the `work` on it: for the pool, and for the day.

        With `lapsed_at` it is refused unless the lease had run out by then. From the customer `barring`
        (`tenant/handle`) the agent is barred from now on.
        """
        gone = Conflict("lease_changed", "the agent no longer holds this contact")
        actions, held = holding.held_less(ref, weight, work, barring), holding.is_held(ref, lapsed_at)
        sightings.expect(agent, -weight)
        given = Update(agent_row(agent), actions, held, lambda _: gone)
        return Together([given, timeline.worked(agent, work)]) if work.finished else given

    def beat(self, agent: Agent, now: Millis) -> Write:
        """Return the write of a heartbeat: everything held stays held for another lease."""
        member = (AgentRow.capacity > 0) | AgentRow.break_kind.exists()
        return Update(agent_row(agent.id), alive(agent, now + LEASE), member, lambda _: refusals.gone())

    def pause(self, agent: Agent, wanted: Break) -> Write:
        """Return the write that begins a break: what is held is kept, and nothing is taken until it is over."""
        actions = [
            AgentRow.capacity.set(0),
            AgentRow.break_kind.set(wanted.kind),
            AgentRow.break_since.set(wanted.since),
            AgentRow.break_capacity.set(wanted.capacity),
            *alive(agent, wanted.since + LEASE),
        ]
        works = (AgentRow.capacity == wanted.capacity) & (AgentRow.capacity > 0)
        return Update(agent_row(agent.id), actions, works, refusals.not_paused)

    def resume(self, agent: Agent, before: Break, now: Millis) -> Write:
        """Return the write that ends the break `before`, and counts it."""
        actions = [*over(before), *alive(agent, now + LEASE)]
        other = Conflict("break_over", "this break is over")
        back = Update(agent_row(agent.id), actions, AgentRow.break_since == before.since, lambda _: other)
        return Together([back, timeline.rested(agent.id, before, now)])

    def retire(self, agent: Agent) -> Write:
        """Return the write after which the agent takes nothing more; what is held counts as lapsed at once."""
        actions = [AgentRow.capacity.set(0), *forgotten(), *alive(agent, 0)]
        return Update(agent_row(agent.id), actions, AgentRow.pk.exists(), lambda _: refusals.gone())

    def certify(self, agent: Agent, tenants: frozenset[str] | None) -> Write:
        """Return the write after which the agent takes contacts of these shops alone; None: of all of the pool."""
        to: Action = AgentRow.certified.set(set(tenants)) if tenants else AgentRow.certified.remove()
        return Update(agent_row(agent.id), [to], AgentRow.pool == agent.pool, lambda _: refusals.gone())

    def leave(self, agent: Agent, now: Millis, *, lapsed: bool = False) -> Write:
        """Return the write after which the agent counts as absent; refused while anything is held.

        A break is over then. If the agent `lapsed` it goes on, and it is refused unless the lease has run out.
        """
        idle: Condition = AgentRow.holding.does_not_exist()
        if lapsed:
            idle &= AgentRow.alive_until <= now
        actions: list[Action] = [
            AgentRow.work_pk.remove(),
            AgentRow.work_sk.remove(),
            AgentRow.alive_until.set(0),
            AgentRow.finished.set(0),
            AgentRow.worked.set(0),
        ]
        busy = Conflict("agent_holds_contacts", "resolve, transfer or release what you hold first")
        if lapsed or agent.paused is None:
            return Update(agent_row(agent.id), actions, idle, lambda _: busy)
        idle &= AgentRow.break_since == agent.paused.since
        left = Update(agent_row(agent.id), [*actions, *over(agent.paused)], idle, lambda _: busy)
        return Together([left, timeline.rested(agent.id, agent.paused, now)])

    def presence(self, pool: str, now: Millis) -> Presence:
        """Return what the pool's present agents can take and have done, at most 2 s old."""
        at, known = _presence.get(pool, (0, None))
        # Whoever comes to a pool in which nobody is present is counted at once.
        if known is None or not known.capacity or not 0 <= now - at < _FRESH:
            after = AgentRow.work_sk > up_to(f"{now:015d}")
            with own():
                rows = list(AgentRow.query(present_of(pool), after, index_name="work"))
            known = _summed(rows)
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
    sightings.forget()


def _summed(rows: list[AgentRow]) -> Presence:
    # What is held during a break takes no room of colleagues'.
    load = sum(min(int(row.load), int(row.capacity)) for row in rows)
    capacity, finished, worked = (
        sum(int(getattr(row, name)) for row in rows) for name in ("capacity", "finished", "worked")
    )
    return Presence(capacity, load, finished, worked)
