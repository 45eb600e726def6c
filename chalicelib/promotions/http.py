"""Promotions over HTTP: what shops announce, and what it means for their team of the pool."""

from http import HTTPStatus

from chalicelib.access.rules import LEAD, OWNER_OR_SERVER, SHOP_VIEW
from chalicelib.aws.tables import commit
from chalicelib.promotions import service
from chalicelib.promotions.bodies import promotion_of
from chalicelib.promotions.calendar_views import CalendarsView, CalendarView
from chalicelib.promotions.model import Promotion
from chalicelib.promotions.rules import SHOWN_AFTER, shown
from chalicelib.promotions.store import Promotions
from chalicelib.promotions.views import PromotionIn, PromotionsView, PromotionView
from chalicelib.promotions.wiring import calendars, plan_of
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, B, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_PROMOTIONS = "/v1/tenants/{tenant}/promotions"
_ONE = _PROMOTIONS + "/{promotion}"


@api.route(
    "POST", _PROMOTIONS, policy=OWNER_OR_SERVER, body=PromotionIn, returns=PromotionView, status=HTTPStatus.CREATED
)
def announce_promotion(call: Call[PromotionIn]) -> PromotionView:
    """Announce a promotion: the shop's contract is raised for the time, and its pool's leads see it coming."""
    profile = Tenants(call.params["tenant"]).profile()
    new = promotion_of(call)
    return _shown(call, service.announce(new, profile.pool, Promotions(profile.id), commit))


@api.route("GET", _PROMOTIONS, policy=SHOP_VIEW, returns=PromotionsView, shed=Shed.REPORT)
def list_promotions(call: Call[Empty]) -> PromotionsView:
    """List the shop's promotions by start: those to come, and those of the last 30 days."""
    known = Promotions(call.params["tenant"]).since(call.now - SHOWN_AFTER)
    return PromotionsView([_shown(call, one) for one in shown(known, call.now)])


@api.route("GET", _ONE, policy=SHOP_VIEW, returns=PromotionView, shed=Shed.REPORT)
def read_promotion(call: Call[Empty]) -> PromotionView:
    """Show one promotion: the contract, the contacts, the price and the agents that it takes."""
    return _shown(call, service.get(call.params["promotion"], Promotions(call.params["tenant"])))


@api.route("POST", _ONE + "/cancel", policy=OWNER_OR_SERVER, returns=PromotionView)
def cancel_promotion(call: Call[Empty]) -> PromotionView:
    """Cancel a promotion that is not over: within 30 seconds the contract is the usual one again."""
    store = Promotions(call.params["tenant"])
    return _shown(call, service.cancel(call.params["promotion"], call.caller.name, call.now, store, commit))


@api.route("GET", "/v1/promotions", policy=LEAD, returns=CalendarsView, shed=Shed.REPORT)
def promotion_calendar(call: Call[Empty]) -> CalendarsView:
    """Show leads what comes to their pool, admins to every pool, and the agents of each hour: pooled and apart."""
    return CalendarsView([CalendarView.of(one, call.now) for one in calendars(call.caller, call.now)])


def _shown(call: Call[B], promotion: Promotion) -> PromotionView:
    profile = Tenants(promotion.tenant).profile()
    return PromotionView.of(plan_of(promotion, profile, call.now), call.now)
