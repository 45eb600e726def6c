"""Tries are counted before they are made, whoever else tries at the same time; a sign-in is never half given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.kernel.errors import BadInput, Busy, TooMany, Unauthenticated
from chalicelib.people import service
from chalicelib.people.model import (
    Asked,
    Challenge,
    Claims,
    Person,
    Renewal,
    Signed,
    Step,
    Ticket,
    Tokens,
    TriesChanged,
)
from chalicelib.people.ports import Door
from chalicelib.people.rules import TRIES, sign_in_failed
from chalicelib.people.tokens import Seal

MAIL, NOW = "owner@danbi.example", 1_795_230_000_000
OWNER = Person("p1", Kind.OWNER, tenant="danbi")
Write = Callable[[], None]


@dataclass
class Directory:
    """Answers what a test tells it to, and counts."""

    outcome: Tokens | Challenge | None = None
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def answer(*given: Any) -> Any:
            self.asked.append(name)
            if name in {"sign_in", "answer"} and self.outcome is None:
                raise sign_in_failed()
            return {"new_secret": "SECRET"}.get(name, self.outcome)

        return answer


@dataclass
class TryRow:
    """The row of one address; `meanwhile` is what others do between a look and a write."""

    times: tuple[Millis, ...] = ()
    meanwhile: list[Write] = field(default_factory=list)

    def read(self) -> tuple[Millis, ...]:
        return self.times

    def save(self, before: tuple[Millis, ...], after: tuple[Millis, ...]) -> Write:
        def write() -> None:
            if self.meanwhile:
                self.meanwhile.pop()()
            if self.times != before:
                raise TriesChanged
            self.times = after

        return write


@dataclass
class Rows:
    """People in memory."""

    people: dict[str, Person]

    def find(self, person: str) -> Person | None:
        return self.people.get(person)

    def enrolled(self, person: str, at: Millis, *, began: Millis) -> Write:
        return lambda: self.people.update({person: replace(self.people[person], totp_since=at)})


def commit(*writes: Write) -> None:
    for write in writes:
        write()


def door(directory: Directory, *people: Person, row: TryRow | None = None, signed_in_at: Millis = NOW) -> Door:
    tries = row or TryRow()
    return Door(
        directory=directory,
        people=Rows({person.id: person for person in people}),  # type: ignore[arg-type]
        changes=lambda tenant: None,  # type: ignore[arg-type, return-value]
        tries=lambda purpose, mail: tries,
        verify=lambda token: Claims(token, signed_in_at),
        seal=Seal("secret"),
        clock=lambda: NOW + 500,
        commit=commit,
    )


def sign_in(here: Door, at: Millis = NOW) -> Signed | Asked:
    return service.sign_in(here, MAIL, "a password", at)


def tokens(person: str) -> Tokens:
    return Tokens(proof=person, access="access", refresh="refresh")


def test_try_that_others_overtake_is_counted_all_the_same() -> None:
    row, directory = TryRow(), Directory()
    here = door(directory, OWNER, row=row)

    def another() -> None:
        with pytest.raises(Unauthenticated):
            sign_in(here)

    row.meanwhile = [another]
    another()
    assert len(row.times) == 2


def test_no_number_of_tries_at_once_gets_past_the_limit() -> None:
    row, directory = TryRow(), Directory()
    here = door(directory, OWNER, row=row)
    ends: list[type[Exception]] = []

    def another() -> None:
        try:
            sign_in(here)
        except (Unauthenticated, TooMany) as refusal:
            ends.append(type(refusal))

    row.meanwhile = [another] * 40
    for _ in range(20):
        another()
    assert ends.count(Unauthenticated) == directory.asked.count("sign_in") <= TRIES
    assert TooMany in ends


def test_locked_address_does_not_reach_the_directory() -> None:
    directory = Directory(tokens("p1"))
    here = door(directory, OWNER, row=TryRow(tuple(range(NOW - 5, NOW))))
    with pytest.raises(TooMany):
        sign_in(here)
    assert directory.asked == []
    assert isinstance(sign_in(here, NOW + 15 * MINUTE), Signed)


def test_right_password_that_is_not_enough_takes_its_own_try_back_and_no_other() -> None:
    row = TryRow((NOW - 1,))
    here = door(Directory(Challenge(Step.TOTP, "p1", "session")), OWNER, row=row)
    assert isinstance(sign_in(here), Asked)
    assert row.times == (NOW - 1,)


@pytest.mark.parametrize("kind", [Kind.AGENT, Kind.LEAD, Kind.FINANCE, Kind.ADMIN])
def test_team_without_second_factor_is_asked_to_set_one_up_and_gets_no_token(kind: Kind) -> None:
    found = sign_in(door(Directory(tokens("p2")), Person("p2", kind)))
    assert isinstance(found, Asked)
    assert (found.step, found.secret) == (Step.ENROLL_TOTP, "SECRET")


@pytest.mark.parametrize(
    "person", [replace(OWNER, gone=True), replace(OWNER, totp_since=1), replace(OWNER, id="another")]
)
def test_person_who_is_gone_unknown_or_skipped_the_second_factor_looks_like_a_wrong_password(
    person: Person,
) -> None:
    row = TryRow()
    with pytest.raises(Unauthenticated) as refused:
        sign_in(door(Directory(tokens("p1")), person, row=row))
    with pytest.raises(Unauthenticated) as wrong:
        sign_in(door(Directory(), person))
    assert str(refused.value) == str(wrong.value)
    assert len(row.times) == 1


@pytest.mark.parametrize("answered_after", [500, 1_500])
def test_sign_in_within_the_second_of_a_revocation_is_told_to_come_again(answered_after: Millis) -> None:
    revoked = replace(OWNER, valid_from=NOW + 300)
    ticks = iter([NOW + 500, NOW + answered_after, NOW + answered_after])
    with pytest.raises(Busy):
        sign_in(replace(door(Directory(tokens("p1")), revoked), clock=lambda: next(ticks)))
    assert isinstance(sign_in(door(Directory(tokens("p1")), revoked, signed_in_at=NOW + 1_000)), Signed)


@pytest.mark.parametrize(("voided", "ends"), [(NOW + 499, Signed), (NOW + 501, Unauthenticated)])
def test_challenge_from_before_a_revocation_opens_nothing_after_it(voided: Millis, ends: type) -> None:
    began = NOW + 500
    person = replace(OWNER, valid_from=voided)
    here = door(Directory(tokens("p1")), person, signed_in_at=NOW + 9_000)
    sealed = Seal("secret").ticket(Ticket(Step.TOTP, MAIL, "p1", "session", began), NOW)
    if ends is Signed:
        assert isinstance(service.answer(here, sealed, "123456", step=Step.TOTP, now=NOW), Signed)
        assert here.people.find("p1") == replace(person, totp_since=NOW + 9_000)
    else:
        with pytest.raises(Unauthenticated):
            service.answer(here, sealed, "123456", step=Step.TOTP, now=NOW)
        assert here.people.find("p1") == person


def test_set_up_from_before_a_revocation_sets_nothing_up_after_it() -> None:
    person, directory = replace(OWNER, valid_from=NOW + 501), Directory()
    sealed = Seal("secret").ticket(Ticket(Step.ENROLL_TOTP, MAIL, "p1", "access", NOW + 500), NOW)
    with pytest.raises(BadInput):
        service.enroll(door(directory, person), sealed, "123456", NOW)
    assert directory.asked == []
    service.enroll(door(directory, replace(person, valid_from=NOW)), sealed, "123456", NOW)
    assert directory.asked == ["enroll", "sign_out"]


def test_old_sign_in_is_not_renewed_after_a_revocation() -> None:
    directory = Directory()
    directory.outcome = "p1"  # type: ignore[assignment]
    sealed = Seal("secret").renewal(Renewal("p1", "refresh"), NOW)
    assert service.renew(door(directory, OWNER), sealed, NOW).person == OWNER
    with pytest.raises(Unauthenticated):
        service.renew(door(directory, replace(OWNER, valid_from=NOW + 1)), sealed, NOW)


def test_sign_out_without_a_session_is_fine() -> None:
    directory = Directory()
    service.end(door(directory), "x", NOW)
    assert directory.asked == []
