"""What holding back and letting in are about, and what is done for those who wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.routing.waits import Seconds
from chalicelib.tenants.model import Step


@dataclass(frozen=True, slots=True)
class Ticket:
    """A message of the overflow queue: one contact, whose turn it is, may be let in for it.

    `body` names the contact that was held back when it was sent, and `receipt` this delivery of it.
    """

    body: str
    receipt: str


class BadTicket(Exception):
    """A message of the overflow queue that nobody can have sent: it ends among the dead letters."""


class Happening(StrEnum):
    """What can happen to a shop under pressure."""

    OVERFLOW_ON = "overflow_on"
    OVERFLOW_OFF = "overflow_off"
    STEP_ON = "step_on"
    STEP_OFF = "step_off"
    CAP_REACHED = "cap_reached"
    CAP_LIFTED = "cap_lifted"
    CALLED_IN = "called_in"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class SurgeState:
    """A shop under pressure: contacts are held back since `since` (0: none are), or were until `ended` (0: never).

    `steps` of the ladder are in force, each since when. The monthly cap was reached in the month `capped` of
    Asia/Seoul; while it is `shut`, nothing is let in because of it. A lead has called the reserve in until
    `called_until` (0: nobody has). Times in milliseconds UTC.
    """

    since: Millis = 0
    ended: Millis = 0
    steps: Mapping[Step, Millis] = field(default_factory=dict)
    capped: str = ""
    shut: bool = False
    version: int = 0
    called_until: Millis = 0

    @property
    def in_force(self) -> bool:
        """Return whether anything of it must be undone some day."""
        return bool(self.since or self.steps or self.shut or self.called_until)


@dataclass(frozen=True, slots=True)
class SurgeEvent:
    """Something that happened to a shop under pressure, `step` for those of a step.

    `expected` is the wait that was expected then: None when nobody was present.
    """

    id: str
    what: Happening
    at: Millis
    step: Step | None = None
    expected: Seconds | None = None


class SurgeMoved(Exception):
    """Another sweeper has changed the shop's state since it was read."""
