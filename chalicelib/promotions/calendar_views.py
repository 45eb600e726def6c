"""What the API shows leads of their pool's promotions; hours are those of Asia/Seoul."""

from typing import Self

from msgspec import Struct

from chalicelib.kernel.clock import HOUR, Millis, iso
from chalicelib.promotions.model import TENTHS, Calendar, Plan, PooledHour, Status
from chalicelib.promotions.rules import status_of
from chalicelib.promotions.views import SpanView, kst


class EntryView(Struct):
    """A promotion of a shop that the pool serves; `agents` is what it would need alone."""

    tenant: str
    shop: str
    promotion: str
    name: str
    starts_at: str
    ends_at: str
    multiple: float
    status: Status
    contacts: SpanView
    agents: int

    @classmethod
    def of(cls, shop: str, plan: Plan, now: Millis) -> Self:
        """Return what the API shows leads of `plan`: nothing of the price."""
        one = plan.promotion
        return cls(
            tenant=one.tenant,
            shop=shop,
            promotion=one.id,
            name=one.name,
            starts_at=iso(one.starts_at),
            ends_at=iso(one.ends_at),
            multiple=one.multiple_tenths / TENTHS,
            status=status_of(one, now),
            contacts=SpanView.of(plan.contacts),
            agents=plan.agents,
        )


class HourView(Struct):
    """An hour of the pool: `agents` answer for all of its shops, `agents_apart` if each shop had its own."""

    starts_at: str
    ends_at: str
    tenants: list[str]
    contacts: int
    agents: int
    agents_apart: int
    saved: int

    @classmethod
    def of(cls, hour: PooledHour) -> Self:
        """Return what the API shows of `hour`."""
        return cls(
            starts_at=kst(hour.starts_at),
            ends_at=kst(hour.starts_at + HOUR),
            tenants=list(hour.tenants),
            contacts=hour.contacts,
            agents=hour.agents,
            agents_apart=hour.agents_apart,
            saved=hour.saved,
        )


class CalendarView(Struct):
    """A pool's promotions by start, and the agents of each hour in which there are any, until `hours_until`.

    `complete` is false when more are announced than are shown; `saved` is the most that any hour saves.
    """

    pool: str
    promotions: list[EntryView]
    hours: list[HourView]
    hours_until: str
    complete: bool
    saved: int
    pooling: str
    pooling_en: str

    @classmethod
    def of(cls, calendar: Calendar, now: Millis) -> Self:
        """Return what the API shows of `calendar` at `now`."""
        saved = max((hour.saved for hour in calendar.hours), default=0)
        people = "person" if saved == 1 else "people"
        return cls(
            pool=calendar.pool,
            promotions=[EntryView.of(shop, plan, now) for shop, plan in calendar.entries],
            hours=[HourView.of(hour) for hour in calendar.hours],
            hours_until=iso(calendar.until),
            complete=calendar.complete,
            saved=saved,
            pooling=f"함께 응대하면 가장 붐비는 시간에 상담원이 {saved}명 덜 필요합니다." if saved else "",
            pooling_en=f"Pooling saves {saved} {people} in the hour that gains most." if saved else "",
        )


class CalendarsView(Struct):
    """The calendars of the pools that the caller leads."""

    calendars: list[CalendarView]
