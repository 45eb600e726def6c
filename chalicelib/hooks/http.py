"""Hooks over HTTP: a shop's owner and its server make them, and see what became of each delivery."""

from http import HTTPStatus

from chalicelib.access.rules import OWNER_OR_SERVER
from chalicelib.aws.settings import settings
from chalicelib.hooks import service
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import OFFERED, Hook
from chalicelib.hooks.rules import check_events, check_url
from chalicelib.hooks.views import DeliveriesView, DeliveryView, HookIn, HooksView, HookView, NewHookView
from chalicelib.hooks.wiring import desk, forget_hooks
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.text import clean
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

_HOOKS = "/v1/tenants/{tenant}/hooks"
_DELIVERIES = _HOOKS + "/{hook}/deliveries"
_PAGE = 50


@api.route("POST", _HOOKS, policy=OWNER_OR_SERVER, body=HookIn, returns=NewHookView, status=HTTPStatus.CREATED)
def make_hook(call: Call[HookIn]) -> NewHookView:
    """Have an https address told of events, each proven by `Duredesk-Signature`, within a minute from now on."""
    asked, tenant = call.body, call.params["tenant"]
    check_url(asked.url, is_local=settings().stage == "local")
    check_events(tuple(asked.events))
    hook = Hook(
        tenant=tenant,
        id=call.new_id(),
        url=asked.url,
        events=tuple(asked.events),
        label=clean(asked.label, limit=100, field="label"),
        by=call.caller.name,
        created_at=call.now,
        digest=call.digest,
    )
    made, secret = service.make(desk(tenant), hook)
    forget_hooks(tenant)
    return NewHookView(HookView.of(made), secret)


@api.route("GET", _HOOKS, policy=OWNER_OR_SERVER, returns=HooksView, shed=Shed.SEARCH)
def list_hooks(call: Call[Empty]) -> HooksView:
    """List the shop's hooks, the oldest first."""
    found = desk(call.params["tenant"]).hooks.all()
    return HooksView([HookView.of(hook) for hook in found], list(OFFERED))


@api.route("POST", _HOOKS + "/{hook}/remove", policy=OWNER_OR_SERVER, returns=None)
def remove_hook(call: Call[Empty]) -> None:
    """Tell a hook nothing more, within a minute."""
    service.remove(desk(call.params["tenant"]), call.params["hook"], call.now)
    forget_hooks(call.params["tenant"])


@api.route(
    "POST", _HOOKS + "/{hook}/test", policy=OWNER_OR_SERVER, returns=DeliveryView, status=HTTPStatus.ACCEPTED
)
def test_hook(call: Call[Empty]) -> DeliveryView:
    """Send a hook an event without a meaning; a hook that was paused is told everything again if it is heard."""
    return DeliveryView.of(service.test(desk(call.params["tenant"]), call.params["hook"], call.now))


@api.route("GET", _DELIVERIES, policy=OWNER_OR_SERVER, returns=DeliveriesView, query=("cursor",), shed=Shed.SEARCH)
def list_deliveries(call: Call[Empty]) -> DeliveriesView:
    """List what a hook was told within 30 days, the newest first, 50 to a page."""
    tenant, hook = call.params["tenant"], call.params["hook"]
    if desk(tenant).hooks.find(hook) is None:
        raise not_found()
    listed, after = f"deliveries/{hook}", read_cursor(call, f"deliveries/{hook}")
    found, following = Deliveries(tenant, hook).page(limit=_PAGE, after=after, now=call.now)
    return DeliveriesView([DeliveryView.of(one) for one in found], write_cursor(call, listed, following))


@api.route(
    "POST",
    _DELIVERIES + "/{delivery}/resend",
    policy=OWNER_OR_SERVER,
    returns=DeliveryView,
    status=HTTPStatus.ACCEPTED,
)
def resend_delivery(call: Call[Empty]) -> DeliveryView:
    """Send once more, with the same id and body, what was sent or given up."""
    here, params = desk(call.params["tenant"]), call.params
    return DeliveryView.of(service.resend(here, params["hook"], params["delivery"], call.now))
