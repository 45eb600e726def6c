"""What an operator does to a stage, with the product's own code; `infra.session.enter` comes first."""

import secrets
from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.access.service import issue
from chalicelib.access.store import Keys
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing import jobs as billing
from chalicelib.bills import jobs as bills
from chalicelib.closing import jobs as closing
from chalicelib.closing.model import Report
from chalicelib.closing.proving import Blocked
from chalicelib.handbook import wiring as handbooks
from chalicelib.handbook.declared import Declared, parse_handbook
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import clock
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import format_won
from chalicelib.overflow.jobs import climb_ladders, sweep_overflow
from chalicelib.people import invitations
from chalicelib.people.model import Actor
from chalicelib.people.rules import normal_mail
from chalicelib.people.wiring import desks, door
from chalicelib.privacy.model import Access
from chalicelib.privacy.store import AccessRecords
from chalicelib.queue import jobs as queue
from chalicelib.rights import exports as rights
from chalicelib.rights import jobs as erasures
from chalicelib.rights.wiring import registry
from chalicelib.tenants.declared import parse_tenant
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from chalicelib.visitors import service as visitors
from chalicelib.visitors.model import WidgetKey
from chalicelib.visitors.rules import normal_origin
from chalicelib.visitors.store import WidgetKeys
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
    return {profile.id: apply(profile, Tenants(profile.id), commit, now=now()) for profile in profiles}


def declared_handbooks() -> dict[str, Declared]:
    """Return the handbook that each `tenants/*.toml` declares; exit with all that is wrong if anything is."""
    found, wrong = {}, []
    for path in sorted((ROOT / "tenants").glob("*.toml")):
        try:
            found[path.stem] = parse_handbook(path.read_text(encoding="utf-8"), f"tenants/{path.name}")
        except BadInput as error:
            wrong.append(error.message)
    if wrong:
        raise SystemExit("\n".join(wrong))
    return found


def apply_handbooks(declared: dict[str, Declared]) -> dict[str, list[str]]:
    """Make the handbooks of shops that were applied follow `declared`; return what changed, by tenant."""
    return {tenant: handbooks.apply(handbook, tenant, now()) for tenant, handbook in declared.items()}


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


def issue_for_pages(tenant: str, origins: list[str]) -> str:
    """Issue a widget key for the shop's pages at `origins`; the shop must have been applied."""
    local = settings().stage == "local"
    allowed = tuple(dict.fromkeys(normal_origin(origin, local=local) for origin in origins))
    key = WidgetKey(Tenants(tenant).profile().id, secrets.token_hex(8), allowed, "Duredesk", now(), "")
    return str(visitors.issue(key, WidgetKeys(tenant), commit))


def revoke_for_pages(tenant: str, key: str) -> None:
    """Make a widget key open nothing; API Gateway forgets its visitors within 30 seconds."""
    visitors.revoke(key, WidgetKeys(tenant), commit)


def invite_admin(mail: str) -> str:
    """Invite an admin by mail and return the person's id: the first one has nobody else to do it."""
    operator = Caller(Kind.ADMIN, "", person="operator")
    actor = Actor(operator, "operator", now())
    return invitations.invite(door(), desks(), normal_mail(mail), invitations.Seat(Kind.ADMIN), actor).id


def revoke(kind: Kind, owner: str, key: str) -> None:
    """Make a key open nothing; API Gateway forgets it within 30 seconds."""
    commit(Keys(kind, owner).revoke(key))


def export_tenant(tenant: str) -> Iterator[dict[str, Any]]:
    """Yield all that is held of a tenant's customers, page by page; the look is on record first."""
    at = now()
    access = Access("operator", "operator", "", "", whose=(), what="export of the tenant", why="", at=at)
    AccessRecords(tenant).append(access)
    for page in rights.export_tenant(registry(tenant), at):
        yield msgspec.to_builtins(page)


def tombstones() -> Iterator[dict[str, str | int]]:
    """Yield who was erased, of all tenants; there is no personal data in it."""
    return erasures.tombstones()


def replay_erasures(records: list[dict[str, str | int]]) -> int:
    """Begin anew, in a restored table, each erasure of `records`; return how many."""
    return erasures.replay_erasures(records, now())


def now() -> int:
    """Return the stage's domain time in milliseconds UTC."""
    return clock(settings().clock_offset_seconds)()


def sweep() -> None:
    """Do once what the function does each minute, and print what it was."""
    print(f"{queue.sweep_leases(now())} contacts returned, {sweep_overflow(now())} let in or spent")
    print(f"{climb_ladders(now())} steps of ladders, {billing.sweep_windows(now())} windows queued again")
    print(f"{erasures.sweep_erasures(now())} erasures went on, {erasures.sweep_retention(now())} contacts expired")
    print(f"{bills.alerts(now())} alerts of caps")


def send_usage() -> int:
    """Send every dirty window now and return how many are still dirty."""
    return billing.send_all(now())


def reconcile(*, repair: bool = False) -> list[Report]:
    """Reconcile every tenant, print what was found, break by break, and return it."""
    reports = closing.reconcile_all(now(), repair=repair)
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


def backfill() -> int:
    """Ask Stripe for what was not heard; return how many events and invoices were found."""
    return billing.backfill(now())


def close_periods() -> list[Blocked]:
    """Bring every month that has ended as far as it can go, print what is in the way, and return it."""
    blocked = closing.close_due(now())
    for why in blocked:
        print(why.message)
    print(f"{len(blocked)} months wait")
    return blocked
