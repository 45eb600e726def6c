"""What sending letters needs of the world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis
from chalicelib.letters.model import Letter, Mail, Post, Readers, To


class LetterStore(Protocol):
    """What this module needs of a store of one shop's letters."""

    def find(self, letter: str) -> Letter | None: ...
    def claim(self, letter: Letter, now: Millis, look_at: Millis) -> Write: ...
    def put_off(self, letter: Letter, look_at: Millis) -> Write: ...
    def end(self, letter: Letter, state: Post, at: Millis) -> Write: ...


class Mailer(Protocol):
    """Who carries mails; `about` names the letter in its own records."""

    def send(self, mails: tuple[str, ...], mail: Mail, about: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Mailroom:
    """One shop's letters, who reads them (`readers`), who carries them, and where our pages are."""

    letters: LetterStore
    readers: Callable[[To], Readers]
    mailer: Mailer
    pages_url: str
    commit: Callable[..., None]
