"""Deliveries in the table for 30 days; those that are due stand in the work index by when they are sent."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.hooks.model import Delivery, Event, State
from chalicelib.hooks.rules import KEPT
from chalicelib.kernel.clock import MINUTE, SECOND, Millis
from chalicelib.kernel.errors import Conflict

_OPEN = desk_key("deliveries")
# The stream brings a new delivery to its worker at once; only when that failed it is looked for.
_PATIENCE: Millis = 2 * MINUTE


class _DeliveryRow(Row, discriminator="delivery"):
    tenant = UnicodeAttribute()
    hook = UnicodeAttribute()
    event = UnicodeAttribute()
    at = NumberAttribute()
    body = UnicodeAttribute()
    state = UnicodeAttribute()
    tries = NumberAttribute()
    next_at = NumberAttribute()
    status = NumberAttribute()
    ms = NumberAttribute()
    error = UnicodeAttribute()
    ttl = NumberAttribute()


class Deliveries:
    """What one hook was told."""

    def __init__(self, tenant: str, hook: str) -> None:
        self._tenant, self._hook = tenant, hook
        self._pk = tenant_key(tenant, "delivery", hook)

    def find(self, delivery: str, now: Millis) -> Delivery | None:
        """Return the delivery as it is now, strongly consistent, or None."""
        row = _DeliveryRow.find(self._pk, delivery)
        return _delivery(row) if row and row.at > now - KEPT else None

    def page(
        self, *, limit: int, after: dict[str, Any] | None, now: Millis
    ) -> tuple[list[Delivery], dict[str, Any] | None]:
        """Return `limit` deliveries after a position, the newest first, and the position of the next ones."""
        # What is over is deleted some time later, and not shown until then.
        kept = _DeliveryRow.sk > f"{now - KEPT + 1:013d}"
        newest: dict[str, Any] = {"scan_index_forward": False, "last_evaluated_key": after}
        found = _DeliveryRow.query(self._pk, kept, limit=limit, **newest)
        return [_delivery(row) for row in found], found.last_evaluated_key

    def add(self, delivery: Delivery) -> Write:
        """Return the write that lets a new delivery be sent."""
        row = self._row(delivery, delivery.at + _PATIENCE)
        known = Conflict("delivery_known", "this was told already")
        return Put(row, _DeliveryRow.pk.does_not_exist(), lambda _: known)

    def save(self, before: Delivery, after: Delivery) -> Write:
        """Return the write that replaces `before`; refused with Conflict `delivery_moved` if it moved on."""
        row = self._row(after, after.next_at or after.at + _PATIENCE)
        same: Condition = (_DeliveryRow.state == before.state) & (_DeliveryRow.tries == before.tries)
        moved = Conflict("delivery_moved", "this delivery went on meanwhile")
        return Put(row, same, lambda _: moved)

    def _row(self, delivery: Delivery, look_at: Millis) -> _DeliveryRow:
        row = _DeliveryRow(pk=self._pk, sk=delivery.id, tenant=self._tenant, hook=self._hook)
        for name in ("event", "at", "body", "state", "tries", "next_at", "status", "ms", "error"):
            setattr(row, name, getattr(delivery, name))
        row.ttl = (delivery.at + KEPT) // SECOND
        if delivery.state is State.DUE:
            row.work_pk = _OPEN
            row.work_sk = sort_key(f"{look_at:015d}", self._tenant, self._hook, delivery.id)
        return row


def open_deliveries(now: Millis, limit: int) -> list[tuple[str, str, str]]:
    """Return up to `limit` (tenant, hook, delivery) that are to be looked at by now, the oldest first: hints."""
    found: list[tuple[str, str, str]] = []
    for shown in hints(_OPEN, ["work_sk"], page=limit):
        due, tenant, hook, delivery = split(shown["work_sk"])
        if int(due) > now or len(found) == limit:
            break
        found.append((tenant, hook, delivery))
    return found


def _delivery(row: _DeliveryRow) -> Delivery:
    return Delivery(
        tenant=row.tenant,
        hook=row.hook,
        id=row.sk,
        event=Event(row.event),
        at=int(row.at),
        body=row.body,
        state=State(row.state),
        tries=int(row.tries),
        next_at=int(row.next_at),
        status=int(row.status),
        ms=int(row.ms),
        error=row.error,
    )
