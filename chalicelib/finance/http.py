"""Finance over HTTP: the months of all shops, and the tax invoices of one."""

from dataclasses import asdict
from http import HTTPStatus

from msgspec import Struct

from chalicelib.access.rules import FINANCE
from chalicelib.aws.observe import log
from chalicelib.aws.tables import commit
from chalicelib.closing.store import open_breaks
from chalicelib.files.model import LINK_SECONDS
from chalicelib.finance import correction_http
from chalicelib.finance.aging import aging_rows
from chalicelib.finance.bodies import SELECTION, selection_of
from chalicelib.finance.catalogue import NAMES, columns_of
from chalicelib.finance.days import day_end, kst_day
from chalicelib.finance.journal import journal_rows
from chalicelib.finance.service import Place, record_tax_invoice, slice_of
from chalicelib.finance.store import TaxRecords
from chalicelib.finance.tables import Register, Selection, columns_in
from chalicelib.finance.tax_views import TaxInvoiceView, TaxRecordView
from chalicelib.finance.views import (
    AgingLine,
    AgingView,
    BreakLine,
    JournalView,
    OpenBreaksView,
    PeriodLine,
    PeriodsView,
    RegisterView,
)
from chalicelib.finance.wiring import (
    file_link,
    invoices_of,
    month_of,
    months_of,
    period_hints,
    register_page,
    whole_register,
)
from chalicelib.kernel.clock import SECOND, iso
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.ids import TENANT_ID
from chalicelib.panel.views import LinkView
from chalicelib.tenants.store import all_tenants
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()
api.routes += correction_http.api.routes

_TAX = "/v1/tenants/{tenant}/tax-invoices/{month}"


class TaxInvoiceIn(Struct, forbid_unknown_fields=True):
    """The tax office's number of a tax invoice; `credit_note` names what it corrects the month's own by."""

    number: str
    credit_note: str = ""


@api.route(
    "GET",
    "/v1/finance/periods",
    policy=FINANCE,
    returns=PeriodsView,
    query=("month", *SELECTION),
    shed=Shed.REPORT,
)
def periods(call: Call[Empty]) -> PeriodsView:
    """List shops' periods of a `month` (`yyyy-mm` in Asia/Seoul; default the current one)."""
    month, wanted = call.month, selection_of(call, columns_in(PeriodLine))
    return PeriodsView.of(month, wanted.of(map(PeriodLine.of, period_hints(month, call.now))))


@api.route("GET", "/v1/finance/breaks", policy=FINANCE, returns=OpenBreaksView, query=SELECTION, shed=Shed.REPORT)
def breaks(call: Call[Empty]) -> OpenBreaksView:
    """List the breaks of all shops that block a close."""
    wanted = selection_of(call, columns_in(BreakLine))
    lines = wanted.of(BreakLine.of(hint, call.now) for hint in open_breaks())
    return OpenBreaksView(len(lines), lines)


@api.route(
    "GET",
    "/v1/finance/registers/{register}",
    policy=FINANCE,
    returns=RegisterView,
    query=("month", "tenant", "cursor", *SELECTION),
    shed=Shed.REPORT,
)
def register(call: Call[Empty]) -> RegisterView:
    """Show a page of a register of a `month`: of all shops, or of one `tenant`; sorted and filtered if asked."""
    name, month, tenant, wanted = _asked(call)
    asked = [f"{one}={call.query[one]}" for one in SELECTION if one in call.query]
    query = " ".join(["register", name, month, tenant, *asked])
    after = read_cursor(call, query)
    if not asked:
        found = register_page(name, month, tenant, call.now, Place(**after) if after else None)
        position = asdict(found.next) if found.next else None
    else:
        whole = whole_register(name, month, tenant, call.now)
        found, following = slice_of(whole, wanted, after["row"] if after else 0)
        position = {"row": following} if following else None
    return RegisterView.of(month, found, write_cursor(call, query, position))


@api.route(
    "POST",
    "/v1/finance/registers/{register}/file",
    policy=FINANCE,
    returns=LinkView,
    status=HTTPStatus.CREATED,
    query=("month", "tenant", *SELECTION),
    shed=Shed.REPORT,
)
def register_file(call: Call[Empty]) -> LinkView:
    """Make a CSV of all rows that such a query of the register asks for; the link is good for five minutes."""
    name, month, tenant, wanted = _asked(call)
    whole = whole_register(name, month, tenant, call.now)
    chosen = Register(name, whole.row, tuple(wanted.of(whole.rows)))
    log().info("register filed", register=name, month=month, tenant=tenant, by=call.caller.name)
    url = file_link(chosen, f"{name}-{month}.csv", call.new_id())
    return LinkView(url, iso(call.now + LINK_SECONDS * SECOND))


def _asked(call: Call[Empty]) -> tuple[str, str, str, Selection]:
    name, tenant = call.params["register"], call.query.get("tenant", "")
    if name not in NAMES or (tenant and not TENANT_ID.fullmatch(tenant)):
        raise not_found()
    return name, call.month, tenant, selection_of(call, Register(name, columns_of(name), ()).columns)


@api.route(
    "GET", "/v1/finance/aging", policy=FINANCE, returns=AgingView, query=("at", *SELECTION), shed=Shed.REPORT
)
def aging(call: Call[Empty]) -> AgingView:
    """Show what each shop owes at the end of the day `at` (`yyyy-mm-dd` in Asia/Seoul; default: now)."""
    given = call.query.get("at")
    at = call.now if given is None else min(day_end(given), call.now)
    wanted = selection_of(call, columns_in(AgingLine))
    rows = (row for tenant, all_ in invoices_of(all_tenants()) for row in aging_rows(tenant, all_, at))
    return AgingView.of(kst_day(at), rows, wanted)


@api.route("GET", "/v1/finance/journal", policy=FINANCE, returns=JournalView, query=("month",), shed=Shed.REPORT)
def journal(call: Call[Empty]) -> JournalView:
    """Show, account by account, the balances of the entries that come from a `month`."""
    month = call.month
    return JournalView.of(month, (row for shop in months_of(all_tenants(), month) for row in journal_rows(shop)))


@api.route("POST", _TAX, policy=FINANCE, body=TaxInvoiceIn, returns=TaxRecordView, status=HTTPStatus.CREATED)
def record_issued(call: Call[TaxInvoiceIn]) -> TaxRecordView:
    """Record the number of a tax invoice that was issued for a shop's month; a repeat changes nothing."""
    tenant, body = call.params["tenant"], call.body
    shop = month_of(tenant, call.params["month"])
    record, writes = record_tax_invoice(
        shop, body.number, body.credit_note, by=call.caller.name, at=call.now, add=TaxRecords(tenant).add
    )
    for write in writes:
        commit(write)
    return TaxRecordView.of(record)


@api.route("GET", _TAX, policy=FINANCE, returns=TaxInvoiceView, shed=Shed.REPORT)
def read_tax_invoices(call: Call[Empty]) -> TaxInvoiceView:
    """Show the tax invoices of a shop's month: what they must come to, and what was issued."""
    return TaxInvoiceView.of(month_of(call.params["tenant"], call.params["month"]))
