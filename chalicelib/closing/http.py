"""The close over HTTP, for finance: a shop's months and breaks."""

from typing import Any

from msgspec import Struct

from chalicelib.access.rules import FINANCE
from chalicelib.aws.observe import log
from chalicelib.billing.wiring import till
from chalicelib.closing.advancing import approve_reopening, ask_reopening, go_on
from chalicelib.closing.breaks import answer, approve
from chalicelib.closing.model import Cause
from chalicelib.closing.ports import Books
from chalicelib.closing.proving import Close, repair
from chalicelib.closing.shelf import books
from chalicelib.closing.views import BreaksView, BreakView, PeriodView, RepairView
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.text import clean
from chalicelib.metering.model import Period
from chalicelib.tenants.model import HOUSE
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_PERIOD = "/v1/tenants/{tenant}/periods/{month}"
_BREAKS = "/v1/tenants/{tenant}/breaks"
_TEXT_LIMIT = 500


class ReopeningIn(Struct, forbid_unknown_fields=True):
    """Why a month shall be reopened."""

    reason: str


class ExplanationIn(Struct, forbid_unknown_fields=True):
    """What a break comes from, and a note for who reads it later."""

    cause: Cause
    note: str


@api.route("GET", _PERIOD, policy=FINANCE, returns=PeriodView, shed=Shed.REPORT)
def show_period(call: Call[Empty]) -> PeriodView:
    """Show how far a shop's month has come, and how it came there."""
    ours = _books(call)
    return _shown(call, ours.periods.find(call.params["month"]))


@api.route("POST", _PERIOD + "/close", policy=FINANCE, returns=PeriodView)
def close_period(call: Call[Empty]) -> PeriodView:
    """Do the next step of the month's close if its time has come and nothing is in the way."""
    here = _here(call)
    known = here.ours.periods.all()
    if known and call.params["month"] < min(period.month for period in known):
        raise BadInput("too_early", "nothing was ever booked in this month")
    return _shown(call, go_on(here, expected=call.expected))


@api.route("POST", _PERIOD + "/repair", policy=FINANCE, returns=RepairView)
def repair_period(call: Call[Empty]) -> RepairView:
    """Send again the hours that the payment provider holds wrongly; what differs otherwise takes a person."""
    here = _here(call)
    log().info("repair", tenant=here.tenant, month=here.month, by=here.by)
    return RepairView.of(repair(here))


@api.route("POST", _PERIOD + "/reopen", policy=FINANCE, body=ReopeningIn, returns=PeriodView)
def reopen_period(call: Call[ReopeningIn]) -> PeriodView:
    """Ask for a reconciled month to be reopened; a second person must approve it."""
    reason = clean(call.body.reason, limit=_TEXT_LIMIT)
    return _shown(call, ask_reopening(_here(call), reason, expected=call.expected))


@api.route("POST", _PERIOD + "/reopen/approve", policy=FINANCE, returns=PeriodView)
def approve_period(call: Call[Empty]) -> PeriodView:
    """Reopen the month that somebody else asked for; its invoice stays as it is if it is made out."""
    return _shown(call, approve_reopening(_here(call), expected=call.expected))


@api.route("GET", _BREAKS, policy=FINANCE, returns=BreaksView, query=("month",), shed=Shed.REPORT)
def list_breaks(call: Call[Empty]) -> BreaksView:
    """List the breaks of a `month` (`yyyy-mm` in Asia/Seoul), or without one all that stop a close."""
    ours = _books(call).breaks
    found = ours.of_month(call.month) if "month" in call.query else ours.open()
    return BreaksView([BreakView.of(record) for record in found])


@api.route("POST", _BREAKS + "/{break}/resolve", policy=FINANCE, body=ExplanationIn, returns=BreakView)
def resolve_break(call: Call[ExplanationIn]) -> BreakView:
    """Say what a break comes from; a difference stays in the way until a second person approves that."""
    ours, note = _books(call), clean(call.body.note, limit=_TEXT_LIMIT)
    by, expected = call.caller.name, call.expected
    return BreakView.of(answer(ours, call.params["break"], call.body.cause, note, by, expected=expected))


@api.route("POST", _BREAKS + "/{break}/approve", policy=FINANCE, returns=BreakView)
def approve_break(call: Call[Empty]) -> BreakView:
    """Take a break as explained by somebody else."""
    ours = _books(call)
    return BreakView.of(approve(ours, call.params["break"], call.caller.name, expected=call.expected))


def _here(call: Call[Any]) -> Close:
    tenant = call.params["tenant"]
    return Close(till(tenant), books(tenant), call.params["month"], call.now, call.caller.name)


def _books(call: Call[Any]) -> Books:
    tenant = call.params["tenant"]
    if tenant != HOUSE:
        # Absent and foreign shops look the same; our own account is no shop and has no profile.
        Tenants(tenant).profile()
    return books(tenant)


def _shown(call: Call[Any], period: Period) -> PeriodView:
    return PeriodView.of(period, books(period.tenant).history.of_month(call.params["month"]))
