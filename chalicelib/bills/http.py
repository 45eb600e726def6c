"""What a shop sees of its money over HTTP: the bill, and what it consists of; the rest of it is beside."""

from chalicelib.access.rules import SHOP_OR_FINANCE
from chalicelib.billing.mirror import Mirror
from chalicelib.bills import account_http, disputes_http, wiring
from chalicelib.bills.alerts import Alerts
from chalicelib.bills.rules import place
from chalicelib.bills.store import Disputes
from chalicelib.bills.usage_views import EntryView, UsageView
from chalicelib.bills.views import AlertView, BillView, ForecastView, InvoiceView, LagView
from chalicelib.kernel.clock import iso, kst_month
from chalicelib.metering.periods import Periods
from chalicelib.overflow.ladder import is_reached
from chalicelib.overflow.views import CapView
from chalicelib.overflow.wiring import spent
from chalicelib.pricing.model import RatedEntry
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()
api.routes += [*account_http.api.routes, *disputes_http.api.routes]

_TENANT = "/v1/tenants/{tenant}"
_PAGE = 100


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
        lag=LagView.of(wiring.windows(tenant, month)),
        alerts=[AlertView.of(alert) for alert in sorted(told, key=lambda alert: (alert.at, alert.threshold))],
        invoice=InvoiceView.of(mirrored.invoice, f"/v1/tenants/{tenant}/payment-portal") if mirrored else None,
        forecast=ForecastView.of(wiring.forecast(tenant, found, call.now)),
        cap=_cap(tenant, call.now) if month == kst_month(call.now) else None,
    )


@api.route(
    "GET",
    _TENANT + "/usage",
    policy=SHOP_OR_FINANCE,
    returns=UsageView,
    query=("month", "cursor"),
    shed=Shed.REPORT,
)
def usage(call: Call[Empty]) -> UsageView:
    """Show the ledger of one `month` (default the current one) line by line, 100 to a page, oldest first."""
    month = call.month
    query = f"usage/{month}"
    position = read_cursor(call, query)
    lines = wiring.statement(call.params["tenant"], month)
    after = tuple(position["after"]) if position else ()
    rest = [line for line in lines if place(line) > after]
    shown = rest[:_PAGE]
    following = {"after": place(shown[-1])} if len(rest) > _PAGE else None
    return UsageView.of(month, lines, _entries(call, shown), write_cursor(call, query, following))


def _entries(call: Call[Empty], lines: list[RatedEntry]) -> list[EntryView]:
    names = [f"{line.entry.contact}-{line.entry.episode}" for line in lines]
    disputes = Disputes(call.params["tenant"]).many(sorted(set(names)))
    return [EntryView.of(line, disputes.get(name)) for line, name in zip(lines, names, strict=True)]


def _cap(tenant: str, now: int) -> CapView | None:
    profile = Tenants(tenant).profile()
    surge = profile.surge
    if not surge.cap_won:
        return None
    so_far = spent(profile, now)
    return CapView(surge.cap_won, surge.cap, so_far, is_reached(surge, so_far))
