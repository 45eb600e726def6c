"""Sign up, sign in and sign out over HTTP; the refresh token never leaves its cookie."""

import re
from http import HTTPStatus

from chalicelib.access.rules import PERSON, PUBLIC
from chalicelib.kernel.errors import BadInput, Forbidden, Unauthenticated
from chalicelib.people import passwords, service
from chalicelib.people.model import Asked, Signed, Step
from chalicelib.people.rules import normal_mail, sign_in_failed
from chalicelib.people.views import (
    AccountIn,
    AnswerIn,
    CodeIn,
    ConfirmIn,
    MailIn,
    PasswordChangeIn,
    PasswordIn,
    PersonView,
    ResetIn,
    SentView,
    SessionView,
)
from chalicelib.people.wiring import door
from chalicelib.web.api import Api, B, Call, Empty, Reply
from chalicelib.web.pressure import Shed

api = Api()

TOKEN_SECONDS = 15 * 60
_COOKIE = "duredesk_session"
# Without a Path a browser takes the folder of the request, `…/v1/session`, whatever prefix a stage or a proxy puts
# before it; so every route that sets the cookie lies directly in that folder.
_KEPT = "HttpOnly; Secure; SameSite=Strict"
_RENEWAL_SECONDS = 12 * 3600
_CARRIED = re.compile(rf"(?:^|;\s*){_COOKIE}=([\w=-]+)")


@api.route("POST", "/v1/sign-up", policy=PUBLIC, body=AccountIn, returns=SentView, status=HTTPStatus.ACCEPTED)
def sign_up(call: Call[AccountIn]) -> SentView:
    """Sign up for a shop; a code is mailed to an address that is new here, and the answer does not tell."""
    service.sign_up(door(), normal_mail(call.body.mail), call.body.password, call.now)
    return SentView("sent")


@api.route("POST", "/v1/sign-up/confirm", policy=PUBLIC, body=ConfirmIn, returns=None)
def confirm(call: Call[ConfirmIn]) -> None:
    """Confirm a mail address by the code that was sent to it, and set the password."""
    body = call.body
    service.confirm(door(), normal_mail(body.mail), body.code, password=body.password, now=call.now)


@api.route("POST", "/v1/sign-up/resend", policy=PUBLIC, body=MailIn, returns=SentView, status=HTTPStatus.ACCEPTED)
def resend(call: Call[MailIn]) -> SentView:
    """Mail another code to an address that waits for one."""
    service.resend(door(), normal_mail(call.body.mail), call.now)
    return SentView("sent")


@api.route("POST", "/v1/session/start", policy=PUBLIC, body=AccountIn, returns=SessionView)
def sign_in(call: Call[AccountIn]) -> Reply:
    """Sign in: a token for the API, or a challenge; what renews the token goes into a cookie."""
    mail = normal_mail(call.body.mail)
    return _session(service.sign_in(door(), mail, call.body.password, call.now))


@api.route("POST", "/v1/session/answer", policy=PUBLIC, body=AnswerIn, returns=SessionView)
def answer(call: Call[AnswerIn]) -> Reply:
    """Answer the challenge of a sign-in with a code or with a new password."""
    given = {Step.TOTP: call.body.code, Step.NEW_PASSWORD: call.body.new_password}
    answers = [(step, said) for step, said in given.items() if said is not None]
    if len(answers) != 1:
        raise BadInput("one_answer", "send either code or new_password")
    [(step, said)] = answers
    return _session(service.answer(door(), call.body.ticket, said, step=step, now=call.now))


@api.route("POST", "/v1/session/totp", policy=PUBLIC, body=CodeIn, returns=None)
def enroll(call: Call[CodeIn]) -> None:
    """Finish setting up an authenticator; then sign in again, with its code."""
    service.enroll(door(), call.body.ticket, call.body.code, call.now)


@api.route("POST", "/v1/session/refresh", policy=PUBLIC, returns=SessionView)
def refresh(call: Call[Empty]) -> Reply:
    """Renew the token by the cookie; the header `X-Duredesk` shows that a script of our pages asks."""
    return _session(service.renew(door(), _carried(call), call.now))


@api.route("POST", "/v1/session/end", policy=PUBLIC, returns=None)
def end(call: Call[Empty]) -> Reply:
    """Sign out here: the cookie renews nothing more."""
    service.end(door(), _carried(call), call.now)
    return Reply(None, {"Set-Cookie": f"{_COOKIE}=; Max-Age=0; {_KEPT}"})


@api.route("POST", "/v1/password/forgot", policy=PUBLIC, body=MailIn, returns=SentView, status=HTTPStatus.ACCEPTED)
def forgot(call: Call[MailIn]) -> SentView:
    """Mail a code for a new password; the answer does not tell whether the address is known."""
    passwords.forgot(door(), normal_mail(call.body.mail), call.now)
    return SentView("sent")


@api.route("POST", "/v1/password/reset", policy=PUBLIC, body=ResetIn, returns=None)
def reset(call: Call[ResetIn]) -> None:
    """Set a new password by a mailed code, and end every sign-in."""
    body = call.body
    passwords.reset(door(), normal_mail(body.mail), body.code, new=body.new_password, now=call.now)


@api.route("GET", "/v1/me", policy=PERSON, returns=PersonView, shed=Shed.REFRESH)
def myself(call: Call[Empty]) -> PersonView:
    """Show who you are; a newcomer is an owner without a shop."""
    person = door().people.find(signed_in(call))
    if person is None:
        raise _nobody()
    return PersonView.of(person)


@api.route("POST", "/v1/me/password", policy=PERSON, body=PasswordChangeIn, returns=None)
def change_password(call: Call[PasswordChangeIn]) -> None:
    """Change your password, and end every sign-in, this one too."""
    passwords.change(door(), signed_in(call), old=call.body.old, new=call.body.new, now=call.now)


@api.route("POST", "/v1/me/totp", policy=PERSON, body=PasswordIn, returns=SessionView)
def set_up_totp(call: Call[PasswordIn]) -> SessionView:
    """Begin to set up an authenticator; `POST /v1/session/totp` finishes it."""
    asked = passwords.set_up_totp(door(), signed_in(call), password=call.body.password, now=call.now)
    return SessionView.asking(asked)


def signed_in(call: Call[B]) -> str:
    """Return the id of the person who calls; raise Forbidden for a key, which is nobody's."""
    if not call.caller.person:
        raise Forbidden("forbidden", "this is for people who signed in, not for API keys")
    return call.caller.person


def _session(found: Signed | Asked) -> Reply:
    if isinstance(found, Asked):
        return Reply(SessionView.asking(found), {})
    shown = SessionView(found.proof, TOKEN_SECONDS, PersonView.of(found.person))
    if not found.renewal:
        return Reply(shown, {})
    return Reply(shown, {"Set-Cookie": f"{_COOKIE}={found.renewal}; Max-Age={_RENEWAL_SECONDS}; {_KEPT}"})


def _carried(call: Call[Empty]) -> str:
    if not call.scripted:
        raise Forbidden("not_scripted", "send the header X-Duredesk")
    match = _CARRIED.search(call.cookie)
    if match is None:
        raise sign_in_failed()
    return match[1]


def _nobody() -> Unauthenticated:
    return Unauthenticated("unauthenticated", "this person is no longer known")
