"""What customers, shops and agents do with contacts, each in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.agents.model import Agent
from chalicelib.aws.observe import log
from chalicelib.contacts import rules
from chalicelib.contacts.deciding import (
    TRIES,
    act,
    customer_of,
    expect,
    require_customer,
    say,
    state,
    too_fast,
)
from chalicelib.contacts.hands import require_not_barred
from chalicelib.contacts.model import Change, Contact, ContactChanged, Event, Message, Status
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.transitions import allow
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import not_found
from chalicelib.metering.model import PeriodClosed
from chalicelib.routing.model import Arrival, Band


def add_message(desk: Desk, contact_id: str, said: Message, *, expected: int | None = None) -> Message:
    """Store what a customer wrote; a resolved contact is queued again. A repeat returns the first answer."""

    def decide(contact: Contact) -> Change:
        arrival = _again(desk, contact, said.at) if contact.status is Status.RESOLVED else None
        return rules.message(contact, said, arrival)

    return say(desk, contact_id, said, decide, expected=expected)


def reply(
    desk: Desk,
    contact_id: str,
    said: Message,
    *,
    answer: str | None = None,
    sure: bool = False,
    files: Sequence[str] = (),
    expected: int | None = None,
) -> Message:
    """Store the holder's answer, and bill the episode's first. A repeat returns the first answer.

    It was made from the shop's canned `answer`, if from any, and `files` go with it; `sure` is the agent who was
    warned of what the shop's rules advise against.
    """
    price = desk.price(said.at)

    def decide(contact: Contact) -> Change:
        change = rules.reply(contact, said, price)
        desk.guard(contact, said.text, answer, sure)
        return replace(change, files=tuple(files))

    return say(desk, contact_id, said, decide, expected=expected)


def note(desk: Desk, contact_id: str, said: Message, *, expected: int | None = None) -> Message:
    """Store an internal remark. A repeat returns the first answer."""
    return say(desk, contact_id, said, lambda contact: rules.note(contact, said), expected=expected)


def claim(desk: Desk, contact_id: str, agent_id: str, now: Millis, *, expected: int | None = None) -> Contact:
    """Let an agent take this one contact, whatever its place in the queue."""
    agent = agent_of(desk, agent_id)

    def decide(contact: Contact) -> Change:
        change = rules.claim(contact, agent, now)
        require_not_barred(agent, customer_of(desk, contact))
        return change

    return claimed(act(desk, contact_id, decide, expected=expected))


def claimed(contact: Contact) -> Contact:
    """Put on the log how long a contact waited that was promised a time; one that came back waited before."""
    if contact.promised_at and contact.band is Band.ARRIVED:
        promised, waited = contact.promised_at - contact.opened_at, contact.claimed_at - contact.opened_at
        log().info("wait", tenant=contact.tenant, promised_s=promised // SECOND, waited_s=waited // SECOND)
    return contact


def resolve(
    desk: Desk,
    contact_id: str,
    event: Event,
    steps: Sequence[str] = (),
    *,
    sure: bool = False,
    expected: int | None = None,
) -> Contact:
    """Close a contact that its holder answered; which steps of the script were left out on purpose is recorded."""

    def decide(contact: Contact) -> Change:
        change = rules.resolve(contact, event.agent, event.at)
        if left_out := desk.steps_done(steps, sure):
            detail = f"without {', '.join(left_out)}"
            change = replace(change, event=replace(event, episode=contact.episode.number, detail=detail))
        return change

    return act(desk, contact_id, decide, expected=expected)


def transfer(
    desk: Desk,
    contact_id: str,
    to: str,
    event: Event,
    *,
    remark: Message | None = None,
    expected: int | None = None,
) -> Contact:
    """Hand a contact to a colleague, with a `remark` or without."""

    def decide(contact: Contact) -> Change:
        # Who does not hold the contact shall not learn from the answer which agents there are.
        allow(contact, event.action)
        rules.held_by(contact, event.agent)
        if remark:
            require_customer(contact)
        colleague = agent_of(desk, to)
        change = rules.transfer(contact, colleague, event, remark)
        require_not_barred(colleague, customer_of(desk, contact))
        return change

    with desk.beside(to):
        return act(desk, contact_id, decide, expected=expected)


def reopen(desk: Desk, contact_id: str, event: Event, *, expected: int | None = None) -> Contact:
    """Queue a resolved contact again, ranked like an arrival."""

    def decide(contact: Contact) -> Change:
        allow(contact, event.action)
        return rules.reopen(contact, _again(desk, contact, event.at), event)

    return act(desk, contact_id, decide, expected=expected)


def _again(desk: Desk, contact: Contact, now: Millis) -> Arrival | None:
    """Return the place in which a contact arrives anew; None for what its shop's own people answer."""
    return None if contact.kept_at else desk.arrive(now)


def merge(desk: Desk, absorbed: str, survivor: str, event: Event, *, expected: int | None = None) -> Contact:
    """Make two contacts of one tenant one matter, and return the absorbed one, whose version is expected."""
    for _ in range(TRIES):
        pair = desk.contacts.get(absorbed), desk.contacts.get(survivor)
        for contact in pair:
            rules.serves(contact, desk.pool)
        expect(pair[0], expected)
        gone, kept = rules.merge(*pair, event)
        _require_holder_not_barred(desk, gone.before, kept.after)
        # Both bookings touch the same window, and a transaction takes each row once.
        booked = desk.ledger.writes([*gone.entries, *kept.entries])
        try:
            with desk.beside(gone.before.agent):
                desk.commit(*state(desk, gone), *state(desk, kept), *booked)
        except (ContactChanged, PeriodClosed):
            continue
        return gone.after
    raise too_fast()


def _require_holder_not_barred(desk: Desk, absorbed: Contact, survivor: Contact) -> None:
    """Raise Conflict `barred` if who holds `survivor` had to stop the customer of `absorbed` before."""
    if survivor.agent:
        with desk.beside(survivor.agent):
            holder = desk.agents.find(survivor.agent)
        if holder:
            require_not_barred(holder, customer_of(desk, absorbed))


def agent_of(desk: Desk, agent_id: str) -> Agent:
    """Return an agent as he or she is now; raise NotFound."""
    agent = desk.agents.find(agent_id)
    if agent is None:
        raise not_found()
    return agent
