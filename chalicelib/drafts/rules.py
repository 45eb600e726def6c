"""Which drafts are still to be sent, and who looks on."""

from collections.abc import Sequence

from chalicelib.contacts.model import Author, Message
from chalicelib.drafts.model import Draft, Mode, Onlooker
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict


def unsent(drafts: Sequence[Draft], messages: Sequence[Message]) -> list[Draft]:
    """Return `drafts` without the replies that are older than the last answer: that was sent, or came first."""
    answered = max((one.at for one in messages if one.author is Author.AGENT), default=-1)
    return [draft for draft in drafts if draft.mode is Mode.NOTE or draft.at > answered]


def names(onlookers: Sequence[Onlooker], holder: str, now: Millis) -> list[str]:
    """Return the names of those who look on at `now` while `holder` holds the contact, in order."""
    return sorted(one.name for one in onlookers if one.until > now and one.agent != holder)


def customer_erased() -> Conflict:
    """Return the refusal of a draft to somebody who was erased."""
    return Conflict("customer_erased", "this customer was erased; nothing more is kept here")
