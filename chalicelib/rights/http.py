"""Rights of people and shops over HTTP."""

from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import OWNER, OWNER_OR_SERVER, SHOP
from chalicelib.contacts.erasure import Hold
from chalicelib.customers.model import FINDABLE
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.text import clean
from chalicelib.privacy.model import Access, Field
from chalicelib.privacy.rules import censor
from chalicelib.privacy.store import AccessRecords
from chalicelib.privacy.wiring import looked
from chalicelib.rights import service
from chalicelib.rights.exports import export_customer, export_shop
from chalicelib.rights.model import Erasure, Ground
from chalicelib.rights.views import (
    AccessesView,
    AccessView,
    EraseIn,
    EraseTenantIn,
    ErasureView,
    ExportIn,
    ExportView,
    FoundCustomersView,
    FoundView,
    HoldIn,
    HoldView,
)
from chalicelib.rights.wiring import registry
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

_TENANT = "/v1/tenants/{tenant}"
_CUSTOMER = _TENANT + "/customers/{customer}"
_CONTACT = _TENANT + "/contacts/{contact}"
_REASON_LIMIT = 200
_PAGE = 50


@api.route(
    "GET",
    _TENANT + "/customers",
    policy=SHOP,
    returns=FoundCustomersView,
    query=tuple(field.value for field in FINDABLE),
    shed=Shed.SEARCH,
)
def find_customers(call: Call[Empty]) -> FoundCustomersView:
    """Find customers by exactly one whole `phone`, `mail` or `order_number`; the rest of them comes masked."""
    if len(call.query) != 1:
        raise BadInput("invalid_search", "search by one of phone, mail and order_number")
    [(name, value)] = call.query.items()
    customers = registry(call.params["tenant"]).customers
    found = customers.find(Field(name), value)
    _note(call, f"search {name}", [customers.handle(customer.id) for customer in found])
    return FoundCustomersView([FoundView.of(customer) for customer in found])


@api.route(
    "POST",
    _CUSTOMER + "/export",
    policy=OWNER_OR_SERVER,
    body=ExportIn,
    returns=ExportView,
    query=("cursor",),
    shed=Shed.REPORT,
)
def export(call: Call[ExportIn]) -> ExportView:
    """Return all that is held of a customer, page by page, with a manifest of each; the reason goes on record."""
    reason = _reason(call.body.reason)
    tenant, customer = call.params["tenant"], call.params["customer"]
    query = f"export/{customer}"
    position = read_cursor(call, query) or {}
    here = registry(tenant)
    page = export_customer(
        here,
        customer,
        call.now,
        is_owner=call.caller.kind is Kind.OWNER,
        after=position.get("after", ""),
    )
    _note(call, "export", [here.customers.handle(customer)], why=reason)
    following = {"after": page.next} if page.next else None
    return ExportView.of(page, write_cursor(call, query, following))


@api.route(
    "POST",
    _TENANT + "/export",
    policy=OWNER,
    body=ExportIn,
    returns=ExportView,
    query=("cursor",),
    shed=Shed.REPORT,
)
def export_whole(call: Call[ExportIn]) -> ExportView:
    """Return all that is held of the shop's customers and contacts, page by page; the reason goes on record."""
    reason, query = _reason(call.body.reason), "export"
    position = read_cursor(call, query) or {}
    page = export_shop(registry(call.params["tenant"]), call.now, after=position.get("after", ""))
    # It is of everybody: nobody is named.
    who, tenant = call.caller, call.params["tenant"]
    access = Access.by(who, call.source, whose=(), what="export of the tenant", at=call.now, why=reason)
    AccessRecords(tenant).append(access)
    return ExportView.of(page, write_cursor(call, query, {"after": page.next} if page.next else None))


@api.route(
    "POST",
    _CUSTOMER + "/erase",
    policy=OWNER_OR_SERVER,
    body=EraseIn,
    returns=ErasureView,
    status=HTTPStatus.ACCEPTED,
)
def erase_customer(call: Call[EraseIn]) -> ErasureView:
    """Erase a customer: unreadable once this has answered, and gone within minutes. A repeat changes nothing."""
    here, customer = registry(call.params["tenant"]), call.params["customer"]
    return ErasureView.of(service.erase_customer(here, customer, _erasure(call, call.body.reason)))


@api.route("GET", _TENANT + "/erasures/{erasure}", policy=OWNER_OR_SERVER, returns=ErasureView, shed=Shed.REPORT)
def get_erasure(call: Call[Empty]) -> ErasureView:
    """Show how far an erasure is, and its certificate."""
    return ErasureView.of(registry(call.params["tenant"]).erasures.get(call.params["erasure"]))


@api.route(
    "POST",
    _TENANT + "/erase",
    policy=OWNER,
    body=EraseTenantIn,
    returns=ErasureView,
    status=HTTPStatus.ACCEPTED,
)
def erase_tenant(call: Call[EraseTenantIn]) -> ErasureView:
    """Erase everything that is held of this shop's customers, and at last the key: nobody can undo this."""
    tenant = call.params["tenant"]
    if call.body.confirm != tenant:
        raise BadInput("not_confirmed", "confirm is the id of the shop that is to be erased")
    return ErasureView.of(service.erase_tenant(registry(tenant), _erasure(call, call.body.reason)))


@api.route("POST", _CONTACT + "/hold", policy=OWNER, body=HoldIn, returns=HoldView)
def hold(call: Call[HoldIn]) -> HoldView:
    """Keep a contact for a dispute: nothing erases it for so many days from now."""
    reason = _reason(call.body.reason)
    until = call.now + call.body.days * DAY
    wanted = Hold(call.params["contact"], until, reason, call.caller.name, call.now)
    return HoldView.of(service.hold(registry(call.params["tenant"]), wanted))


@api.route("POST", _CONTACT + "/release-hold", policy=OWNER, returns=None)
def release_hold(call: Call[Empty]) -> None:
    """End a hold: what was to be erased meanwhile is erased within a day."""
    service.release(registry(call.params["tenant"]), call.params["contact"])


@api.route(
    "GET",
    _TENANT + "/access-records",
    policy=OWNER_OR_SERVER,
    returns=AccessesView,
    query=("month", "cursor"),
    shed=Shed.REPORT,
)
def access_records(call: Call[Empty]) -> AccessesView:
    """List who looked at the shop's customers' data in a `month` (`yyyy-mm` in Asia/Seoul), latest first."""
    query, records = f"access/{call.month}", AccessRecords(call.params["tenant"])
    found, position = records.page(call.month, limit=_PAGE, after=read_cursor(call, query), now=call.now)
    return AccessesView([AccessView.of(access) for access in found], write_cursor(call, query, position))


def _note(call: Call[Any], what: str, handles: list[str], *, why: str = "") -> None:
    """Put a look on record before its answer is given: handles stand for people, since records outlive them."""
    looked(call.caller, call.source, tenant=call.params["tenant"], whose=handles, what=what, at=call.now, why=why)


def _reason(text: str) -> str:
    return censor(clean(text, limit=_REASON_LIMIT, field="reason"), accounts=True)


def _erasure(call: Call[Any], ground: Ground) -> Erasure:
    return Erasure(call.params["tenant"], call.new_id(), "", ground, call.caller.name, call.now)
