"""What customers, shops and agents do with contacts: load, decide, save in one transaction."""

from collections.abc import Callable

from chalicelib.agents.model import Agent, Work
from chalicelib.aws.observe import log
from chalicelib.aws.tables import Write
from chalicelib.contacts import rules
from chalicelib.contacts.model import (
    AlreadyStored,
    Change,
    Contact,
    ContactChanged,
    Event,
    Message,
    Status,
)
from chalicelib.contacts.ports import Desk
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import Busy, Conflict, Mismatch, not_found, same_body
from chalicelib.metering.model import PeriodClosed
from chalicelib.routing.model import Band

_TRIES = 8


def add_message(desk: Desk, contact_id: str, said: Message, *, expected: int | None = None) -> Message:
    """Store what a customer wrote; a resolved contact is queued again. A repeat returns the first answer."""

    def decide(contact: Contact) -> Change:
        arrival = desk.arrive(said.at) if contact.status is Status.RESOLVED else None
        return rules.message(contact, said, arrival)

    return say(desk, contact_id, said, decide, expected=expected)


def reply(desk: Desk, contact_id: str, said: Message, *, expected: int | None = None) -> Message:
    """Store the holder's answer, and bill the episode's first. A repeat returns the first answer."""
    price = desk.price(said.at)
    return say(desk, contact_id, said, lambda contact: rules.reply(contact, said, price), expected=expected)


def note(desk: Desk, contact_id: str, said: Message, *, expected: int | None = None) -> Message:
    """Store an internal remark. A repeat returns the first answer."""
    return say(desk, contact_id, said, lambda contact: rules.note(contact, said), expected=expected)


def claim(desk: Desk, contact_id: str, agent_id: str, now: Millis, *, expected: int | None = None) -> Contact:
    """Let an agent take this one contact, whatever its place in the queue."""
    agent = _agent(desk, agent_id)
    return claimed(act(desk, contact_id, lambda contact: rules.claim(contact, agent, now), expected=expected))


def claimed(contact: Contact) -> Contact:
    """Put on the log how long a contact waited that was promised a time; one that came back waited before."""
    if contact.promised_at and contact.band is Band.ARRIVED:
        promised, waited = contact.promised_at - contact.opened_at, contact.claimed_at - contact.opened_at
        log().info("wait", tenant=contact.tenant, promised_s=promised // SECOND, waited_s=waited // SECOND)
    return contact


def transfer(desk: Desk, contact_id: str, to: str, event: Event, *, expected: int | None = None) -> Contact:
    """Hand a contact to a colleague."""

    def decide(contact: Contact) -> Change:
        # Who does not hold the contact shall not learn from the answer which agents there are.
        rules.allow(contact, event.action)
        rules.held_by(contact, event.agent)
        return rules.transfer(contact, _agent(desk, to), event)

    with desk.beside(to):
        return act(desk, contact_id, decide, expected=expected)


def reopen(desk: Desk, contact_id: str, event: Event, *, expected: int | None = None) -> Contact:
    """Queue a resolved contact again, ranked like an arrival."""

    def decide(contact: Contact) -> Change:
        rules.allow(contact, event.action)
        return rules.reopen(contact, desk.arrive(event.at), event)

    return act(desk, contact_id, decide, expected=expected)


def merge(desk: Desk, absorbed: str, survivor: str, event: Event, *, expected: int | None = None) -> Contact:
    """Make two contacts of one tenant one matter, and return the absorbed one, whose version is expected."""
    for _ in range(_TRIES):
        pair = desk.contacts.get(absorbed), desk.contacts.get(survivor)
        for contact in pair:
            rules.serves(contact, desk.pool)
        _expect(pair[0], expected)
        gone, kept = rules.merge(*pair, event)
        # Both bookings touch the same window, and a transaction takes each row once.
        booked = desk.ledger.writes([*gone.entries, *kept.entries])
        try:
            with desk.beside(gone.before.agent):
                desk.commit(*_state(desk, gone), *_state(desk, kept), *booked)
        except (ContactChanged, PeriodClosed):
            continue
        return gone.after
    raise _too_fast()


def act(
    desk: Desk, contact_id: str, decide: Callable[[Contact], Change], *, expected: int | None = None
) -> Contact:
    """Apply one decision to a contact and return it; if it changed meanwhile, decide anew.

    `expected` is the version that the caller saw (`If-Match`): any other is refused with Mismatch.
    """
    for _ in range(_TRIES):
        contact = desk.contacts.get(contact_id)
        rules.serves(contact, desk.pool)
        _expect(contact, expected)
        change = decide(contact)
        try:
            with desk.beside(contact.agent):
                desk.commit(*writes(desk, change))
        except (ContactChanged, PeriodClosed):
            continue
        return change.after
    raise _too_fast()


def writes(desk: Desk, change: Change) -> list[Write]:
    """Return everything that `change` does, for one transaction."""
    return [*_state(desk, change), *desk.ledger.writes(change.entries)]


def _state(desk: Desk, change: Change) -> list[Write]:
    before, after = change.before, change.after
    found = [desk.contacts.save(before, after)]
    if change.message:
        found.append(desk.contacts.append(before.id, change.message))
    if change.event:
        found.append(desk.contacts.record(before.id, change.event))
    if before.agent and before.agent != after.agent:
        work = Work.of(before.weight, before.claimed_at, after.resolved_at)
        lapsed_at = change.lapsed_at
        found.append(
            desk.agents.give_back(before.agent, before.ref, before.weight, lapsed_at=lapsed_at, work=work)
        )
    if change.taker:
        claiming = not before.agent
        found.append(
            desk.agents.take(
                change.taker,
                after.ref,
                after.weight,
                now=after.claimed_at,
                claiming=claiming,
                version=change.taker_version,
            )
        )
    return found


def say(
    desk: Desk, contact_id: str, said: Message, decide: Callable[[Contact], Change], *, expected: int | None = None
) -> Message:
    """Store something said by what is decided of its contact; a repeat returns the first answer."""
    stored: list[Message] = []

    def remember(contact: Contact) -> Change:
        if not contact.customer:
            # Nothing would erase it: the erasure has done with this contact.
            raise Conflict("customer_erased", "this customer was erased; nothing more is kept here")
        change = decide(contact)
        stored[:] = [change.message or said]
        return change

    try:
        act(desk, contact_id, remember, expected=expected)
    except (AlreadyStored, Conflict, Mismatch):
        # A repeat that comes after the contact has moved on is refused by its state before it meets its own row.
        first = desk.contacts.message(contact_id, said)
        if first is None:
            raise
        same_body(first.digest, said.digest)
        return first
    return stored[0]


def _expect(contact: Contact, version: int | None) -> None:
    if version not in (None, contact.version):
        raise Mismatch("version_mismatch", "this contact changed since you looked", version=contact.version)


def _agent(desk: Desk, agent_id: str) -> Agent:
    agent = desk.agents.find(agent_id)
    if agent is None:
        raise not_found()
    return agent


def _too_fast() -> Busy:
    return Busy("busy", "this contact is changing too fast; try again")
