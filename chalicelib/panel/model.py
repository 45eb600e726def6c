"""How a customer rated an answer."""

from dataclasses import dataclass

from chalicelib.kernel.clock import Millis


@dataclass(frozen=True, slots=True)
class Rating:
    """What the customer thought of an episode that `agent` resolved: 1 (poor) to 5; `digest` is the request's."""

    contact: str
    episode: int
    score: int
    comment: str
    agent: str
    at: Millis
    digest: str


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one rating, 1 to 5, when it was given, and the contact that it is of."""

    at: Millis
    contact: str
    score: int


class AlreadyRated(Exception):
    """The episode was rated before. `digest` is that request's."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest
