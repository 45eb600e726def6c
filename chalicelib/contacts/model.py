"""A contact and its story."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.agents.model import Agent
from chalicelib.kernel.clock import Millis
from chalicelib.metering.model import FIRST_EPISODE, Episode, UsageEntry
from chalicelib.routing.model import Band, Lane
from chalicelib.tenants.model import Channel

STORY_LIMIT = 1_000_000
"""Bytes that may be said in one contact: a claim answers with all of it, and Lambda ends answers at 6 MB."""


class Status(StrEnum):
    """Where a contact is; every contact is in exactly one. In `SHOP`, the shop's own people are to answer it."""

    WAITING = "waiting"
    OVERFLOW = "overflow"
    SHOP = "shop"
    CLAIMED = "claimed"
    LATER = "later"
    RESOLVED = "resolved"
    SPAM = "spam"
    MERGED = "merged"


class Action(StrEnum):
    """What can happen to a contact."""

    MESSAGE = "message"
    ADMIT = "admit"
    CLAIM = "claim"
    REPLY = "reply"
    NOTE = "note"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    RELEASE = "release"
    LAPSE = "lapse"
    SPAM = "spam"
    UNDO_SPAM = "undo_spam"
    MERGE = "merge"
    ABSORB = "absorb"
    PREFER = "prefer"
    ANSWER = "answer"
    LATER = "later"
    WAKE = "wake"
    DUE = "due"
    SEND = "send"
    HAND = "hand"
    LOWER = "lower_hand"
    STOP = "stop"
    PASS = "pass"
    GIVE = "give"
    INTENT = "intent"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Contact:
    """One request for help of one customer to one tenant; times in milliseconds UTC.

    `changed_at` is the time of the last change of status. `agent` holds it while it is claimed; `preferred`
    answered it last. `spam_from` is the status that the undoing of spam leads to. `digest` is the opening body's,
    `size` the bytes said so far. `lane` says which of its tenant's arrivals it shares a clock with. It was held
    back at `held_at`, to be taken at `promised_at` as far as could be told, and was let in at `admitted_at`.

    It is put off until `later_until`, for `later_kind`; what is to be sent then is the note `later_text`. Its
    holder wants a lead since `hand_at`. The agent `stopped_by` resolved it as abuse. `intent` is what its first
    message is about (older ones have none), and `taken_at` the first claim of its episode. The shop's own people
    answer it since `kept_at`; a `test` is a rehearsal.
    """

    tenant: str
    id: str
    pool: str
    channel: Channel
    customer: str
    weight: int
    opened_at: Millis
    changed_at: Millis
    rank: Millis
    digest: str
    status: Status = Status.WAITING
    band: Band = Band.ARRIVED
    version: int = 1
    episode: Episode = FIRST_EPISODE
    agent: str = ""
    preferred: str = ""
    claimed_at: Millis = 0
    first_reply_at: Millis = 0
    resolved_at: Millis = 0
    spam_from: str = ""
    merged_into: str = ""
    size: int = 0
    lane: Lane = Lane.SHOP
    held_at: Millis = 0
    promised_at: Millis = 0
    admitted_at: Millis = 0
    later_until: Millis = 0
    later_kind: str = ""
    later_text: str = ""
    hand_at: Millis = 0
    stopped_by: str = ""
    intent: str = ""
    taken_at: Millis = 0
    kept_at: Millis = 0
    test: bool = False

    @property
    def ref(self) -> str:
        """Return the name under which an agent holds it."""
        return f"{self.tenant}/{self.id}"


class Author(StrEnum):
    """Who said it; `HOUSE` is the desk itself, in words of its own, when the agent named with it wants that."""

    CUSTOMER = "customer"
    AGENT = "agent"
    NOTE = "note"
    STAFF = "staff"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Message:
    """What customer or agent said, or an internal note; `effect` is what it did, for a repeat of the request."""

    id: str
    author: Author
    name: str
    text: str
    at: Millis
    episode: int
    digest: str
    subject: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a contact where no other record says so."""

    id: str
    action: Action
    actor: str
    at: Millis
    episode: int
    detail: str = ""

    @property
    def agent(self) -> str:
        """Return the id of the agent who did it, if it was one."""
        return self.actor.removeprefix("agent:")


@dataclass(frozen=True, slots=True)
class Story:
    """A contact with everything that was said and done, in order of time."""

    contact: Contact
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision does: the contact before and after, and what is added to its story and to the ledger.

    Whose load moves follows from `before.agent` and `after.agent`; `taker` is the agent behind the latter.
    `taker_version` refuses the change if that agent's holding moved on since the caller looked, and
    `lapsed_at` makes it depend on the former holder's lease having run out by then. `files` go with the message;
    `note` is an internal remark besides it.
    """

    before: Contact
    after: Contact
    message: Message | None = None
    event: Event | None = None
    entries: tuple[UsageEntry, ...] = ()
    taker: Agent | None = None
    taker_version: int | None = None
    lapsed_at: Millis | None = None
    files: tuple[str, ...] = ()
    note: Message | None = None


class ContactChanged(Exception):
    """Someone changed the contact after it was read: read it again, and decide anew."""


class AlreadyStored(Exception):
    """The row of this id exists: the request is a repeat. `digest` is the stored body's."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest
