"""Credit notes and refunds over HTTP: one person of finance asks, another one approves."""

from http import HTTPStatus

from chalicelib.access.rules import FINANCE
from chalicelib.aws.credentials import Scope, acting
from chalicelib.billing.wiring import till
from chalicelib.finance import correcting
from chalicelib.finance.correction_views import CorrectionIn, CorrectionsView, CorrectionView, RefusalIn
from chalicelib.finance.corrections import Corrections, pending_corrections
from chalicelib.finance.model import Correction
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_NOTES = "/v1/tenants/{tenant}/credit-notes"
_ONE = _NOTES + "/{correction}"
_REASON_LIMIT = 500
# Each shop costs a session of its own, and a request has 29 seconds.
_LISTED = 100


@api.route("POST", _NOTES, policy=FINANCE, body=CorrectionIn, returns=CorrectionView, status=HTTPStatus.CREATED)
def ask_correction(call: Call[CorrectionIn]) -> CorrectionView:
    """Ask for a credit note on a shop's final invoice; a second person must approve it."""
    asked, tenant = call.body, call.params["tenant"]
    new = Correction(
        tenant=tenant,
        id=call.new_id(),
        invoice=asked.invoice,
        won=asked.won,
        reason=_reason(asked.reason),
        refund=asked.refund,
        asked_at=call.now,
        asked_by=call.caller.name,
        digest=call.digest,
    )
    return CorrectionView.of(correcting.ask(till(tenant), Corrections(tenant), new))


@api.route("POST", _ONE + "/approve", policy=FINANCE, returns=CorrectionView)
def approve_correction(call: Call[Empty]) -> CorrectionView:
    """Make the credit note that somebody else asked for; again, it goes on where it was cut off."""
    here, store = till(call.params["tenant"]), Corrections(call.params["tenant"])
    made = correcting.approve(here, store, call.params["correction"], call.caller.name, call.now)
    return CorrectionView.of(made)


@api.route("POST", _ONE + "/refuse", policy=FINANCE, body=RefusalIn, returns=CorrectionView)
def refuse_correction(call: Call[RefusalIn]) -> CorrectionView:
    """Refuse a credit note that nobody approved yet, or take back one's own."""
    here, store = till(call.params["tenant"]), Corrections(call.params["tenant"])
    by, why, name = call.caller.name, _reason(call.body.reason), call.params["correction"]
    return CorrectionView.of(correcting.refuse(here, store, name, why, by=by, now=call.now))


@api.route("GET", "/v1/finance/corrections", policy=FINANCE, returns=CorrectionsView, shed=Shed.REPORT)
def list_corrections(call: Call[Empty]) -> CorrectionsView:
    """List the first 100 credit notes of all shops that wait for a second person, or for the provider."""
    found = (_pending(tenant, name) for tenant, name in pending_corrections(_LISTED))
    return CorrectionsView([CorrectionView.of(one) for one in found if one is not None])


def _pending(tenant: str, name: str) -> Correction | None:
    """Return what a hint names, if it may still be made."""
    with acting(Scope(tenant=tenant)):
        found = Corrections(tenant).find(name)
    return found if found is not None and found.pending else None


def _reason(text: str) -> str:
    return censor(clean(text, limit=_REASON_LIMIT, field="reason"), accounts=True)
