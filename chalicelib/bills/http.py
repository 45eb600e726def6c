"""What a shop sees of its money over HTTP: the bill, and what it consists of; the rest of it is beside."""

from chalicelib.access.rules import SHOP_OR_FINANCE
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import Mirrored
from chalicelib.bills import account_http, disputes_http, promotion_http, wiring
from chalicelib.bills.alerts import Alerts
from chalicelib.bills.rules import place
from chalicelib.bills.usage_views import EntryView, UsageView
from chalicelib.bills.views import (
    AlertView,
    BillsView,
    BillView,
    ForecastView,
    InvoiceView,
    LagView,
    MonthBillView,
)
from chalicelib.kernel.clock import HOUR, days_left, iso, kst_month
from chalicelib.kernel.errors import BadInput
from chalicelib.metering.periods import Periods
from chalicelib.overflow.ladder import is_reached
from chalicelib.overflow.views import CapView
from chalicelib.overflow.wiring import spent
from chalicelib.pricing.model import RatedEntry
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call, Empty, Reply
from chalicelib.web.cursors import Position, read_cursor, write_cursor
from chalicelib.web.etags import etag
from chalicelib.web.pressure import Shed

api = Api()
api.routes += [*account_http.api.routes, *disputes_http.api.routes, *promotion_http.api.routes]

_TENANT = "/v1/tenants/{tenant}"
_PAGE, _YEAR = 100, 12
_OLDEST, _NEWEST = "oldest", "newest"


@api.route(
    "GET",
    _TENANT + "/bill",
    policy=SHOP_OR_FINANCE,
    returns=BillView,
    query=("month",),
    shed=Shed.REPORT,
)
def bill(call: Call[Empty]) -> BillView:
    """Show the bill of one `month` (`yyyy-mm` in Asia/Seoul; default the current one) as of now."""
    tenant, month = call.params["tenant"], call.month
    found = wiring.bill(tenant, month)
    mirrored = Mirror(tenant).find(month)
    told = Alerts(tenant).of_month(month)
    return BillView.of(
        found,
        iso(call.now),
        Periods(tenant).find(month).state,
        days_left=days_left(month, call.now),
        lag=LagView.of(wiring.windows(tenant, month)),
        alerts=[AlertView.of(alert) for alert in sorted(told, key=lambda alert: (alert.at, alert.threshold))],
        invoice=_invoice(tenant, mirrored),
        forecast=ForecastView.of(wiring.forecast(tenant, found, call.now)),
        cap=_cap(tenant, call.now) if month == kst_month(call.now) else None,
    )


@api.route(
    "GET", _TENANT + "/bills", policy=SHOP_OR_FINANCE, returns=BillsView, query=("cursor",), shed=Shed.REPORT
)
def bills(call: Call[Empty]) -> BillsView:
    """List what the shop's months cost, the newest first, and their invoices; a year to a page."""
    tenant = call.params["tenant"]
    position = read_cursor(call, "bills")
    rest = [one for one in wiring.months(tenant, call.now) if not position or one.month < position["month"]]
    shown, invoices = rest[:_YEAR], Mirror(tenant).by_month()
    following = {"month": shown[-1].month} if len(rest) > _YEAR else None
    found = [
        MonthBillView.of(one, wiring.subtotal(one), _invoice(tenant, invoices.get(one.month))) for one in shown
    ]
    return BillsView(found, write_cursor(call, "bills", following))


@api.route(
    "GET",
    _TENANT + "/usage",
    policy=SHOP_OR_FINANCE,
    returns=UsageView,
    query=("month", "order", "contact", "cursor"),
    shed=Shed.REPORT,
)
def usage(call: Call[Empty]) -> Reply:
    """Show the ledger of one `month` (default the current one) line by line, 100 to a page.

    `order` is `oldest` (first) or `newest`; `contact` shows that one's lines alone, beside the month's sums.
    """
    tenant, month, order, contact = call.params["tenant"], call.month, _order(call), call.query.get("contact", "")
    query = f"usage/{month}/{order}/{contact}"
    position = read_cursor(call, query)
    seen = wiring.glance(tenant, month)
    # A cursor is good for a day: an answer that is kept for longer than an hour is made again.
    tag = etag(month, sorted(call.query.items()), call.now // HOUR, seen)
    if call.known == tag:
        return Reply(None, {"ETag": tag})
    lines = wiring.statement(tenant, month)
    rest = _after(position, [one for one in lines if contact in {"", one.entry.contact}], order)
    shown = rest[:_PAGE]
    following = {"after": place(shown[-1])} if len(rest) > _PAGE else None
    entries = [EntryView.of(one, seen.disputes.get(f"{one.entry.contact}-{one.entry.episode}")) for one in shown]
    view = UsageView.of(month, lines, entries, write_cursor(call, query, following))
    return Reply(view, {"ETag": tag} if seen.is_of(lines) else {})


def _invoice(tenant: str, mirrored: Mirrored | None) -> InvoiceView | None:
    return InvoiceView.of(mirrored.invoice, f"/v1/tenants/{tenant}/payment-portal") if mirrored else None


def _order(call: Call[Empty]) -> str:
    order = call.query.get("order", _OLDEST)
    if order not in {_OLDEST, _NEWEST}:
        raise BadInput("invalid_order", f"order is {_OLDEST} or {_NEWEST}")
    return order


def _after(position: Position | None, lines: list[RatedEntry], order: str) -> list[RatedEntry]:
    after = tuple(position["after"]) if position else None
    if order == _NEWEST:
        return [line for line in reversed(lines) if after is None or place(line) < after]
    return [line for line in lines if after is None or place(line) > after]


def _cap(tenant: str, now: int) -> CapView | None:
    profile = Tenants(tenant).profile()
    surge = profile.surge
    if not surge.cap_won:
        return None
    so_far = spent(profile, now)
    return CapView(surge.cap_won, surge.cap, so_far, is_reached(surge, so_far))
