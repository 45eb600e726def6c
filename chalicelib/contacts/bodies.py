"""What agents send to the API of contacts, and what they get of it besides a contact."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.contacts.kinds import LaterKind, StopReason
from chalicelib.contacts.views import AgentId, ContactId, Text
from chalicelib.intents.model import Intent
from chalicelib.privacy.model import Field

Short = Annotated[str, Meta(max_length=800)]


class ReplyIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An answer: from which of the shop's canned `answer`s it was made, and the `files` that go with it.

    `sure` says that the agent was warned of what the shop's rules advise against.
    """

    text: Text
    answer: ContactId | None = None
    sure: bool = False
    files: list[str] = []


class ResolveIn(Struct, forbid_unknown_fields=True):
    """Which `steps` of the shop's script were done; `sure`: the others are left out on purpose."""

    steps: list[str] = []
    sure: bool = False


class TransferIn(Struct, forbid_unknown_fields=True):
    """Who takes over, and a note for that colleague."""

    to: AgentId
    note: Text | None = None


class MergeIn(Struct, forbid_unknown_fields=True):
    """The contact that survives."""

    into: ContactId


class UnmaskIn(Struct, forbid_unknown_fields=True):
    """Which value is needed, and what for: the shop can read the reason."""

    field: Field
    reason: Annotated[str, Meta(max_length=800)]


class UnmaskedView(Struct):
    """One value as it is."""

    field: Field
    value: str


class NoteIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An internal remark; a lead's `whisper` is for the holder whose hand is up."""

    text: Text
    whisper: bool = False


class LaterIn(Struct, forbid_unknown_fields=True):
    """Until when a contact is put off (ISO 8601), and what for.

    With the kind `send`, `text` is sent then: made from the shop's canned `answer` or from none; `sure` says that
    the agent was warned of what the shop's rules advise against.
    """

    until: Annotated[str, Meta(max_length=40)]
    kind: LaterKind
    text: Text | None = None
    answer: ContactId | None = None
    sure: bool = False


class HandIn(Struct, forbid_unknown_fields=True):
    """What a lead is wanted for."""

    reason: Short


class StopIn(Struct, forbid_unknown_fields=True):
    """What ends the conversation; `text` is the agent's own remark, kept as evidence and shown to no customer."""

    reason: StopReason
    text: Text | None = None


class PassIn(Struct, forbid_unknown_fields=True):
    """A note for the shop's own people."""

    note: Text | None = None


class IntentIn(Struct, forbid_unknown_fields=True):
    """What the contact is about."""

    intent: Intent


class ReassignIn(Struct, forbid_unknown_fields=True):
    """Who is to hold it."""

    to: AgentId


class HandView(Struct):
    """A holder who wants a lead."""

    tenant: str
    contact: str
    agent: str
    since: str


class HandsView(Struct):
    """Who wants a lead, the longest first."""

    hands: list[HandView]
