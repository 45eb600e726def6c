"""Sign up, sign in, stay signed in, sign out; every try at a secret is counted before it is made."""

from chalicelib.aws.observe import log
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import BadInput, Busy, Conflict, Unauthenticated
from chalicelib.people.attempts import Booked, clear, forgive, try_once
from chalicelib.people.model import (
    Asked,
    Challenge,
    Person,
    Renewal,
    Signed,
    Standing,
    Step,
    Ticket,
    Tokens,
)
from chalicelib.people.ports import Door
from chalicelib.people.rules import admitted, authenticator_uri, sign_in_failed


def prove_person(door: Door, credential: str) -> Caller:
    """Return the caller behind an ID token; raise Unauthenticated, always the same, for everyone else."""
    claims = door.verify(credential)
    return admitted(door.people.find(claims.person), claims.signed_in_at).caller


def sign_up(door: Door, mail: str, password: str, now: Millis) -> None:
    """Mail a code to a new address; one that is known gets no mail, and the answer does not tell."""
    try_once(door, "mail", mail, now)
    door.directory.sign_up(mail, password)


def confirm(door: Door, mail: str, code: str, *, password: str, now: Millis) -> None:
    """Make who signed up a newcomer; raise BadInput `wrong_code`.

    The password counts from here on: whoever signed up with this address may not have been its owner.
    """
    booked = try_once(door, "sign-in", mail, now)
    account = door.directory.find(mail)
    if account and account.standing is Standing.UNCONFIRMED and door.people.find(account.id) is None:
        # The row comes first, so that nobody can be confirmed and unknown; it opens nothing before the code does.
        with door.acting("", "", account.id):
            door.commit(door.people.add(Person(account.id, Kind.OWNER, created_at=now)))
    door.directory.confirm(mail, code)
    door.directory.set_password(mail, password)
    clear(door, booked)


def resend(door: Door, mail: str, now: Millis) -> None:
    """Mail another code to an address that waits for one."""
    try_once(door, "mail", mail, now)
    door.directory.resend(mail)


def sign_in(door: Door, mail: str, password: str, now: Millis) -> Signed | Asked:
    """Try a password; raise Unauthenticated `sign_in_failed` or TooMany `locked_out`."""
    booked = try_once(door, "sign-in", mail, now)
    began = door.clock()
    outcome = door.directory.sign_in(mail, password)
    return _go_on(door, outcome, booked=booked, mail=mail, began=began, now=now)


def answer(door: Door, sealed: str, said: str, *, step: Step, now: Millis) -> Signed | Asked:
    """Answer what `sign_in` asked for; raise BadInput `invalid_ticket`, `wrong_code` or `weak_password`."""
    ticket = door.seal.open_ticket(sealed, now)
    if ticket.step is not step:
        raise BadInput("invalid_ticket", f"this ticket asks for {ticket.step}")
    booked = try_once(door, "sign-in", ticket.mail, now)
    challenge = Challenge(ticket.step, ticket.user, ticket.session)
    outcome = door.directory.answer(challenge, said)
    answered, began = step is Step.TOTP, ticket.began
    return _go_on(door, outcome, booked=booked, mail=ticket.mail, began=began, now=now, answered=answered)


def enroll(door: Door, sealed: str, code: str, now: Millis) -> None:
    """Finish setting up an authenticator, and sign its owner out everywhere, who then signs in with it."""
    ticket = door.seal.open_ticket(sealed, now)
    if ticket.step is not Step.ENROLL_TOTP:
        raise BadInput("invalid_ticket", f"this ticket asks for {ticket.step}")
    person = door.people.find(ticket.user)
    if person is None or person.gone or person.totp_since:
        raise totp_enrolled()
    if ticket.began < person.valid_from:
        raise BadInput("invalid_ticket", "this ticket is no longer good; sign in again")
    booked = try_once(door, "sign-in", ticket.mail, now)
    door.directory.enroll(ticket.user, ticket.session, code)
    with door.acting("", "", ticket.user):
        door.commit(door.people.enrolled(ticket.user, _this_second(door), began=ticket.began))
    door.directory.sign_out(ticket.user)
    clear(door, booked)


def renew(door: Door, sealed: str, now: Millis) -> Signed:
    """Return a new proof; raise Unauthenticated `sign_in_failed` when the person must sign in again."""
    renewal = door.seal.open_renewal(sealed, now)
    proof = door.directory.renew(renewal.user, renewal.token)
    claims = door.verify(proof)
    return Signed(admitted(door.people.find(claims.person), claims.signed_in_at), proof, "")


def end(door: Door, sealed: str, now: Millis) -> None:
    """Let this sign-in renew nothing more; one that is over already is fine."""
    try:
        renewal = door.seal.open_renewal(sealed, now)
    except Unauthenticated:
        return
    door.directory.revoke(renewal.token)


def asked_to_enroll(door: Door, tokens: Tokens, person: str, *, mail: str, now: Millis) -> Asked:
    """Return what sets up an authenticator."""
    secret = door.directory.new_secret(tokens.access)
    ticket = Ticket(Step.ENROLL_TOTP, mail, person, tokens.access, door.clock())
    return Asked(Step.ENROLL_TOTP, door.seal.ticket(ticket, now), secret, authenticator_uri(mail, secret))


def totp_enrolled() -> Conflict:
    """Return the refusal of a second authenticator: it would let a stolen password replace the first one."""
    return Conflict("totp_enrolled", "an authenticator is set up already")


def _go_on(
    door: Door,
    outcome: Tokens | Challenge,
    *,
    booked: Booked,
    mail: str,
    began: Millis,
    now: Millis,
    answered: bool = False,
) -> Signed | Asked:
    if isinstance(outcome, Challenge):
        forgive(door, booked)
        ticket = Ticket(outcome.step, mail, outcome.user, outcome.session, began)
        return Asked(outcome.step, door.seal.ticket(ticket, now))
    claims = door.verify(outcome.proof)
    person = door.people.find(claims.person)
    if person is None or person.gone or began < person.valid_from:
        raise sign_in_failed()
    if person.totp_since and not answered:
        # The directory forgot the second factor: what it gave must never leave this function.
        log().error("tokens without second factor", person=person.id)
        door.directory.sign_out(person.id)
        raise sign_in_failed()
    if answered and not person.totp_since:
        # The enrolment was cut off after the directory had taken the code.
        with door.acting("", "", person.id):
            door.commit(door.people.enrolled(person.id, claims.signed_in_at, began=began))
        person = door.people.find(person.id)
    elif person.needs_totp and not answered:
        forgive(door, booked)
        return asked_to_enroll(door, outcome, person.id, mail=mail, now=now)
    clear(door, booked)
    return _signed(door, outcome, person, signed_in_at=claims.signed_in_at, now=now)


def _signed(door: Door, tokens: Tokens, person: Person | None, *, signed_in_at: Millis, now: Millis) -> Signed:
    try:
        found = admitted(person, signed_in_at)
    except Unauthenticated:
        if person is not None and signed_in_at < person.valid_from < signed_in_at + SECOND:
            # Tokens count whole seconds, and something was revoked within this one.
            raise Busy("busy", "sign in again in a second") from None
        raise sign_in_failed() from None
    return Signed(found, tokens.proof, door.seal.renewal(Renewal(found.id, tokens.refresh), now))


def _this_second(door: Door) -> Millis:
    return door.clock() // 1000 * 1000
