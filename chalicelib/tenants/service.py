"""Apply declared tenants: idempotent, and says what it changed."""

from collections.abc import Callable
from dataclasses import fields

from chalicelib.aws.tables import Write
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.ports import TenantStore


def apply(profile: Tenant, store: TenantStore, commit: Callable[[Write], None]) -> list[str]:
    """Make the stored profile equal `profile` and return the names of the fields that changed.

    An unknown tenant is created (`["created"]`); an equal one is left alone (`[]`).
    """
    before = store.current()
    if before == profile:
        return []
    commit(store.save(profile, before))
    if before is None:
        return ["created"]
    return [field.name for field in fields(Tenant) if getattr(before, field.name) != getattr(profile, field.name)]
