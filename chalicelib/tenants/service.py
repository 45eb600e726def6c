"""Apply declared tenants, and ask whether a caller's tenant is suspended."""

from collections.abc import Callable
from dataclasses import fields, replace

from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.ports import StandingStore, TenantStore


def in_good_standing(caller: Caller, standing: Callable[[str], StandingStore]) -> Caller:
    """Return `caller`; raise Unauthenticated for everyone who belongs to a suspended tenant, however proven."""
    if caller.tenant and standing(caller.tenant).suspended():
        raise Unauthenticated("unauthenticated", "this credential opens nothing")
    return caller


def apply(profile: Tenant, store: TenantStore, commit: Callable[[Write], None]) -> list[str]:
    """Make the stored profile equal `profile` and return the names of the fields that changed.

    An unknown tenant is created (`["created"]`); an equal one is left alone (`[]`).
    """
    before = store.current()
    if before is not None:
        # Plans are chosen by the shop's people, and by nobody who declares a shop.
        profile = replace(profile, plans=before.plans)
    if before == profile:
        return []
    commit(store.save(profile, before))
    if before is None:
        return ["created"]
    return [field.name for field in fields(Tenant) if getattr(before, field.name) != getattr(profile, field.name)]
