"""Promotions in the table, under their shop; those that count stand in their pool's list by start."""

from itertools import islice

from cachetools import TTLCache
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key, up_to
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.promotions.model import CalendarMoved, Promotion
from chalicelib.promotions.rules import LONGEST, day_of

# Asked for every contact that comes: 30 s is the promised delay, as for a shop's profile.
_current: TTLCache[str, tuple[Promotion, ...]] = TTLCache(maxsize=4096, ttl=30)


class _PromotionRow(Row, discriminator="promotion"):
    tenant = UnicodeAttribute()
    promotion = UnicodeAttribute()
    name = UnicodeAttribute()
    starts_at = NumberAttribute()
    ends_at = NumberAttribute()
    multiple_tenths = NumberAttribute()
    announced_at = NumberAttribute()
    announced_by = UnicodeAttribute()
    digest = UnicodeAttribute()
    cancelled_at = NumberAttribute(null=True)
    cancelled_by = UnicodeAttribute(null=True)


class _AnnouncementsRow(Row, discriminator="announcements"):
    version = NumberAttribute()


class Promotions:
    """One shop's promotions."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "tenant")

    def find(self, promotion: str) -> Promotion | None:
        """Return the promotion, strongly consistent, or None."""
        row = _PromotionRow.find(self._pk, sort_key("promotion", promotion))
        return _read(row) if row else None

    def version(self) -> int:
        """Return how many announcements there were, strongly consistent: read it before what it guards."""
        row = _AnnouncementsRow.find(self._pk, "announcements")
        return int(row.version) if row else 0

    def since(self, at: Millis) -> list[Promotion]:
        """Return the promotions, cancelled ones too, that end after `at`, strongly consistent."""
        return self._since(at, consistent=True)

    def current(self, now: Millis) -> tuple[Promotion, ...]:
        """Return the promotions that run or are to come, cancelled ones too, as they were at most 30 s ago."""
        known = _current.get(self._tenant)
        if known is None:
            known = _current[self._tenant] = tuple(self._since(now, consistent=False))
        return known

    def add(self, promotion: Promotion, pool: str, version: int) -> list[Write]:
        """Return the writes that store a new promotion; refused with CalendarMoved unless `version` holds."""
        _current.pop(self._tenant, None)
        counter = _AnnouncementsRow(pk=self._pk, sk="announcements")
        unmoved: Condition = _AnnouncementsRow.pk.does_not_exist()
        if version:
            unmoved = _AnnouncementsRow.version == version
        counted = [_AnnouncementsRow.version.set(version + 1), _AnnouncementsRow.kind.set(_AnnouncementsRow)]
        return [
            Update(counter, counted, unmoved, lambda _: CalendarMoved()),
            Put(self._row(promotion, pool), _PromotionRow.pk.does_not_exist(), lambda _: CalendarMoved()),
        ]

    def cancel(self, promotion: Promotion) -> Write:
        """Return the write after which the promotion counts no more; doing it again changes nothing."""
        _current.pop(self._tenant, None)
        row, absent = _PromotionRow(pk=self._pk, sk=sort_key("promotion", promotion.id)), not_found()
        actions = [
            _PromotionRow.cancelled_at.set(_PromotionRow.cancelled_at | promotion.cancelled_at),
            _PromotionRow.cancelled_by.set(_PromotionRow.cancelled_by | promotion.cancelled_by),
            _PromotionRow.lists_pk.remove(),
            _PromotionRow.lists_sk.remove(),
        ]
        return Update(row, actions, _PromotionRow.pk.exists(), lambda _: absent)

    def _since(self, at: Millis, *, consistent: bool) -> list[Promotion]:
        # None is longer than `LONGEST`, and ids begin with the day: older rows need not be read.
        first = sort_key("promotion", day_of(at - LONGEST))
        keys = _PromotionRow.sk.between(first, up_to("promotion"))
        rows = _PromotionRow.query(self._pk, keys, consistent_read=consistent)
        return [found for row in rows if (found := _read(row)).ends_at > at]

    def _row(self, promotion: Promotion, pool: str) -> _PromotionRow:
        return _PromotionRow(
            pk=self._pk,
            sk=sort_key("promotion", promotion.id),
            tenant=self._tenant,
            promotion=promotion.id,
            name=promotion.name,
            starts_at=promotion.starts_at,
            ends_at=promotion.ends_at,
            multiple_tenths=promotion.multiple_tenths,
            announced_at=promotion.announced_at,
            announced_by=promotion.announced_by,
            digest=promotion.digest,
            lists_pk=desk_key("promotions", pool),
            lists_sk=sort_key(*_order(promotion), self._tenant, promotion.id),
        )


def announced(pool: str, now: Millis, limit: int) -> list[tuple[str, str]]:
    """Return (tenant, promotion) of the first `limit` of a pool that are not over at `now`, by start: hints."""
    after, key = _PromotionRow.lists_sk > _instant(now - LONGEST), desk_key("promotions", pool)
    with own():
        rows = _PromotionRow.query(key, after, index_name="lists", page_size=limit)
        parts = (split(str(row.lists_sk)) for row in rows)
        ahead = ((tenant, promotion) for _, ends_at, tenant, promotion in parts if int(ends_at) > now)
        return list(islice(ahead, limit))


def forget_promotions() -> None:
    """Forget what this process has seen: for tests."""
    _current.clear()


def _order(promotion: Promotion) -> tuple[str, str]:
    return _instant(promotion.starts_at), _instant(promotion.ends_at)


def _instant(at: Millis) -> str:
    return f"{at:015d}"


def _read(row: _PromotionRow) -> Promotion:
    return Promotion(
        tenant=row.tenant,
        id=row.promotion,
        name=row.name,
        starts_at=int(row.starts_at),
        ends_at=int(row.ends_at),
        multiple_tenths=int(row.multiple_tenths),
        announced_at=int(row.announced_at),
        announced_by=row.announced_by,
        digest=row.digest,
        cancelled_at=int(row.cancelled_at or 0),
        cancelled_by=row.cancelled_by or "",
    )
