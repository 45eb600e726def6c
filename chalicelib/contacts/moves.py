"""What every change of a contact's status has in common."""

from dataclasses import replace

from chalicelib.contacts.model import Contact, Status
from chalicelib.kernel.clock import Millis
from chalicelib.metering import rules as metering
from chalicelib.routing.model import Band


def stay(contact: Contact) -> Contact:
    """Change something else than the status."""
    return replace(contact, version=contact.version + 1)


def move(contact: Contact, to: Status, now: Millis) -> Contact:
    """Every move ends a claim; the one that starts one names the agent itself."""
    return replace(contact, version=contact.version + 1, status=to, changed_at=now, agent="", claimed_at=0)


def returned(contact: Contact, now: Millis) -> Contact:
    """Go back to the front of the queue."""
    return replace(move(contact, Status.WAITING, now), band=Band.FRONT)


def reopened(contact: Contact, now: Millis, rank: Millis) -> Contact:
    """Wait again after a resolution, at `rank`: the same episode within 72 h, else a new one."""
    episode = metering.reopened(contact.episode, contact.resolved_at, now)
    replied_at = contact.first_reply_at if episode == contact.episode else 0
    after = replace(move(contact, Status.WAITING, now), band=Band.ARRIVED, rank=rank, episode=episode)
    return replace(after, resolved_at=0, first_reply_at=replied_at)
