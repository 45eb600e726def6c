"""Change and forget passwords, and set up an authenticator of one's own accord."""

from chalicelib.kernel.clock import Millis
from chalicelib.people.attempts import clear, try_once
from chalicelib.people.model import Account, Asked, Challenge
from chalicelib.people.ports import Door
from chalicelib.people.rules import sign_in_failed
from chalicelib.people.service import asked_to_enroll, totp_enrolled


def change(door: Door, person: str, *, old: str, new: str, now: Millis) -> None:
    """Change a password, and end every sign-in there is.

    Raises Unauthenticated `sign_in_failed` for a wrong old one, BadInput `weak_password` and TooMany `locked_out`.
    """
    account = _account(door, person)
    booked = try_once(door, "sign-in", account.mail, now)
    # A right password is answered with tokens or with a question; either way nothing of the answer is used.
    door.directory.sign_in(person, old)
    # Once before, so that a crash after the new password leaves no old sign-in; once after, for those in between.
    _void(door, person)
    door.directory.set_password(person, new)
    _void(door, person)
    door.directory.sign_out(person)
    clear(door, booked)


def forgot(door: Door, mail: str, now: Millis) -> None:
    """Mail a code to an address that is known; the answer does not tell whether it is."""
    try_once(door, "mail", mail, now)
    door.directory.forgot(mail)


def reset(door: Door, mail: str, code: str, *, new: str, now: Millis) -> None:
    """Set a new password by a mailed code, and end every sign-in.

    Raises BadInput `wrong_code` or `weak_password`, and TooMany `locked_out`.
    """
    booked = try_once(door, "sign-in", mail, now)
    account = door.directory.find(mail)
    door.directory.reset(mail, code, new)
    if account is not None and door.people.find(account.id) is not None:
        _void(door, account.id)
        door.directory.sign_out(account.id)
    clear(door, booked)


def set_up_totp(door: Door, person: str, *, password: str, now: Millis) -> Asked:
    """Return what sets up an authenticator; the password is asked again, since it locks out who does not have it.

    Raises Conflict `totp_enrolled` when there is one already.
    """
    account = _account(door, person)
    booked = try_once(door, "sign-in", account.mail, now)
    outcome = door.directory.sign_in(person, password)
    clear(door, booked)
    known = door.people.find(person)
    if isinstance(outcome, Challenge) or known is None or known.totp_since:
        raise totp_enrolled()
    return asked_to_enroll(door, outcome, person, mail=account.mail, now=now)


def _account(door: Door, person: str) -> Account:
    account = door.directory.find(person)
    if account is None:
        raise sign_in_failed()
    return account


def _void(door: Door, person: str) -> None:
    with door.acting("", "", person):
        door.commit(door.people.void(person, door.clock()))
