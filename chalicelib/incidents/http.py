"""Incidents over HTTP: leads announce and end them, everybody whom one concerns sees it."""

from http import HTTPStatus

from chalicelib.access.rules import LEAD, PERSON
from chalicelib.aws.credentials import Scope, acting
from chalicelib.incidents import service
from chalicelib.incidents.model import Incident
from chalicelib.incidents.rules import check_until, is_shown_to, pool_of
from chalicelib.incidents.views import IncidentIn, IncidentsView, IncidentView
from chalicelib.incidents.wiring import board, current, forget_incidents
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.promotions.rules import parse_time
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_INCIDENTS = "/v1/incidents"
_TEXT_LIMIT = 300


@api.route("POST", _INCIDENTS, policy=LEAD, body=IncidentIn, returns=IncidentView, status=HTTPStatus.CREATED)
def announce_incident(call: Call[IncidentIn]) -> IncidentView:
    """Tell shops, by mail and on their pages, and their visitors that answers are delayed, and until when."""
    asked, until = call.body, parse_time(call.body.until, "until")
    check_until(until, call.now)
    incident = Incident(
        id=call.new_id(),
        pool=pool_of(call.caller, asked.pool),
        tenants=tuple(dict.fromkeys(asked.tenants)),
        text=_said(asked.text, "text"),
        text_en=_said(asked.text_en, "text_en"),
        since=call.now,
        until=until,
        by=call.caller.name,
        digest=call.digest,
    )
    announced = service.announce(board(), incident)
    forget_incidents()
    return IncidentView.of(announced)


@api.route("POST", _INCIDENTS + "/{incident}/end", policy=LEAD, returns=IncidentView)
def end_incident(call: Call[Empty]) -> IncidentView:
    """Show an incident no more; it is over for everybody within 15 seconds."""
    ended = service.end(board(), call.params["incident"], call.caller.pool, call.now)
    forget_incidents()
    return IncidentView.of(ended)


@api.route("GET", _INCIDENTS, policy=PERSON, returns=IncidentsView, shed=Shed.REFRESH)
def list_incidents(call: Call[Empty]) -> IncidentsView:
    """List what the caller is concerned by now, the newest first; at most 15 seconds old."""
    caller, pool = call.caller, ""
    if caller.tenant:
        with acting(Scope(tenant=caller.tenant)):
            pool = Tenants(caller.tenant).profile().pool
    found = [incident for incident in current(call.now) if is_shown_to(incident, caller, pool)]
    return IncidentsView([IncidentView.of(incident) for incident in found])


def _said(text: str, field: str) -> str:
    return censor(clean(text, limit=_TEXT_LIMIT, field=field), accounts=True)
