"""Finance over HTTP: the months of all shops, and the tax invoices of one."""

from http import HTTPStatus

from msgspec import Struct

from chalicelib.access.rules import FINANCE
from chalicelib.aws.tables import commit
from chalicelib.closing.store import open_breaks
from chalicelib.finance.aging import aging_rows
from chalicelib.finance.catalogue import NAMES
from chalicelib.finance.days import day_end, kst_day
from chalicelib.finance.journal import journal_rows
from chalicelib.finance.service import Place, record_tax_invoice
from chalicelib.finance.store import TaxRecords
from chalicelib.finance.tax_views import TaxInvoiceView, TaxRecordView
from chalicelib.finance.views import (
    AgingView,
    BreakLine,
    JournalView,
    OpenBreaksView,
    PeriodsView,
    RegisterView,
)
from chalicelib.finance.wiring import invoices_of, month_of, months_of, register_page
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.ids import TENANT_ID
from chalicelib.metering.periods import periods_of
from chalicelib.tenants.store import all_tenants
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

_TAX = "/v1/tenants/{tenant}/tax-invoices/{month}"


class TaxInvoiceIn(Struct, forbid_unknown_fields=True):
    """The tax office's number of a tax invoice; `credit_note` names what it corrects the month's own by."""

    number: str
    credit_note: str = ""


@api.route("GET", "/v1/finance/periods", policy=FINANCE, returns=PeriodsView, query=("month",), shed=Shed.REPORT)
def periods(call: Call[Empty]) -> PeriodsView:
    """List all shops' periods of a `month` (`yyyy-mm` in Asia/Seoul; default the current one)."""
    month = call.month
    return PeriodsView.of(month, periods_of(month))


@api.route("GET", "/v1/finance/breaks", policy=FINANCE, returns=OpenBreaksView, shed=Shed.REPORT)
def breaks(call: Call[Empty]) -> OpenBreaksView:
    """List the breaks of all shops that block a close."""
    lines = [BreakLine.of(hint, call.now) for hint in open_breaks()]
    return OpenBreaksView(len(lines), lines)


@api.route(
    "GET",
    "/v1/finance/registers/{register}",
    policy=FINANCE,
    returns=RegisterView,
    query=("month", "tenant", "cursor"),
    shed=Shed.REPORT,
)
def register(call: Call[Empty]) -> RegisterView:
    """Show a page of a register of a `month`: of all shops, or of one `tenant`."""
    name, month, tenant = call.params["register"], call.month, call.query.get("tenant", "")
    if name not in NAMES or (tenant and not TENANT_ID.fullmatch(tenant)):
        raise not_found()
    query = f"register {name} {month} {tenant}"
    after = read_cursor(call, query)
    found = register_page(name, month, tenant, call.now, Place(**after) if after else None)
    columns, place = found.register.columns, found.next
    position = {"tenant": place.tenant, "row": place.row, "sums": place.sums} if place else None
    return RegisterView(
        register=name,
        month=month,
        columns={column: sort.value for column, sort in columns.items()},
        sums=found.sums,
        rows=[dict(zip(columns, cells, strict=True)) for cells in found.register.cells],
        cursor=write_cursor(call, query, position),
    )


@api.route("GET", "/v1/finance/aging", policy=FINANCE, returns=AgingView, query=("at",), shed=Shed.REPORT)
def aging(call: Call[Empty]) -> AgingView:
    """Show what each shop owes at the end of the day `at` (`yyyy-mm-dd` in Asia/Seoul; default: now)."""
    given = call.query.get("at")
    at = call.now if given is None else min(day_end(given), call.now)
    found = invoices_of(all_tenants())
    return AgingView.of(kst_day(at), (row for tenant, all_ in found for row in aging_rows(tenant, all_, at)))


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
