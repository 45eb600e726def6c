"""The ledger in the table: entries beside their contact."""

from collections.abc import Sequence

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, split, tenant_key
from chalicelib.aws.tables import Check, Put, Row, Write
from chalicelib.kernel.clock import Millis, iso, months_between
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import EntriesMoved, Meter, Price, Reason, UsageEntry
from chalicelib.metering.periods import Periods
from chalicelib.metering.rules import month_of, postponed
from chalicelib.metering.windows import Windows


class _UsageRow(Row, discriminator="usage"):
    tenant = UnicodeAttribute()
    contact = UnicodeAttribute()
    episode = NumberAttribute()
    n = NumberAttribute()
    delta = NumberAttribute()
    meter = UnicodeAttribute()
    reason = UnicodeAttribute()
    evidence = UnicodeAttribute()
    price_won = NumberAttribute()
    price_version = UnicodeAttribute()
    occurred_at = NumberAttribute()
    booked_at = NumberAttribute()
    origin = UnicodeAttribute()
    actor = UnicodeAttribute()
    channel = UnicodeAttribute()
    reverses = NumberAttribute(default=0)
    rule = UnicodeAttribute()


class _CreditedRow(Row, discriminator="credited"):
    pass


class Ledger:
    """One tenant's entries."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def writes(self, entries: Sequence[UsageEntry]) -> list[Write]:
        """Return the writes that book `entries`: each entry once for ever, and the sums of their windows.

        Refused with PeriodClosed if a month has been closed meanwhile: asked again, they book in the next one. A
        correction of what the shop was credited with is a Conflict `credited`.
        """
        booked = [self._postponed(entry) for entry in entries]
        puts = [self._put(entry) for entry in booked]
        checks = [Periods(self._tenant).accepts(month) for month in sorted({month_of(entry) for entry in booked})]
        corrected = [entry for entry in booked if entry.n > 1]
        checks += [self._not_credited(*one) for one in sorted({(one.contact, one.episode) for one in corrected})]
        return [*checks, *puts, *Windows(self._tenant).add(booked)]

    def credit(self, contact: str, episode: int, entries: int) -> list[Write]:
        """Return the writes after which an episode is corrected no more: the shop has its won back.

        Refused with EntriesMoved unless the episode has so many `entries`.
        """
        following = _UsageRow(pk=self._pk(contact), sk=_place(episode, entries + 1))
        last = Check(following, _UsageRow.pk.does_not_exist(), lambda _: EntriesMoved())
        return [last, Put(self._credited(contact, episode))]

    def _not_credited(self, contact: str, episode: int) -> Write:
        message = "the shop was credited for this contact: what it cost stays as it is"
        absent = _CreditedRow.pk.does_not_exist()
        return Check(self._credited(contact, episode), absent, lambda _: Conflict("credited", message))

    def _credited(self, contact: str, episode: int) -> _CreditedRow:
        return _CreditedRow(pk=self._pk(contact), sk=sort_key("credited", f"{episode:04d}"))

    def _pk(self, contact: str) -> str:
        return tenant_key(self._tenant, "contact", contact)

    def of_contact(self, contact: str) -> list[UsageEntry]:
        """Return the contact's entries in the order of their booking, strongly consistent."""
        rows = _UsageRow.query(self._pk(contact), _UsageRow.sk.startswith(prefix("usage")), consistent_read=True)
        return [_entry(row) for row in rows]

    def booked(self, start: Millis, end: Millis) -> list[UsageEntry]:
        """Return the entries booked from `start` until before `end`, by time: eventually consistent."""
        keys = [
            (hint.pk, hint.sk)
            for month in months_between(start, end - 1)
            for hint in _UsageRow.query(
                tenant_key(self._tenant, "usage", month),
                _UsageRow.lists_sk.between(iso(start), iso(end)),
                index_name="lists",
            )
        ]
        return sorted((_entry(row) for row in _UsageRow.batch_get(keys)), key=_order)

    def newest(self, month: str) -> tuple[str, ...]:
        """Return which entry of a KST month was booked last, as `booking` names it; empty if there is none yet."""
        listed = tenant_key(self._tenant, "usage", month)
        last = _UsageRow.query(listed, index_name="lists", scan_index_forward=False, limit=1)
        return next((tuple(split(str(row.lists_sk))) for row in last), ())

    def _postponed(self, entry: UsageEntry) -> UsageEntry:
        while Periods(self._tenant).seen_closed(month := month_of(entry)):
            entry = postponed(entry, month)
        return entry

    def _put(self, entry: UsageEntry) -> Write:
        row = _UsageRow(
            pk=self._pk(entry.contact),
            sk=_place(entry.episode, entry.n),
            lists_pk=tenant_key(self._tenant, "usage", month_of(entry)),
            lists_sk=sort_key(*booking(entry)),
            price_won=entry.price.won,
            price_version=entry.price.version,
            **{name: getattr(entry, name) for name in _PLAIN},
        )
        booked = Conflict("already_booked", "this entry is in the ledger already")
        return Put(row, _UsageRow.pk.does_not_exist(), lambda _: booked)


_PLAIN = [
    "tenant",
    "contact",
    "episode",
    "n",
    "delta",
    "meter",
    "reason",
    "evidence",
    "occurred_at",
    "booked_at",
    "origin",
    "actor",
    "channel",
    "reverses",
    "rule",
]


def _place(episode: int, n: int) -> str:
    return sort_key("usage", f"{episode:04d}", f"{n:04d}")


def booking(entry: UsageEntry) -> tuple[str, ...]:
    """Return where an entry stands in the list of its month: by time, contact and number."""
    return iso(entry.booked_at), entry.contact, f"{entry.n:04d}"


def _order(entry: UsageEntry) -> tuple[Millis, str, int, int]:
    return entry.booked_at, entry.contact, entry.episode, entry.n


def _entry(row: _UsageRow) -> UsageEntry:
    return UsageEntry(
        tenant=row.tenant,
        contact=row.contact,
        episode=int(row.episode),
        n=int(row.n),
        delta=int(row.delta),
        meter=Meter(row.meter),
        reason=Reason(row.reason),
        evidence=row.evidence,
        price=Price(int(row.price_won), row.price_version),
        occurred_at=int(row.occurred_at),
        booked_at=int(row.booked_at),
        origin=row.origin,
        actor=row.actor,
        channel=row.channel,
        reverses=int(row.reverses),
        rule=row.rule,
    )
