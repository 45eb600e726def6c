"""Tenants in the table."""

from dataclasses import MISSING, fields

import msgspec
from cachetools import TTLCache
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.tenants.aims import Stage
from chalicelib.tenants.model import Tenant

_ALL = desk_key("tenants")
_CAPPED = desk_key("capped")
_PAGE = 1000
_CHOICES = {field.name: field.default for field in fields(Tenant) if field.default is not MISSING}
# A profile changes a few times a year and is read on every request; 30 s is the promised delay.
_profiles: TTLCache[str, Tenant] = TTLCache(maxsize=4096, ttl=30)


class _TenantRow(Row, discriminator="tenant"):
    tenant = UnicodeAttribute()
    profile = UnicodeAttribute()


class Tenants:
    """One tenant's profile."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "tenant")

    def profile(self) -> Tenant:
        """Return the profile, at most 30 s old, and that of a shop in setup as it is now; raise NotFound."""
        known = _profiles.get(self._tenant)
        if known is None:
            known = self.current()
            if known is None:
                raise not_found()  # in the words of an absent contact: callers cannot tell the two apart
            if known.stage is Stage.LIVE:
                # Whoever has just gone live sends the first contact at once.
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
            profile=_text(profile),
            lists_pk=_ALL,
            lists_sk=profile.id,
        )
        if profile.surge.cap_won:
            row.work_pk, row.work_sk = _CAPPED, profile.id
        unchanged: Condition = _TenantRow.pk.does_not_exist()
        if before is not None:
            unchanged = _TenantRow.profile == _text(before)
        changed = Conflict("tenant_changed", "someone else changed this tenant")
        return Put(row, unchanged, lambda _: changed)


def _text(profile: Tenant) -> str:
    # What was stored before there was a choice must still equal what is read from it.
    told = msgspec.to_builtins(profile)
    for table, usual in _CHOICES.items():
        if getattr(profile, table) == usual:
            del told[table]
    return msgspec.json.encode(told).decode()


def all_tenants() -> list[str]:
    """Return the ids of all tenants, in order."""
    with own():
        return [str(row.lists_sk) for row in _TenantRow.query(_ALL, index_name="lists")]


def capped_tenants() -> list[str]:
    """Return the ids of the tenants that chose a monthly cap, in order: hints."""
    return [shown["work_sk"] for shown in hints(_CAPPED, ["work_sk"], page=_PAGE)]


def forget_profiles() -> None:
    """Forget what this process has seen: for tests, and for commands that just changed a profile."""
    _profiles.clear()
