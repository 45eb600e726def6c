"""What the API answers when a contact was opened, and what it tells of a wait."""

from typing import Self

from msgspec import Struct

from chalicelib.contacts.model import Contact, Status
from chalicelib.contacts.notices import KEPT, Outlook, Words, notice, words
from chalicelib.contacts.ports import Expect
from chalicelib.kernel.clock import Millis, iso
from chalicelib.tenants.model import Channel


class WordsView(Struct):
    """The same for customers in Korean and English."""

    ko: str
    en: str

    @classmethod
    def of(cls, words: Words | None) -> Self | None:
        """Return what the API shows of `words`; None if nothing is said."""
        return cls(words.ko, words.en) if words else None


class ExpectedWaitView(Struct, omit_defaults=True):
    """What a customer is told of the wait; seconds, with the range that holds four of five, when it is known."""

    text: WordsView
    low_s: int | None = None
    expected_s: int | None = None
    high_s: int | None = None

    @classmethod
    def of(cls, outlook: Outlook | None) -> Self | None:
        """Return what the API shows of `outlook`; None of what is not known, and of what does not wait."""
        if outlook is None or not outlook.position:
            return None
        said, wait = words(outlook), outlook.told
        text = WordsView(said.ko, said.en)
        return cls(text, wait.low, wait.expected, wait.high) if wait else cls(text)


class ReceiptView(Struct, omit_defaults=True):
    """What a shop gets for a new contact: it is stored, and this is its name for ever.

    One that is held back (`overflow`) comes with what its customer can be told, and what can be offered, now; one
    that the shop's own people answer (`shop`) with words that say so.
    """

    id: str
    tenant: str
    channel: Channel
    status: Status
    opened_at: str
    expected_wait: ExpectedWaitView | None = None
    notice: WordsView | None = None
    offers: list[str] = []

    @classmethod
    def of(cls, contact: Contact, expect: Expect, now: Millis) -> Self:
        """Return the answer to the opening of `contact`; every repeat of it has the status of the arrival.

        What the shop gave to the desk since is told as if it had come there.
        """
        held, kept = contact.held_at == contact.opened_at, contact.kept_at == contact.opened_at
        status = Status.OVERFLOW if held else Status.SHOP if kept else Status.WAITING
        view = cls(contact.id, contact.tenant, contact.channel, status, iso(contact.opened_at))
        if kept:
            view.notice = WordsView.of(KEPT)
        if held and (outlook := expect(contact, now)):
            view.expected_wait = ExpectedWaitView.of(outlook)
            view.notice, view.offers = WordsView.of(notice(outlook)), outlook.offers
        return view
