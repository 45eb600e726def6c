"""What a shop asks about its bill, and what it is told of its cap; won are without VAT."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter


class DisputesMoved(Conflict):
    """Another dispute of the same month was upheld meanwhile: what this one is worth is to be reckoned anew."""

    def __init__(self) -> None:
        super().__init__("disputes_moved", "another dispute of this month was decided meanwhile")


class Verdict(StrEnum):
    """What became of a dispute."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A shop's word that a contact's episode should not be on the bill of the KST month `month`.

    `answer` is what finance says to it, `won` what was credited when it was upheld. Usage stays as it is.
    """

    tenant: str
    contact: str
    episode: int
    month: str
    meter: Meter
    reason: str
    opened_at: Millis
    opened_by: str
    verdict: Verdict = Verdict.OPEN
    answer: str = ""
    decided_at: Millis = 0
    decided_by: str = ""
    won: Won = 0

    @property
    def id(self) -> str:
        """Return its name: there is one for each episode."""
        return f"{self.contact}-{self.episode}"


@dataclass(frozen=True, slots=True)
class Alert:
    """A shop was told that its month has cost `threshold` percent of the cap: the `n`th time, from 1, that month.

    `spent_won` is what the month had cost by then. `armed` means that the cap was raised beyond it since: the
    shop is told again.
    """

    month: str
    threshold: int
    n: int
    cap_won: Won
    spent_won: Won
    at: Millis
    armed: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What a month's service fell short of, and what was credited for it, once: `percent` of its usage charge."""

    tenant: str
    month: str
    evidence: str
    percent: int
    won: Won
    at: Millis
    actor: str
