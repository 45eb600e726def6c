"""Shops, pools and agents for a test, made by the operator's own commands."""

from collections.abc import Iterable
from functools import cache

from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws import queues
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing.wiring import gateway
from chalicelib.tenants.model import Channel, Contract, Hours, Persona, Tenant, Trade
from infra import operate
from tests.stack.forks import ready

# More than anything here sends, and less than two contacts at once.
GENEROUS, TIGHT = Contract(rate_per_hour=10_000, burst=10_000), Contract(rate_per_hour=60, burst=1)


def tenant(tenant_id: str, pool: str, *, price_won: int = 700, contract: Contract = GENEROUS) -> Tenant:
    """Return a shop that takes every channel, by default with a contract that nothing here exceeds."""
    return Tenant(
        id=tenant_id,
        name=f"{tenant_id} 상점",
        name_en=tenant_id,
        kind=Trade.FASHION,
        pool=pool,
        price_won=price_won,
        channels=tuple(Channel),
        contract=contract,
        persona=Persona(agent_name="두레", tone="다정하게", greeting="안녕하세요", signature="두레 드림"),
        hours=Hours(),
    )


def found(tenants: Iterable[Tenant], agents: Iterable[Agent]) -> None:
    """Store shops and agents."""
    operate.apply_tenants(list(tenants))
    for agent in agents:
        commit(Agents().add(agent))


def found_with_keys(
    tenants: list[str], agents: list[str], pool: str, capacity: int, contract: tuple[int, int] = (10_000, 10_000)
) -> dict[str, str]:
    """Store shops and agents of one pool and return an API key for each, by id; `contract` is rate and burst."""
    rate, burst = contract
    agreed = Contract(rate_per_hour=rate, burst=burst)
    operate.apply_tenants([tenant(tenant_id, pool, contract=agreed) for tenant_id in tenants])
    keys = {tenant_id: operate.issue_for_shop(tenant_id) for tenant_id in tenants}
    return keys | {agent_id: operate.issue_for_agent(agent_id, pool, capacity) for agent_id in agents}


@cache
def warm() -> None:
    """Make this process what a warm function is: everything imported, clients there, nothing remembered."""
    Agents().find("nobody")
    queues.send(settings().usage_queue_url, {}, group="warm", once="warm")
    queues.receive(settings().overflow_queue_url, 1)
    gateway()
    ready()
