"""Tenants in the table."""

import msgspec
from cachetools import TTLCache
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.tenants.model import Tenant

_ALL = "~tenants"
# A profile changes a few times a year and is read on every request; 30 s is the promised delay.
_profiles: TTLCache[str, Tenant] = TTLCache(maxsize=4096, ttl=30)


class _TenantRow(Row, discriminator="tenant"):
    tenant = UnicodeAttribute()
    profile = UnicodeAttribute()


class Tenants:
    """One tenant's profile."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = f"{tenant}#tenant"

    def profile(self) -> Tenant:
        """Return the profile, at most 30 s old; raise NotFound."""
        known = _profiles.get(self._tenant)
        if known is None:
            known = self.current()
            if known is None:
                raise not_found()  # in the words of an absent contact: callers cannot tell the two apart
            _profiles[self._tenant] = known
        return known

    def current(self) -> Tenant | None:
        """Return the profile as it is now, or None."""
        row = _TenantRow.find(self._pk, "profile")
        return msgspec.json.decode(row.profile, type=Tenant) if row else None

    def save(self, profile: Tenant, before: Tenant | None) -> Write:
        """Return the write that replaces `before` by `profile`."""
        _profiles.pop(self._tenant, None)
        row = _TenantRow(
            pk=self._pk,
            sk="profile",
            tenant=profile.id,
            profile=msgspec.json.encode(profile).decode(),
            lists_pk=_ALL,
            lists_sk=profile.id,
        )
        unchanged: Condition = _TenantRow.pk.does_not_exist()
        if before is not None:
            unchanged = _TenantRow.profile == msgspec.json.encode(before).decode()
        changed = Conflict("tenant_changed", "someone else changed this tenant")
        return Put(row, unchanged, lambda _: changed)


def all_tenants() -> list[str]:
    """Return the ids of all tenants, in order."""
    return [str(row.lists_sk) for row in _TenantRow.query(_ALL, index_name="lists")]


def forget_profiles() -> None:
    """Forget what this process has seen: for tests, and for commands that just changed a profile."""
    _profiles.clear()
