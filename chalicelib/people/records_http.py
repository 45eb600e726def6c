"""Who let whom in and out, over HTTP."""

from chalicelib.access.rules import ADMIN, OWNER_OR_ADMIN
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import iso
from chalicelib.people.changes import Changes
from chalicelib.people.model import PermissionChange
from chalicelib.people.views import ChangesView, ChangeView
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

_PAGE = 50
_LIST = "permission-changes"


@api.route(
    "GET",
    "/v1/tenants/{tenant}/permission-changes",
    policy=OWNER_OR_ADMIN,
    returns=ChangesView,
    query=("cursor",),
    shed=Shed.REPORT,
)
def changes_of_shop(call: Call[Empty]) -> ChangesView:
    """List who let whom into the shop and out of it, newest first, 50 to a page."""
    return _shown(call, Changes(call.params["tenant"]))


@api.route("GET", "/v1/permission-changes", policy=ADMIN, returns=ChangesView, query=("cursor",), shed=Shed.REPORT)
def changes_of_team(call: Call[Empty]) -> ChangesView:
    """List who let whom into the team and out of it, newest first, 50 to a page."""
    return _shown(call, Changes(""))


def _shown(call: Call[Empty], record: Changes) -> ChangesView:
    found, following = record.page(limit=_PAGE, after=read_cursor(call, _LIST), now=call.now)
    everything = call.caller.kind is Kind.ADMIN
    lines = [_line(change, everything=everything) for change in found]
    return ChangesView(lines, write_cursor(call, _LIST, following))


def _line(change: PermissionChange, *, everything: bool) -> ChangeView:
    # From where the desk's own people work is no shop's business.
    shops_own = change.by.startswith(f"{Kind.OWNER}:")
    return ChangeView(
        at=iso(change.at),
        by=change.by,
        deed=change.deed,
        whom=change.whom,
        before=change.before,
        after=change.after,
        reason=change.reason,
        source=change.source if everything or shops_own else "",
    )
