"""Hooks in the table, under their shop; what was removed stays as a trace and is told nothing."""

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.hooks.model import Event, Hook, HookExists
from chalicelib.hooks.ports import Cipher
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found


class _HookRow(Row, discriminator="hook"):
    tenant = UnicodeAttribute()
    url = UnicodeAttribute()
    events = UnicodeAttribute()
    label = UnicodeAttribute()
    by = UnicodeAttribute()
    created_at = NumberAttribute()
    digest = UnicodeAttribute()
    secret = BinaryAttribute(legacy_encoding=False)
    failures = NumberAttribute(default=0)
    paused_at = NumberAttribute(default=0)
    removed_at = NumberAttribute(default=0)


class Hooks:
    """One shop's hooks; their secrets are sealed by `cipher`."""

    def __init__(self, tenant: str, cipher: Cipher) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "hook")
        self._cipher = cipher

    def find(self, hook: str) -> Hook | None:
        """Return the hook as it is now, strongly consistent; None for one that there is not, or no more."""
        row = _HookRow.find(self._pk, hook)
        return _hook(row) if row and not row.removed_at else None

    def all(self) -> list[Hook]:
        """Return the shop's hooks, the oldest first, strongly consistent."""
        rows = [row for row in _HookRow.query(self._pk, consistent_read=True) if not row.removed_at]
        return sorted(map(_hook, rows), key=lambda hook: (hook.created_at, hook.id))

    def secret(self, hook: str) -> str:
        """Return what proves a hook's deliveries; raise NotFound, also once the shop's key was destroyed."""
        row = _HookRow.find(self._pk, hook)
        if row is None:
            raise not_found()
        return self._cipher.open(self._place(hook), bytes(row.secret))

    def add(self, hook: Hook, secret: str) -> Write:
        """Return the write that stores a new hook; refused with HookExists."""
        row = _HookRow(
            pk=self._pk,
            sk=hook.id,
            tenant=self._tenant,
            url=hook.url,
            events=msgspec.json.encode(hook.events).decode(),
            label=hook.label,
            by=hook.by,
            created_at=hook.created_at,
            digest=hook.digest,
            secret=self._cipher.seal(self._place(hook.id), secret),
        )
        return Put(row, _HookRow.pk.does_not_exist(), lambda _: HookExists())

    def remove(self, hook: str, at: Millis) -> Write:
        """Return the write after which the hook is told nothing more; doing it again changes nothing."""
        return self._update(hook, [_HookRow.removed_at.set(at)])

    def heard(self, hook: str) -> Write:
        """Return the write after which no failures are counted, and the hook is told everything again."""
        return self._update(hook, [_HookRow.failures.set(0), _HookRow.paused_at.set(0)])

    def failed(self, hook: str, paused_at: Millis) -> Write:
        """Return the write that counts one more failure in a row, and pauses the hook since then unless 0."""
        paused: list[Action] = [_HookRow.paused_at.set(paused_at)] if paused_at else []
        return self._update(hook, [_HookRow.failures.add(1), *paused])

    def _update(self, hook: str, actions: list[Action]) -> Write:
        absent = not_found()
        row = _HookRow(pk=self._pk, sk=hook)
        return Update(row, actions, _HookRow.pk.exists(), lambda _: absent)

    def _place(self, hook: str) -> str:
        return f"hook/{hook}/secret"


def _hook(row: _HookRow) -> Hook:
    return Hook(
        tenant=row.tenant,
        id=row.sk,
        url=row.url,
        events=msgspec.json.decode(row.events, type=tuple[Event, ...]),
        label=row.label,
        by=row.by,
        created_at=int(row.created_at),
        digest=row.digest,
        failures=int(row.failures),
        paused_at=int(row.paused_at),
    )
