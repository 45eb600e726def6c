"""A shop's results over HTTP."""

import msgspec

from chalicelib.access.rules import SHOP_VIEW
from chalicelib.results.rules import span
from chalicelib.results.service import look
from chalicelib.results.views import ResultsView
from chalicelib.results.wiring import books_of
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call, Empty, Reply
from chalicelib.web.etags import etag
from chalicelib.web.pressure import Shed

api = Api()


@api.route(
    "GET",
    "/v1/tenants/{tenant}/results",
    policy=SHOP_VIEW,
    returns=ResultsView,
    query=("from", "to"),
    shed=Shed.REPORT,
)
def results(call: Call[Empty]) -> Reply:
    """Show how the contacts went `from` one day `to` another (default: the last thirty), against the goals."""
    dates = span(call.query.get("from", ""), call.query.get("to", ""), call.now)
    profile = Tenants(call.params["tenant"]).profile()
    view = ResultsView.of(dates, look(books_of(profile), dates, call.now), profile.goals)
    # When it was counted makes no other answer of it.
    return Reply(view, {"ETag": etag(msgspec.structs.replace(view, as_of=""))})
