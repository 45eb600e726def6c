"""Handbooks with the real stores, and the guard of what is sent for a shop."""

from collections.abc import Sequence

from chalicelib.agents.store import Agents
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.handbook import rules, service
from chalicelib.handbook.declared import Declared, apply_declared
from chalicelib.handbook.model import Answer, Finding, Kept
from chalicelib.handbook.service import Library
from chalicelib.handbook.store import Handbooks, marks_in
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.store import Tenants


def library(tenant: Tenant) -> Library:
    """Return the handbook of `tenant`, to be kept and to be guarded by."""
    return Library(tenant, Handbooks(tenant.id), settings().id_secret.encode(), commit)


def library_for(caller: Caller, tenant: str) -> Library:
    """Return the handbook of a shop for `caller`.

    Raises NotFound for an unknown shop, and for an agent of another pool who holds none of its contacts.
    """
    profile = Tenants(tenant).profile()
    if caller.pool not in {"", profile.pool}:
        agent = Agents().find(caller.agent)
        if agent is None or not any(ref.partition("/")[0] == tenant for ref in agent.holding):
            raise not_found()
    return library(profile)


def rules_of(tenant: str) -> Kept:
    """Return a shop's handbook as it was at most 60 s ago."""
    return Handbooks(tenant).glance().kept


def answer_of(tenant: Tenant, answer: str) -> Answer:
    """Return a canned answer that the shop offers; raise NotFound for retired ones, and for another's."""
    found = Handbooks(tenant.id).find(answer)
    if found is None or found.retired:
        raise not_found()
    return found


def faults(tenant: Tenant, pool: str, text: str, answer: str | None) -> list[Finding]:
    """Return all that is wrong with a text that an agent of `pool` is to send for `tenant`."""
    pools = {tenant.pool, pool} - {""}
    return service.find_faults(library(tenant), marks_in, sorted(pools), text, answer)


def guard(tenant: Tenant, pool: str, text: str, answer: str | None, *, sure: bool) -> None:
    """Raise what is wrong with a text to be sent: `open_slot`, `wrong_shop`, `forbidden_word`."""
    rules.refuse(faults(tenant, pool, text, answer), sure=sure)


def steps_left(tenant: Tenant, done: Sequence[str], *, sure: bool) -> list[str]:
    """Return the needed steps left out on purpose; raise Conflict `script_step_missing` unless `sure`."""
    return service.steps_left(library(tenant), done, sure=sure)


def missing_steps(tenant: Tenant, done: Sequence[str]) -> list[Finding]:
    """Return which needed steps of the script are not done."""
    return rules.missing_steps(rules_of(tenant.id).handbook, done)


def apply(declared: Declared, tenant: str, now: Millis) -> list[str]:
    """Make a shop's handbook follow its declaration, and its marks follow both; return what changed."""
    here = library(Tenants(tenant).profile())
    before = here.store.shelf()
    after = service.change(here, lambda shelf: apply_declared(declared, tenant, shelf, now))
    changed = {"handbook": after.kept != before.kept, "answers": after.answers != before.answers}
    return [name for name, differs in changed.items() if differs]
