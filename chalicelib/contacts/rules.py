"""The life of a contact: what each transition changes."""

from dataclasses import replace

from chalicelib.agents.model import Agent
from chalicelib.agents.rules import require_certified, require_present, require_room
from chalicelib.contacts import moves
from chalicelib.contacts.kinds import LaterKind
from chalicelib.contacts.model import Action, Author, Change, Contact, Event, Message, Status
from chalicelib.contacts.transitions import allow
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.metering import rules as metering
from chalicelib.metering.model import Price, Reason
from chalicelib.metering.rules import Evidence
from chalicelib.routing.model import Arrival, Band


def held_by(contact: Contact, agent: str) -> None:
    """Raise Conflict `not_yours` unless `agent` holds the contact."""
    if contact.agent != agent:
        raise Conflict("not_yours", "another agent, or nobody, holds this contact")


def message(contact: Contact, said: Message, arrival: Arrival | None) -> Change:
    """A customer writes; a resolved contact goes where an `arrival` goes, what was put off to the front.

    What the shop's own people answered goes back to them, without an arrival.
    """
    allow(contact, Action.MESSAGE)
    if contact.status is Status.LATER:
        return _woken(contact, said)
    if contact.status is not Status.RESOLVED:
        # Nobody looks at spam: what comes after a resolution must wait for an answer once the mark is taken back.
        waits = Status.WAITING if contact.spam_from == Status.RESOLVED else contact.spam_from
        after = replace(moves.told(moves.stay(contact), said), spam_from=waits)
        return Change(contact, after, message=replace(said, episode=contact.episode.number))
    after = moves.told(moves.reopened(contact, said.at, arrival), said)
    return Change(contact, after, message=replace(said, episode=after.episode.number, effect="reopened"))


def _woken(contact: Contact, said: Message) -> Change:
    unsent = contact.later_kind == LaterKind.SEND
    detail = "not sent: the customer wrote since" if unsent else "the customer wrote"
    woken = Event(said.id, Action.WAKE, Author.CUSTOMER, said.at, contact.episode.number, detail)
    after = moves.told(moves.returned(contact, said.at), said)
    return Change(contact, after, message=replace(said, episode=contact.episode.number), event=woken)


def serves(contact: Contact, pool: str) -> None:
    """Raise `not_found` unless the caller's pool serves the contact; a shop, without a pool, sees all its own."""
    if pool and contact.pool != pool:
        raise not_found()


def admit(contact: Contact, pool: str, rank: Millis, now: Millis) -> Change:
    """There is room for what was held back: it enters the queue of `pool`."""
    allow(contact, Action.ADMIT)
    return Change(contact, moves.admitted(contact, pool, rank, now))


def claim(contact: Contact, agent: Agent, now: Millis) -> Change:
    """An agent of the pool takes a contact that waits, or is held back, and still fits."""
    serves(contact, agent.pool)
    allow(contact, Action.CLAIM)
    require_certified(agent, contact.tenant)
    require_room(agent, contact.weight)
    return Change(contact, moves.taken(contact, agent.id, now), taker=agent)


def reply(contact: Contact, said: Message, price: Price) -> Change:
    """The holder answers; the first human reply of an episode is what the shop pays for."""
    allow(contact, Action.REPLY)
    held_by(contact, said.name)
    return billed(Change(contact, moves.replied(moves.stay(contact), said), message=said), price)


def billed(change: Change, price: Price) -> Change:
    """Return a `change` that sends an answer, with what it adds to the bill."""
    contact, said = change.before, change.message
    assert said is not None
    evidence = Evidence(contact.tenant, contact.id, said.id, f"agent:{said.name}", contact.channel, said.at)
    episode, entries = metering.answered(contact.episode, evidence, price, test=contact.test)
    said = replace(said, episode=episode.number, effect="billable" if entries and episode.net else "")
    return replace(change, after=replace(change.after, episode=episode), message=said, entries=entries)


def note(contact: Contact, said: Message) -> Change:
    """A colleague leaves an internal remark; nothing else changes."""
    allow(contact, Action.NOTE)
    said = replace(said, episode=contact.episode.number, author=Author.NOTE)
    return Change(contact, moves.told(moves.stay(contact), said), message=said)


def resolve(contact: Contact, agent: str, now: Millis) -> Change:
    """The holder has answered everything."""
    allow(contact, Action.RESOLVE)
    held_by(contact, agent)
    return Change(contact, replace(moves.move(contact, Status.RESOLVED, now), resolved_at=now, preferred=agent))


def reopen(contact: Contact, arrival: Arrival | None, event: Event) -> Change:
    """Someone found it unfinished: it is queued like an arrival, and its last agent is preferred."""
    allow(contact, Action.REOPEN)
    after = moves.reopened(contact, event.at, arrival)
    return Change(contact, after, event=replace(event, episode=after.episode.number))


