"""What the provider told us, once each: rows of the desk's own, since whose they are is only seen later."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key
from chalicelib.aws.tables import Put, Row, Update, commit
from chalicelib.billing.model import ProviderEvent
from chalicelib.kernel.clock import DAY, SECOND, Millis

_KEPT: Millis = 40 * DAY


class EventKnown(Exception):
    """This event was stored already."""


class _EventRow(Row, discriminator="provider_event"):
    id = UnicodeAttribute()
    type = UnicodeAttribute()
    object_kind = UnicodeAttribute()
    about = UnicodeAttribute()
    customer = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    received_at = NumberAttribute()
    done_at = NumberAttribute(default=0)
    ttl = NumberAttribute()


class _CursorRow(Row, discriminator="provider_cursor"):
    at = NumberAttribute()


class Events:
    """All events of the provider's that came within 40 days, and how far we have asked for more."""

    def add(self, event: ProviderEvent, now: Millis) -> bool:
        """Store an event; return whether it is a new one."""
        row = _EventRow(
            pk=_key(event.id),
            sk="event",
            id=event.id,
            type=event.type,
            object_kind=event.kind,
            about=event.about,
            customer=event.customer or None,
            created_at=event.created_at,
            received_at=now,
            ttl=(now + _KEPT) // SECOND,
        )
        over: Condition = _EventRow.received_at <= now - _KEPT
        try:
            with own():
                commit(Put(row, over | _EventRow.pk.does_not_exist(), lambda _: EventKnown()))
        except EventKnown:
            return False
        else:
            return True

    def waiting(self, event: str, now: Millis) -> ProviderEvent | None:
        """Return an event that nobody was done with, strongly consistent; None for all others."""
        with own():
            row = _EventRow.find(_key(event), "event")
        if row is None or row.done_at or int(row.received_at) <= now - _KEPT:
            return None
        told = (row.id, row.type, row.object_kind, row.about, int(row.created_at), row.customer or "")
        return ProviderEvent(*told)

    def done(self, event: str, now: Millis) -> None:
        """Record that an event needs no more work."""
        with own():
            commit(Update(_EventRow(pk=_key(event), sk="event"), [_EventRow.done_at.set(now)]))

    def asked_until(self) -> Millis:
        """Return the time of the newest event that we asked for and got; 0 before the first time."""
        with own():
            row = _CursorRow.find(_key("cursor"), "cursor")
        return int(row.at) if row else 0

    def ask_from(self, at: Millis) -> None:
        """Record the time of the newest event that we asked for and got."""
        with own():
            commit(Put(_CursorRow(pk=_key("cursor"), sk="cursor", at=at)))


def _key(event: str) -> str:
    return desk_key("stripe", event)
