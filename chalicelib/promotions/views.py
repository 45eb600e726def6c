"""What the API takes and shows of promotions; times are ISO 8601, those of shifts in Asia/Seoul."""

from datetime import datetime
from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.kernel.clock import KST, SECOND, Millis, iso
from chalicelib.kernel.money import Won
from chalicelib.promotions.model import TENTHS, Plan, Promotion, Shift, Span, Status
from chalicelib.promotions.rules import LEAD, raised, status_of
from chalicelib.promotions.staffing import ANSWERED, OCCUPANCY, WITHIN
from chalicelib.tenants.model import Contract

BASIS = (
    "평소 상담은 약정한 시간당 건수의 절반으로 보고, "
    "영업시간과 관계없이 행사 내내 고르게 들어온다고 가정했습니다. "
    "금액은 지금 단가로 모든 상담이 과금될 때의 예상입니다."
)
BASIS_EN = (
    "The usual is taken as half of the contracted rate, and contacts as coming alike at every hour of the "
    "promotion, also while the shop is closed. The price is what all of them would cost at today's price."
)


class PromotionIn(Struct, forbid_unknown_fields=True):
    """When, with an offset (`2026-11-27T10:00+09:00`), and how many times the usual contacts are expected."""

    name: Annotated[str, Meta(max_length=400)]
    starts_at: Annotated[str, Meta(max_length=40)]
    ends_at: Annotated[str, Meta(max_length=40)]
    multiple: Annotated[float, Meta(ge=1.5, le=100)]


class ContractView(Struct):
    """What the shop may send while the promotion counts: more than usual if it came with a day's notice."""

    rate_per_hour: int
    burst: int


class SpanView(Struct):
    """A low, an expected and a high figure."""

    low: int
    expected: int
    high: int

    @classmethod
    def of(cls, span: Span) -> Self:
        """Return what the API shows of `span`."""
        return cls(span.low, span.expected, span.high)


class PriceView(Struct):
    """What the contacts cost in won, at the price of that version."""

    low: Won
    expected: Won
    high: Won
    price_version: str


class ShiftView(Struct):
    """The contacts of an hour, or of a part of one, and the agents whom they need."""

    starts_at: str
    ends_at: str
    contacts: int
    agents: int

    @classmethod
    def of(cls, shift: Shift) -> Self:
        """Return what the API shows of `shift`."""
        return cls(kst(shift.starts_at), kst(shift.ends_at), shift.contacts, shift.agents)


class StaffingView(Struct):
    """The agents who answer so large a share so soon, and what was assumed of them."""

    agents: int
    load_erlangs: float
    handling_seconds: int
    conversations_at_once: int
    answered_percent: int
    within_seconds: int
    occupancy_percent_at_most: int
    shifts: list[ShiftView]

    @classmethod
    def of(cls, plan: Plan, status: Status) -> Self:
        """Return what the API shows of the agents of `plan`: no shifts once nobody can be asked to work them."""
        ahead = status in {Status.ANNOUNCED, Status.RUNNING}
        return cls(
            agents=plan.agents,
            load_erlangs=round(float(plan.load), 2),
            handling_seconds=plan.demand.handling // SECOND,
            conversations_at_once=plan.demand.parallel,
            answered_percent=int(ANSWERED * 100),
            within_seconds=WITHIN // SECOND,
            occupancy_percent_at_most=int(OCCUPANCY * 100),
            shifts=[ShiftView.of(shift) for shift in plan.shifts] if ahead else [],
        )


class PromotionView(Struct):
    """A promotion and all that it means; the contract counts from 15 minutes before the start."""

    id: str
    name: str
    starts_at: str
    ends_at: str
    multiple: float
    status: Status
    contract: ContractView
    contacts: SpanView
    price: PriceView
    staffing: StaffingView
    basis: str
    basis_en: str
    announced_at: str
    announced_by: str
    cancelled_at: str | None
    cancelled_by: str

    @classmethod
    def of(cls, plan: Plan, now: Millis) -> Self:
        """Return what the API shows of `plan` at `now`."""
        one, won = plan.promotion, plan.won
        status = status_of(one, now)
        return cls(
            id=one.id,
            name=one.name,
            starts_at=iso(one.starts_at),
            ends_at=iso(one.ends_at),
            multiple=one.multiple_tenths / TENTHS,
            status=status,
            contract=ContractView(plan.contract.rate_per_hour, plan.contract.burst),
            contacts=SpanView.of(plan.contacts),
            price=PriceView(won.low, won.expected, won.high, plan.price_version),
            staffing=StaffingView.of(plan, status),
            basis=BASIS,
            basis_en=BASIS_EN,
            announced_at=iso(one.announced_at),
            announced_by=one.announced_by,
            cancelled_at=iso(one.cancelled_at) if one.cancelled_at else None,
            cancelled_by=one.cancelled_by,
        )


class PromotionsView(Struct):
    """A shop's promotions by start: those to come, and those of the last 30 days."""

    promotions: list[PromotionView]


class RaiseView(Struct):
    """From when a promotion raises the contract, until when, and to what."""

    promotion: str
    name: str
    starts_at: str
    ends_at: str
    contract: ContractView

    @classmethod
    def of(cls, one: Promotion, usual: Contract) -> Self:
        """Return what the API shows of the contract that `one` makes of the `usual` one."""
        then = raised(usual, one)
        begins = iso(one.starts_at - LEAD)
        return cls(one.id, one.name, begins, iso(one.ends_at), ContractView(then.rate_per_hour, then.burst))


def kst(at: Millis) -> str:
    """Return `at` as ISO 8601 in Asia/Seoul: `2026-11-27T10:00:00+09:00`."""
    return datetime.fromtimestamp(at / SECOND, KST).isoformat(timespec="seconds")
