"""A shop's plan, its cap and how it pays, over HTTP."""

from chalicelib.access.rules import OWNER, PUBLIC, SHOP_OR_FINANCE
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing.identities import Identities
from chalicelib.billing.wiring import till
from chalicelib.bills import choices, payment
from chalicelib.bills.payment_views import ComparisonView, IdentityIn, IdentityView, PageView, WorkloadIn
from chalicelib.bills.plan_views import CapChosenView, CapIn, OffersView, OfferView, TermIn, TermsView
from chalicelib.bills.wiring import account
from chalicelib.kernel.clock import kst_month, month_span
from chalicelib.kernel.errors import BadInput, Mismatch, not_found
from chalicelib.pricing.comparison import cheapest, compare
from chalicelib.pricing.plans import offered
from chalicelib.pricing.verdict import misfits
from chalicelib.tenants.aims import By
from chalicelib.tenants.model import Term
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, B, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_TENANT = "/v1/tenants/{tenant}"
_IDENTITY = _TENANT + "/billing-identity"


@api.route("GET", "/v1/plans", policy=PUBLIC, returns=OffersView, shed=Shed.REPORT)
def plans(call: Call[Empty]) -> OffersView:
    """Show the plans that a shop may choose from this month on, and from the next."""
    month = kst_month(call.now)
    following = kst_month(month_span(month)[1])
    return OffersView([OfferView.of(month), OfferView.of(following)])


@api.route("GET", _TENANT + "/plan", policy=SHOP_OR_FINANCE, returns=TermsView, shed=Shed.REPORT)
def read_plan(call: Call[Empty]) -> TermsView:
    """Show the shop's plan, and those that follow it."""
    profile = Tenants(call.params["tenant"]).current()
    if profile is None:
        raise not_found()
    return TermsView.of(profile, call.now)


@api.route("PUT", _TENANT + "/plan", policy=OWNER, body=TermIn, returns=TermsView)
def choose_plan(call: Call[TermIn]) -> TermsView:
    """Choose the plan from a coming month on, until five minutes before it; later choices are replaced."""
    term = Term(call.body.since, call.body.plan)
    chosen = choices.choose_plan(account(call.params["tenant"]), term, _by(call), expected=call.expected)
    return TermsView.of(chosen, call.now)


@api.route("PUT", _TENANT + "/cap", policy=OWNER, body=CapIn, returns=CapChosenView)
def set_cap(call: Call[CapIn]) -> CapChosenView:
    """Set the most that a month shall cost: the shop is told at 50, 80 and 100 percent of it."""
    here = account(call.params["tenant"])
    chosen = choices.set_cap(here, call.body.won, call.body.cap, _by(call), expected=call.expected)
    return CapChosenView.of(chosen)


@api.route("POST", _TENANT + "/card-setup", policy=OWNER, returns=PageView)
def card_setup(call: Call[Empty]) -> PageView:
    """Make a page of the payment provider on which the shop registers a card."""
    return PageView(payment.card_page(till(call.params["tenant"]), _back(), call.new_id(), call.now))


@api.route("POST", _TENANT + "/payment-portal", policy=OWNER, returns=PageView)
def payment_portal(call: Call[Empty]) -> PageView:
    """Make a page of the payment provider with the shop's invoices and cards."""
    return PageView(payment.portal_page(till(call.params["tenant"]), _back(), call.now))


@api.route("GET", _IDENTITY, policy=OWNER, returns=IdentityView, shed=Shed.REPORT)
def read_identity(call: Call[Empty]) -> IdentityView:
    """Show whom the shop's invoices and tax invoices are made out to."""
    identity, version = Identities(call.params["tenant"]).current()
    if identity is None:
        raise not_found()
    return IdentityView.of(identity, version)


@api.route("PUT", _IDENTITY, policy=OWNER, body=IdentityIn, returns=IdentityView)
def set_identity(call: Call[IdentityIn]) -> IdentityView:
    """Say whom the shop's invoices are made out to; the payment provider is told within the hour."""
    identity = call.body.identity
    here = Identities(call.params["tenant"])
    before, version = here.current()
    if before == identity:
        return IdentityView.of(before, version)
    if call.expected not in {None, version}:
        raise Mismatch("version_mismatch", "this changed since you looked", version=version)
    commit(here.save(identity, version))
    return IdentityView.of(identity, version + 1)


@api.route("POST", "/v1/cost-comparison", policy=PUBLIC, body=WorkloadIn, returns=ComparisonView)
def cost_comparison(call: Call[WorkloadIn]) -> ComparisonView:
    """Reckon what a month costs here, with people of the shop's own, and at a centre of its own."""
    load, plans = call.body.workload, offered(kst_month(call.now))
    wanted = [one for one in plans if call.body.plan in {None, one.version}]
    if not wanted:
        raise BadInput("unknown_plan", "no plan of this version is offered now")
    terms = cheapest(load, wanted)
    found = compare(load, terms)
    return ComparisonView.of(found, terms.version, misfits(load, found))


def _by(call: Call[B]) -> By:
    return By(call.caller.name, call.source, call.now)


def _back() -> str:
    # Nobody may name another page: the provider would send the shop's people there.
    return f"{settings().pages_url}/shop/invoices"
