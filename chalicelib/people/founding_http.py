"""Found shops, and show and accept what they agree to, over HTTP."""

from http import HTTPStatus

from chalicelib.access.rules import OWNER, PUBLIC, SHOP_VIEW
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.settings import settings
from chalicelib.handbook import wiring as handbook
from chalicelib.handbook.declared import Declared
from chalicelib.kernel.clock import KST, Millis, utc
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.text import clean
from chalicelib.people import shops
from chalicelib.people.founding_views import (
    AcceptanceView,
    AcceptedView,
    AcceptsIn,
    DocumentsView,
    EntrustmentView,
    ShopIn,
    SubProcessorsView,
)
from chalicelib.people.http import signed_in
from chalicelib.people.model import Actor
from chalicelib.people.views import PersonView
from chalicelib.people.wiring import desks, door
from chalicelib.tenants.aims import Acceptance, By
from chalicelib.tenants.digits import bare
from chalicelib.tenants.entrustment import SUBPROCESSORS, TERMS, SubProcessors, Terms, in_force
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, B, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_TERMS = "/v1/tenants/{tenant}/terms"
_NAME_LIMIT = 300


@api.route("POST", "/v1/tenants", policy=OWNER, body=ShopIn, returns=PersonView, status=HTTPStatus.CREATED)
def found_shop(call: Call[ShopIn]) -> PersonView:
    """Found a shop, as a newcomer, and own it; it is set up first, and takes no contacts until it goes live."""
    profile = _profile(call.body)
    signed_in(call)
    actor = Actor(call.caller, call.source, call.now)
    owner = shops.found(door(), desks(), profile, actor, _shown(call, call.body.accepts))
    with acting(Scope(tenant=profile.id)):
        # From now on its name in another shop's answer is a mistake; a repeat of the request does it again.
        handbook.apply(Declared(), profile.id, call.now)
    return PersonView.of(owner)


@api.route("GET", "/v1/terms", policy=PUBLIC, returns=DocumentsView, shed=Shed.REPORT)
def documents(call: Call[Empty]) -> DocumentsView:
    """Show the terms of entrustment and the sub-processors, and what of them is announced."""
    terms, processors = _in_force(call.now)
    newest, listed = TERMS[-1], SUBPROCESSORS[-1]
    return DocumentsView(
        EntrustmentView.of(terms),
        SubProcessorsView.of(processors),
        EntrustmentView.of(newest) if newest != terms else None,
        SubProcessorsView.of(listed) if listed != processors else None,
    )


@api.route("GET", _TERMS, policy=SHOP_VIEW, returns=AcceptedView, shed=Shed.REPORT)
def read_accepted(call: Call[Empty]) -> AcceptedView:
    """Show which versions the shop accepted, and which ones it is asked to."""
    tenant = Tenants(call.params["tenant"]).profile().id
    return _accepted(desks().acceptances(tenant).all())


@api.route("POST", _TERMS, policy=OWNER, body=AcceptsIn, returns=AcceptedView)
def accept(call: Call[AcceptsIn]) -> AcceptedView:
    """Accept the versions that were shown: those in force, or those that are announced."""
    tenant = Tenants(call.params["tenant"]).profile().id
    return _accepted(shops.accept(door(), desks(), tenant, _shown(call, call.body)))


def _profile(body: ShopIn) -> Tenant:
    name = clean(body.name, limit=_NAME_LIMIT, field="name")
    name_en = clean(body.name_en, limit=_NAME_LIMIT, field="name_en")
    example = settings().stage == "local"
    number = shops.checked_registration(bare(body.registration), example=example)
    return shops.trial(body.id, name, name_en, kind=body.kind, registration=number, language=body.language)


def _shown(call: Call[B], accepts: AcceptsIn) -> list[Acceptance]:
    """Return what is accepted; raise Conflict `terms_changed` for versions that are no longer shown."""
    terms, processors = _in_force(call.now)
    chosen = {one.version: one for one in (TERMS[-1], terms)}.get(accepts.terms)
    listed = {one.version: one for one in (SUBPROCESSORS[-1], processors)}.get(accepts.subprocessors)
    if chosen is None or listed is None:
        newer = {"terms": terms.version, "subprocessors": processors.version}
        raise Conflict("terms_changed", "these are other versions than those that are shown", **newer)
    by = By(call.caller.name, call.source, call.now)
    return [
        Acceptance("terms", chosen.version, chosen.digest, by),
        Acceptance("subprocessors", listed.version, listed.digest, by),
    ]


def _accepted(known: list[Acceptance]) -> AcceptedView:
    versions = {(one.document, one.version) for one in known}
    terms, processors = TERMS[-1].version, SUBPROCESSORS[-1].version
    return AcceptedView(
        [AcceptanceView.of(one) for one in known],
        None if ("terms", terms) in versions else terms,
        None if ("subprocessors", processors) in versions else processors,
    )


def _in_force(now: Millis) -> tuple[Terms, SubProcessors]:
    day = utc(now).astimezone(KST).strftime("%Y-%m-%d")
    return in_force(TERMS, day), in_force(SUBPROCESSORS, day)
