"""One shop's money on the desk: its people, its ledger and the calls that tests make."""

from dataclasses import replace
from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.metering.store import Ledger
from chalicelib.tenants.model import Tenant, Term
from chalicelib.tenants.store import Tenants, forget_profiles
from tests.bills.samples import an_entry
from tests.moto_desk import Answer, Desk
from tests.samples import NOON

AT = "/v1/tenants/danbi"
# A transaction takes 100 rows, and moto copies the table for each.
_AT_ONCE = 80


def person(kind: Kind, number: int, tenant: str = "danbi") -> Caller:
    return Caller(kind, "", tenant=tenant, person=f"{number:08d}-0000-4000-8000-000000000000")


OWNER, STAFF, VIEWER = person(Kind.OWNER, 1), person(Kind.STAFF, 2), person(Kind.VIEWER, 3)
FINANCE, COLLEAGUE = person(Kind.FINANCE, 4, ""), person(Kind.FINANCE, 5, "")


def contact(number: int) -> str:
    """Return the id of a shop's contact."""
    return f"{number:032x}"


def book(count: int, *, first: int = 1, at: Millis = NOON - 60 * MINUTE, **changes: Any) -> None:
    """Book that so many contacts were answered, one a minute from `at` on."""
    entries = [an_entry(contact(first + n), at=at + n * MINUTE, **changes) for n in range(count)]
    for begin in range(0, count, _AT_ONCE):
        commit(*Ledger("danbi").writes(entries[begin : begin + _AT_ONCE]))


def subscribed(*terms: tuple[str, str]) -> Tenant:
    """Give the shop these plans, as months and versions."""
    before = Tenants("danbi").current()
    assert before is not None
    after = replace(before, plans=tuple(Term(*term) for term in terms))
    commit(Tenants("danbi").save(after, before))
    forget_profiles()
    return after


def get(desk: Desk, path: str, who: Caller = OWNER, **query: str) -> Any:
    """Return what a GET answers, which must succeed."""
    answer = desk.call(who, f"GET {AT}/{path}", query=query or None)
    assert answer.status == 200, answer
    return answer.body


def put(desk: Desk, path: str, body: Any, who: Caller = OWNER, **headers: str) -> Answer:
    """Return what a PUT answers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.call(who, f"PUT {AT}/{path}", body, headers=named)


def post(desk: Desk, path: str, body: Any = None, who: Caller = OWNER, **headers: str) -> Answer:
    """Return what a POST answers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.call(who, f"POST {AT}/{path}", body, headers=named)
