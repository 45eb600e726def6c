"""What the API shows of the templates of mails."""

from typing import Self

from msgspec import Struct

from chalicelib.letters.model import Mail


class LettersView(Struct):
    """The names of all mails that people get from us."""

    letters: list[str]


class LetterView(Struct):
    """A mail as it is sent, filled with samples."""

    subject: str
    text: str
    html: str

    @classmethod
    def of(cls, mail: Mail) -> Self:
        """Return what the API shows of `mail`."""
        return cls(mail.subject, mail.text, mail.html)