def transfer(contact: Contact, to: Agent, event: Event, remark: Message | None = None) -> Change:
    """The holder hands it to a present colleague of the pool who has room for it; this never bills.

    A `remark` for the colleague becomes a note.
    """
    allow(contact, Action.TRANSFER)
    held_by(contact, event.agent)
    if to.id == contact.agent:
        raise Conflict("same_agent", "you hold this contact already")
    if to.pool != contact.pool:
        raise not_found()
    require_certified(to, contact.tenant)
    require_present(to, event.at)
    require_room(to, contact.weight)
    after = replace(moves.stay(contact), agent=to.id, claimed_at=event.at, hand_at=0)
    if remark:
        remark = replace(remark, episode=contact.episode.number)
        after = moves.told(after, remark)
    return Change(contact, after, event=replace(event, detail=to.id), taker=to, note=remark)


def release(contact: Contact, event: Event) -> Change:
    """The holder gives it back; it goes to the front of the queue."""
    allow(contact, Action.RELEASE)
    held_by(contact, event.agent)
    return Change(contact, moves.returned(contact, event.at), event=event)


def lapse(contact: Contact, agent: str, event: Event) -> Change:
    """Its holder went silent; it goes to the front of the queue."""
    allow(contact, Action.LAPSE)
    held_by(contact, agent)
    event = replace(event, detail=agent)
    return Change(contact, moves.lapsed(contact, event.at), event=event, lapsed_at=event.at)


def spam(contact: Contact, event: Event) -> Change:
    """It was no request for help: it leaves the queue, and the bill if it was on it."""
    allow(contact, Action.SPAM)
    episode, entry = metering.reversed_(contact.episode, _evidence(contact, event), Reason.SPAM)
    # What an agent held, or put off, would return to the front; what waited or was resolved keeps its place.
    in_hand = contact.status in {Status.CLAIMED, Status.LATER}
    band, spam_from = (Band.FRONT, Status.WAITING) if in_hand else (contact.band, contact.status)
    after = replace(moves.move(contact, Status.SPAM, event.at), episode=episode, spam_from=spam_from, band=band)
    return Change(contact, after, event=event, entries=(entry,) if entry else ())


def undo_spam(contact: Contact, event: Event) -> Change:
    """It was a customer after all: back to where it was, and on the bill if it had been.

    If the customer wrote again after the resolution, it waits like a reopened contact.
    """
    allow(contact, Action.UNDO_SPAM)
    episode, entry = metering.reinstated(contact.episode, _evidence(contact, event))
    back = replace(contact, episode=episode, spam_from="")
    if contact.spam_from == Status.WAITING and contact.resolved_at:
        after = moves.reopened(back, event.at, Arrival(contact.pool, max(contact.rank, event.at)))
    else:
        after = moves.move(back, Status(contact.spam_from), event.at)
    return Change(contact, after, event=event, entries=(entry,) if entry else ())


def merge(absorbed: Contact, survivor: Contact, event: Event) -> tuple[Change, Change]:
    """Two contacts are one matter: billed at most once together, on the survivor.

    What the absorbed contact was billed for is taken off, and put on the survivor if that was not billed yet.
    """
    if absorbed.id == survivor.id:
        raise Conflict("same_contact", "a contact cannot be merged into itself")
    allow(absorbed, Action.MERGE)
    allow(survivor, Action.ABSORB)
    evidence = _evidence(absorbed, event)
    left, taken_off = metering.reversed_(absorbed.episode, evidence, Reason.MERGED)
    gone = replace(moves.move(absorbed, Status.MERGED, event.at), episode=left, merged_into=survivor.id)
    entries = (taken_off,) if taken_off else ()
    first = Change(absorbed, gone, event=replace(event, detail=f"into {survivor.id}"), entries=entries)
    kept, put_on = survivor.episode, None
    if taken_off:
        moved = replace(evidence, contact=survivor.id, channel=survivor.channel)
        kept, put_on = metering.inherited(kept, moved, absorbed.episode)
    detail = f"{'answered' if put_on else 'plain'} {absorbed.id}"
    absorbing = replace(event, action=Action.ABSORB, episode=kept.number, detail=detail)
    # What was put off is looked at again: its answer may no longer fit.
    put_off = survivor.status is Status.LATER
    after = replace(moves.returned(survivor, event.at) if put_off else moves.stay(survivor), episode=kept)
    return first, Change(survivor, after, event=absorbing, entries=(put_on,) if put_on else ())


def _evidence(contact: Contact, event: Event) -> Evidence:
    return Evidence(contact.tenant, contact.id, event.id, event.actor, contact.channel, event.at)
