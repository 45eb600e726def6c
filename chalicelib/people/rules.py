"""Who may let whom in, when a sign-in counts, and how many tries anyone has."""

import re
from urllib.parse import quote, urlencode

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, MINUTE, SECOND, Millis
from chalicelib.kernel.errors import BadInput, Conflict, Forbidden, TooMany, Unauthenticated, not_found
from chalicelib.people.model import FLOOR_KINDS, OFFICE_KINDS, SHOP_KINDS, TEAM_KINDS, Claim, Person

TRIES = 5
SPAN: Millis = 15 * MINUTE
LOCK: Millis = 15 * MINUTE
MAX_MAIL = 254
FOUNDINGS = 5
"""So many shops are founded from one address within a day."""
CLAIM: Millis = DAY
"""How long a 사업자등록번호 waits for who claimed it and did not go on to found the shop."""

_MAIL = re.compile(r"[a-z0-9._%+&'/=?^`{|}!$*-]{1,64}@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")

# Whom each kind may let in; a shop's first owner signs up, or is let in by an admin when the shop was declared.
_INVITES: dict[Kind, frozenset[Kind]] = {
    Kind.OWNER: frozenset({Kind.STAFF, Kind.VIEWER}),
    Kind.LEAD: frozenset({Kind.AGENT}),
    Kind.ADMIN: TEAM_KINDS | {Kind.OWNER},
}
# Who may give whom another role, and the roles between which it moves.
_MOVES: dict[Kind, tuple[frozenset[Kind], ...]] = {
    Kind.OWNER: (SHOP_KINDS,),
    Kind.ADMIN: (FLOOR_KINDS, OFFICE_KINDS),
}
_DISMISSES: dict[Kind, frozenset[Kind]] = {
    Kind.OWNER: SHOP_KINDS,
    Kind.LEAD: frozenset({Kind.AGENT}),
    Kind.ADMIN: TEAM_KINDS,
}
# Whose authenticator each kind may reset.
_RESETS = _DISMISSES | {Kind.ADMIN: SHOP_KINDS | TEAM_KINDS}


def normal_mail(given: str) -> str:
    """Return the mail address in the one form in which it is known; raise BadInput `invalid_mail`.

    Only ASCII is taken: letters that merely fold to ASCII (a dotted capital I, the Kelvin sign) would let two
    spellings name one account.
    """
    mail = given.strip(" ")
    if not mail.isascii() or len(mail) > MAX_MAIL or not _MAIL.fullmatch(mail.lower()):
        raise BadInput("invalid_mail", "mail is no mail address that the desk can use")
    return mail.lower()


def may_invite(caller: Caller, kind: Kind, *, tenant: str = "", pool: str = "") -> None:
    """Raise Forbidden unless `caller` may let someone in as `kind`, into this tenant or pool."""
    allowed = kind in _INVITES.get(caller.kind, frozenset())
    if caller.kind is Kind.OWNER:
        allowed &= tenant == caller.tenant
    if caller.kind is Kind.LEAD:
        allowed &= pool == caller.pool
    if not allowed:
        raise _forbidden()


def may_know(caller: Caller, person: Person) -> None:
    """Raise `not_found` for people of another shop than an owner's, and of another pool than a lead's."""
    own = {Kind.OWNER: person.tenant == caller.tenant, Kind.LEAD: person.pool == caller.pool}
    if not own.get(caller.kind, True):
        raise not_found()


def may_move(caller: Caller, person: Person, to: Kind) -> None:
    """Raise Forbidden unless `caller` may give `person` the role `to`; nobody changes the own one in the team."""
    groups = _MOVES.get(caller.kind, ())
    if not any(person.kind in group and to in group for group in groups):
        raise _forbidden()
    if caller.kind is Kind.ADMIN and caller.person == person.id:
        raise Conflict("own_role", "another admin changes your role")


def may_dismiss(caller: Caller, person: Person) -> None:
    """Raise Forbidden unless `caller` may let `person` out; in the team nobody lets himself or herself out."""
    allowed = person.kind in _DISMISSES.get(caller.kind, frozenset())
    if caller.kind is Kind.LEAD:
        allowed &= person.pool == caller.pool
    if not allowed:
        raise _forbidden()
    if caller.kind is not Kind.OWNER and caller.person == person.id:
        raise Conflict("own_role", "a colleague lets you out")


def may_reset(caller: Caller, person: Person) -> None:
    """Raise Forbidden unless `caller` may reset the authenticator of `person`; nobody resets the own one."""
    allowed = person.kind in _RESETS.get(caller.kind, frozenset())
    if caller.kind is Kind.LEAD:
        allowed &= person.pool == caller.pool
    if not allowed:
        raise _forbidden()
    if caller.person == person.id:
        raise Conflict("own_authenticator", "somebody else resets your authenticator")


def admitted(person: Person | None, signed_in_at: Millis) -> Person:
    """Return the person behind a verified token; raise the one refusal for everyone who may not come in.

    `signed_in_at` is the start of a second, so whoever signs in within the second of a revocation is refused too.
    """
    if person is None or person.gone or signed_in_at < person.valid_from:
        raise refused()
    if person.needs_totp and not 0 < person.totp_since <= signed_in_at:
        raise refused()
    return person


def refused() -> Unauthenticated:
    """Return the one refusal of a token, whatever is wrong with it."""
    return Unauthenticated("unauthenticated", "this token opens nothing")


def sign_in_failed() -> Unauthenticated:
    """Return the one refusal of a sign-in, whatever was wrong with it."""
    message = "mail address, password or code is wrong, or the address is not confirmed yet"
    return Unauthenticated("sign_in_failed", message)


def book(tries: tuple[Millis, ...], now: Millis) -> tuple[Millis, ...]:
    """Return `tries` with one more at `now`; raise TooMany `locked_out` when there is none left.

    The fifth try within 15 minutes is the last one for 15 minutes.
    """
    if len(tries) >= TRIES:
        wait = tries[-1] + LOCK - now
        if wait > 0:
            message = "too many failed tries; wait as long as Retry-After says"
            raise TooMany("locked_out", message, retry_after=-(-wait // SECOND))
        tries = ()
    return (*(at for at in tries if at > now - SPAN), now)


def book_founding(foundings: tuple[Millis, ...], now: Millis) -> tuple[Millis, ...]:
    """Return the foundings from one address with one more; raise TooMany for the sixth within a day."""
    kept = tuple(at for at in foundings if at > now - DAY)
    if len(kept) >= FOUNDINGS:
        wait = kept[-FOUNDINGS] + DAY - now
        message = f"{FOUNDINGS} shops a day are founded from one address at most"
        raise TooMany("too_many_shops", message, retry_after=-(-wait // SECOND))
    return (*kept, now)


def authenticator_uri(mail: str, secret: str) -> str:
    """Return what an authenticator app reads as a QR code."""
    label = quote(f"두레데스크 Duredesk:{mail}", safe="@:")
    return f"otpauth://totp/{label}?" + urlencode({"secret": secret, "issuer": "두레데스크 Duredesk"})


def stands(claim: Claim, now: Millis, *, founded: bool) -> bool:
    """Return whether a number that somebody claimed is taken: for a day, and for good once the shop is founded."""
    return founded or now - claim.at < CLAIM


def registration_taken() -> Conflict:
    """Return the refusal of a number that another shop has."""
    return Conflict("registration_taken", "another shop has this 사업자등록번호; ask us if it is yours")


def _forbidden() -> Forbidden:
    return Forbidden("forbidden", "your role does not allow this for that role")
