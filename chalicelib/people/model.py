"""People who sign in, and what is kept of who let them in and out."""

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict

SHOP_KINDS = frozenset({Kind.OWNER, Kind.STAFF, Kind.VIEWER})
FLOOR_KINDS = frozenset({Kind.AGENT, Kind.LEAD})
OFFICE_KINDS = frozenset({Kind.FINANCE, Kind.ADMIN})
TEAM_KINDS = FLOOR_KINDS | OFFICE_KINDS


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs in, by the id that the directory gave; mail address and name stay in the directory.

    `valid_from` and `totp_since` are by the clock that tokens are signed with: tokens of a sign-in before
    `valid_from` are void, and `totp_since` is 0 without a second factor. `gone` people never come in again.
    """

    id: str
    kind: Kind
    tenant: str = ""
    agent: str = ""
    pool: str = ""
    valid_from: Millis = 0
    totp_since: Millis = 0
    gone: bool = False
    invited_by: str = ""
    created_at: Millis = 0

    @property
    def newcomer(self) -> bool:
        """Return whether this person signed up and has no shop yet."""
        return self.kind is Kind.OWNER and not self.tenant

    @property
    def needs_totp(self) -> bool:
        """Return whether nothing opens to this person without a second factor."""
        return self.kind in TEAM_KINDS

    @property
    def caller(self) -> Caller:
        """Return the caller that this person is."""
        return Caller(self.kind, "", tenant=self.tenant, agent=self.agent, pool=self.pool, person=self.id)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: who signed in, and when (the start of that second)."""

    person: str
    signed_in_at: Millis


class Deed(StrEnum):
    """What changes who may do what."""

    FOUND = "found"
    INVITE = "invite"
    ROLE = "role"
    REMOVE = "remove"
    OFF_BOARD = "off_board"
    RESET_AUTHENTICATOR = "reset_authenticator"
    SUSPEND = "suspend"
    RESUME = "resume"
    LIVE = "live"
    KEY_ISSUED = "key_issued"
    KEY_REVOKED = "key_revoked"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, from which address, and when."""

    caller: Caller
    source: str
    now: Millis


@dataclass(frozen=True, slots=True)
class PermissionChange:
    """One line of the record of permissions: `whom` is a person's or a tenant's id."""

    id: str
    at: Millis
    by: str
    source: str
    deed: Deed
    whom: str
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """That `person` founds, or founded, the shop `tenant` under a 사업자등록번호."""

    number: str
    person: str
    tenant: str
    at: Millis


class TriesChanged(Conflict):
    """Someone else tried at the same time: look again."""

    def __init__(self) -> None:
        super().__init__("tries_changed", "others tried at the same time")


class Step(StrEnum):
    """What a sign-in still asks for."""

    TOTP = "totp"
    NEW_PASSWORD = "new_password"
    ENROLL_TOTP = "enroll_totp"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the directory gives who has answered everything; none of it is ever logged or shown."""

    proof: str = field(repr=False)
    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the directory asks `user` next; `session` is its own memory of the sign-in."""

    step: Step
    user: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A sign-in on its way: sealed, so that the browser carries it and cannot read it.

    `mail` is what failed tries are counted under; `session` is the directory's, or for an enrolment
    the token that allows it. `began` is by the clock that tokens are signed with: what is voided later is void.
    """

    step: Step
    mail: str = field(repr=False)
    user: str
    session: str = field(repr=False)
    began: Millis


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a browser carries, sealed, to be given new proofs: whose it is, and the directory's token."""

    user: str
    token: str = field(repr=False)


class Standing(StrEnum):
    """How far an account of the directory has come."""

    UNCONFIRMED = "unconfirmed"
    INVITED = "invited"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the directory."""

    id: str
    mail: str = field(repr=False)
    standing: Standing


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-in that is complete: the proof for the API, and what renews it."""

    person: Person
    proof: str = field(repr=False)
    renewal: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that needs one more answer; `secret` is there when an authenticator is to be set up."""

    step: Step
    ticket: str = field(repr=False)
    secret: str = field(default="", repr=False)
    uri: str = field(default="", repr=False)
