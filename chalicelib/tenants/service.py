"""Apply declared tenants, let shops choose, and ask whether a caller's tenant is suspended."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis, clock, kst_month, month_span
from chalicelib.kernel.errors import Mismatch, Unauthenticated, not_found
from chalicelib.tenants.aims import By, Choice
from chalicelib.tenants.model import Tenant, Term
from chalicelib.tenants.ports import Choosing, StandingStore, TenantStore
from chalicelib.tenants.rules import with_term
from chalicelib.tenants.sections import Section, chosen, following, told

# What a declaration may leave to the shop's people: unless it is declared, it stays as they chose it.
_OWN = ("stage", "scope", "goals", "holidays", "volume", "language", "emergency_phone", "registration")
_UNDECLARED = {field.name: field.default for field in fields(Tenant) if field.name in _OWN}


def _priced(profile: Tenant, before: Tenant, now: Millis) -> Tenant:
    """Return the profile at the price that it had: a new one begins with a month, like any plan."""
    kept = replace(profile, price_won=before.price_won)
    term = Term(kst_month(month_span(kst_month(now))[1]), f"flat/{profile.price_won}")
    negotiated = kept.plan_in(term.since)
    if negotiated == term.plan or not negotiated.startswith("flat/"):
        return kept
    return with_term(kept, term, now)


def in_good_standing(caller: Caller, standing: Callable[[str], StandingStore]) -> Caller:
    """Return `caller`; raise Unauthenticated for everyone who belongs to a suspended tenant, however proven."""
    if caller.tenant and standing(caller.tenant).suspended():
        raise Unauthenticated("unauthenticated", "this credential opens nothing")
    return caller


def apply(
    profile: Tenant, store: TenantStore, commit: Callable[[Write], None], *, now: Millis | None = None
) -> list[str]:
    """Make the stored profile equal `profile` and return the names of the fields that changed.

    An unknown tenant is created (`["created"]`); an equal one is left alone (`[]`). Plans are chosen by the shop's
    people, and so is what the declaration does not say of goals, scope, holidays and the like; a negotiated price
    that changed is one from the month after `now` (default: the system's time) on.
    """
    before = store.current()
    if before is not None:
        kept = {
            name: getattr(before, name) for name, unsaid in _UNDECLARED.items() if getattr(profile, name) == unsaid
        }
        profile = replace(profile, plans=before.plans, **kept)
        profile = _priced(profile, before, clock()() if now is None else now)
    if before == profile:
        return []
    commit(store.save(profile, before))
    if before is None:
        return ["created"]
    return [field.name for field in fields(Tenant) if getattr(before, field.name) != getattr(profile, field.name)]


def choose(here: Choosing, section: Section, body: Mapping[str, Any], by: By, *, expected: int | None) -> Choice:
    """Let the shop's people say `body` in a section of the profile, and return the choice as it is recorded.

    The same again is no new version, but the first time it is one: that the usual was seen and wanted. Raises
    NotFound, Mismatch unless the section's last version is `expected`, Conflict `tenant_changed`, and BadInput as
    `chosen` does.
    """
    before = here.profiles.current()
    if before is None:
        raise not_found()
    after, last = chosen(before, section, body), here.choices.current(section)
    if last and after == before:
        return last
    version = last.version if last else 0
    if expected not in {None, version}:
        raise Mismatch("version_mismatch", "this changed since you looked", version=version)
    choice = following(last, section, told(after, section), by)
    here.commit(here.profiles.save(after, before), here.choices.record(choice))
    return choice
