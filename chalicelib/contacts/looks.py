"""Who sees what of a contact, and the record of every look at somebody's data."""

from collections.abc import Sequence
from typing import Any, Self

from msgspec import UNSET, Struct, UnsetType

from chalicelib.aws.vault import Vault
from chalicelib.contacts.bodies import UnmaskedView, UnmaskIn
from chalicelib.contacts.kinds import FOR_SHOP
from chalicelib.contacts.model import Action, Author, Contact, Story
from chalicelib.contacts.rules import held_by
from chalicelib.contacts.views import ContactView, EventView, SaidView, ShopView
from chalicelib.contacts.wiring import was_erased
from chalicelib.customers.model import Details
from chalicelib.customers.store import Customers
from chalicelib.handbook.wiring import rules_of
from chalicelib.kernel.caller import TEAM, Caller, Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.text import clean
from chalicelib.privacy.model import Field
from chalicelib.privacy.rules import censor, mask
from chalicelib.privacy.wiring import looked
from chalicelib.tenants.model import Tenant
from chalicelib.web.api import Call

_REASON_LIMIT = 200
_AMONG_AGENTS = {Action.HAND, Action.LOWER}


class DetailsView(Struct, omit_defaults=True):
    """What the shop knows of its customer: masked for all but the shop itself."""

    name: str = ""
    phone: str = ""
    mail: str = ""
    address: str = ""
    order_number: str = ""
    account: str = ""

    @classmethod
    def of(cls, details: Details, *, masked: bool) -> Self:
        """Return what the API shows of `details`."""
        known = details.known()
        return cls(**{field.value: mask(field, known[field]) if masked else known[field] for field in known})


class StoryView(Struct, omit_defaults=True):
    """A contact with everything said and done, in order of time.

    `shop` is for agents. `withheld` tells an agent who does not hold the contact that what was said, and who the
    customer is, are not shown.
    """

    contact: ContactView
    messages: list[SaidView]
    events: list[EventView]
    shop: ShopView | UnsetType = UNSET
    customer: DetailsView | UnsetType = UNSET
    withheld: bool = False

    @classmethod
    def for_shop(cls, story: Story, details: Details, *, masked: bool) -> Self:
        """Return the shop's view: all but the agents' internal notes and calls for help."""
        shown = (one for one in story.messages if one.author is not Author.NOTE or one.effect == FOR_SHOP)
        said = [SaidView.of(one) for one in shown]
        for one in said:
            if masked and one.author is Author.CUSTOMER and one.name:
                one.name = mask(Field.NAME, one.name)
        contact = ContactView.of(story.contact)
        contact.hand_at = ""
        return cls(
            contact=contact,
            messages=said,
            events=[EventView.of(event) for event in story.events if event.action not in _AMONG_AGENTS],
            customer=_known(details, masked=masked),
        )

    @classmethod
    def for_holder(cls, story: Story, shop: ShopView, details: Details) -> Self:
        """Return the view of the agent who answers it: everything, all details but the name masked."""
        return cls(
            contact=ContactView.of(story.contact),
            messages=[SaidView.of(message) for message in story.messages],
            events=[EventView.of(event) for event in story.events],
            shop=shop,
            customer=_known(details, masked=True, name=details.name),
        )

    @classmethod
    def for_colleague(cls, story: Story, shop: ShopView) -> Self:
        """Return the view of an agent who does not hold it: where it is and what happened, and nobody's data."""
        contact = ContactView.of(story.contact)
        contact.customer = ""
        events = [EventView.of(event) for event in story.events]
        return cls(contact, [], events, shop=shop, withheld=True)

    @classmethod
    def for_visitor(cls, story: Story, shop: Tenant) -> Self:
        """Return the visitor's view: what both said, under the shop's name and not under the agent's."""
        contact = ContactView.of(story.contact)
        contact.agent = contact.merged_into = contact.later_until = contact.later_kind = contact.hand_at = ""
        contact.intent = ""
        said = [SaidView.of(message) for message in story.messages if message.author is not Author.NOTE]
        for message in said:
            if message.author in {Author.AGENT, Author.HOUSE}:
                message.author, message.name = Author.AGENT, shop.persona.agent_name
                # What it costs is the shop's business.
                message.effect = ""
        return cls(contact, said, [])


