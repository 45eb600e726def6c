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


class AlreadyRated(Exception):
    """The episode was rated before. `digest` is that request's."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest
