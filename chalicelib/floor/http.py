"""The floor over HTTP, for leads."""

from chalicelib.access.rules import LEAD
from chalicelib.floor.views import FloorView, PoolView
from chalicelib.floor.wiring import pools
from chalicelib.incidents.rules import is_shown_to
from chalicelib.incidents.views import IncidentView
from chalicelib.incidents.wiring import current
from chalicelib.kernel.clock import iso
from chalicelib.web.api import Api, Call, Empty, Reply
from chalicelib.web.etags import etag
from chalicelib.web.pressure import Shed

api = Api()


@api.route("GET", "/v1/floor", policy=LEAD, returns=FloorView, shed=Shed.REFRESH)
def floor(call: Call[Empty]) -> Reply:
    """Show leads their pool as it is now, admins every pool; 304 while nothing changed but the clock."""
    shown = [PoolView.of(one, call.now) for one in pools(call.caller, call.now)]
    told = [IncidentView.of(one) for one in current(call.now) if is_shown_to(one, call.caller, "")]
    return Reply(FloorView(shown, told, iso(call.now)), {"ETag": etag(shown, told)})
