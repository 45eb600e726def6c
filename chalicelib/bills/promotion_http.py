"""What a promotion would mean and cost before it is announced, over HTTP."""

from typing import Self

from msgspec import Struct

from chalicelib.access.rules import SHOP
from chalicelib.bills import wiring
from chalicelib.bills.views import SumView
from chalicelib.kernel.clock import Millis, iso, kst_month
from chalicelib.pricing.model import Bill
from chalicelib.promotions.bodies import promotion_of
from chalicelib.promotions.model import TENTHS, Plan
from chalicelib.promotions.rules import SHOWN_AFTER, check_new, status_of
from chalicelib.promotions.staffing import added
from chalicelib.promotions.store import Promotions
from chalicelib.promotions.views import (
    BASIS,
    BASIS_EN,
    ContractView,
    PriceView,
    PromotionIn,
    SpanView,
    StaffingView,
)
from chalicelib.promotions.wiring import plan_of
from chalicelib.tenants.model import Contract, Tenant
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call
from chalicelib.web.pressure import Shed

api = Api()


class MonthView(Struct):
    """What the KST month in which a promotion begins is going to cost, without and with all that it adds."""

    month: str
    before: SumView
    after: SumView


class PreviewView(Struct):
    """A promotion that nobody announced yet, and all that it would mean.

    `added` are the contacts expected beyond the usual; `month` is absent while nothing tells how that one goes.
    """

    name: str
    starts_at: str
    ends_at: str
    multiple: float
    contract_before: ContractView
    contract_after: ContractView
    contacts: SpanView
    added: int
    price: PriceView
    staffing: StaffingView
    basis: str
    basis_en: str
    month: MonthView | None

    @classmethod
    def of(cls, plan: Plan, profile: Tenant, months: tuple[Bill, Bill] | None, now: Millis) -> Self:
        """Return what the API shows of `plan` at `now`; `months` is that of `wiring.month_with`."""
        one, won = plan.promotion, plan.won
        return cls(
            name=one.name,
            starts_at=iso(one.starts_at),
            ends_at=iso(one.ends_at),
            multiple=one.multiple_tenths / TENTHS,
            contract_before=_contract(profile.contract),
            contract_after=_contract(plan.contract),
            contacts=SpanView.of(plan.contacts),
            added=added(plan, profile),
            price=PriceView(won.low, won.expected, won.high, plan.price_version),
            staffing=StaffingView.of(plan, status_of(one, now)),
            basis=BASIS,
            basis_en=BASIS_EN,
            month=MonthView(months[0].month, *map(SumView.of, months)) if months else None,
        )


@api.route(
    "POST",
    "/v1/tenants/{tenant}/promotions/preview",
    policy=SHOP,
    body=PromotionIn,
    returns=PreviewView,
    shed=Shed.REPORT,
)
def preview_promotion(call: Call[PromotionIn]) -> PreviewView:
    """Show what a promotion would mean and cost: it stores nothing, and refuses what announcing would refuse."""
    profile, new = Tenants(call.params["tenant"]).profile(), promotion_of(call)
    check_new(new, Promotions(profile.id).since(call.now - SHOWN_AFTER), call.now)
    plan = plan_of(new, profile, call.now)
    months = wiring.month_with(profile.id, kst_month(new.starts_at), added(plan, profile), call.now)
    return PreviewView.of(plan, profile, months, call.now)


def _contract(contract: Contract) -> ContractView:
    return ContractView(contract.rate_per_hour, contract.burst)
