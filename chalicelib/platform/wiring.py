"""Who is calling and whom we write to, with the real stores."""

from functools import partial

from chalicelib.access.service import authenticate, prove_key
from chalicelib.access.store import Keys
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing.identities import Identities
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.letters.model import Readers, To
from chalicelib.letters.ports import Mailroom
from chalicelib.letters.ses_gateway import SesMailer
from chalicelib.letters.store import Letters
from chalicelib.people.store import People
from chalicelib.people.wiring import directory, prove_person
from chalicelib.rights.wiring import has_left
from chalicelib.tenants.service import in_good_standing
from chalicelib.tenants.standing import Standing
from chalicelib.tenants.store import Tenants
from chalicelib.visitors.wiring import prove_visitor

# Each kind of credential is known by how it begins.
_PROOFS = {
    "dd.": lambda credential: prove_key(credential, Keys),
    "ddv.": prove_visitor,
    "ey": prove_person,
}
_WRITTEN_TO = {To.OWNERS: {Kind.OWNER}, To.STAFF: {Kind.OWNER, Kind.STAFF}, To.BILLING: {Kind.OWNER}}


def caller_of(authorization: str) -> Caller:
    """Return who sent `authorization`; raise Unauthenticated, also for the people of a suspended shop."""
    return in_good_standing(authenticate(authorization, _PROOFS), Standing)


def mailroom(tenant: str) -> Mailroom:
    """Return what a shop's letters are sent with."""
    return Mailroom(
        letters=Letters(tenant),
        readers=partial(_readers, tenant),
        mailer=SesMailer(),
        pages_url=settings().pages_url,
        commit=commit,
    )


def _readers(tenant: str, to: To) -> Readers:
    profile, identity = Tenants(tenant).current(), Identities(tenant).find()
    language = profile.language if profile else "ko"
    if to is To.BILLING and identity:
        return Readers((identity.mail,), language)
    if has_left(tenant):
        return Readers((), language)
    ids = [person.id for person in People().of_tenant(tenant) if person.kind in _WRITTEN_TO[to]]
    found = map(directory().find, ids)
    return Readers(tuple(account.mail for account in found if account and account.mail), language)
