"""Windows: the hourly sums that Stripe is told, and the outbox of those that it may not hold yet."""

from collections.abc import Sequence

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, split, tenant_key
from chalicelib.aws.tables import Row, Update, Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, UsageEntry, Window
from chalicelib.metering.rules import window_deltas

_OUTBOX = desk_key("outbox")


class _WindowRow(Row, discriminator="window"):
    tenant = UnicodeAttribute()
    meter = UnicodeAttribute()
    hour = UnicodeAttribute()
    total = NumberAttribute()
    rev = NumberAttribute()
    gen = NumberAttribute(default=0)
    sent_rev = NumberAttribute(default=0)
    sent_total = NumberAttribute(default=0)
    attempt = NumberAttribute(default=0)
    dirty_since = NumberAttribute(null=True)
    lease_until = NumberAttribute(default=0)
    sent_at = NumberAttribute(default=0)
    refused = UnicodeAttribute(null=True)


class Windows:
    """One tenant's windows."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def add(self, entries: Sequence[UsageEntry]) -> list[Write]:
        """Return the writes that add `entries` to their windows and make these dirty."""
        at = max((entry.occurred_at for entry in entries), default=0)
        return [self._add(key, delta, at) for key, delta in window_deltas(entries).items()]

    def between(self, meter: Meter, first: str, last: str) -> list[Window]:
        """Return the windows from UTC hour `first` to `last`, both included, strongly consistent."""
        pk = tenant_key(self._tenant, "window", meter)
        rows = _WindowRow.query(pk, _WindowRow.sk.between(first, last), consistent_read=True)
        return [_window(row) for row in rows]

    def find(self, meter: Meter, hour: str) -> Window | None:
        """Return the window as it is now, strongly consistent, or None."""
        row = _WindowRow.find(tenant_key(self._tenant, "window", meter), hour)
        return _window(row) if row else None

    def lease(self, window: Window, now: Millis, until: Millis) -> Write:
        """Return the write that gives one sender the window until `until`; refused while another has it."""
        row = _WindowRow
        free = ~row.lease_until.exists() | (row.lease_until <= now)
        actions = [row.lease_until.set(until), row.attempt.set((row.attempt | 0) + 1)]
        held = Conflict("window_leased", "another sender has this window")
        return Update(self._key(window.meter, window.hour), actions, free, lambda _: held)

    def sent(self, window: Window, now: Millis) -> Write:
        """Return the write that records what Stripe acknowledged; it stays dirty if the sum has moved on.

        Refused with `window_moved` in that case: then `sent_but_moved` is the write to use.
        """
        row = _WindowRow
        actions: list[Action] = [*_acknowledged(window, now), row.dirty_since.remove()]
        actions += [row.work_pk.remove(), row.work_sk.remove()]
        moved = Conflict("window_moved", "the window changed while it was sent")
        same: Condition = (row.rev == window.rev) & (row.gen == window.gen)
        return Update(self._key(window.meter, window.hour), actions, same, lambda _: moved)

    def sent_but_moved(self, window: Window, now: Millis) -> Write:
        """Return the write that records an acknowledged older revision and leaves the window dirty."""
        row = _WindowRow
        older = ~row.sent_rev.exists() | (row.sent_rev <= window.rev)
        newer = Conflict("window_sent_newer", "a newer revision was acknowledged already")
        return Update(self._key(window.meter, window.hour), _acknowledged(window, now), older, lambda _: newer)

    def refuse(self, window: Window, why: str) -> Write:
        """Return the write that takes a window off the outbox which Stripe refused for good; it stays dirty.

        A later booking puts it back, and so does `repair`.
        """
        row = _WindowRow
        actions: list[Action] = [row.refused.set(why), row.lease_until.set(0)]
        actions += [row.work_pk.remove(), row.work_sk.remove()]
        moved = Conflict("window_moved", "the window changed while it was refused")
        return Update(self._key(window.meter, window.hour), actions, row.rev == window.rev, lambda _: moved)

    def repair(self, meter: Meter, hour: str, now: Millis) -> Write:
        """Return the write that makes the window be sent again under a new name, with the same absolute total."""
        row = _WindowRow
        actions: list[Action] = [
            row.gen.set(row.gen + 1),
            row.sent_rev.set(0),
            *_dirty(now),
        ]
        absent = Conflict("window_absent", "there is no such window")
        return Update(self._key(meter, hour), actions, row.pk.exists(), lambda _: absent)

    def _add(self, key: tuple[Meter, str], delta: int, now: Millis) -> Write:
        meter, hour = key
        row = _WindowRow
        actions: list[Action] = [row.total.add(delta), row.rev.add(1), *_dirty(now)]
        actions += [
            row.kind.set(row),
            row.tenant.set(self._tenant),
            row.meter.set(meter),
            row.hour.set(hour),
            row.gen.set(row.gen | 0),
        ]
        return Update(self._key(meter, hour), actions)

    def _key(self, meter: Meter, hour: str) -> _WindowRow:
        return _WindowRow(pk=tenant_key(self._tenant, "window", meter), sk=hour)


def dirty_windows(*, before: Millis, limit: int = 1000) -> list[tuple[str, Meter, str]]:
    """Return (tenant, meter, hour) of windows dirty since before `before`, longest first: a hint."""
    older = _WindowRow.work_sk < f"{before:015d}"
    with own():
        rows = _WindowRow.query(_OUTBOX, older, limit=limit, index_name="work")
        return [(*_parse(row.pk), row.sk) for row in rows]


def _parse(pk: str) -> tuple[str, Meter]:
    tenant, _, meter = split(pk)
    return tenant, Meter(meter)


def _dirty(now: Millis) -> list[Action]:
    # if_not_exists keeps the first time, so a busy hour does not touch the index again and age is honest.
    row = _WindowRow
    return [
        row.dirty_since.set(row.dirty_since | now),
        row.work_pk.set(_OUTBOX),
        row.work_sk.set(row.work_sk | f"{now:015d}"),
        row.refused.remove(),
    ]


def _acknowledged(window: Window, now: Millis) -> list[Action]:
    row = _WindowRow
    return [
        row.sent_rev.set(window.rev),
        row.sent_total.set(window.total),
        row.lease_until.set(0),
        row.attempt.set(0),
        row.sent_at.set(now),
    ]


def _window(row: _WindowRow) -> Window:
    return Window(
        tenant=row.tenant,
        meter=Meter(row.meter),
        hour=row.hour,
        total=int(row.total),
        rev=int(row.rev),
        gen=int(row.gen or 0),
        sent_rev=int(row.sent_rev or 0),
        sent_total=int(row.sent_total or 0),
        attempt=int(row.attempt or 0),
        dirty_since=None if row.dirty_since is None else int(row.dirty_since),
        lease_until=int(row.lease_until or 0),
        sent_at=int(row.sent_at or 0),
        refused=row.refused or "",
    )
