"""What the API shows leads of the floor; times are ISO 8601 UTC."""

from typing import Self

from msgspec import Struct

from chalicelib.agents.model import Agent, BreakKind
from chalicelib.floor import rules
from chalicelib.floor.model import AgentState, Counts, Hand, Pool, Shop
from chalicelib.incidents.views import IncidentView
from chalicelib.kernel.clock import Millis, iso
from chalicelib.overflow.views import SecondsView, StepView


class HandView(Struct):
    """Somebody who wants a lead."""

    tenant: str
    contact: str
    agent: str
    since: str

    @classmethod
    def of(cls, hand: Hand) -> Self:
        """Return what the API shows of `hand`."""
        return cls(hand.tenant, hand.contact, hand.agent, iso(hand.since))


class HoldingView(Struct):
    """A contact that an agent holds."""

    tenant: str
    contact: str


class FloorAgentView(Struct, omit_defaults=True):
    """An agent of the pool: `capacity` is that without a break; `certified` are the shops, if not all of them.

    `since` is when the break began, or when a silent agent's lease was over.
    """

    agent: str
    name: str
    state: AgentState
    capacity: int
    load: int
    holding: list[HoldingView]
    break_kind: BreakKind | None = None
    since: str | None = None
    certified: list[str] | None = None

    @classmethod
    def of(cls, agent: Agent, now: Millis) -> Self:
        """Return what the API shows of `agent` at `now`."""
        paused, state = agent.paused, rules.state_of(agent, now)
        since = agent.alive_until if state is AgentState.SILENT else paused.since if paused else 0
        return cls(
            agent=agent.id,
            name=agent.name,
            state=state,
            capacity=paused.capacity if paused else agent.capacity,
            load=agent.load,
            holding=[HoldingView(*ref.split("/")) for ref in sorted(agent.holding)],
            break_kind=paused.kind if paused else None,
            since=iso(since) if since else None,
            certified=None if agent.certified is None else sorted(agent.certified),
        )


class NextPromotionView(Struct):
    """The promotion that runs, or comes next."""

    id: str
    name: str
    starts_at: str
    ends_at: str


class FloorShopView(Struct, omit_defaults=True):
    """A shop of which something is in the pool.

    `oldest_since` is since when the first of its contacts waits, by its place; `expected_wait` is that of whoever
    comes next. While it is `shut` its cap lets nothing in; its reserve is called in until `reserve_until`.
    """

    tenant: str
    name: str
    waiting: int
    held: int
    with_agents: int
    steps: list[StepView]
    shut: bool
    oldest_since: str | None = None
    expected_wait: SecondsView | None = None
    reserve_until: str | None = None
    promotion: NextPromotionView | None = None

    @classmethod
    def of(cls, counts: Counts, shop: Shop) -> Self:
        """Return what the API shows of a shop."""
        wait, coming = shop.wait, shop.promotion
        span = (iso(coming.starts_at), iso(coming.ends_at)) if coming else ("", "")
        return cls(
            tenant=counts.tenant,
            name=shop.name,
            waiting=counts.waiting,
            held=counts.held,
            with_agents=counts.with_agents,
            steps=[StepView(step, iso(since)) for step, since in shop.surge.steps.items()],
            shut=shop.surge.shut,
            oldest_since=iso(counts.oldest) if counts.oldest else None,
            expected_wait=SecondsView(wait.low, wait.expected, wait.high) if wait else None,
            reserve_until=iso(shop.surge.called_until) if shop.surge.called_until else None,
            promotion=NextPromotionView(coming.id, coming.name, *span) if coming else None,
        )


class PoolView(Struct, omit_defaults=True):
    """A pool: how many wait, `front` of them for the second time, and how many are held back from the queue.

    `capacity` and `load` are those of who is present. With `more`, there is more than was counted.
    """

    pool: str
    waiting: int
    front: int
    held: int
    capacity: int
    load: int
    hands: list[HandView]
    agents: list[FloorAgentView]
    tenants: list[FloorShopView]
    more: bool
    oldest_since: str | None = None

    @classmethod
    def of(cls, pool: Pool, now: Millis) -> Self:
        """Return what the API shows of `pool` at `now`."""
        seen = pool.seen
        oldest, (capacity, load) = rules.oldest(seen, now), rules.capacity(seen.agents, now)
        return cls(
            pool=seen.pool,
            waiting=len(seen.queue),
            front=rules.front(seen),
            held=len(seen.held),
            capacity=capacity,
            load=load,
            hands=[HandView.of(one) for one in seen.hands],
            agents=[FloorAgentView.of(one, now) for one in seen.agents],
            tenants=[FloorShopView.of(one, pool.shops[one.tenant]) for one in pool.counts],
            more=pool.more,
            oldest_since=iso(oldest) if oldest else None,
        )


class FloorView(Struct):
    """The pools that the caller leads, and the incidents that are announced there; counts are 2 seconds old."""

    pools: list[PoolView]
    incidents: list[IncidentView]
    as_of: str
