"""What every change of a contact's status has in common."""

from dataclasses import replace

from chalicelib.contacts.model import STORY_LIMIT, Change, Contact, Event, Message, Status
from chalicelib.kernel.caller import SHOP_SIDE, Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict
from chalicelib.metering import rules as metering
from chalicelib.routing.model import Arrival, Band

# What anybody may add again and again must not make a claim's answer too long either.
_EVENT_SIZE = 200


def stay(contact: Contact) -> Contact:
    """Change something else than the status."""
    return replace(contact, version=contact.version + 1)


def lapsed(contact: Contact, now: Millis) -> Contact:
    """Go back to the front of the queue, where nobody would ever take a rehearsal: that is over."""
    if contact.test:
        return replace(move(contact, Status.RESOLVED, now), resolved_at=now)
    return returned(contact, now)


def told(contact: Contact, said: Message) -> Contact:
    """Grow by what was said; raise Conflict `contact_full`."""
    return _grown(contact, len(said.text.encode()))


def _grown(contact: Contact, by: int) -> Contact:
    size = contact.size + by
    if size > STORY_LIMIT:
        raise Conflict("contact_full", "this contact holds all the text that it can; open another one")
    return replace(contact, size=size)


def marked(contact: Contact) -> Contact:
    """Change something else than the status, as can be done again and again; raise Conflict `contact_full`."""
    return _grown(stay(contact), _EVENT_SIZE)


def replied(contact: Contact, said: Message) -> Contact:
    """Grow by an answer, and remember when the first one came."""
    return first_answered(told(contact, said), said)


def first_answered(contact: Contact, said: Message) -> Contact:
    """Remember when the first answer came."""
    return replace(contact, first_reply_at=contact.first_reply_at or said.at)


def markable(contact: Contact, kind: Kind) -> Contact:
    """Return a contact that a caller of this kind may mark as spam.

    Raises Conflict `already_billed` for the shop's own side: what it pays for it disputes, and finance decides.
    """
    if kind in SHOP_SIDE and contact.episode.net:
        raise Conflict("already_billed", "this contact was answered and is on the bill: dispute the line instead")
    return contact


def move(contact: Contact, to: Status, now: Millis) -> Contact:
    """Every move ends a claim, a pause and a raised hand; the one that starts one says so itself."""
    ended = replace(contact, agent="", claimed_at=0, hand_at=0, later_until=0, later_kind="", later_text="")
    return replace(ended, version=contact.version + 1, status=to, changed_at=now)


def returned(contact: Contact, now: Millis) -> Contact:
    """Go back to the front of the queue."""
    return replace(move(contact, Status.WAITING, now), band=Band.FRONT)


def taken(contact: Contact, agent: str, now: Millis) -> Contact:
    """Come into the hands of `agent`, and remember when somebody took it first."""
    after = move(contact, Status.CLAIMED, now)
    return replace(after, agent=agent, claimed_at=now, taken_at=contact.taken_at or now)


def kept(contact: Contact, now: Millis) -> Contact:
    """Come to the shop's own people, whom it waits for in no queue of the desk's."""
    first = contact.kept_at or now
    return replace(move(contact, Status.SHOP, now), kept_at=first, held_at=0, promised_at=0, admitted_at=0)


def arrived(contact: Contact, now: Millis, arrival: Arrival) -> Contact:
    """Take the place of an arrival: in the queue, or held back from it."""
    status = Status.OVERFLOW if arrival.held else Status.WAITING
    placed = replace(contact, pool=arrival.pool, band=Band.ARRIVED, rank=arrival.rank, status=status)
    return replace(placed, kept_at=0, held_at=now if arrival.held else 0, promised_at=0, admitted_at=0)


def reopened(contact: Contact, now: Millis, arrival: Arrival | None) -> Contact:
    """Arrive again after a resolution: the same episode within 72 h, else a new one.

    What the shop's own people answered comes back to them, without an `arrival`.
    """
    episode = metering.reopened(contact.episode, contact.resolved_at, now)
    if episode != contact.episode:
        contact = replace(contact, first_reply_at=0, taken_at=0)
    if contact.kept_at:
        after = kept(contact, now)
    else:
        assert arrival is not None
        after = arrived(move(contact, Status.WAITING, now), now, arrival)
    return replace(after, episode=episode, resolved_at=0, stopped_by="")


def preferred(contact: Contact, event: Event) -> Change:
    """Stay in its place, with what the customer would like on record; raise Conflict `contact_full`."""
    return Change(contact, marked(contact), event=replace(event, episode=contact.episode.number))


def answered(contact: Contact, said: Message) -> Change:
    """Be resolved by the shop's own answer, which no agent gave and nobody pays for."""
    said = replace(said, episode=contact.episode.number)
    after = replied(move(contact, Status.RESOLVED, said.at), said)
    return Change(contact, replace(after, resolved_at=said.at), message=said)


def admitted(contact: Contact, pool: str, rank: Millis, now: Millis) -> Contact:
    """Enter the queue of `pool`, out of overflow."""
    return replace(move(contact, Status.WAITING, now), pool=pool, band=Band.ARRIVED, rank=rank, admitted_at=now)
