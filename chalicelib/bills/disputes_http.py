"""Disputes over HTTP: a shop opens them, finance decides."""

from http import HTTPStatus

from chalicelib.access.rules import FINANCE, SHOP_OR_FINANCE, SHOP_PEOPLE
from chalicelib.aws.credentials import Scope, acting
from chalicelib.bills import service
from chalicelib.bills.model import Dispute, Verdict
from chalicelib.bills.service import Ruling
from chalicelib.bills.store import Disputes, open_disputes
from chalicelib.bills.usage_views import DisputeIn, DisputesView, DisputeView, RulingIn
from chalicelib.bills.wiring import claims
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

_DISPUTES = "/v1/tenants/{tenant}/disputes"
_REASON_LIMIT = 1_000
_PAGE = 50
# Each shop costs a session of its own, and a request has 29 seconds.
_LISTED = 100


@api.route("POST", _DISPUTES, policy=SHOP_PEOPLE, body=DisputeIn, returns=DisputeView, status=HTTPStatus.CREATED)
def open_dispute(call: Call[DisputeIn]) -> DisputeView:
    """Dispute a billed contact of this month or the two before; each episode once, and usage stays as it is."""
    asked, reason = call.body, _reason(call.body.reason)
    here = claims(call.params["tenant"])
    opened = service.open_dispute(here, asked.contact, asked.episode, reason, by=call.caller.name, now=call.now)
    return DisputeView.of(opened)


@api.route("GET", _DISPUTES, policy=SHOP_OR_FINANCE, returns=DisputesView, query=("cursor",), shed=Shed.REPORT)
def list_disputes(call: Call[Empty]) -> DisputesView:
    """List the shop's disputes, the newest first, 50 to a page, each with what was answered and credited."""
    found, following = Disputes(call.params["tenant"]).page(limit=_PAGE, after=read_cursor(call, "disputes"))
    return DisputesView([DisputeView.of(one) for one in found], write_cursor(call, "disputes", following))


@api.route("POST", _DISPUTES + "/{dispute}/decide", policy=FINANCE, body=RulingIn, returns=DisputeView)
def decide_dispute(call: Call[RulingIn]) -> DisputeView:
    """Decide a dispute, once: one that is upheld is credited on the bill of the current month."""
    ruling = Ruling(call.body.uphold, _reason(call.body.reason), call.caller.name, call.now)
    return DisputeView.of(service.decide(claims(call.params["tenant"]), call.params["dispute"], ruling))


@api.route("GET", "/v1/disputes", policy=FINANCE, returns=DisputesView, shed=Shed.REPORT)
def all_open_disputes(call: Call[Empty]) -> DisputesView:
    """List the first 100 open disputes of all shops, the oldest first."""
    found = (_open(tenant, dispute) for tenant, dispute in open_disputes(_LISTED))
    return DisputesView([DisputeView.of(one) for one in found if one is not None])


def _open(tenant: str, dispute: str) -> Dispute | None:
    """Return a dispute that a hint names, if it is still open."""
    with acting(Scope(tenant=tenant)):
        found = Disputes(tenant).find(dispute)
    return found if found is not None and found.verdict is Verdict.OPEN else None


def _reason(text: str) -> str:
    return censor(clean(text, limit=_REASON_LIMIT, field="reason"), accounts=True)
