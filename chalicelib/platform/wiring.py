"""Who is calling, with the real stores of every kind of caller."""

from chalicelib.access.service import authenticate, prove_key
from chalicelib.access.store import Keys
from chalicelib.kernel.caller import Caller
from chalicelib.people.wiring import prove_person
from chalicelib.tenants.service import in_good_standing
from chalicelib.tenants.standing import Standing
from chalicelib.visitors.wiring import prove_visitor

# Each kind of credential is known by how it begins.
_PROOFS = {
    "dd.": lambda credential: prove_key(credential, Keys),
    "ddv.": prove_visitor,
    "ey": prove_person,
}


def caller_of(authorization: str) -> Caller:
    """Return who sent `authorization`; raise Unauthenticated, also for the people of a suspended shop."""
    return in_good_standing(authenticate(authorization, _PROOFS), Standing)
