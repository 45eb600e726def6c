"""Diagnoses of past contacts over HTTP: the file itself never passes through here."""

from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import SHOP_PEOPLE, SHOP_VIEW
from chalicelib.diagnosis import service
from chalicelib.diagnosis.model import A_DAY, FORM_SECONDS, MAX_BYTES, Diagnosis
from chalicelib.diagnosis.store import Diagnoses
from chalicelib.diagnosis.views import (
    AnnouncedDiagnosisView,
    DiagnosesView,
    DiagnosisIn,
    DiagnosisView,
    StartIn,
)
from chalicelib.diagnosis.wiring import Uploaded, library_of, send
from chalicelib.kernel.clock import SECOND
from chalicelib.kernel.errors import TooLarge
from chalicelib.kernel.text import clean
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_DIAGNOSES = "/v1/tenants/{tenant}/diagnoses"
_ONE = _DIAGNOSES + "/{diagnosis}"
_NAME_LIMIT = 100


@api.route(
    "POST",
    _DIAGNOSES,
    policy=SHOP_PEOPLE,
    body=DiagnosisIn,
    returns=AnnouncedDiagnosisView,
    status=HTTPStatus.CREATED,
)
def announce_diagnosis(call: Call[DiagnosisIn]) -> AnnouncedDiagnosisView:
    """Announce a CSV file of past contacts, and learn how it is sent in."""
    tenant, wanted = call.params["tenant"], call.body
    if wanted.size > MAX_BYTES:
        raise TooLarge("file_too_large", f"a file is at most {MAX_BYTES} bytes")
    name = clean(wanted.name, limit=_NAME_LIMIT, field="name")
    new = Diagnosis(tenant, call.new_id(), name, wanted.size, call.now, call.caller.name, call.digest)
    stored = service.announce(new, library_of(tenant))
    return AnnouncedDiagnosisView.of(stored, Uploaded(tenant).form(stored.id), call.now + FORM_SECONDS * SECOND)


@api.route(
    "POST",
    _ONE + "/start",
    policy=SHOP_PEOPLE,
    body=StartIn,
    returns=DiagnosisView,
    status=HTTPStatus.ACCEPTED,
)
def start_diagnosis(call: Call[StartIn]) -> DiagnosisView:
    """Have the file read that was sent in; again, it changes nothing, unless the file waits for its columns."""
    columns = call.body.columns.columns if call.body.columns else None
    library = library_of(call.params["tenant"])
    return DiagnosisView.of(service.start(call.params["diagnosis"], columns, library, send, now=call.now))


@api.route("GET", _ONE, policy=SHOP_VIEW, returns=DiagnosisView, shed=Shed.REFRESH)
def show_diagnosis(call: Call[Empty]) -> DiagnosisView:
    """Show how far a file was read, what it tells, or why it is not taken."""
    return DiagnosisView.of(service.get(call.params["diagnosis"], _store(call)))


@api.route("GET", _DIAGNOSES, policy=SHOP_VIEW, returns=DiagnosesView, shed=Shed.REPORT)
def list_diagnoses(call: Call[Empty]) -> DiagnosesView:
    """List the shop's twenty newest diagnoses."""
    return DiagnosesView([DiagnosisView.line(one) for one in _store(call).newest(A_DAY)])


def _store(call: Call[Any]) -> Diagnoses:
    return Diagnoses(call.params["tenant"])
