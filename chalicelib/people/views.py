"""What the API takes and shows of people and their sign-ins."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from chalicelib.kernel.caller import Kind
from chalicelib.people.model import Account, Asked, Deed, Person, Step

Mail = Annotated[str, Meta(min_length=3, max_length=300)]
# Cognito takes 256 characters at most; what is too short for a new one is told apart from a wrong one by it.
Password = Annotated[str, Meta(min_length=1, max_length=256)]
# Refused before a code is used up; the directory refuses the same.
NewPassword = Annotated[str, Meta(min_length=10, max_length=256)]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)")]
Sealed = Annotated[str, Meta(min_length=1, max_length=10_000)]
AgentId = Annotated[str, Meta(pattern=r"^[a-z0-9]{3,32}$(?!\n)")]
Capacity = Annotated[int, Meta(ge=1, le=100)]
Reason = Annotated[str, Meta(min_length=1, max_length=1000)]


class AccountIn(Struct, forbid_unknown_fields=True):
    """A mail address and a password."""

    mail: Mail
    password: Password


class MailIn(Struct, forbid_unknown_fields=True):
    """A mail address."""

    mail: Mail


class ConfirmIn(Struct, forbid_unknown_fields=True):
    """A mail address, the code that was sent to it, and the password, which counts from here on."""

    mail: Mail
    code: Code
    password: NewPassword


class ResetIn(Struct, forbid_unknown_fields=True):
    """A mail address, the code that was sent to it, and the password wanted."""

    mail: Mail
    code: Code
    new_password: NewPassword


class AnswerIn(Struct, forbid_unknown_fields=True):
    """The ticket of a challenge, and either the authenticator's `code` or a `new_password`."""

    ticket: Sealed
    code: Code | None = None
    new_password: NewPassword | None = None


class CodeIn(Struct, forbid_unknown_fields=True):
    """The ticket of an enrolment, and the authenticator's first code."""

    ticket: Sealed
    code: Code


class PasswordIn(Struct, forbid_unknown_fields=True):
    """The password, once more."""

    password: Password


class PasswordChangeIn(Struct, forbid_unknown_fields=True):
    """The old password and the new one."""

    old: Password
    new: NewPassword


class ShopPersonIn(Struct, forbid_unknown_fields=True):
    """Who is invited to a shop; its first owner, where it was declared, is invited by an admin."""

    mail: Mail
    kind: Literal["owner", "staff", "viewer"]


class ShopRoleIn(Struct, forbid_unknown_fields=True):
    """The role wanted."""

    kind: Literal["owner", "staff", "viewer"]


class TeamPersonIn(Struct, forbid_unknown_fields=True):
    """Who is invited to the team; agents and leads have an id, a pool and a capacity, the others none of them."""

    mail: Mail
    kind: Literal["agent", "lead", "finance", "admin"]
    agent: AgentId | None = None
    pool: AgentId | None = None
    capacity: Capacity | None = None


class TeamRoleIn(Struct, forbid_unknown_fields=True):
    """The role wanted."""

    kind: Literal["agent", "lead", "finance", "admin"]


class ReasonIn(Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Reason


class SentView(Struct):
    """That a mail is on its way, if the address is one that waits for it."""

    status: str


class PersonView(Struct, omit_defaults=True):
    """A person; what the kind has no use for is left out, and `mail` stands in lists alone."""

    id: str
    kind: Kind
    totp: bool
    tenant: str = ""
    agent: str = ""
    pool: str = ""
    mail: str = ""

    @classmethod
    def of(cls, person: Person, account: Account | None = None) -> Self:
        """Return what the API shows of `person`."""
        mail = account.mail if account else ""
        enrolled = person.totp_since > 0
        return cls(person.id, person.kind, enrolled, person.tenant, person.agent, person.pool, mail)


class PeopleView(Struct):
    """People."""

    people: list[PersonView]


class SessionView(Struct, omit_defaults=True):
    """Either a `token` for `expires_in` seconds, or the `challenge` to be answered with the `ticket`."""

    token: str = ""
    expires_in: int = 0
    person: PersonView | None = None
    challenge: Step | None = None
    ticket: str = ""
    secret: str = ""
    uri: str = ""

    @classmethod
    def asking(cls, asked: Asked) -> Self:
        """Return what the API shows of a sign-in that needs one more answer."""
        return cls(challenge=asked.step, ticket=asked.ticket, secret=asked.secret, uri=asked.uri)


class OffBoardView(Struct):
    """How many contacts went back to the queue."""

    returned: int


class ChangeView(Struct, omit_defaults=True):
    """A line of the record of permissions; `source` is the address from which it was done, where it is shown."""

    at: str
    by: str
    deed: Deed
    whom: str
    before: str = ""
    after: str = ""
    reason: str = ""
    source: str = ""


class ChangesView(Struct, omit_defaults=True):
    """A page of the record, newest first; `cursor` leads to the next one."""

    changes: list[ChangeView]
    cursor: str | None = None
