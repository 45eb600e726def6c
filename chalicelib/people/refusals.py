"""Cognito's refusals in the desk's words; none of its messages goes any further."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from botocore.exceptions import ClientError

from chalicelib.kernel.errors import BadInput, TooMany
from chalicelib.people.rules import sign_in_failed

WRONG = (
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
)


@contextmanager
def told(*done: str, by_code: bool = False) -> Iterator[None]:
    """Say the directory's refusals in the desk's words; one of the codes `done` is no refusal.

    Where a mailed code decides (`by_code`), an address that is unknown or needs none looks like a wrong code.
    """
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code not in done:
            raise (wrong_code() if by_code and code in WRONG else translated(error)) from None


def code_of(error: ClientError) -> str:
    """Return Cognito's own code of a refusal."""
    return str(error.response["Error"]["Code"])


def translated(error: ClientError) -> Exception:
    """Return a refusal in the desk's words; what is none, and a failure of ours, stays as it is."""
    code, unknown = code_of(error), cast(Exception, error)
    return next((refusal() for codes, refusal in _REFUSALS if code in codes), unknown)


def wrong_code() -> BadInput:
    """Return the one refusal of a code, by mail or by an authenticator."""
    return BadInput("wrong_code", "this code is wrong, or no longer good")


def _weak() -> BadInput:
    return BadInput("weak_password", "a password has at least 10 characters, and is no well-known one")


def _not_accepted() -> BadInput:
    return BadInput("not_accepted", "the directory does not take a value of this form")


def _too_many() -> TooMany:
    return TooMany("too_many_requests", "wait as long as Retry-After says", retry_after=60)


_REFUSALS: list[tuple[tuple[str, ...], Callable[[], Exception]]] = [
    (WRONG, sign_in_failed),
    (("CodeMismatchException", "ExpiredCodeException", "EnableSoftwareTokenMFAException"), wrong_code),
    (("InvalidPasswordException", "PasswordHistoryPolicyViolationException"), _weak),
    (("InvalidParameterException",), _not_accepted),
    (("LimitExceededException", "TooManyRequestsException", "TooManyFailedAttemptsException"), _too_many),
]
