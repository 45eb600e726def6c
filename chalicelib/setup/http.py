"""How far a shop is set up, and going live, over HTTP."""

from chalicelib.access.rules import OWNER, SHOP_VIEW
from chalicelib.setup import rules, service
from chalicelib.setup.views import SetupView
from chalicelib.setup.wiring import facts, opening
from chalicelib.tenants.aims import By
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_TENANT = "/v1/tenants/{tenant}"


@api.route("GET", _TENANT + "/setup", policy=SHOP_VIEW, returns=SetupView, shed=Shed.REFRESH)
def read_setup(call: Call[Empty]) -> SetupView:
    """Show what the shop has done and what it still has to do before it can go live."""
    return SetupView.of(rules.progress(facts(call.params["tenant"])))


@api.route("POST", _TENANT + "/go-live", policy=OWNER, returns=SetupView)
def go_live(call: Call[Empty]) -> SetupView:
    """Let the shop take contacts from now on; its owners are told by mail."""
    by = By(call.caller.name, call.source, call.now)
    return SetupView.of(service.go_live(opening(call.params["tenant"]), by))