def _known(details: Details, *, masked: bool, name: str = "") -> DetailsView | UnsetType:
    if not details.known():
        return UNSET
    view = DetailsView.of(details, masked=masked)
    view.name = name or view.name
    return view


def story_view(call: Call[Any], story: Story, shop: Tenant, *, pulled: bool = False) -> StoryView:
    """Return as much of `story` as the caller may see, once the look is on record.

    What the queue hands out (`pulled`) does not count as a choice of the agent's: the breadth of what an agent
    looks up is limited, the work that is given is not.
    """
    caller, contact = call.caller, story.contact
    if caller.kind in TEAM and contact.agent != caller.agent and not _called_for(caller, contact):
        return StoryView.for_colleague(story, _voice(shop, call.now))
    if not pulled and caller.kind is not Kind.OWNER:
        _refuse_erased(contact)
    if caller.kind is Kind.VISITOR:
        return StoryView.for_visitor(story, shop)
    record(call, [contact], f"story {contact.id}", chosen=not pulled)
    details = _details(contact)
    if caller.kind in TEAM:
        return StoryView.for_holder(story, _voice(shop, call.now), details)
    return StoryView.for_shop(story, details, masked=caller.kind is Kind.VIEWER)


def _called_for(caller: Caller, contact: Contact) -> bool:
    """Return whether the holder wants a lead, and the caller is one."""
    return caller.kind is Kind.LEAD and contact.hand_at > 0


def _voice(shop: Tenant, now: Millis) -> ShopView:
    return ShopView.of(shop, rules_of(shop.id), now)


def contact_view(caller: Caller, contact: Contact) -> ContactView:
    """Return the contact as it stands; only the shop is told whose it is, agents learn that from the story."""
    view = ContactView.of(contact)
    if caller.kind in TEAM | {Kind.VISITOR}:
        view.customer = ""
    if caller.kind is Kind.VISITOR:
        view.merged_into = view.intent = ""
    if caller.kind not in TEAM:
        view.hand_at = ""
    return view


def unmask(call: Call[UnmaskIn], contact: Contact) -> UnmaskedView:
    """Return one detail of the customer of a contact that the caller holds, once reason and look are on record.

    Raises Conflict `not_yours`, NotFound for what is not known, and Forbidden `breadth_exceeded`.
    """
    held_by(contact, call.caller.agent)
    _refuse_erased(contact)
    field = call.body.field
    reason = censor(clean(call.body.reason, limit=_REASON_LIMIT, field="reason"), accounts=True)
    value = _details(contact).known().get(field)
    if value is None:
        raise not_found()
    record(call, [contact], f"unmask {field} {contact.id}", why=reason)
    return UnmaskedView(field, value)


def record(call: Call[Any], contacts: Sequence[Contact], what: str, *, why: str = "", chosen: bool = True) -> None:
    """Put on record that the caller sees the data of these contacts' customers: before it is returned."""
    if not contacts:
        return
    caller, tenant = call.caller, contacts[0].tenant
    customers = Customers(tenant, Vault(tenant))
    whose = [customers.handle(contact.customer) for contact in contacts]
    looked(caller, call.source, tenant=tenant, whose=whose, what=what, at=call.now, why=why, chosen=chosen)


def _refuse_erased(contact: Contact) -> None:
    """Raise NotFound for what came before its customer was erased, and waits to be blanked or is on legal hold."""
    if was_erased(contact):
        raise not_found()


def _details(contact: Contact) -> Details:
    return Customers(contact.tenant, Vault(contact.tenant)).glance(contact.customer)
