"""Hooks: an address of a shop's that is told of events, and the deliveries of them."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import Millis


class Event(StrEnum):
    """What happened, as shops' servers know it."""

    CONTACT_RESOLVED = "contact.resolved"
    CONTACT_FOR_SHOP = "contact.for_shop"
    ALERT_REACHED = "alert.reached"
    INVOICE_FINALIZED = "invoice.finalized"
    DISPUTE_DECIDED = "dispute.decided"
    TEST = "test"


# What a hook may ask for; the test goes to the hook that is tried, whatever it asked for.
OFFERED = tuple(event for event in Event if event is not Event.TEST)


class State(StrEnum):
    """What became of a delivery so far."""

    DUE = "due"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Hook:
    """An https address that is told of `events`.

    `failures` counts sendings in a row that were not heard; a hook that was paused gets none but tests. `digest`
    is that of the body that it was made of, to tell a repeat of the request from another one.
    """

    tenant: str
    id: str
    url: str
    events: tuple[Event, ...]
    label: str
    by: str
    created_at: Millis
    digest: str
    failures: int = 0
    paused_at: Millis = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One telling of one event to one hook; `body` is what is sent, byte by byte.

    `tries` counts sendings, the last of which ended with `status` (0: none came) after `ms` milliseconds, or with
    `error`. `next_at` is when it is sent next, 0 for at once or never. Ids are in the order of time.
    """

    tenant: str
    hook: str
    id: str
    event: Event
    at: Millis
    body: str
    state: State = State.DUE
    tries: int = 0
    next_at: Millis = 0
    status: int = 0
    ms: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one sending: a `status` (0: none came) after `ms` milliseconds, or an `error` in one word."""

    status: int
    ms: int
    error: str = ""


class HookExists(Exception):
    """A hook of this id is stored: the request is a repeat."""
