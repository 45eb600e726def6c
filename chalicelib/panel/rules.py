"""What may be rated and fetched, and how much of a past conversation a list shows."""

from collections.abc import Sequence

from chalicelib.contacts.model import Contact, Status
from chalicelib.files.model import File, Side
from chalicelib.kernel.caller import TEAM, Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict

SHOWN = 20
"""How many of a customer's other contacts are listed."""

_ENDED = {Status.RESOLVED, Status.SPAM, Status.MERGED}
_LINE_LIMIT = 120


def ratable(contact: Contact) -> None:
    """Raise Conflict `not_resolved` unless the contact was answered and is resolved."""
    if contact.status is not Status.RESOLVED or not contact.preferred:
        raise Conflict("not_resolved", "a conversation is rated once it was answered and is resolved")


def side_of(kind: Kind) -> Side:
    """Return on whose side a caller stands; a shop's server passes on what its customer brings."""
    return Side.AGENT if kind in TEAM else Side.CUSTOMER


def visible(file: File, side: Side) -> bool:
    """Return whether `side` may fetch the file: what was not sent yet is there for those alone who brought it."""
    return file.ready and (bool(file.message) or file.side is side)


def others(contacts: Sequence[Contact], here: Contact, erased_at: Millis) -> list[Contact]:
    """Return the other contacts of the customer of `here`, newest first, without those of before an erasure."""
    found = [one for one in contacts if one.id != here.id and one.opened_at > erased_at]
    return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)


def open_ones(contacts: Sequence[Contact]) -> int:
    """Return how many of `contacts` still wait for something."""
    return sum(one.status not in _ENDED for one in contacts)


def first_line(text: str) -> str:
    """Return the beginning of what was said, of 120 characters at most."""
    line = text.partition("\n")[0]
    return line if len(line) <= _LINE_LIMIT else line[: _LINE_LIMIT - 1] + "…"
