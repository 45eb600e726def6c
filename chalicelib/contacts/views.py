"""What the API shows of contacts: bodies that come in, answers that go out; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.contacts.kinds import WHISPER
from chalicelib.contacts.model import Action, Author, Contact, Event, Message, Status
from chalicelib.customers.model import Details
from chalicelib.handbook.model import Kept
from chalicelib.handbook.views import HandbookView
from chalicelib.kernel.clock import Millis, iso
from chalicelib.tenants.model import Channel, Persona, Tenant
from chalicelib.tenants.rules import is_open, opens_at

Text = Annotated[str, Meta(max_length=20_000)]
# Python's `$` would let a newline follow.
CustomerId = Annotated[str, Meta(pattern=r"^[\x21-\x7e]{1,64}$(?!\n)")]
ContactId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
AgentId = Annotated[str, Meta(pattern=r"^[a-z0-9]{3,32}$(?!\n)")]


class CustomerIn(Struct, forbid_unknown_fields=True):
    """Who writes: the shop's own id of the customer (never a mail address or number), and what it knows of them.

    What is given replaces what was known; agents see it masked.
    """

    id: CustomerId
    name: str = ""
    phone: str = ""
    mail: str = ""
    address: str = ""
    order_number: str = ""
    account: str = ""

    @property
    def details(self) -> Details:
        """Return what the shop tells of its customer, as it was sent."""
        return Details(self.name, self.phone, self.mail, self.address, self.order_number, self.account)


class ContactIn(Struct, forbid_unknown_fields=True):
    """A new request for help."""

    channel: Channel
    customer: CustomerIn
    text: Text
    subject: str = ""


class TextIn(Struct, forbid_unknown_fields=True):
    """Something said."""

    text: Text


class ContactView(Struct, omit_defaults=True):
    """A contact as it stands; `version` is what `If-Match` takes.

    It is put off until `later_until`, and its holder wants a lead since `hand_at`; `stopped` as abuse. `intent` is
    what it is about, by the words of its first message; `taken_at` is the first claim of the episode. The shop's
    own people answer it since `kept_at`; a `test` is a rehearsal of the shop's.
    """

    id: str
    tenant: str
    channel: Channel
    customer: str
    status: Status
    version: int
    episode: int
    opened_at: str
    changed_at: str
    weight: int
    agent: str = ""
    first_reply_at: str = ""
    resolved_at: str = ""
    merged_into: str = ""
    later_until: str = ""
    later_kind: str = ""
    hand_at: str = ""
    stopped: bool = False
    intent: str = ""
    taken_at: str = ""
    kept_at: str = ""
    test: bool = False

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """Return what the API shows of `contact`."""
        return cls(
            id=contact.id,
            tenant=contact.tenant,
            channel=contact.channel,
            customer=contact.customer,
            status=contact.status,
            version=contact.version,
            episode=contact.episode.number,
            opened_at=iso(contact.opened_at),
            changed_at=iso(contact.changed_at),
            weight=contact.weight,
            agent=contact.agent,
            first_reply_at=iso(contact.first_reply_at) if contact.first_reply_at else "",
            resolved_at=iso(contact.resolved_at) if contact.resolved_at else "",
            merged_into=contact.merged_into,
            later_until=iso(contact.later_until) if contact.later_until else "",
            later_kind=contact.later_kind,
            hand_at=iso(contact.hand_at) if contact.hand_at else "",
            stopped=bool(contact.stopped_by),
            intent=contact.intent,
            taken_at=iso(contact.taken_at) if contact.taken_at else "",
            kept_at=iso(contact.kept_at) if contact.kept_at else "",
            test=contact.test,
        )


class SaidView(Struct, omit_defaults=True):
    """Something said; `effect` tells what it did: `reopened`, `billable` or nothing.

    A note that is `to_send` is the answer of a contact that is put off; a `whisper` is a lead's, for the holder;
    one `for_shop` goes to the shop's own people.
    """

    id: str
    author: Author
    name: str
    text: str
    at: str
    episode: int
    subject: str = ""
    effect: str = ""
    whisper: bool = False

    @classmethod
    def of(cls, said: Message) -> Self:
        """Return what the API shows of `said`."""
        view = cls(said.id, said.author, said.name, said.text, iso(said.at), said.episode, said.subject)
        view.whisper = said.effect == WHISPER
        view.effect = "" if view.whisper else said.effect
        return view


class EventView(Struct, omit_defaults=True):
    """Something that happened."""

    id: str
    action: Action
    actor: str
    at: str
    detail: str = ""

    @classmethod
    def of(cls, event: Event) -> Self:
        """Return what the API shows of `event`."""
        return cls(event.id, event.action, event.actor, iso(event.at), event.detail)


class ShopView(Struct):
    """For whom the agent speaks, in what voice and by which rules; `opens_at` is empty while the shop is open."""

    id: str
    name: str
    name_en: str
    persona: Persona
    handbook: HandbookView
    open_now: bool
    opens_at: str

    @classmethod
    def of(cls, tenant: Tenant, kept: Kept, now: Millis) -> Self:
        """Return what an agent needs of `tenant`, whose handbook is `kept`, at `now`."""
        opened = is_open(tenant.hours, now, tenant.holidays)
        return cls(
            id=tenant.id,
            name=tenant.name,
            name_en=tenant.name_en,
            persona=tenant.persona,
            handbook=HandbookView.of(kept),
            open_now=opened,
            opens_at="" if opened else iso(opens_at(tenant.hours, now, tenant.holidays)),
        )


class ContactsView(Struct, omit_defaults=True):
    """A page of contacts; `cursor` leads to the next one."""

    contacts: list[ContactView]
    cursor: str | None = None
