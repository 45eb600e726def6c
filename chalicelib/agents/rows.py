"""How agents and pools look in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.update import Action

from chalicelib.agents.model import Agent, Break, BreakKind
from chalicelib.aws.keys import desk_key, sort_key
from chalicelib.aws.tables import Row
from chalicelib.kernel.clock import Millis

POOLS = desk_key("pools")


class AgentRow(Row, discriminator="agent"):
    """A member of a pool."""

    agent = UnicodeAttribute()
    name = UnicodeAttribute()
    pool = UnicodeAttribute()
    capacity = NumberAttribute()
    load = NumberAttribute(default=0)
    holding = UnicodeSetAttribute(null=True)
    alive_until = NumberAttribute(default=0)
    version = NumberAttribute(default=0)
    finished = NumberAttribute(default=0)
    worked = NumberAttribute(default=0)
    barred = UnicodeSetAttribute(null=True)
    certified = UnicodeSetAttribute(null=True)
    break_kind = UnicodeAttribute(null=True)
    break_since = NumberAttribute(null=True)
    break_capacity = NumberAttribute(null=True)


class PoolRow(Row, discriminator="pool"):
    """A pool."""

    pool = UnicodeAttribute()


def agent_row(agent: str) -> AgentRow:
    """Return the key of an agent's row."""
    return AgentRow(pk=desk_key("agent", agent), sk="agent")


def pool_row(pool: str) -> PoolRow:
    """Return the row of a pool."""
    return PoolRow(pk=desk_key("pool", pool), sk="pool", pool=pool, lists_pk=POOLS, lists_sk=pool)


def present_of(pool: str) -> str:
    """Return the index partition of a pool's present agents, by the end of their leases."""
    return desk_key("present", pool)


def alive(agent: Agent, until: Millis) -> list[Action]:
    """Return what makes `agent` present until then."""
    return [
        AgentRow.alive_until.set(until),
        AgentRow.work_pk.set(present_of(agent.pool)),
        AgentRow.work_sk.set(sort_key(f"{until:015d}", agent.id)),
    ]


def over(before: Break) -> list[Action]:
    """Return what ends a break: the capacity that was put aside is there again."""
    return [AgentRow.capacity.set(before.capacity), *forgotten()]


def forgotten() -> list[Action]:
    """Return what leaves nothing of a break."""
    return [AgentRow.break_kind.remove(), AgentRow.break_since.remove(), AgentRow.break_capacity.remove()]


def read_agent(row: AgentRow) -> Agent:
    """Return the agent in `row`."""
    return Agent(
        id=row.agent,
        name=row.name,
        pool=row.pool,
        capacity=int(row.capacity),
        load=int(row.load),
        holding=frozenset(row.holding or ()),
        alive_until=int(row.alive_until),
        version=int(row.version),
        paused=_break(row),
        barred=frozenset(row.barred or ()),
        certified=frozenset(row.certified) if row.certified else None,
    )


def _break(row: AgentRow) -> Break | None:
    if not row.break_kind:
        return None
    return Break(BreakKind(row.break_kind), int(row.break_since or 0), int(row.break_capacity or 0))
