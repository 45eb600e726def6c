"""A file of a conversation."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import Millis

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_WEBP_PIXELS = 12_000_000
"""Its decoder holds several copies of a picture."""
PER_MESSAGE = 5
PER_CONTACT = 20
FORM_SECONDS = 300
"""How long a file may be sent in: a session of the second wall lasts no longer for sure."""
LINK_SECONDS = 300


class Kind(StrEnum):
    """What a file may be, as HTTP names it."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"
    TEXT = "text/plain"


class Side(StrEnum):
    """Who brought a file, and may send it."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a contact: announced first, `ready` once its content was looked into, then sent with a `message`.

    `key` is where its harmless form lies, `kind` and `size` (bytes) are those of that form; before, `size` is what
    was announced. `digest` is the announcement's.
    """

    contact: str
    id: str
    name: str
    size: int
    side: Side
    at: Millis
    digest: str
    kind: Kind | None = None
    key: str = ""
    message: str = ""

    @property
    def ready(self) -> bool:
        """Return whether it may be sent and fetched."""
        return bool(self.key)


@dataclass(frozen=True, slots=True)
class Form:
    """With what a browser sends a file in: a POST to `url` of `fields`, and last the content as `file`."""

    url: str
    fields: dict[str, str]


class AlreadyThere(Exception):
    """The file is announced, or ready, already: the request is a repeat."""
