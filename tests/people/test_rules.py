"""Who may let whom in and out, what a proof needs, and how many tries there are: as tables and properties."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import MINUTE
from chalicelib.kernel.errors import BadInput, Conflict, Forbidden, NotFound, TooMany, Unauthenticated
from chalicelib.people.model import Person
from chalicelib.people.rules import (
    LOCK,
    SPAN,
    TRIES,
    admitted,
    authenticator_uri,
    book,
    may_dismiss,
    may_invite,
    may_know,
    may_move,
    may_reset,
    normal_mail,
)

OWNER, STAFF, VIEWER = Kind.OWNER, Kind.STAFF, Kind.VIEWER
AGENT, LEAD, FINANCE, ADMIN = Kind.AGENT, Kind.LEAD, Kind.FINANCE, Kind.ADMIN
PEOPLE = [OWNER, STAFF, VIEWER, AGENT, LEAD, FINANCE, ADMIN]
TEAM = [AGENT, LEAD, FINANCE, ADMIN]

INVITES = {(OWNER, STAFF), (OWNER, VIEWER), (LEAD, AGENT), (ADMIN, OWNER), *((ADMIN, kind) for kind in TEAM)}
MOVES = {
    *((OWNER, before, after) for before, after in product([OWNER, STAFF, VIEWER], repeat=2)),
    *((ADMIN, before, after) for before, after in product([AGENT, LEAD], repeat=2)),
    *((ADMIN, before, after) for before, after in product([FINANCE, ADMIN], repeat=2)),
}
DISMISSES = {
    (OWNER, OWNER),
    (OWNER, STAFF),
    (OWNER, VIEWER),
    (LEAD, AGENT),
    *((ADMIN, kind) for kind in TEAM),
}


def caller(kind: Kind, person: str = "me") -> Caller:
    return Caller(kind, "", tenant="danbi", pool="main", person=person)


def person(kind: Kind, **changes: object) -> Person:
    return Person(**{"id": "p1", "kind": kind, "tenant": "danbi", "pool": "main", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("by", "kind"), [*product(list(Kind), PEOPLE)])
def test_who_may_invite_whom(by: Kind, kind: Kind) -> None:
    if (by, kind) in INVITES:
        may_invite(caller(by), kind, tenant="danbi", pool="main")
    else:
        with pytest.raises(Forbidden):
            may_invite(caller(by), kind, tenant="danbi", pool="main")


def test_owner_invites_to_the_own_shop_and_lead_to_the_own_pool_only() -> None:
    with pytest.raises(Forbidden):
        may_invite(caller(OWNER), STAFF, tenant="mungmeal")
    with pytest.raises(Forbidden):
        may_invite(caller(LEAD), AGENT, pool="other")
    may_invite(caller(ADMIN), AGENT, pool="other")


@pytest.mark.parametrize(("by", "before", "after"), [*product(list(Kind), PEOPLE, PEOPLE)])
def test_who_may_give_whom_another_role(by: Kind, before: Kind, after: Kind) -> None:
    if (by, before, after) in MOVES:
        may_move(caller(by), person(before), after)
    else:
        with pytest.raises(Forbidden):
            may_move(caller(by), person(before), after)


@pytest.mark.parametrize(("by", "kind"), [*product(list(Kind), PEOPLE)])
def test_who_may_let_whom_out(by: Kind, kind: Kind) -> None:
    if (by, kind) in DISMISSES:
        may_dismiss(caller(by), person(kind))
    else:
        with pytest.raises(Forbidden):
            may_dismiss(caller(by), person(kind))


@pytest.mark.parametrize(("by", "kind"), [*product(list(Kind), PEOPLE)])
def test_who_may_reset_whose_authenticator(by: Kind, kind: Kind) -> None:
    if (by, kind) in DISMISSES or by is ADMIN:
        may_reset(caller(by), person(kind))
        with pytest.raises(Conflict):
            may_reset(caller(by), person(kind, id="me"))
    else:
        with pytest.raises(Forbidden):
            may_reset(caller(by), person(kind))


def test_lead_resets_authenticators_of_the_own_pool_only() -> None:
    with pytest.raises(Forbidden):
        may_reset(caller(LEAD), person(AGENT, pool="other"))


def test_lead_lets_out_agents_of_the_own_pool_only() -> None:
    with pytest.raises(Forbidden):
        may_dismiss(caller(LEAD), person(AGENT, pool="other"))


def test_people_of_another_shop_and_pool_are_unknown() -> None:
    stranger = person(STAFF, tenant="mungmeal")
    for by, whom in ((OWNER, stranger), (LEAD, person(AGENT, pool="other"))):
        with pytest.raises(NotFound):
            may_know(caller(by), whom)
        may_know(caller(ADMIN), whom)
    may_know(caller(OWNER), person(STAFF))
    may_know(caller(LEAD), person(AGENT))


def test_nobody_of_the_team_changes_the_own_role() -> None:
    with pytest.raises(Conflict):
        may_move(caller(ADMIN), person(ADMIN, id="me"), FINANCE)
    with pytest.raises(Conflict):
        may_dismiss(caller(ADMIN), person(ADMIN, id="me"))
    may_move(caller(OWNER), person(OWNER, id="me"), STAFF)


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("totp_since", [0, 5_000, 5_001])
@pytest.mark.parametrize("valid_from", [0, 5_000, 5_001])
@pytest.mark.parametrize("gone", [False, True])
def test_proof_needs_a_member_a_fresh_sign_in_and_the_second_factor(
    kind: Kind, totp_since: int, valid_from: int, gone: bool
) -> None:
    who = person(kind, totp_since=totp_since, valid_from=valid_from, gone=gone)
    second_factor = kind not in TEAM or totp_since == 5_000
    if not gone and valid_from <= 5_000 and second_factor:
        assert admitted(who, 5_000) == who
    else:
        with pytest.raises(Unauthenticated):
            admitted(who, 5_000)


def test_unknown_person_gets_the_same_refusal() -> None:
    with pytest.raises(Unauthenticated) as unknown:
        admitted(None, 5_000)
    with pytest.raises(Unauthenticated) as gone:
        admitted(person(OWNER, gone=True), 5_000)
    assert str(unknown.value) == str(gone.value)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("owner@danbi.example", "owner@danbi.example"),
        ("  Owner@DANBI.Example ", "owner@danbi.example"),
        ("KIM+shop@sub.danbi.co.kr", "kim+shop@sub.danbi.co.kr"),
    ],
)
def test_mail_address_has_one_form(given: str, wanted: str) -> None:
    assert normal_mail(given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        "",
        "owner",
        "@danbi.example",
        "owner@",
        "owner@danbi",
        "owner@@danbi.example",
        "owner@danbi..example",
        "owner@-danbi.example",
        "a b@danbi.example",
        "owner@danbi.example\n",
        "owner@danbi.example\x00",
        "own\u0130r@danbi.example",
        "\u212aim@danbi.example",
        "김단비@danbi.example",
        "owner@단비.example",
        f"{'a' * 65}@danbi.example",
        f"a@{'b' * 250}.example",
        '"a b"@danbi.example',
    ],
)
def test_what_is_no_mail_address_or_could_pass_for_another_is_refused(given: str) -> None:
    with pytest.raises(BadInput) as refused:
        normal_mail(given)
    assert refused.value.code == "invalid_mail"


def test_authenticator_reads_issuer_and_account() -> None:
    uri = authenticator_uri("owner@danbi.example", "ABC")
    assert uri.startswith("otpauth://totp/%EB%91%90%EB%A0%88%EB%8D%B0%EC%8A%A4%ED%81%AC%20Duredesk:owner@danbi")
    assert "secret=ABC" in uri


def tried(times: list[int]) -> tuple[list[int], list[int]]:
    """Return which of the failing tries were carried out and which refused."""
    state: tuple[int, ...] = ()
    done, refused = [], []
    for at in times:
        try:
            state = book(state, at)
        except TooMany:
            refused.append(at)
        else:
            done.append(at)
    return done, refused


def test_sixth_try_is_refused_until_the_lock_ends() -> None:
    done, refused = tried([0, 1, 2, 3, 4, 5, 4 + LOCK - 1, 4 + LOCK, 4 + LOCK + 1])
    assert refused == [5, 4 + LOCK - 1]
    assert done[-2:] == [4 + LOCK, 4 + LOCK + 1]


def test_tries_that_are_far_apart_lock_nobody() -> None:
    assert tried([at * 4 * MINUTE for at in range(50)])[1] == []


def test_refusal_says_how_long_to_wait() -> None:
    with pytest.raises(TooMany) as refused:
        book((0, 1, 2, 3, 4), 1_504)
    assert refused.value.code == "locked_out"
    assert refused.value.details["retry_after"] == 899


@given(st.lists(st.integers(0, 90 * MINUTE), max_size=60))
def test_no_quarter_of_an_hour_sees_more_than_five_tries(times: list[int]) -> None:
    done, refused = tried(sorted(times))
    for first in done:
        assert len([at for at in done if first <= at < first + SPAN]) <= TRIES
    # Nobody is shut out without five tries in the quarter of an hour before the lock began.
    for at in refused:
        before = [one for one in done if one <= at][-TRIES:]
        assert len(before) == TRIES
        assert at < before[-1] + LOCK
        assert before[-1] - before[0] < SPAN
