"""What an operator does to a stage, with the product's own code; `infra.session.enter` comes first."""

from chalicelib.access.service import issue
from chalicelib.access.store import Keys
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing import jobs as billing
from chalicelib.billing.model import Report
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import clock
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import format_won
from chalicelib.queue import jobs as queue
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.rules import parse_tenant
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from infra.stages import ROOT


def declared_tenants() -> list[Tenant]:
    """Return every tenant that `tenants/*.toml` declares; exit with all that is wrong if anything is."""
    profiles, wrong = [], []
    for path in sorted((ROOT / "tenants").glob("*.toml")):
        try:
            profiles.append(parse_tenant(path.read_text(encoding="utf-8"), f"tenants/{path.name}"))
        except BadInput as error:
            wrong.append(error.message)
    if wrong:
        raise SystemExit("\n".join(wrong))
    return profiles


def apply_tenants(profiles: list[Tenant]) -> dict[str, list[str]]:
    """Make the stage's tenants equal `profiles`; return the fields that changed, by tenant."""
    for pool in sorted({profile.pool for profile in profiles}):
        commit(Agents().add_pool(pool))
    return {profile.id: apply(profile, Tenants(profile.id), commit) for profile in profiles}


def issue_for_shop(tenant: str) -> str:
    """Issue a key for a shop's server; the shop must have been applied."""
    caller = Caller(Kind.SHOP, "", tenant=Tenants(tenant).profile().id)
    return issue(caller, Keys(Kind.SHOP, tenant), commit)


def issue_for_agent(agent_id: str, pool: str, capacity: int) -> str:
    """Issue a key for an agent, who becomes a member of `pool` if new."""
    agent = Agents().find(agent_id)
    if agent is None:
        agent = Agent(agent_id, agent_id, pool, capacity)
        commit(Agents().add(agent))
    if (agent.pool, agent.capacity) != (pool, capacity):
        raise SystemExit(f"{agent_id} is a member of pool {agent.pool} with capacity {agent.capacity} already")
    caller = Caller(Kind.AGENT, "", agent=agent.id, pool=agent.pool)
    return issue(caller, Keys(Kind.AGENT, agent.id), commit)


def revoke(kind: Kind, owner: str, key: str) -> None:
    """Make a key open nothing; API Gateway forgets it within 30 seconds."""
    commit(Keys(kind, owner).revoke(key))


def now() -> int:
    """Return the stage's domain time in milliseconds UTC."""
    return clock(settings().clock_offset_seconds)()


def sweep() -> None:
    """Return lapsed leases and queue dirty windows again, once."""
    print(f"{queue.sweep_leases(now())} contacts returned, {billing.sweep_windows(now())} windows queued again")


def send_usage() -> int:
    """Send every dirty window now and return how many are still dirty."""
    return billing.send_all(now())


def reconcile(*, repair: bool = False) -> list[Report]:
    """Reconcile every tenant, print what was found, break by break, and return it."""
    reports = billing.reconcile_all(now(), repair=repair)
    print(
        f"{'tenant':16}{'contacts':>9}{'entries':>9}{'billable':>9}{'Stripe':>8}{'ledger':>14}{'difference':>12}"
    )
    for report in reports:
        counts = f"{report.contacts:9}{report.usage_entries:9}{report.billable:9}{report.stripe_total:8}"
        won = f"{format_won(report.ledger_won):>13}{format_won(report.difference_won):>11}"
        print(f"{report.tenant:16}{counts}{won}")
    breaks = [found for report in reports for found in report.breaks]
    for found in breaks:
        print(f"{found.rule} {found.tenant} {found.item}: {found.left} ≠ {found.right} ({found.cause})")
    total = sum(report.difference_won for report in reports)
    print(f"difference: {format_won(total)}, {len(breaks)} breaks")
    return reports
