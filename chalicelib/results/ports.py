"""What counting needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Contact, Story
from chalicelib.kernel.clock import Millis
from chalicelib.panel.model import Scored
from chalicelib.results.model import Day


class DayStore(Protocol):
    """What this module needs of a store of one shop's days."""

    def stored(self, first: str, last: str) -> dict[str, tuple[Day, bool]]: ...
    def resolved(self, start: Millis, end: Millis) -> list[tuple[Millis, str]]: ...
    def save(self, day: Day, *, settled: bool) -> Write: ...


class ContactStore(Protocol):
    """What this module needs of a store of one shop's contacts."""

    def many(self, contacts: list[str]) -> list[Contact]: ...
    def story(self, contact: str) -> Story: ...


class RatingStore(Protocol):
    """What this module needs of a store of one shop's ratings."""

    def between(self, start: Millis, end: Millis) -> list[Scored]: ...


class Commit(Protocol):
    """Carries out all writes or none."""

    def __call__(self, *writes: Write) -> None: ...
