"""Apply declared tenants, and ask whether a caller's tenant is suspended."""

from collections.abc import Callable
from dataclasses import fields, replace

from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis, clock, kst_month, month_span
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.tenants.model import Tenant, Term
from chalicelib.tenants.ports import StandingStore, TenantStore
from chalicelib.tenants.rules import with_term


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
    people; a negotiated price that changed is one from the month after `now` (default: the system's time) on.
    """
    before = store.current()
    if before is not None:
        profile = _priced(replace(profile, plans=before.plans), before, clock()() if now is None else now)
    if before == profile:
        return []
    commit(store.save(profile, before))
    if before is None:
        return ["created"]
    return [field.name for field in fields(Tenant) if getattr(before, field.name) != getattr(profile, field.name)]
