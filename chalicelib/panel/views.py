"""What the API shows beside a conversation: bodies that come in, answers that go out; times are ISO 8601 UTC."""

from collections.abc import Mapping
from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.contacts.looks import DetailsView
from chalicelib.contacts.model import Contact
from chalicelib.contacts.views import ContactView, Text
from chalicelib.files.model import PER_MESSAGE, File, Form, Kind, Side
from chalicelib.kernel.clock import Millis, iso
from chalicelib.panel.model import Rating
from chalicelib.panel.rules import first_line


class PastView(Struct):
    """Another contact of the same customer, and how it began."""

    contact: ContactView
    first_line: str

    @classmethod
    def of(cls, contact: Contact, said: Mapping[str, str]) -> Self:
        """Return what an agent is shown of `contact`; `said` has the openings of many."""
        view = ContactView.of(contact)
        view.customer = ""
        return cls(view, first_line(said.get(contact.id, "")))


class CustomerView(Struct):
    """Who the customer is, masked, and the other contacts with this shop, newest first, 20 at most.

    `other_open` counts all of them that still wait for something.
    """

    details: DetailsView
    contacts: list[PastView]
    other_open: int


class FileIn(Struct, forbid_unknown_fields=True):
    """A file that is to be sent in: its name, its size in bytes, and what it is said to be (`image/png`)."""

    name: Annotated[str, Meta(max_length=400)]
    size: Annotated[int, Meta(ge=1)]
    type: Annotated[str, Meta(max_length=100)]


class FormView(Struct):
    """Send a multipart POST to `url` with `fields`, and last the content as `file`."""

    url: str
    fields: dict[str, str]


class AnnouncedView(Struct):
    """The id of a file, and how it is sent in until `expires_at`; then it is made `ready`."""

    file: str
    upload: FormView
    expires_at: str

    @classmethod
    def of(cls, file: File, form: Form, expires: Millis) -> Self:
        """Return the answer to an announcement."""
        return cls(file.id, FormView(form.url, form.fields), iso(expires))


class FileView(Struct, omit_defaults=True):
    """A file that can be fetched; `message` is the one that it went with, absent before it is sent."""

    id: str
    name: str
    type: Kind
    size: int
    side: Side
    at: str
    message: str = ""

    @classmethod
    def of(cls, file: File) -> Self:
        """Return what the API shows of a file that is ready."""
        if file.kind is None:
            raise AssertionError("a file that is ready is of a kind")
        return cls(file.id, file.name, file.kind, file.size, file.side, iso(file.at), file.message)


class FilesView(Struct):
    """The files of a contact, oldest first."""

    files: list[FileView]


class LinkView(Struct):
    """Where a file can be fetched until `expires_at`, to be saved and not to be shown."""

    url: str
    expires_at: str


class SendIn(Struct, forbid_unknown_fields=True):
    """Files that go with a message; without a `text` it says what they are called."""

    files: Annotated[list[str], Meta(min_length=1, max_length=PER_MESSAGE)]
    text: Text = ""


class RatingIn(Struct, forbid_unknown_fields=True):
    """What the customer thought of the answer, 1 (poor) to 5, and why."""

    score: Annotated[int, Meta(ge=1, le=5)]
    comment: Annotated[str, Meta(max_length=4_000)] = ""


class RatingView(Struct):
    """How one episode was rated."""

    episode: int
    score: int
    comment: str
    at: str

    @classmethod
    def of(cls, rating: Rating) -> Self:
        """Return what the API shows of `rating`."""
        return cls(rating.episode, rating.score, rating.comment, iso(rating.at))


class RatingsView(Struct):
    """How a contact's episodes were rated, by episode."""

    ratings: list[RatingView]
