"""Rehearse: a contact of the shop's own goes all the way, from its first message to the bill and off it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.agents.model import REHEARSAL
from chalicelib.contacts import service
from chalicelib.contacts.model import Action, Author, Contact, Event, Message, Status
from chalicelib.contacts.opening import open_contact
from chalicelib.contacts.ports import Desk
from chalicelib.intents.model import Intent
from chalicelib.intents.rules import intent_of
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.kernel.ids import derived_id, random_id
from chalicelib.routing.model import WEIGHTS
from chalicelib.setup.script import A_DAY, Line, is_recorded, require_room
from chalicelib.tenants.aims import By, Choice
from chalicelib.tenants.model import Channel
from chalicelib.tenants.ports import Choosing
from chalicelib.tenants.sections import Section, following

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """One shop's rehearsals: its desk as the agent of rehearsals sees it, and what was chosen before.

    `held` returns up to so many of the rehearsals there were, newest first, `lines` what may be answered to an
    intent, best first; `cast` makes the agent if that was never done.
    """

    desk: Desk
    choosing: Choosing
    held: Callable[[int], Sequence[Choice]]
    lines: Callable[[Intent], Sequence[Line]]
    cast: Callable[[], None]


def rehearse(shop: Rehearsals, question: Message, by: By) -> Contact:
    """Let a `question` be answered as agents would, by rule and at once, and return its contact.

    Each step finds what was done before: the same question goes on where it died. What the shop's own rules do
    not let through is refused before anything is stored. Raises TooMany `too_many_rehearsals`.
    """
    held = shop.held(A_DAY)
    require_room(held, question.id, by.at)
    contact = _contact(shop.desk, question)
    line = _fitting(shop, contact, intent_of(question.text))
    shop.cast()
    contact = open_contact(shop.desk, contact, question)
    if contact.status is Status.WAITING:
        contact = service.claim(shop.desk, contact.id, REHEARSAL, by.at)
    if contact.status is Status.CLAIMED:
        # What was said at the same time would stand in any order.
        contact = _answered(shop.desk, contact, line, question.digest, by.at + 1)
    if not is_recorded(held, contact.id):
        _record(shop, contact, by)
    return contact


def _contact(desk: Desk, question: Message) -> Contact:
    return Contact(
        tenant=desk.tenant.id,
        id=question.id,
        pool=REHEARSAL,
        channel=Channel.CHAT,
        customer=REHEARSAL,
        weight=WEIGHTS[Channel.CHAT],
        opened_at=question.at,
        changed_at=question.at,
        rank=question.at,
        digest=question.digest,
        size=len(question.text.encode()),
        test=True,
    )


def _fitting(shop: Rehearsals, contact: Contact, intent: Intent) -> Line:
    """Return the best answer that the shop's rules let through; raise what is wrong with the last one."""
    *canned, honest = shop.lines(intent)
    for line in canned:
        try:
            shop.desk.guard(contact, line.text, line.answer, True)
        except (BadInput, Conflict):
            continue
        return line
    shop.desk.guard(contact, honest.text, honest.answer, True)
    return honest


def _answered(desk: Desk, contact: Contact, line: Line, digest: str, now: Millis) -> Contact:
    name = derived_id(contact.id, "reply")
    said = Message(name, Author.AGENT, REHEARSAL, line.text, now, episode=0, digest=digest)
    service.reply(desk, contact.id, said, answer=line.answer, sure=True)
    event = Event(random_id(), Action.RESOLVE, f"agent:{REHEARSAL}", now, episode=0)
    return service.resolve(desk, contact.id, event, sure=True)


def _record(shop: Rehearsals, contact: Contact, by: By) -> None:
    for _ in range(_TRIES):
        last = shop.choosing.choices.current(Section.REHEARSAL)
        choice = following(last, Section.REHEARSAL, {"contact": contact.id}, by)
        try:
            shop.choosing.commit(shop.choosing.choices.record(choice))
        except Conflict:
            # Another one was held at the same moment, and has this version.
            continue
        return
    raise Conflict("tenant_changed", "someone else changed this tenant")
